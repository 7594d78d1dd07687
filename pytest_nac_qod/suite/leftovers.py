"""What a case leaves behind on a target that serves no deletion."""

from time import sleep
from typing import TYPE_CHECKING

from pytest_nac_qod.checks.answer import body_of
from pytest_nac_qod.checks.session import SKEW
from pytest_nac_qod.foundation.jsontypes import Json
from pytest_nac_qod.foundation.ticking import elapsed
from pytest_nac_qod.suite.run import Run
from pytest_nac_qod.target import Target
from pytest_nac_qod.verdicts import Inconclusive, NoAnswer
from pytest_nac_qod.wire.client import QodClient
from pytest_nac_qod.wire.exchange import Response
from pytest_nac_qod.wire.resources import Resource

if TYPE_CHECKING:
    from pytest_nac_qod.suite.case import Case

_STARTING = 1  # seconds in which what was created begins
_RETENTION = 360  # seconds for which what the network ended may stay in the way of another one


def endable(target: Target, resource: Resource, body: Json) -> bool:
    """Whether what a case creates with `body` comes to an end without a deletion, before the next case begins."""
    if "reset" in target.hooks:
        return True
    if resource.noun != "session":
        return False
    lasting = body.get("duration") if isinstance(body, dict) else None
    return "advance_clock" in target.hooks or (isinstance(lasting, int) and lasting <= target.polling.budget)


def ways(resource: Resource) -> str:
    """What to add to the target file so that `endable` holds."""
    if resource.noun == "session":
        return "hooks.reset, hooks.advance_clock, or a min_duration of the default profile within polling.budget"
    return "hooks.reset"


def awaited(target: Target) -> bool:
    """Whether the end of each session has to be waited for, so that none should last longer than it must."""
    return "deleteSession" in target.unserved and not {"reset", "advance_clock"} & target.hooks.keys()


def outlive(run: Run, client: QodClient) -> None:
    """Let what the client created come to its end in one of these ways; never raises."""
    lasting = max((_duration(exchange.response) for exchange in client.exchanges if exchange.response), default=0)
    try:
        if "reset" in run.target.hooks:
            run.hook("reset")
        elif "advance_clock" in run.target.hooks:
            run.hook("advance_clock", seconds=_STARTING)  # what has not begun would begin at the end of a longer step
            run.hook("advance_clock", seconds=max(lasting, _RETENTION) + SKEW.total_seconds())
        elif lasting <= run.target.polling.budget:
            sleep(lasting + SKEW.total_seconds())
        else:
            return
    except Inconclusive:
        return
    for key in list(client.owned):
        client.gone(key)


def await_ends(case: "Case") -> None:
    """See gone, or ended, what a deletion is still busy with, so that its device is free; never raises.

    It is waited for within the budget of the target file, which all of it shares.
    """
    deadline = elapsed() + case.target.polling.budget
    for key, token in list(case.leaving.items()):
        del case.leaving[key]
        while case.serves(case.resource.read) and not _ended(case, key, token) and elapsed() < deadline:
            sleep(case.target.polling.interval)


def _ended(case: "Case", key: str, token: str) -> bool:
    """Whether it is gone or UNAVAILABLE, or nobody can say."""
    resource = case.resource
    try:
        answer = case.call(resource.read, token=token, path={resource.id: key}, role="cleanup")
    except NoAnswer:
        return True
    shown: Json = answer.body
    there = answer.status == 200 and isinstance(shown, dict) and shown.get(resource.status) != "UNAVAILABLE"
    if not there:
        case.client.gone(key)
    return not there


def _duration(response: Response) -> int:
    body = body_of(response)
    found = body.get("duration") if isinstance(body, dict) else None
    return found if isinstance(found, int) else 0
