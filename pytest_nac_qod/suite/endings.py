"""How sessions come to an end: deleted, ended by the network, or over."""

from datetime import UTC, datetime, timedelta
from math import ceil
from typing import Any, Final

from pytest_nac_qod.checks.answer import body_of, described
from pytest_nac_qod.checks.session import SKEW
from pytest_nac_qod.foundation.jsontypes import JsonObject
from pytest_nac_qod.foundation.values import whole
from pytest_nac_qod.suite import bodies, states
from pytest_nac_qod.suite.case import Case
from pytest_nac_qod.verdicts import Inconclusive
from pytest_nac_qod.wire.client import Answer

_MARGIN: Final = 1.0  # seconds before the end of a session in which it is looked at
_LONGEST = 100 * 366 * 86_400  # seconds
_AMPLE: Final = 3  # seconds that a session has to last at least to be looked at before its end


def delete(case: Case, key: str) -> None:
    """The client deletes the session or assignment, and it is over.

    Raises:
        Inconclusive: the target did not, or was not done within the budget of the target file.
    """
    resource = case.resource
    answer = case.call(resource.delete, path={resource.id: key})
    if answer.status == resource.deleted:
        return
    if answer.status == 202:
        states.until(case, key, "UNAVAILABLE", perhaps_gone=True, how=states.DELETED)
    else:
        raise Inconclusive(f"{resource.noun} not deleted: {resource.delete} answered {described(answer.exchange)}")


def terminate(case: Case, key: str) -> None:
    """The network ends the session or assignment once it is AVAILABLE."""
    states.await_available(case, key)
    case.run.hook("terminate_session", session_id=key)


def elapse(case: Case, seconds: float) -> None:
    """Let time go by on the target: its clock is moved if that can be done, else it is waited for.

    Raises:
        Inconclusive: it would have to be waited for longer than the budget of the target file allows.
    """
    if "advance_clock" in case.target.hooks:
        case.run.hook("advance_clock", seconds=seconds)
        return
    require_time(case, seconds)
    case.run.pause(seconds)


def require_time(case: Case, seconds: float) -> None:
    """Return when there is time to wait so long: the budget of the target file, and a little for clocks.

    Raises:
        Inconclusive: there is not.
    """
    budget = case.target.polling.budget
    if seconds > budget + SKEW.total_seconds():
        raise Inconclusive(f"{seconds:.0f} s have to pass, and polling.budget is {budget:g} s")


def expire(case: Case, session: JsonObject) -> None:
    """Let the duration of a session that is AVAILABLE be over: for good, or as soon as the target says so.

    Raises:
        Inconclusive: it lasts longer than the budget of the target file allows to wait.
    """
    seconds, resource = granted(session), case.resource
    if "advance_clock" in case.target.hooks or not case.serves(resource.read):
        elapse(case, seconds + SKEW.total_seconds())
        return
    require_time(case, seconds)
    until = datetime.now(UTC) + timedelta(seconds=seconds) + SKEW
    while datetime.now(UTC) < until:
        case.run.pause(case.target.polling.interval)
        answer = case.call(resource.read, path={resource.id: session[resource.id]})
        shown = answer.body if isinstance(answer.body, dict) else {}
        if answer.status == 404 or shown.get(resource.status) == "UNAVAILABLE":
            return


def approach(case: Case, session: JsonObject, seconds: float) -> datetime:
    """Let time go by until shortly before a session that is AVAILABLE may end.

    Whatever the target's clock shows, it cannot end before `seconds` have passed since it was last not AVAILABLE.

    Args:
        case: the case at hand.
        session: as it was shown.
        seconds: for which it lasts in all.

    Returns:
        The moment before which it cannot end, by our clock; where the target's was moved, by so much earlier.

    Raises:
        Inconclusive: it lasts longer than the budget of the target file allows to wait.
    """
    end = _not_before(case, session[case.resource.id]) + timedelta(seconds=seconds)
    left = (end - datetime.now(UTC)).total_seconds()
    moved = "advance_clock" in case.target.hooks
    margin = SKEW.total_seconds() if moved and left > 2 * SKEW.total_seconds() else _MARGIN
    ahead = max(left - margin, 0.0)
    elapse(case, ahead)
    return end - timedelta(seconds=ahead if moved else 0.0)


def _not_before(case: Case, key: str) -> datetime:
    """When the last request was sent that found a session not yet AVAILABLE, else that which created it."""
    moments: list[datetime] = []
    for exchange in case.client.exchanges:
        body = body_of(exchange.response) if exchange.response else None
        shown = body if isinstance(body, dict) and body.get(case.resource.id) == key else {}
        if shown and (not moments or shown.get(case.resource.status) != "AVAILABLE"):
            moments.append(datetime.fromisoformat(exchange.started))
    return moments[-1]


def require_before(answer: Answer[Any], end: datetime) -> None:
    """Return when an answer came before a session could end.

    Raises:
        Inconclusive: it did not, so that nothing follows from it.
    """
    exchange = answer.exchange
    if datetime.fromisoformat(exchange.started) + timedelta(seconds=exchange.seconds) > end:
        raise Inconclusive("the answer came too late: the session could be over by then")


def beyond(case: Case, session: JsonObject) -> int:
    """Seconds to extend a session by, so that it can be looked at after its first end and before its new one."""
    if "advance_clock" in case.target.hooks:
        return bodies.additional(case.target)
    since = datetime.now(UTC) - _not_before(case, session[case.resource.id])
    longest = case.target.profiles["default"].max_duration
    wanted = ceil(since.total_seconds()) + _AMPLE
    return max(1, min(wanted, longest - granted(session))) if longest else wanted


def granted(session: JsonObject) -> int:
    """The duration of a session, in seconds.

    Raises:
        Inconclusive: it shows none, or one that ends beyond the calendar.
    """
    duration = whole(session.get("duration"))
    if duration is None or duration > _LONGEST:
        raise Inconclusive(f"the session shows no duration{' that ends' if duration else ''}")
    return duration


def short(case: Case, body: JsonObject | None = None, *, ample: bool = False) -> JsonObject:
    """A creation whose end can be waited for; with `ample` time to look at it before."""
    body = body or bodies.creation(case.target, case.resource)
    profile = case.target.profiles["default"]
    shortest = profile.min_duration
    if "advance_clock" in case.target.hooks or shortest is None:
        return body
    longest = shortest if profile.max_duration is None else profile.max_duration
    return {**body, "duration": min(max(shortest, _AMPLE), max(longest, shortest)) if ample else shortest}
