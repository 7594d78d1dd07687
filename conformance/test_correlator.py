"""The x-correlator of a request."""

from itertools import product
from typing import Any

from pytest_nac_qod.checks.answer import CORRELATOR, answered
from pytest_nac_qod.contracts import Contract
from pytest_nac_qod.suite import Case, purpose, request, ruling
from pytest_nac_qod.verdicts import NotTested
from pytest_nac_qod.wire.client import Answer

ALPHABETS = ("aZ09-_:;./<>{}", "aZ09-")  # of the releases' patterns
LENGTHS = (256, 55)


def longest(contract: Contract) -> str:
    """The longest x-correlator that the contract allows, with every kind of character."""
    texts = ((alphabet * length)[:length] for length, alphabet in product(LENGTHS, ALPHABETS))
    pointer = "#/components/schemas/XCorrelator"
    return next(text for text in texts if not contract.validate_as(text, pointer, direction="request"))


def sending(case: Case, value: str | None) -> dict[str, str | None]:
    """The header to send.

    Raises:
        NotTested: the target file says that none may be sent.
    """
    if value is not None and case.target.x_correlator == "off":
        raise NotTested('the target file says x_correlator = "off"')
    return {CORRELATOR: value}


def served(case: Case, value: str | None) -> Answer[Any]:
    """The answer to a request with this x-correlator, which has to succeed; with which status is another matter."""
    answer = ruling.asked(case, headers=sending(case, value))
    ruling.succeeded(case, answer)
    return answer


@purpose
def test_correlator_missing(case: Case) -> None:
    served(case, None)


@purpose
def test_correlator_empty(case: Case) -> None:
    served(case, "")


@purpose
def test_correlator_longest(case: Case) -> None:
    value = longest(case.contract)
    answer = served(case, value)
    got = answered(answer.exchange).header(CORRELATOR)
    expected = f"x-correlator of {len(value)} characters as sent"
    actual = "none" if got is None else f"{len(got)} characters: {got}"
    ruling.require(case, answer.exchange, got == value, expected=expected, actual=actual)


@purpose
def test_correlator_illegal(case: Case) -> None:
    values = {"too long": longest(case.contract) + "x", "other characters": "no! (spaces) & signs"}
    ruling.accepted(case, ruling.asked(case, headers=sending(case, values[case.name])))


@purpose
def test_correlator_never_authorises(case: Case) -> None:
    headers = sending(case, case.correlator)
    path, body = request(case)
    case.call(case.row.operation, path=path, body=body, headers=headers)
    ruling.accepted(case, ruling.asked(case, token=None, headers=headers))
