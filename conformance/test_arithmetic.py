"""Durations and times at the edges of what they can be."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from pytest_nac_qod.checks import keeping
from pytest_nac_qod.checks.session import SKEW
from pytest_nac_qod.foundation.jsontypes import JsonObject
from pytest_nac_qod.foundation.values import moment
from pytest_nac_qod.suite import Case, bodies, endings, purpose, ruling, send, states
from pytest_nac_qod.verdicts import Inconclusive, NotApplicable
from pytest_nac_qod.wire.client import Answer

LARGEST = 2**31 - 1  # seconds; of a 32-bit integer
TIMES = ("startedAt", "expiresAt")
LIVED = 3  # seconds, so that beginning and end are told apart even in whole ones


def longest(case: Case) -> int:
    """The maximum of the default profile, which the row needs."""
    return case.target.profiles["default"].max_duration or LARGEST


def extended(case: Case, session: JsonObject, seconds: int) -> Answer[Any]:
    """The answer to an extension, to be judged."""
    return send(case, path={case.resource.id: session[case.resource.id]}, body=bodies.extension(seconds))


def within(case: Case, answer: Answer[Any], least: int) -> None:
    """The duration that is shown lies between `least` and the maximum."""
    duration = endings.granted(ruling.shown(answer))
    expected = f"$.duration from {least} s to {longest(case)} s, the maximum of the profile"
    ruling.require(case, answer.exchange, least <= duration <= longest(case), expected=expected, actual=duration)


def read(case: Case, session: JsonObject) -> Answer[Any]:
    """The session as it is read now."""
    return ruling.reached(case.call(case.resource.read, path={case.resource.id: session[case.resource.id]}))


@purpose
def test_largest_extension(case: Case) -> None:
    session = states.await_available(case, states.create_id(case))
    answer = extended(case, session, LARGEST)
    ruling.succeeded(case, answer)
    within(case, answer, endings.granted(session))


@purpose
def test_extension_of_capped_session(case: Case) -> None:
    session = states.await_available(case, states.create_id(case))
    ruling.reached(extended(case, session, longest(case)))
    answer = extended(case, session, longest(case))
    if answer.response.is_success:
        within(case, answer, 1)
    within(case, read(case, session), 1)


@purpose
def test_expiry_of_capped_session(case: Case) -> None:
    session = states.await_available(case, states.create_id(case))
    answer = ruling.reached(extended(case, session, longest(case)))
    shown = ruling.shown(answer)
    started, expires = moment(shown.get("startedAt")), moment(shown.get("expiresAt"))
    if started is None or expires is None:
        raise NotApplicable("the session shows no startedAt or no expiresAt")
    end = started + timedelta(seconds=endings.granted(shown))
    expected = f"$.expiresAt {end.isoformat()}, $.duration after $.startedAt"
    near = abs(expires - end) <= keeping.ROUNDING
    ruling.require(case, answer.exchange, near, expected=expected, actual=expires.isoformat())


@purpose
def test_extended_session_expires(case: Case) -> None:
    session = states.await_available(case, states.create_id(case, endings.short(case)))
    seconds = bodies.additional(case.target) if "advance_clock" in case.target.hooks else 1
    after = ruling.shown(ruling.reached(extended(case, session, seconds)))
    endings.elapse(case, endings.granted(after) + SKEW.total_seconds())
    answer = case.call(case.resource.read, path={case.resource.id: session[case.resource.id]}, role="judged")
    if answer.status == 200:
        ruling.same(case, answer, case.resource.status, "UNAVAILABLE")


@purpose
def test_effective_duration(case: Case) -> None:
    began, _ = case.run.clock.bounds(datetime.now(UTC))
    session = states.await_available(case, states.create_id(case))
    endings.terminate(case, session[case.resource.id])
    states.until(case, session[case.resource.id], "UNAVAILABLE")
    answer = ruling.reached(send(case, path={case.resource.id: session[case.resource.id]}, body=None))
    _, ended = case.run.clock.bounds(datetime.now(UTC))
    longest_possible = (ended - began + SKEW).total_seconds() + 1
    if endings.granted(session) <= longest_possible:
        raise Inconclusive("the session was about to end by itself")
    duration = endings.granted(ruling.shown(answer))
    expected = f"$.duration at most {longest_possible:.0f} s, for which the session can have lasted"
    ruling.require(case, answer.exchange, duration <= longest_possible, expected=expected, actual=f"{duration} s")


@purpose
def test_ended_session_times(case: Case) -> None:
    first, _ = case.run.clock.bounds(datetime.now(UTC))
    session = states.await_available(case, states.create_id(case))
    endings.elapse(case, LIVED)
    endings.terminate(case, session[case.resource.id])
    states.until(case, session[case.resource.id], "UNAVAILABLE")
    answer = ruling.reached(send(case, path={case.resource.id: session[case.resource.id]}, body=None))
    _, now = case.run.clock.bounds(datetime.now(UTC))
    shown = ruling.shown(answer)
    began, shows = moment(session.get("startedAt")), {name: moment(shown.get(name)) for name in TIMES}
    if began is None or not any(shows.values()):
        raise NotApplicable("the session shows no times")
    longest_possible = now - first + SKEW
    wrong = _wrong_times(began, shows, longest_possible, ahead=began > now + SKEW)
    expected = (
        f"{wrong} of what began at {began.isoformat()} and has ended within {longest_possible.total_seconds():.0f} s"
    )
    actual = " and ".join(str(shown.get(name, "none")) for name in TIMES)
    ruling.require(case, answer.exchange, not wrong, expected=expected, actual=actual)


def _wrong_times(began: datetime, shows: Mapping[str, datetime | None], longest: timedelta, *, ahead: bool) -> str:
    """Which time of what has ended does not fit the others; the beginning where it is `ahead` of any clock."""
    started, ended = shows["startedAt"], shows["expiresAt"]
    if started is not None and abs(started - began) > keeping.ROUNDING:
        return "$.startedAt"
    if ended is None or -keeping.ROUNDING <= ended - began <= longest:
        return ""
    return "$.startedAt" if ahead and ended < began else "$.expiresAt"


@purpose
def test_duration_not_positive(case: Case) -> None:
    body = bodies.creation(case.target, case.resource) | {"duration": int(case.name)}
    ruling.accepted(case, send(case, body=body))


@purpose
def test_duration_missing(case: Case) -> None:
    body = bodies.creation(case.target, case.resource)
    ruling.accepted(case, send(case, body={name: value for name, value in body.items() if name != "duration"}))
