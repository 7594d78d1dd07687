"""What a case leaves behind: deleted, or given time to end on a target that serves no deletion."""

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any, Final

import httpx

from pytest_nac_qod.checks.answer import body_of
from pytest_nac_qod.checks.session import SKEW
from pytest_nac_qod.contracts import Contract
from pytest_nac_qod.foundation.jsontypes import Json, JsonObject
from pytest_nac_qod.foundation.ticking import elapsed
from pytest_nac_qod.suite.run import Run
from pytest_nac_qod.target import Target
from pytest_nac_qod.target.places import known_devices
from pytest_nac_qod.target.tokens import TokenError
from pytest_nac_qod.verdicts import Inconclusive
from pytest_nac_qod.wire.client import Answer, QodClient, new_correlator
from pytest_nac_qod.wire.exchange import Response
from pytest_nac_qod.wire.ownership.ledger import LedgerError, Owed, account
from pytest_nac_qod.wire.ownership.removal import (
    STILL_LISTED,
    Send,
    can_list,
    listed,
    living,
    remains,
    remove,
)
from pytest_nac_qod.wire.resources import Resource, resource_of

_STARTING = 1  # seconds in which what was created begins
_RETENTION = 360  # seconds for which what the network ended may stay in the way of another one
_HASTE: Final = 2.0  # seconds for one when the run is given up
_NO_SUCH: Final = (400, 404, 422)  # answers to the deletion of an id that nothing has
_PATIENCE: Final = 10.0  # seconds for a deletion between two cases; the end of the run has more


def sender(run: Run, client: QodClient, owner: str) -> Send:
    """Calls of `client` with the token of a role; a token that cannot be had is as good as no answer."""

    def send(operation: str, **what: Any) -> Answer[Any]:  # noqa: ANN401 - whatever QodClient.call takes
        headers: dict[str, str | None] = {"x-correlator": new_correlator()} if run.target.x_correlator != "off" else {}
        try:
            headers["Authorization"] = f"Bearer {run.token(owner)}"
        except TokenError as error:
            raise httpx.LocalProtocolError(str(error)) from None
        return client.call(operation, headers=headers, owner=owner, role="cleanup", **what)

    return send


def standing(run: Run, api: str, owner: str, device: Json) -> list[JsonObject] | None:
    """What the client of a token had for a device before the run created anything for it, asked once.

    Returns:
        None where the target does not tell, and for what is no device of the target file.
    """
    client = run.client(api)
    resource = resource_of(client.contract)
    known = owner == "three_legged" if device is None else device in known_devices(run.target)
    if resource is None or run.ledger is None or not known or not can_list(resource, run.target.unserved):
        return None
    key = f"{api} {owner} {device!r}"
    if key not in run.standing:
        run.standing[key] = listed(sender(run, client, owner), resource, device)
    return run.standing[key]


def standing_ids(run: Run, contract: Contract, owner: str, body: Json) -> list[str] | None:
    """Ids of what was there before the run for the device that a request to create something is about."""
    resource, device = resource_of(contract), body.get("device") if isinstance(body, dict) else None
    there = standing(run, contract.api, owner, device)
    return None if there is None or resource is None else [item[resource.id] for item in there]


def clear(run: Run, client: QodClient) -> None:
    """Delete what the client created, each with the token that created it; what stays is noted in the run."""
    resource = resource_of(client.contract)
    if resource is None:
        return
    if resource.delete in run.target.unserved:
        if client.owned:
            outlive(run, client)
        return
    for key in list(client.owned):
        _remove(run, client, resource, key, client.owners.get(key) or "two_legged")
    recover(run, client)


def undeleted(run: Run, client: QodClient) -> Answer[Any] | None:
    """The answer that shows the last thing which earlier cases deleted as if nobody had; it is owed again.

    Returns:
        None where it has ended, or where nobody can tell.
    """
    resource, api = resource_of(client.contract), client.contract.api
    keys = [key for key, (where, _) in list(run.gone.items()) if where == api and key not in run.left]
    if resource is None or not keys or resource.read in run.target.unserved or run.target.embedded:
        return None
    key = keys[-1]
    _, owner = run.gone[key]
    send, until = sender(run, client, owner), elapsed() + min(run.target.polling.budget, _PATIENCE)
    status, answer = living(send, resource, key)
    while status == "REQUESTED" and elapsed() < until:  # it may just not have begun when it was deleted
        run.rest(run.target.polling.interval)
        status, answer = living(send, resource, key)
    if not status:
        return None
    run.left[key] = api, owner, f"was answered as done, but it is still {status}"
    if run.ledger:
        run.ledger.adopt(key, client.base_url, owner)
    return answer


def in_the_way(run: Run, api: str, *, known: bool = False) -> str:
    """Why a creation may be in conflict with what earlier cases left; `known` leaves out what nobody is sure of."""
    for key, (where, _, why) in list(run.left.items()):
        if where == api:
            return f"{key} of an earlier case is in the way: its deletion {why}"
    lost = not known and api in run.lost
    return "what a creation without an answer left may be in the way" if lost else ""


def retry(run: Run) -> None:
    """Try once more to delete what earlier cases left."""
    for key, (api, owner, _) in list(run.left.items()):
        client = run.client(api)
        if resource := resource_of(client.contract):
            _remove(run, client, resource, key, owner, budget=0.0)


def recover(run: Run, client: QodClient) -> None:
    """Delete what creations without a usable answer left, as far as that can be told from what is not ours."""
    resource = resource_of(client.contract)
    if resource is None or run.ledger is None or not client.lost or not can_list(resource, run.target.unserved):
        return
    try:
        noted = account(run.ledger.path)
    except LedgerError:
        return
    lost = [item for item in noted.owed if item.entry in client.lost]
    client.lost.clear()
    for group in by_device(lost):
        first = group[0]
        send = sender(run, client, first.owner or "two_legged")
        there = listed(send, resource, first.device, foreign=foreign(run.target, first))
        left = remains(group, there, noted.created.keys(), resource)
        for creation, key in zip(group, left.ours, strict=False):
            run.ledger.created(creation.entry, key)
            _remove(run, client, resource, key, first.owner or "two_legged")
        if left.doubtful or not left.told:
            run.lost.add(client.contract.api)


def by_device(lost: Iterable[Owed]) -> list[Sequence[Owed]]:
    """Creations in groups that can be looked up together: of one API, one device and one token."""

    def where(item: Owed) -> tuple[str, str, str]:
        return item.base_url, repr(item.device), item.owner

    return [list(group) for _, group in groupby(sorted(lost, key=where), key=where)]


def foreign(target: Target, creation: Owed) -> bool:
    """Whether a creation was for a device that the target file does not have."""
    return creation.owner != "three_legged" if creation.device is None else creation.device not in known_devices(target)


def _remove(  # noqa: PLR0913, PLR0917 - where it is, and whose
    run: Run, client: QodClient, resource: Resource, key: str, owner: str, budget: float | None = None
) -> None:
    if budget is None:
        budget = min(run.target.polling.budget, _PATIENCE) if not run.left else 0.0
    budget = min(budget, _HASTE) if run.halt.is_set() else budget
    readable = resource.read not in run.target.unserved
    send = sender(run, client, owner)
    doubt = key in run.left
    kept = remove(send, resource, key, budget=budget, readable=readable, doubt=doubt, pause=run.rest)
    last = client.exchanges[-1].response if client.exchanges else None
    if last and last.status in _NO_SUCH:
        kept = _looked_up(run, client, send, key, kept)
    if kept:
        run.left[key] = client.contract.api, owner, kept
    else:
        client.gone(key)
        run.left.pop(key, None)


def _looked_up(run: Run, client: QodClient, send: Send, key: str, kept: str) -> str:
    """What keeps something there whose deletion was answered as if nothing had its id.

    An answer to a creation may tell an id that is none: what its device has instead is deleted, unless the id was read.
    """
    resource = resource_of(client.contract)
    if resource is None or run.ledger is None or not can_list(resource, run.target.unserved):
        return kept
    try:
        noted = account(run.ledger.path)
    except LedgerError:
        return kept
    entry = noted.created.get(key)
    creation = next((item for item in noted.sent if item.entry == entry), None)
    there = listed(send, resource, creation.device, foreign=foreign(run.target, creation)) if creation else None
    if creation is None or there is None:
        return kept
    if any(item[resource.id] == key for item in there):
        return kept or STILL_LISTED
    left = remains([creation], there, noted.created.keys(), resource)
    if left.doubtful or _was_read(client, resource, key):
        return kept
    for other in left.ours:
        run.ledger.adopt(other, client.base_url, creation.owner)
        if why := remove(send, resource, other, budget=0.0, pause=run.rest):
            run.left[other] = client.contract.api, creation.owner, why
        else:
            run.ledger.gone(other)
    return ""


def _was_read(client: QodClient, resource: Resource, key: str) -> bool:
    """Whether a session or an assignment was shown by its id, so that there was one."""
    read = [each for each in client.exchanges if each.operation == resource.read and each.response]
    return any(each.response.status == 200 and each.request.url.endswith(f"/{key}") for each in read if each.response)


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
            run.rest(lasting + SKEW.total_seconds())
        else:
            return
    except Inconclusive:
        return
    for key in list(client.owned):
        client.gone(key)


def _duration(response: Response) -> int:
    body = body_of(response)
    seconds = body.get("duration") if isinstance(body, dict) else None
    return seconds if isinstance(seconds, int) else 0
