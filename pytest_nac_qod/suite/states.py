"""States of the target that a scenario starts from; a state that cannot be reached makes the case inconclusive."""

from typing import Any

from pytest_nac_qod.checks.answer import described
from pytest_nac_qod.foundation.jsontypes import Json, JsonObject
from pytest_nac_qod.suite import bodies
from pytest_nac_qod.suite.case import Case
from pytest_nac_qod.suite.waits import waiting
from pytest_nac_qod.verdicts import EndedEarly, Inconclusive, NotTested
from pytest_nac_qod.wire.client import Answer

_CHANCES = 5  # of what ends before it begins, until it is taken for a habit
TERMINATED, REFUSED, DELETED = "terminated", "refused", "deleted"  # how something becomes UNAVAILABLE


def create(case: Case, body: JsonObject | None = None, *, token: str = "two_legged") -> Answer[Any]:  # noqa: S107 - a role
    """A session or an assignment made as the scenario's starting point, with the token of a role.

    Raises:
        Inconclusive: the target did not create one.
    """
    resource = case.resource
    answer = case.call(resource.create, token=token, body=body or bodies.creation(case.target, resource))
    content: Json = answer.body
    key = content.get(resource.id) if isinstance(content, dict) else None
    if answer.status != resource.created or not isinstance(key, str):
        said = described(answer.exchange)
        raise Inconclusive(f"no {resource.noun} to start from: {resource.create} answered {said}")
    return answer


def create_id(case: Case, body: JsonObject | None = None, *, token: str = "two_legged") -> str:  # noqa: S107 - a role
    """Id of a session or an assignment made as the scenario's starting point."""
    return str(create(case, body, token=token).body[case.resource.id])


def await_available(case: Case, key: str, *, token: str = "two_legged") -> JsonObject:  # noqa: S107 - a role
    """The session or assignment once it is AVAILABLE, polled within the target's budget with the token of a role."""
    return until(case, key, "AVAILABLE", token=token)


def create_unavailable(case: Case, *, perhaps_gone: bool = False) -> str:
    """Id of what is UNAVAILABLE: refused or ended by the network, else expired within the budget.

    With `perhaps_gone` it may have vanished instead, for the scenario that is about just that.

    Raises:
        NotTested: the target file gives no way to bring it about.
    """
    hooks, shortest, how = case.target.hooks, case.target.profiles["default"].min_duration, "by expiry"
    if "refuse_next_session" in hooks:
        how = REFUSED
        require_progress(case)
        case.run.hook("refuse_next_session")
        key = create_id(case)
    elif "terminate_session" in hooks:
        how = TERMINATED
        key = create_id(case)
        await_available(case, key)
        case.run.hook("terminate_session", session_id=key)
    elif case.resource.extend and shortest is not None and shortest <= case.target.polling.budget:
        key = create_id(case, bodies.creation(case.target, case.resource) | {"duration": shortest})
        await_available(case, key)
    else:
        raise NotTested(
            f"no {case.resource.noun} can become UNAVAILABLE within polling.budget; "
            "add [hooks] terminate_session to the target file"
        )
    until(case, key, "UNAVAILABLE", perhaps_gone=perhaps_gone, how=how)
    return key


def require_progress(case: Case) -> None:
    """Find out, once in a run, whether anything becomes AVAILABLE: where nothing does, nothing else is waited for.

    Raises:
        Inconclusive: it does not.
    """
    known, run = fact(case, "AVAILABLE"), case.run
    if known in run.seen or known in run.learned or waiting.knows(case.target):
        return
    await_available(case, create_id(case))
    case.clean()


def fact(case: Case, status: str, how: str = "") -> str:
    """What the run knows once a status was waited for in vain; `how` it is reached tells one way from another."""
    return f"{case.contract.api} {status} {how}".strip()


def until(  # noqa: PLR0913 - what is waited for, and whose it is
    case: Case,
    key: str,
    status: str,
    *,
    perhaps_gone: bool = False,
    token: str = "two_legged",  # noqa: S107 - a role
    how: str = "",
) -> JsonObject:
    """The session or assignment once its status is `status`; nothing if it is gone and may be.

    `how` it gets there tells one way from another, so that only the same way is not waited for again.

    Raises:
        EndedEarly: it is UNAVAILABLE, and does not become AVAILABLE any more.
        Inconclusive: it cannot be read, or the budget of the target file ran out first, now or in an earlier case.
    """
    resource, seen, known = case.resource, None, fact(case, status, how)
    first = known if how == DELETED else fact(case, "AVAILABLE")  # without it, nothing else comes by itself
    for _ in waiting.looks(case, known, first):
        answer = case.call(resource.read, token=token, path={resource.id: key})
        body: Json = answer.body
        if perhaps_gone and answer.status == 404:
            return {}
        if answer.status != 200 or not isinstance(body, dict):
            said = described(answer.exchange)
            raise Inconclusive(f"{resource.noun} not seen {status}: {resource.read} answered {said}")
        seen = body.get(resource.status)
        if seen == status:
            waiting.see(case, known)
            return body
        if (seen, status) == ("UNAVAILABLE", "AVAILABLE"):
            raise _over(case, known)
    if first in case.run.learned:
        raise Inconclusive(case.run.learned[first])
    cause = f"{resource.noun} still {seen} after {case.target.polling.budget:g} s, never {status}"
    raise Inconclusive(waiting.learn(case, known, cause))


def _over(case: Case, known: str) -> Inconclusive:
    """It has ended already: by chance, where others became AVAILABLE or few were tried."""
    run, said = case.run, f"{case.resource.noun} UNAVAILABLE"
    run.absent[known] = run.absent.get(known, 0) + 1
    if known in run.seen or run.absent[known] <= _CHANCES:
        return EndedEarly(f"{said} before it was seen AVAILABLE")
    return Inconclusive(waiting.learn(case, known, f"{said}, never AVAILABLE"))
