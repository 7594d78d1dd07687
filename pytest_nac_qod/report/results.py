"""results.json: the one document that all reports are made from."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import cast

from pytest_nac_qod.jsontypes import JsonObject
from pytest_nac_qod.verdicts import VERDICTS

FILE = "results.json"


def summary(results: Sequence[Mapping[str, object]]) -> dict[str, int]:
    """Number of cases for each verdict, verdicts that did not occur included."""
    counted = Counter(str(result["verdict"]) for result in results)
    return {verdict: counted[verdict] for verdict in VERDICTS}


def document(about: JsonObject, results: Sequence[JsonObject], *, complete: bool) -> JsonObject:
    """The content of results.json.

    Args:
        about: suite, release, mode and target.
        results: one entry for each case.
        complete: whether the run came to its end.
    """
    return {**about, "results": list(results), "summary": summary(results), "complete": complete}


def write(found: JsonObject, folder: Path) -> Path:
    """Write the document into `folder`, which is made if need be; a reader never sees half a file."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / FILE
    partial = path.with_suffix(".json.partial")
    partial.write_text(json.dumps(found, indent=1, ensure_ascii=True) + "\n", encoding="utf-8")
    partial.replace(path)
    return path


@cache
def schema() -> JsonObject:
    """The JSON Schema (2020-12) that every results.json satisfies."""
    text = files(__package__).joinpath("results.schema.json").read_text(encoding="utf-8")
    return cast("JsonObject", json.loads(text))
