"""Test definitions as they are published: files of Gherkin. Needs the extra `release`."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pytest_nac_qod.contracts import ContractError
from pytest_nac_qod.contracts.operations import operations
from pytest_nac_qod.drafting.published import Scenario
from pytest_nac_qod.foundation.jsontypes import JsonObject

_SENT = re.compile(r'request "([A-Za-z0-9_]+)" is sent')


def scenarios(path: Path, documents: Mapping[str, JsonObject]) -> Iterator[Scenario]:
    """The scenarios of one file, in its order; raises ContractError when it is no Gherkin, or of no operation."""
    feature = _feature(path)
    owners = {operation.id: api for api, document in documents.items() for operation in operations(document)}
    operation = _operation(path, feature, owners)
    for child in feature["children"]:
        if entry := child.get("scenario"):
            yield _scenario(owners[operation], operation, entry, path)


def _feature(path: Path) -> Any:  # noqa: ANN401 - of gherkin
    try:
        from gherkin.errors import CompositeParserException  # noqa: PLC0415 - an extra
        from gherkin.parser import Parser  # noqa: PLC0415 - an extra
    except ImportError:
        raise ContractError(f"{path}: reading it needs pytest-nac-qod[release]; install that") from None
    try:
        parsed: Any = Parser().parse(path.read_text(encoding="utf-8"))
    except (CompositeParserException, UnicodeDecodeError) as error:
        raise ContractError(f"{path}: not Gherkin: {' '.join(str(error).split())[:200]}") from None
    return parsed["feature"]


def _operation(path: Path, feature: Any, owners: Mapping[str, str]) -> str:  # noqa: ANN401 - of gherkin
    """The operation that the file is about: by its name, else by what its steps send most."""
    named = [name for name in owners if path.stem.lower().endswith(name.lower())]
    steps = [step["text"] for child in feature["children"] for part in child.values() for step in part["steps"]]
    sent = Counter(name for text in steps for name in _SENT.findall(text) if name in owners)
    candidates = sorted(named, key=len)[-1:] or [name for name, _ in sent.most_common(1)]
    if not candidates:
        raise ContractError(f"{path}: about no operation of the documents; name the file after it")
    return candidates[0]


def _scenario(api: str, operation: str, entry: Any, path: Path) -> Scenario:  # noqa: ANN401 - of gherkin
    tags = [tag["name"].removeprefix("@") for tag in entry["tags"]]
    if not tags:
        raise ContractError(f"{path}: {entry['name']}: has no tag that identifies it; add one")
    steps = tuple(f"{step['keyword'].strip()} {step['text']}" for step in entry["steps"])
    cases = [row["cells"][0]["value"] for table in entry["examples"] for row in table["tableBody"]]
    return Scenario(api, operation, tags[0], entry["name"], steps, tuple(cases) or ("",))
