"""What a scenario demands of a session beyond the answer that carries it."""

from collections.abc import Iterable, Sequence
from functools import partial
from typing import Any

from pytest_nac_qod.checks import session as checks
from pytest_nac_qod.checks.answer import body_of, quoted
from pytest_nac_qod.foundation.jsontypes import Json, JsonObject
from pytest_nac_qod.foundation.values import whole
from pytest_nac_qod.suite.case import Case
from pytest_nac_qod.suite.doubts import clocks
from pytest_nac_qod.verdicts import Broken, Violation
from pytest_nac_qod.wire.client import Answer
from pytest_nac_qod.wire.exchange import Exchange


def _context(case: Case, session: JsonObject, answered: Exchange, created: Exchange) -> checks.SessionContext:
    """What a session is held against: the request that created it, as captured, and the profile of the target file."""
    profile = case.target.profiles["default"]
    return checks.SessionContext(
        contract=case.contract,
        resource=case.resource,
        session=session,
        sent=created.request.json(),
        now=answered.answered,
        shortest=profile.min_duration,
        longest=profile.max_duration,
        doubtful=partial(clocks.doubtful, case),
    )


def _captured(answer: Answer[Any]) -> Json:
    return body_of(answer.exchange.response) if answer.exchange.response else None


def _session(answer: Answer[Any]) -> JsonObject:
    """The session in the answer; nothing when it is no object, which its schema has said already."""
    content = _captured(answer)
    return content if isinstance(content, dict) else {}


def session(case: Case, answer: Answer[Any], names: Iterable[str] = (), created: Answer[Any] | None = None) -> None:
    """Hold the session of `answer` against the request that created it, its own by default.

    Args:
        case: the case at hand.
        answer: has the session as its body.
        names: the properties at issue, `$.startedAt` and so on; by default all that a session has to satisfy.
        created: the answer to the request that created the session.
    """
    context = _context(case, _session(answer), answer.exchange, (created or answer).exchange)
    names = tuple(names)
    case.record(answer.exchange, checks.properties(context, names) if names else checks.all_of(context))


def listing(case: Case, answer: Answer[Any], created: Answer[Any]) -> None:
    """The created session is listed, and stands there as it was created."""
    body = _captured(answer)
    if not isinstance(body, list):
        return  # its schema has said so
    sessions = [item for item in body if isinstance(item, dict)]
    key = created.body[case.resource.id]
    listed = [item for item in sessions if item.get(case.resource.id) == key]
    if not listed:
        clause = f"{case.contract.api}{case.contract.operations[case.row.operation].pointer}/responses/200"
        expected = f"session {key} listed once"
        actual = f"{len(sessions)} sessions, not this one"
        case.record(answer.exchange, [Violation(clause=clause, expected=expected, actual=actual, basis="listed")])
    for item in listed:
        case.record(answer.exchange, checks.all_of(_context(case, item, answer.exchange, created.exchange)))


def granted_duration(case: Case, answer: Answer[Any]) -> None:
    """The duration lies within the bounds of the profile."""
    case.record(answer.exchange, checks.duration(_context(case, _session(answer), answer.exchange, answer.exchange)))


def access_token(case: Case, answer: Answer[Any]) -> None:
    """The access token of the sink credential does not come back."""
    context = _context(case, _session(answer), answer.exchange, answer.exchange)
    case.record(answer.exchange, checks.no_access_token(context))


def value(case: Case, answer: Answer[Any], name: str, expected: Json) -> None:
    """The property `name` of the body has this value; the whole body when `name` is empty."""
    body = _captured(answer)
    actual = body.get(name) if name and isinstance(body, dict) else body
    if actual != expected:
        path = f"$.{name}" if name else "$"
        violation = Violation(
            clause=case.row.id, expected=f"{path} {expected!r}", actual=quoted(repr(actual)), path=path, value=actual
        )
        case.record(answer.exchange, [violation])


def present(case: Case, answer: Answer[Any], name: str) -> None:
    """The body has the property `name`."""
    if name not in _session(answer):
        _note(case, answer, f"$.{name} present", "absent")


def values(case: Case, answer: Answer[Any], name: str, expected: Sequence[Json]) -> None:
    """The items of the list in the body have just these values of `name`, in this order."""
    actual = _listed(answer, name)
    if actual != list(expected):
        _note(case, answer, f"$[*].{name} {list(expected)!r}", quoted(repr(actual)))


def all_values(case: Case, answer: Answer[Any], name: str, expected: Json) -> None:
    """Each item of the list in the body has this value of `name`."""
    for number, actual in enumerate(_listed(answer, name)):
        if actual != expected:
            _note(case, answer, f"$[{number}].{name} {expected!r}", quoted(repr(actual)))


def has_value(case: Case, answer: Answer[Any], name: str, value: Json, *, there: bool) -> None:
    """Some item of the list in the body has this value of `name`, or none has."""
    actual = _listed(answer, name)
    if (value in actual) is not there:
        _note(case, answer, f"{value!r} {'among' if there else 'not among'} $[*].{name}", quoted(repr(actual)))


def _listed(answer: Answer[Any], name: str) -> list[Json]:
    body = _captured(answer)
    items = body if isinstance(body, list) else []
    return [item.get(name) if isinstance(item, dict) else None for item in items]


def _note(case: Case, answer: Answer[Any], expected: str, actual: str) -> None:
    path = expected.split(" ", maxsplit=1)[0]
    case.record(answer.exchange, [Violation(clause=case.row.id, expected=expected, actual=actual, path=path)])


def at_least(case: Case, answer: Answer[Any], least: int, what: str, *, basis: str = "") -> None:
    """The duration is not less than `least` seconds, which is `what`; `basis` as in Violation."""
    duration = whole(_session(answer).get("duration"))
    if duration is not None and duration < least:
        expected = f"$.duration at least {least} s, {what}"
        violation = Violation(
            clause=case.row.id, expected=expected, actual=f"{duration} s", path="$.duration", basis=basis
        )
        case.record(answer.exchange, [violation])


def key_of(case: Case, answer: Answer[Any]) -> str:
    """The id of the session or assignment in the answer.

    Raises:
        Broken: there is none, as the schema has said already.
    """
    key = _session(answer).get(case.resource.id)
    if not isinstance(key, str):
        raise Broken(f"no {case.resource.id}")
    return key
