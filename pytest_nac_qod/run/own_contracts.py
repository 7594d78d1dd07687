"""The user's own document instead of the release's, as given with --qod-contract."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from pytest_nac_qod import contracts
from pytest_nac_qod.catalogue import RowCase
from pytest_nac_qod.contracts import Contract, ContractError, Operation
from pytest_nac_qod.contracts.loading import MISLEADING, misled

_OPTION = "--qod-contract"


def instead(standard: Mapping[str, Contract], path: Path, release: str) -> Mapping[str, Contract]:
    """The contracts of a run with the document at `path` for each API of which it has operations.

    Raises:
        ContractError: it cannot be read, or has no operation of these APIs.
    """
    document = contracts.load(str(path))
    try:
        own = {api: contracts.contract_of(document, release, api) for api in contracts.apis(release)}
        held = {api: contract for api, contract in own.items() if contract.alignment.operations}
    except MISLEADING:
        raise misled(f"{_OPTION}: {path}") from None
    if not held.keys() & standard.keys():
        raise ContractError(f"{_OPTION}: {path} {_mistaken(held, standard, release)}")
    return {api: held.get(api, contract) for api, contract in standard.items()}


def _mistaken(held: Mapping[str, Contract], standard: Mapping[str, Contract], release: str) -> str:
    tested = ", ".join(standard)
    if held:
        return f"is a contract of {' and '.join(map(repr, held))}, which is not tested here; tested: {tested}"
    wanted = [operation for contract in standard.values() for operation in contract.operations.values()]
    return f"has no operation of {tested} {release}; expected such as {_call(wanted[0])} in its paths"


def require(used: Mapping[str, Contract], path: Path, cases: Iterable[RowCase]) -> None:
    """Return when the document has every operation that the cases are about.

    Raises:
        ContractError: it lacks some; names them.
    """
    needed = {(case.row.api, case.row.operation) for case in cases}
    missing = [
        f"{_call(operation)} ({operation.id} of {api})"
        for api, contract in used.items()
        for operation in contract.alignment.missing
        if (api, operation.id) in needed
    ]
    if missing:
        mend = "add it, or name the operations to test with --qod-operation"
        raise ContractError(f"{_OPTION}: {path} has no {', no '.join(missing)} in its paths; {mend}")


def notes(used: Mapping[str, Contract], path: Path) -> tuple[str, ...]:
    """One line on what the document has and the release has not; nothing if there is no such operation."""
    own = [contract for contract in used.values() if contract.standard]
    extra = [_call(item) for item in own[0].alignment.extra if all(item in other.alignment.extra for other in own)]
    if not extra:
        return ()
    return (f"{path.name}: {', '.join(extra)} not tested, since {' and '.join(item.api for item in own)} has no such",)


def _call(operation: Operation) -> str:
    return f"{operation.method} {operation.own_path}"
