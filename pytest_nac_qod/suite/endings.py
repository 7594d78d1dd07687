"""How sessions come to an end: deleted, ended by the network, or over."""

from time import sleep

from pytest_nac_qod.checks.answer import described
from pytest_nac_qod.foundation.jsontypes import JsonObject
from pytest_nac_qod.foundation.values import whole
from pytest_nac_qod.suite import bodies, states
from pytest_nac_qod.suite.case import Case
from pytest_nac_qod.verdicts import Inconclusive


def delete(case: Case, key: str) -> None:
    """The client deletes the session or assignment, and it is over.

    Raises:
        Inconclusive: the target did not, or was not done within the budget of the target file.
    """
    resource = case.resource
    answer = case.call(resource.delete, path={resource.id: key})
    if answer.status == 202:
        states.until(case, key, "UNAVAILABLE", perhaps_gone=True)
    elif answer.status != 204:
        raise Inconclusive(f"{resource.noun} not deleted: {resource.delete} answered {described(answer.exchange)}")


def terminate(case: Case, key: str) -> None:
    """The network ends the session or assignment once it is AVAILABLE."""
    states.await_available(case, key)
    case.run.hook("terminate_session", session_id=key)


def elapse(case: Case, seconds: float) -> None:
    """Let time go by on the target: its clock is moved if that can be done, else it is waited for."""
    if "advance_clock" in case.target.hooks:
        case.run.hook("advance_clock", seconds=seconds)
    else:
        sleep(seconds)


def granted(session: JsonObject) -> int:
    """The duration of a session, in seconds.

    Raises:
        Inconclusive: it shows none.
    """
    duration = whole(session.get("duration"))
    if duration is None:
        raise Inconclusive("the session shows no duration")
    return duration


def short(case: Case, body: JsonObject | None = None) -> JsonObject:
    """A creation whose end can be waited for."""
    body = body or bodies.creation(case.target, case.resource)
    shortest = case.target.profiles["default"].min_duration
    return body if "advance_clock" in case.target.hooks or shortest is None else {**body, "duration": shortest}
