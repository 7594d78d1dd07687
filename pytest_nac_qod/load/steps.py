"""What users of a load test do: valid requests, one after another or at once; nothing is judged here."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

from pytest_nac_qod.foundation.jsontypes import JsonObject
from pytest_nac_qod.load.plan import LoadPlan, Share, body_for
from pytest_nac_qod.wire.client import Answer
from pytest_nac_qod.wire.resources import Resource

Send = Callable[..., Answer[Any] | None]  # an operation with `key` and `body`; None where no answer came
_LOOKS, _BETWEEN = 20, 0.1  # for AVAILABLE, and seconds between them


@dataclass(slots=True, kw_only=True)
class Load:
    """What one user works with.

    Attributes:
        share: what is its own.
        bodies: drawn for all users of the process, which take them in turn.
        send: sends an operation with the user's token.
        as_other: sends an operation with the token of another client; None without one.
        pause: waits for some seconds.
        at_once: calls several functions at the same time; returns what they return.
        short: seconds of a session that is left to expire; None for no such sessions.
        chance: what the user does is drawn from it.
        alive: ids of the sessions of all users of the process, with their client.
        mine: ids of what the user has to delete.
    """

    plan: LoadPlan
    share: Share
    resource: Resource
    bodies: Sequence[JsonObject]
    send: Send
    as_other: Send | None
    pause: Callable[[float], None]
    at_once: Callable[[Sequence[Callable[[], Any]]], list[Any]]
    short: int | None
    chance: Random
    alive: dict[str, str] = field(default_factory=dict)
    mine: list[str] = field(default_factory=list)

    def body(self, *, port: int = 0, **more: Any) -> JsonObject:  # noqa: ANN401 - properties of a body
        """The body of the next creation."""
        return body_for(self.share, self.chance.choice(self.bodies), self.plan, port=port) | more

    def create(self, body: JsonObject) -> str:
        """Create a session; returns its id, empty where there is none."""
        answer = self.send(self.resource.create, body=body)
        told = answer.body if answer is not None and answer.status == self.resource.created else None
        key = told.get(self.resource.id) if isinstance(told, dict) else None
        if not isinstance(key, str):
            return ""
        self.mine.append(key)
        self.alive[key] = self.share.client
        return key

    def read(self, key: str) -> JsonObject:
        """Read a session; nothing where it is not there."""
        answer = self.send(self.resource.read, key=key)
        told = answer.body if answer is not None and answer.status == 200 else None
        return told if isinstance(told, dict) else {}

    def extend(self, key: str, seconds: int) -> None:
        """Make a session longer."""
        if self.resource.extend:
            self.send(self.resource.extend, key=key, body={"requestedAdditionalDuration": seconds})

    def delete(self, key: str) -> None:
        """Delete a session."""
        answer = self.send(self.resource.delete, key=key)
        self.alive.pop(key, None)
        if answer is not None and answer.status in (self.resource.deleted, 404) and key in self.mine:
            self.mine.remove(key)

    def list(self) -> None:
        """List what the device has."""
        self.send(self.resource.retrieve, body={"device": self.share.device})

    def begun(self, key: str) -> bool:
        """Wait until a session is AVAILABLE."""
        for _ in range(_LOOKS):
            status = self.read(key).get(self.resource.status)
            if status != "REQUESTED":
                return status == "AVAILABLE"
            self.pause(_BETWEEN)
        return False


def day(load: Load) -> None:
    """A session from its creation to its deletion, read by others meanwhile."""
    key = load.create(load.body())
    if not key:
        return
    load.begun(key)
    load.list()
    load.extend(key, load.chance.randint(1, 600))
    load.read(key)
    stranger(load)
    load.delete(key)
    load.read(key)


def stranger(load: Load) -> None:
    """Read what another client has, which must not be shown."""
    others = [key for key, client in load.alive.items() if client != load.share.client]
    if others and load.as_other is not None:
        load.send(load.resource.read, key=load.chance.choice(others))


def race(load: Load) -> None:
    """Two creations at once for one flow; then what came of it is extended twice at once."""
    body = load.body(port=1)
    won = [key for key in load.at_once([lambda: load.create(body), lambda: load.create(body)]) if key]
    load.list()
    for key in won:
        load.begun(key)
        load.at_once([lambda key=key: load.extend(key, 60), lambda key=key: load.extend(key, 60)])  # type: ignore[misc] # bound early
        load.read(key)
        load.delete(key)
        load.read(key)


def end(load: Load) -> None:
    """A deletion and an extension at once, and reading meanwhile."""
    key = load.create(load.body(port=1))
    if not key:
        return
    load.begun(key)
    load.at_once([lambda: load.extend(key, 60), lambda: load.delete(key), lambda: load.read(key)])
    load.read(key)
    load.list()


def apart(load: Load) -> None:
    """Two sessions with flows of their own, read, and deleted, at once."""
    bodies = [load.body(port=0), load.body(port=1)]
    keys = [key for key in load.at_once([lambda body=body: load.create(body) for body in bodies]) if key]  # type: ignore[misc] # as above
    load.at_once([lambda key=key: load.begun(key) for key in keys])  # type: ignore[misc] # as above
    load.at_once([lambda key=key: load.delete(key) for key in keys])  # type: ignore[misc] # as above
    for key in keys:
        load.read(key)


def expiry(load: Load) -> None:
    """A session that is left to expire, and read when its time has come."""
    if load.short is None:
        day(load)
        return
    key = load.create(load.body(duration=load.short))
    if not key:
        return
    load.pause(load.short + 1.0)
    load.read(key)
    load.delete(key)


STEPS: dict[Callable[[Load], None], int] = {day: 6, race: 3, end: 2, apart: 2, expiry: 1}  # how often, in proportion


def clear(load: Load) -> None:
    """Delete what is left of the user."""
    for key in tuple(load.mine):
        load.delete(key)
