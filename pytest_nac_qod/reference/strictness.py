"""Properties that no schema declares, at any level of a body."""

from pytest_nac_qod.checks.requests import undeclared
from pytest_nac_qod.contracts import Contract
from pytest_nac_qod.foundation.jsontypes import Json
from pytest_nac_qod.reference.refusals import Refusal
from pytest_nac_qod.reference.rules import Rules


def strict(rules: Rules) -> bool:
    """Whether the release refuses what no schema declares."""
    return rules.unknown_properties == "refused"


def declared(body: Json, contract: Contract, operation: str) -> None:
    """Return when the schema of the operation's body declares every property of `body`.

    Raises:
        Refusal: 400 when it does not.
    """
    pointer = contract.request_pointer(operation)
    unknown = next(undeclared(body, pointer, contract), None) if pointer else None
    if unknown is not None:
        raise Refusal(400, "INVALID_ARGUMENT", f"{unknown} is not known here.")
