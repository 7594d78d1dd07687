"""What is published of a release: a folder with OpenAPI documents and test definitions, read as it is."""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pytest_nac_qod import contracts
from pytest_nac_qod.contracts import Contract, ContractError
from pytest_nac_qod.foundation.jsontypes import Json, JsonObject

_LIST = "scenarios.json"


@dataclass(frozen=True, slots=True)
class Scenario:
    """A published test definition.

    Attributes:
        steps: as they are written, comments included.
        cases: of an outline, by its first column; one empty name otherwise.
    """

    api: str
    operation: str
    id: str
    title: str
    steps: tuple[str, ...]
    cases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Published:
    """A folder as it was read: its documents by API, its scenarios in their order, SHA-256 of each file by name."""

    folder: Path
    documents: Mapping[str, JsonObject]
    scenarios: tuple[Scenario, ...]
    sums: Mapping[str, str]


def read(folder: Path) -> Published:
    """What `folder` holds.

    Raises:
        ContractError: there is no such folder, no document in it, or one that cannot be read.
    """
    if not folder.is_dir():
        raise ContractError(f"{folder}: no such folder; give the one with the published documents")
    paths = [path for path in sorted(folder.rglob("*")) if path.suffix in (".yaml", ".yml") and _is_document(path)]
    if not paths:
        raise ContractError(f"{folder}: no OpenAPI document in it; give the folder with the published documents")
    loaded = [(path, contracts.load(str(path))) for path in paths]
    documents = {_api(path, document): document for path, document in loaded}
    listed = sorted(folder.rglob(_LIST)) or sorted(folder.rglob("*.feature"))
    scenarios = tuple(scenario for path in listed for scenario in _scenarios(path, documents))
    sums = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in [*paths, *listed]}
    return Published(folder, documents, scenarios, sums)


def _is_document(path: Path) -> bool:
    """Whether it is more than parts that documents refer to."""
    text = path.read_text(encoding="utf-8", errors="replace")
    return all(re.search(rf"^[\"']?{key}[\"']?\s*:", text, re.MULTILINE) for key in ("openapi", "paths"))


def _api(path: Path, document: JsonObject) -> str:
    named = Contract.of(document).api
    return path.stem if named == "api" else named


def _scenarios(path: Path, documents: Mapping[str, JsonObject]) -> Iterator[Scenario]:
    if path.name != _LIST:
        from pytest_nac_qod.drafting.features import scenarios  # noqa: PLC0415 - needs an extra

        yield from scenarios(path, documents)
        return
    try:
        features: Json = json.loads(path.read_text(encoding="utf-8"))["features"]
        for feature in features:
            yield from (_scenario(feature, entry) for entry in feature["scenarios"])
    except (ValueError, KeyError, TypeError) as error:
        raise ContractError(f"{path}: not a list of scenarios: {error!r}; see docs/adding-a-release.md") from None


def _scenario(feature: JsonObject, entry: JsonObject) -> Scenario:
    outline = tuple(str(next(iter(example.values()))) for example in entry.get("examples") or [])
    return Scenario(
        feature["api"], feature["operation"], entry["id"], entry["title"], tuple(entry["steps"]), outline or ("",)
    )
