"""Judgement of a rule: its own requirement alone, so that one defect fails as few rules as it can."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from pytest_nac_qod.checks import answer as checks
from pytest_nac_qod.checks import keeping, rules
from pytest_nac_qod.checks.answer import body_of
from pytest_nac_qod.checks.history import Check, lives
from pytest_nac_qod.foundation.jsontypes import Json, JsonObject
from pytest_nac_qod.suite import sinks, working
from pytest_nac_qod.suite.case import Case
from pytest_nac_qod.verdicts import Broken, Inconclusive, Violation
from pytest_nac_qod.wire.client import Answer
from pytest_nac_qod.wire.exchange import Exchange


def clause(case: Case) -> str:
    """Where the rule's requirement stands: `api#/JSON/pointer`, or an RFC."""
    basis, contract = case.row_case.basis, case.contract
    place = basis.pointer(contract.operations[case.row.operation].pointer) or basis.where
    return f"{contract.api}{contract.place(place)}" if place.startswith("#") else place


def record(case: Case, exchange: Exchange, violations: Iterable[Violation]) -> None:
    """Remember violations under the rule's clause, none weightier than what the rule rests on."""
    strength = case.row_case.basis.strength
    case.record(exchange, [replace(item, clause=clause(case)).weakened(strength) for item in violations])


def accepted(case: Case, answer: Answer[Any]) -> None:
    """The answer is one that the rule accepts.

    Raises:
        Broken: it is not, so the rest of the steps make no sense.
    """
    before = len(case.violations)
    record(case, answer.exchange, checks.outcome(answer.exchange, case.contract, case.row.accepted))
    if any(not violation.reason for violation in case.violations[before:]):
        raise Broken(checks.described(answer.exchange))


def succeeded(case: Case, answer: Answer[Any]) -> None:
    """The request was not refused; with which status it succeeded is another matter.

    Raises:
        Broken: it was refused.
    """
    if not answer.response.is_success:
        accepted(case, answer)


def created_anew(case: Case, answer: Answer[Any], *earlier: str) -> None:
    """A creation was not refused, and what it answers with is none of those that were there before.

    Raises:
        Broken: it was refused.
    """
    succeeded(case, answer)
    noun, key = case.resource.noun, shown(answer).get(case.resource.id)
    expected, actual = f"a {noun} of its own" if noun == "session" else f"an {noun} of its own", f"the {noun} {key}"
    require(case, answer.exchange, key not in earlier, expected=expected, actual=f"{actual}, which was there before")


def asked(
    case: Case,
    *,
    token: str | None = "two_legged",  # noqa: S107 - a role
    headers: Mapping[str, str | None],
    with_body: bool = False,
) -> Answer[Any]:
    """The answer to judge of an operation that answers as documented, whichever that is, with this in its headers."""
    wanted = case.row.accepted

    def ask(way: working.Way) -> Answer[Any]:
        return case.call(way.operation, token=token, path=way.path, body=way.body, headers=headers, role="judged")

    def right(answer: Answer[Any]) -> bool:
        if wanted[0].status < 300:
            return answer.response.is_success
        return not checks.outcome(answer.exchange, case.contract, wanted)

    return working.answer(case, ask, right, with_body=with_body)


def reached(answer: Answer[Any]) -> Answer[Any]:
    """The answer, which is one of success, as the rest of the rule needs it.

    Raises:
        Inconclusive: it is not.
    """
    if not answer.response.is_success:
        raise Inconclusive(f"{answer.exchange.operation} answered {checks.described(answer.exchange)}")
    return answer


def require(  # noqa: PLR0913 - what a violation is made of
    case: Case, exchange: Exchange, holds: object, *, expected: str, actual: Json, basis: str = ""
) -> None:
    """What the rule demands holds; `actual` is shown where it does not, and weighs no more than `basis`, if any."""
    if not holds:
        text = actual if isinstance(actual, str) else repr(actual)
        record(case, exchange, [Violation(clause="", expected=expected, actual=checks.quoted(text), basis=basis)])


def same(case: Case, answer: Answer[Any], name: str, expected: Json) -> None:
    """The property `name` of the answer has this value, times in any spelling."""
    actual = shown(answer).get(name, "absent")
    require(case, answer.exchange, rules.same(actual, expected), expected=f"$.{name} {expected!r}", actual=actual)


def status_info(case: Case, answer: Answer[Any], *expected: str) -> None:
    """What has ended says why, with one of these reasons; statusInfo is optional, so that it may be absent."""
    actual = shown(answer).get("statusInfo")
    require(
        case,
        answer.exchange,
        actual in expected,
        expected=f"$.statusInfo {' or '.join(map(repr, expected))}",
        actual="absent" if actual is None else actual,
        basis="status_info_missing" if actual is None else "",
    )


def lasts(case: Case, answer: Answer[Any]) -> None:
    """The session is AVAILABLE; the network may end it at any time, and then says so."""
    if shown(answer).get("statusInfo") != "NETWORK_TERMINATED":
        same(case, answer, case.resource.status, "AVAILABLE")


def released(case: Case, answer: Answer[Any]) -> None:
    """What was deleted is not shown as AVAILABLE, by itself or in a list."""
    case.record(answer.exchange, keeping.released(answer.exchange, case.contract))


def shown(answer: Answer[Any]) -> JsonObject:
    """The object in the answer, redacted; empty if the answer is not an object."""
    body = body_of(answer.exchange.response) if answer.exchange.response else None
    return body if isinstance(body, dict) else {}


def created_id(case: Case, answer: Answer[Any]) -> str:
    """The id of what a creation made.

    Raises:
        Inconclusive: the answer has none.
    """
    key = shown(answer).get(case.resource.id)
    if not isinstance(key, str) or not key:
        raise Inconclusive(f"what was created has no {case.resource.id}")
    return key


def listed(case: Case, answer: Answer[Any], key: str) -> bool:
    """Whether the answer has this session in its list, or is this assignment.

    Raises:
        Inconclusive: it is neither a list nor an object.
    """
    body = body_of(answer.exchange.response) if answer.exchange.response else None
    body = [body] if isinstance(body, dict) else body
    if not isinstance(body, list):
        raise Inconclusive(f"the answer is not a list: {checks.described(answer.exchange)}")
    return any(isinstance(item, dict) and item.get(case.resource.id) == key for item in body)


def lived(case: Case) -> bool:
    """Whether the record has something that was told from its beginning to its end."""
    exchanges, events = sinks.recorded(case)
    known = lives(exchanges, events, case.contract).values()
    return any(life.sink and life.gone and len(life.events) > 1 for life in known)


def of_run(case: Case, check: Check, *, own: bool = True) -> None:
    """Hold the record of the run against the rule once nothing more is to come; without what is this case's `own`."""

    def judged() -> None:
        exchanges, events = sinks.recorded(case)
        mine = {exchange.started for exchange in case.client.exchanges} if not own else set()
        for exchange, violation in check(exchanges, events, case.contract):
            if exchange.started not in mine:
                record(case, _own(case, exchange), [violation])

    case.later(judged)


def _own(case: Case, exchange: Exchange) -> Exchange:
    """The exchange as one of this case, which then shows it."""
    mine = case.client.exchanges
    for other in mine:
        if (other.started, other.request) == (exchange.started, exchange.request):
            return other
    mine.append(replace(exchange, id=f"x{len(mine) + 1}"))
    return mine[-1]
