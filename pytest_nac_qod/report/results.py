"""results.json: the one document that all reports are made from."""

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import cast

from pytest_nac_qod.foundation.jsontypes import Json, JsonObject
from pytest_nac_qod.foundation.problems import UnusableError
from pytest_nac_qod.foundation.values import no_constant
from pytest_nac_qod.foundation.visible import one_line
from pytest_nac_qod.report import journal
from pytest_nac_qod.report.causes import Cause, causes
from pytest_nac_qod.report.records import About, CaseRecord, ResultsDocument, RunRecord
from pytest_nac_qod.verdicts import VERDICTS

FILE = "results.json"
_SHOWN = 200  # characters of a schema error


def summary(results: Iterable[CaseRecord]) -> dict[str, int]:
    """Number of cases for each verdict, verdicts that did not occur included."""
    counted = Counter(result["verdict"] for result in results)
    return {verdict: counted[verdict] for verdict in VERDICTS}


def document(about: About, results: Sequence[CaseRecord], *, complete: bool) -> ResultsDocument:
    """The content of results.json: the results, each with the ids of its causes, and the causes.

    Args:
        about: suite, release, mode and target.
        results: one entry for each case.
        complete: whether the run came to its end.
    """
    told = causes(results)
    return {
        **about,
        "causes": [cause.to_dict() for cause in told],
        "results": [{**result, "causes": _ids(told, position)} for position, result in enumerate(results)],
        "summary": summary(results),
        "complete": complete,
    }


def _ids(told: Sequence[Cause], position: int) -> list[str]:
    return [cause.id for cause in told if position in cause.cases]


def text(content: ResultsDocument) -> str:
    """The document as it is written; ASCII only, so that no text in it can break the file."""
    return json.dumps(content, indent=1, ensure_ascii=True) + "\n"


def write(content: ResultsDocument, folder: Path) -> Path:
    """Write the document into `folder`, which is made if need be; a reader never sees half a file."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / FILE
    partial = path.with_suffix(".json.partial")
    partial.write_text(text(content), encoding="utf-8")
    partial.replace(path)
    return path


@cache
def schema() -> JsonObject:
    """The JSON Schema (2020-12) that every results.json satisfies."""
    text = files(__package__).joinpath("results.schema.json").read_text(encoding="utf-8")
    return cast("JsonObject", json.loads(text))


class ResultsError(UnusableError):
    """A results.json that cannot be used; the message names the file, the place and what to do."""


def read(path: Path) -> ResultsDocument:
    """The document in the file `path`, or in the folder `path`.

    Raises:
        ResultsError: there is none, or it does not satisfy its schema.
    """
    path = path / FILE if path.is_dir() else path
    try:
        content: Json = json.loads(path.read_text(encoding="utf-8"), parse_constant=no_constant)
    except FileNotFoundError:
        folder = path.parent if path.suffix else path
        raise ResultsError(f"{path}: no such file; nac-qod check --report {folder} writes it") from None
    except OSError as error:
        raise ResultsError(f"{path}: cannot be read: {error.strerror}") from None
    except (ValueError, RecursionError) as error:
        raise ResultsError(f"{path}: not valid JSON: {error}; run the check again") from None
    if problem := next(iter(problems(content)), ""):
        raise ResultsError(f"{path}: {problem}; was it written by another version?")
    return _caught_up(cast("ResultsDocument", content), path.parent)


def _caught_up(content: ResultsDocument, folder: Path) -> ResultsDocument:
    """An incomplete document with what the journal of its run has beyond it."""
    if content["complete"]:
        return content
    try:
        noted = journal.read(folder)
    except journal.JournalError:
        return content
    if len(noted.results) <= len(content["results"]) or noted_problems(noted):
        return content
    return document(noted.about, noted.results, complete=False)


def noted_problems(noted: journal.Found) -> list[str]:
    """Each breach of the schema in what a journal holds."""
    raw = {**noted.about, "causes": [], "results": noted.results, "summary": {}, "complete": False}
    return _breaches(raw)


def problems(content: object) -> list[str]:
    """What keeps `found` from being a results.json: each breach of the schema, and a summary that does not add up."""
    if breaches := _breaches(content):
        return breaches
    document = cast("ResultsDocument", content)
    counted = {verdict: number for verdict, number in summary(document["results"]).items() if number}
    claimed = {verdict: number for verdict, number in document["summary"].items() if number}
    return [] if counted == claimed else [f"$.summary: says {claimed}, the results are {counted}"]


def _breaches(content: object) -> list[str]:
    from jsonschema import Draft202012Validator  # noqa: PLC0415 - takes a while, and writing needs it not

    validator = Draft202012Validator(schema(), format_checker=Draft202012Validator.FORMAT_CHECKER)
    errors = sorted(validator.iter_errors(content), key=lambda error: error.json_path)
    return [f"{_short(error.json_path)}: {_short(error.message)}" for error in errors]


def release_of(document: ResultsDocument, result: CaseRecord) -> str:
    """The release that a result is held to."""
    return str(result.get("release", document["release"]))


def level_of(run: RunRecord) -> str:
    """The level of a run, which earlier versions called its profile; empty when it says none."""
    return run.get("level") or run.get("profile", "")


def _short(message: str) -> str:
    flat = one_line(message)
    return flat if len(flat) <= _SHOWN else f"{flat[:_SHOWN]}…"
