"""Judgement of a rule: its own requirement alone, so that one defect fails as few rules as it can."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from pytest_nac_qod.checks import answer as checks
from pytest_nac_qod.checks.answer import body_of
from pytest_nac_qod.foundation.jsontypes import Json, JsonObject
from pytest_nac_qod.suite.case import Case
from pytest_nac_qod.verdicts import Broken, Inconclusive, Violation
from pytest_nac_qod.wire.client import Answer
from pytest_nac_qod.wire.exchange import Exchange


def clause(case: Case) -> str:
    """Where the rule's requirement stands: `api#/JSON/pointer`, or an RFC."""
    text, contract = case.row.clause, case.contract
    if text.startswith("/"):
        return f"{contract.api}{contract.operations[case.row.operation].pointer}{text}"
    return f"{contract.api}{contract.place(text)}" if text.startswith("#") else text


def record(case: Case, exchange: Exchange, found: Iterable[Violation]) -> None:
    """Remember violations under the rule's clause and severity."""
    severity = case.row.severity
    case.record(exchange, [replace(item, clause=clause(case), severity=severity) for item in found])


def accepted(case: Case, answer: Answer[Any]) -> None:
    """The answer is one that the rule accepts.

    Raises:
        Broken: it is not, so the rest of the steps make no sense.
    """
    before = len(case.violations)
    record(case, answer.exchange, checks.outcome(answer.exchange, case.contract, case.row.accepted))
    if any(violation.severity == "must" for violation in case.violations[before:]):
        raise Broken(checks.described(answer.exchange))


def succeeded(case: Case, answer: Answer[Any]) -> None:
    """The request was not refused; with which status it succeeded is another matter.

    Raises:
        Broken: it was refused.
    """
    if not answer.response.is_success:
        accepted(case, answer)


def reached(answer: Answer[Any]) -> Answer[Any]:
    """The answer, which is one of success, as the rest of the rule needs it.

    Raises:
        Inconclusive: it is not.
    """
    if not answer.response.is_success:
        raise Inconclusive(f"{answer.exchange.operation} answered {checks.described(answer.exchange)}")
    return answer


def require(case: Case, exchange: Exchange, holds: object, *, expected: str, actual: Json) -> None:
    """What the rule demands holds; `actual` is shown where it does not."""
    if not holds:
        text = actual if isinstance(actual, str) else repr(actual)
        record(case, exchange, [Violation(clause="", expected=expected, actual=checks.quoted(text))])


def same(case: Case, answer: Answer[Any], name: str, expected: Json) -> None:
    """The property `name` of the answer has this value."""
    actual = shown(answer).get(name, "absent")
    require(case, answer.exchange, actual == expected, expected=f"$.{name} {expected!r}", actual=actual)


def shown(answer: Answer[Any]) -> JsonObject:
    """The object in the answer, redacted; an empty one when it is none."""
    found = body_of(answer.exchange.response) if answer.exchange.response else None
    return found if isinstance(found, dict) else {}


def listed(case: Case, answer: Answer[Any], key: str) -> bool:
    """Whether the answer has this session in its list, or is this assignment.

    Raises:
        Inconclusive: it is neither a list nor an object.
    """
    found = body_of(answer.exchange.response) if answer.exchange.response else None
    found = [found] if isinstance(found, dict) else found
    if not isinstance(found, list):
        raise Inconclusive(f"no list to look into: {checks.described(answer.exchange)}")
    return any(isinstance(item, dict) and item.get(case.resource.id) == key for item in found)
