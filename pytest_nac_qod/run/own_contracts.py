"""The user's own document instead of the release's, as given with --qod-contract."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from pytest_nac_qod import contracts
from pytest_nac_qod.catalogue import RowCase, contract_row
from pytest_nac_qod.contracts import Contract, ContractError, Operation
from pytest_nac_qod.contracts.comparison import changes_between
from pytest_nac_qod.contracts.loading import MISLEADING, misled
from pytest_nac_qod.foundation.jsontypes import Json, JsonObject
from pytest_nac_qod.foundation.visible import one_line
from pytest_nac_qod.report.records import StandardRecord
from pytest_nac_qod.report.standard import OWN

_OPTION = "--qod-contract"
_SHOWN = 60  # characters of a version


@dataclass(frozen=True, slots=True)
class OwnDocument:
    """A document as it was read.

    Attributes:
        path: of its file.
        content: in one piece, with what it refers to in other files.
        sums: SHA-256 of each file that was read, its own first.
    """

    path: Path
    content: JsonObject
    sums: Mapping[Path, str]


def read(path: Path) -> OwnDocument:
    """The document at `path`; raises ContractError when it cannot be read."""
    files: list[Path] = []
    content = contracts.load(str(path), files.append)
    return OwnDocument(path, content, {file: hashlib.sha256(file.read_bytes()).hexdigest() for file in files})


def release_of(document: OwnDocument) -> str:
    """The release that has this version of an API with these operations.

    Raises:
        ContractError: none has, so that it must be given.
    """
    version = document.content.get("info", {}).get("version")
    for release in reversed(contracts.releases()):
        for api in contracts.apis(release):
            theirs = contracts.contract(release, api)
            if theirs.document["info"]["version"] == version and _operations(document, release, api):
                return release
    raise ContractError(
        f"{_OPTION}: {document.path} is version {_shown(version)}, which is of no release; "
        f"say with --qod-release whose scenarios to run: {', '.join(contracts.releases())}"
    )


def _shown(version: Json) -> str:
    return one_line(str(version or "unknown"))[:_SHOWN]


def _operations(document: OwnDocument, release: str, api: str) -> Mapping[str, Operation]:
    try:
        return contracts.contract_of(document.content, release, api).alignment.operations
    except MISLEADING:
        raise misled(f"{_OPTION}: {document.path}") from None


def instead(standard: Mapping[str, Contract], document: OwnDocument, release: str) -> Mapping[str, Contract]:
    """The contracts of a run with the document for each API of which it has operations.

    Raises:
        ContractError: it has no operation of these APIs, or contradicts itself.
    """
    family = [api for api in contracts.apis(release) if _operations(document, release, api)]
    held = {api: contracts.contract_of(document.content, release, api) for api in family}
    if not held.keys() & standard.keys():
        raise ContractError(f"{_OPTION}: {document.path} {_mistaken(held, standard, release)}")
    new = _of_none(held.values())
    first = next(api for api in standard if api in held)
    known = {
        api: replace(contract, extra_pointers=new if api == first else frozenset()) for api, contract in held.items()
    }
    return {api: known.get(api, contract) for api, contract in standard.items()}


def _of_none(held: Iterable[Contract]) -> frozenset[str]:
    """Pointers of the operations of the document that none of these APIs has."""
    extra = [{operation.pointer for operation in contract.alignment.extra} for contract in held]
    return frozenset(set.intersection(*extra))


def _mistaken(held: Mapping[str, Contract], standard: Mapping[str, Contract], release: str) -> str:
    tested = ", ".join(standard)
    if held:
        return f"is a contract of {' and '.join(map(repr, held))}, which is not tested here; tested: {tested}"
    wanted = [operation for contract in standard.values() for operation in contract.operations.values()]
    return f"has no operation of {tested} {release}; expected such as {_call(wanted[0])} in its paths"


def require(used: Mapping[str, Contract], path: Path, chosen: Iterable[RowCase]) -> None:
    """Return when the document has every operation that the cases are about.

    Raises:
        ContractError: it lacks some; names them.
    """
    needed = {(case.row.api, case.row.operation) for case in chosen}
    missing = [
        f"{_call(operation)} ({operation.id} of {api})"
        for api, contract in used.items()
        for operation in contract.alignment.missing
        if (api, operation.id) in needed
    ]
    if missing:
        mend = "add it, or name the operations to test with --qod-operation"
        raise ContractError(f"{_OPTION}: {path} has no {', no '.join(missing)} in its paths; {mend}")


def added(used: Mapping[str, Contract]) -> Iterator[tuple[str, Operation]]:
    """API and operation of all that the document has and the release has not."""
    for api, contract in used.items():
        if contract.standard:
            yield from ((api, operation) for operation in contract.extra)


def cases(used: Mapping[str, Contract], release: str) -> tuple[RowCase, ...]:
    """The generated rules of what the document has and the release has not."""
    rows = [contract_row(release, api, operation) for api, operation in added(used)]
    return tuple(RowCase(row, case) for row in rows for case in row.cases)


def notes(used: Mapping[str, Contract], path: Path) -> tuple[str, ...]:
    """One line on what the document has and the release has not; nothing if there is no such operation."""
    calls = [_call(operation) for _, operation in added(used)]
    if not calls:
        return ()
    return (f"{path.name}: {', '.join(calls)} without published scenarios, tested by generated rules alone",)


def record(used: Mapping[str, Contract], document: OwnDocument, release: str) -> StandardRecord:
    """What reports say of the document."""
    held = {api: contract for api, contract in used.items() if contract.standard}
    sums = list(document.sums.items())
    told: StandardRecord = {
        "kind": OWN,
        "name": document.path.name,
        "sha256": sums[0][1],
        "release": release,
        "apis": list(held),
        "changes": changes_between([_aligned(contract) for contract in held.values()]),
    }
    if len(sums) > 1:
        told["files"] = {file.name: checksum for file, checksum in sums[1:]}
    if untested := [_call(operation) for _, operation in added(used)]:
        told["untested"] = untested
    return told


def _aligned(contract: Contract) -> tuple[JsonObject, JsonObject]:
    """The release's document and the own one, with the release's names of operations, paths and path parameters."""
    assert contract.standard is not None  # noqa: S101 - for the type checker
    paths: JsonObject = {}
    for operation in [*contract.alignment.operations.values(), *contract.extra]:
        _, described = contract.resolved(operation.pointer)
        parameters = [parameter for _, parameter in contract.parameters(operation.id)]
        entry = {**described, "operationId": operation.id, "parameters": parameters}
        paths.setdefault(operation.path, {})[operation.method.lower()] = entry
    return contract.standard.document, {**contract.document, "paths": paths}


def _call(operation: Operation) -> str:
    return f"{operation.method} {operation.own_path}"
