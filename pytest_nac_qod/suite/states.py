"""States of the target that a scenario starts from; a state that cannot be reached makes the case inconclusive."""

from time import monotonic, sleep
from typing import Any

from pytest_nac_qod.checks.answer import described
from pytest_nac_qod.client import Answer
from pytest_nac_qod.jsontypes import Json, JsonObject
from pytest_nac_qod.suite import bodies
from pytest_nac_qod.suite.case import Case
from pytest_nac_qod.verdicts import Inconclusive, NotTested


def create(case: Case, body: JsonObject | None = None) -> Answer[Any]:
    """A session made as the scenario's starting point.

    Raises:
        Inconclusive: the target did not create one.
    """
    answer = case.call("createSession", body=body or bodies.creation(case.target))
    session: Json = answer.body
    if answer.status != 201 or not isinstance(session, dict) or not isinstance(session.get("sessionId"), str):
        raise Inconclusive(f"no session to start from: createSession answered {described(answer.exchange)}")
    return answer


def created(case: Case, body: JsonObject | None = None) -> str:
    """Id of a session made as the scenario's starting point."""
    return str(create(case, body).body["sessionId"])


def available(case: Case, session_id: str) -> JsonObject:
    """The session once it is AVAILABLE, polled within the target's budget."""
    return until(case, session_id, "AVAILABLE")


def unavailable(case: Case, *, perhaps_gone: bool = False) -> str:
    """Id of a session that is UNAVAILABLE: refused or ended by the network, else expired within the budget.

    With `perhaps_gone` it may have vanished instead, for the scenario that is about just that.

    Raises:
        NotTested: the target file gives no way to bring it about.
    """
    hooks, shortest = case.target.hooks, case.target.profiles["default"].min_duration
    if "refuse_next_session" in hooks:
        case.run.hook("refuse_next_session")
        session_id = created(case)
    elif "terminate_session" in hooks:
        session_id = created(case)
        available(case, session_id)
        case.run.hook("terminate_session", session_id=session_id)
    elif shortest is not None and shortest <= case.target.polling.budget:
        session_id = created(case, bodies.creation(case.target) | {"duration": shortest})
    else:
        raise NotTested(
            "no way to an UNAVAILABLE session within polling.budget; add [hooks] terminate_session to the target file"
        )
    until(case, session_id, "UNAVAILABLE", perhaps_gone=perhaps_gone)
    return session_id


def until(case: Case, session_id: str, status: str, *, perhaps_gone: bool = False) -> JsonObject:
    """The session once its qosStatus is `status`; nothing if it is gone and may be.

    Raises:
        Inconclusive: it cannot be read, or the budget of the target file ran out first.
    """
    deadline = monotonic() + case.target.polling.budget
    while True:
        answer = case.call("getSession", path={"sessionId": session_id})
        found: Json = answer.body
        if perhaps_gone and answer.status == 404:
            return {}
        if answer.status != 200 or not isinstance(found, dict):
            raise Inconclusive(f"session not seen {status}: getSession answered {described(answer.exchange)}")
        if found.get("qosStatus") == status:
            return found
        if monotonic() >= deadline:
            budget = f"{case.target.polling.budget:g} s"
            raise Inconclusive(f"session still {found.get('qosStatus')} after {budget}, never {status}")
        sleep(case.target.polling.interval)
