"""Deletion of what was created, however the target answers, and the look for what a lost creation left."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import sleep
from typing import Any, Final

import httpx

from pytest_nac_qod.foundation.jsontypes import Json, JsonObject
from pytest_nac_qod.foundation.ticking import elapsed
from pytest_nac_qod.wire.client import GONE, Answer
from pytest_nac_qod.wire.field_values import usable_id
from pytest_nac_qod.wire.ownership.ledger import Owed, traits
from pytest_nac_qod.wire.resources import Resource
from pytest_nac_qod.wire.transport.pacing import pause_before

Send = Callable[..., Answer[Any]]  # a call of QodClient, with the right token
ENDED: Final = "UNAVAILABLE"  # status of what the network no longer provides
LIVING: Final = ("REQUESTED", "AVAILABLE")
STILL_LISTED: Final = "answered as gone, but still listed"
_NEAR = timedelta(minutes=5)  # between a creation and its start; clocks differ
_LOOK = 0.25  # seconds between two looks for what is being deleted


def remove(  # noqa: PLR0913 - what a deletion takes
    send: Send,
    resource: Resource,
    key: str,
    *,
    budget: float,
    readable: bool = True,
    doubt: bool = False,
    pause: Callable[[float], None] = sleep,
) -> str:
    """Delete a session or an assignment, again and again while the target cannot, and wait until it is gone.

    Args:
        send: sends an operation, given its id and `path`.
        resource: what it is.
        key: its id.
        budget: seconds in all.
        readable: whether the target serves the operation that reads it.
        doubt: read it even where the deletion is answered as done.
        pause: waits for some seconds.

    Returns:
        What keeps it there, such as `answered 500`; empty when it is gone.
    """
    until, attempt = elapsed() + budget, 0
    while True:
        wait = 0.0
        try:
            answer = send(resource.delete, path={resource.id: key})
            if answer.status in GONE:
                looked_at = doubt and readable and answer.response.is_success
                return _lasting(send, resource, key, until, pause) if looked_at else ""
            if answer.response.is_success:
                return _awaited(send, resource, key, until, pause) if readable else ""
            kept, again = f"answered {answer.status}", answer.status == 429 or answer.status >= 500
            wait = pause_before(attempt, answer.response.headers.get("retry-after"))
        except httpx.RequestError as error:
            kept, again = f"got no answer: {type(error).__name__}", not isinstance(error, httpx.LocalProtocolError)
            wait = pause_before(attempt)
        if not again or elapsed() + wait > until:
            return kept
        attempt += 1
        pause(wait)


def _awaited(send: Send, resource: Resource, key: str, until: float, pause: Callable[[float], None]) -> str:
    """Wait for the end of a deletion that was only accepted."""
    while True:
        try:
            answer = send(resource.read, path={resource.id: key})
        except httpx.RequestError as error:
            kept = f"got no answer: {type(error).__name__}"
        else:
            body: Json = answer.body
            if answer.status in (404, 410) or (isinstance(body, dict) and body.get(resource.status) == ENDED):
                return ""
            kept = "accepted, but still there"
        if elapsed() + _LOOK > until:
            return kept
        pause(_LOOK)


def _lasting(send: Send, resource: Resource, key: str, until: float, pause: Callable[[float], None]) -> str:
    """What shows that something is as it was although its deletion was answered as done; empty where nothing does."""
    while (status := living(send, resource, key)[0]) and elapsed() + _LOOK <= until:
        pause(_LOOK)
    return f"was answered as done, but it is still {status}" if status else ""


def living(send: Send, resource: Resource, key: str) -> tuple[str, Answer[Any] | None]:
    """Status of a session or an assignment that has not ended, and the answer that shows it; empty where none does."""
    try:
        answer = send(resource.read, path={resource.id: key})
    except httpx.RequestError:
        return "", None
    body: Json = answer.body
    status = body.get(resource.status) if answer.status == 200 and isinstance(body, dict) else None
    return (status, answer) if status in LIVING else ("", answer)


def can_list(resource: Resource, unserved: Collection[str]) -> bool:
    """Whether a target can be asked what a device has; `unserved` are the operations that it does not serve."""
    return resource.retrieve not in {"", *unserved}


def listed(send: Send, resource: Resource, device: Json, *, foreign: bool = False) -> list[JsonObject] | None:
    """What a client has for a device, without what has ended; None when the target does not tell.

    `foreign` is a device that was made up: where the target refuses to look for it, it has nothing.
    """
    try:
        answer = send(resource.retrieve, body={} if device is None else {"device": device})
    except httpx.RequestError:
        return None
    body: Json = answer.body
    if (foreign and answer.status in (400, 404, 422)) or (resource.noun == "assignment" and answer.status == 404):
        return []
    items = body if isinstance(body, list) else [body]
    if answer.status != 200 or not all(isinstance(item, dict) and usable_id(item.get(resource.id)) for item in items):
        return None
    return [item for item in items if item.get(resource.status) != ENDED]


@dataclass(frozen=True, slots=True)
class Remains:
    """What lost creations may have left at a device.

    Attributes:
        ours: ids of what they left.
        doubtful: ids of what may as well be somebody else's.
        told: whether the target told what there is.
    """

    ours: tuple[str, ...] = ()
    doubtful: tuple[str, ...] = ()
    told: bool = True


def remains(
    lost: Sequence[Owed], there: Iterable[JsonObject] | None, known: Collection[str], resource: Resource
) -> Remains:
    """Tell what lost creations left at one device from what was there before, and from what is like what they sent.

    Args:
        lost: the creations without an answer, all for the same device and with the same token.
        there: what there is now; None when the target does not tell.
        known: ids of what other entries of the ledger are about.
        resource: what it is.
    """
    if there is None:
        return Remains(told=False)
    others, like = newcomers(lost, there, known, resource)
    sure = all(item.before is not None for item in lost) and len(like) <= len(lost)
    ours = tuple(like) if sure else ()
    return Remains(ours, tuple(key for key in others if key not in ours))


def newcomers(
    sent: Sequence[Owed], there: Iterable[JsonObject], known: Collection[str], resource: Resource
) -> tuple[list[str], list[str]]:
    """Ids of what was not at a device before and is not `known`: all of them, and those like a creation."""
    standing: frozenset[str] = frozenset().union(*(item.before for item in sent if item.before is not None))
    new = [item for item in there if item[resource.id] not in known and item[resource.id] not in standing]
    like = [item[resource.id] for item in new if any(_alike(item, creation) for creation in sent)]
    return [item[resource.id] for item in new], like


def _alike(item: JsonObject, creation: Owed) -> bool:
    """Whether a session or an assignment has all that its creation asked for, and began at about that time."""
    told = traits(item)
    if not creation.sent or any(name not in told or told[name] != value for name, value in creation.sent.items()):
        return False
    if "sink" in told and "sink" not in creation.sent:
        return False
    try:
        began = datetime.fromisoformat(item["startedAt"])
        return abs(began - datetime.fromisoformat(creation.at)) <= _NEAR
    except (KeyError, TypeError):  # not begun
        return "startedAt" not in item
    except ValueError:
        return False
