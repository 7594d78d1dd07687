"""Defects that show only under concurrency: time goes by between a look and what follows from it."""

import json
from asyncio import sleep
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import uuid4

from pytest_nac_qod.foundation.jsontypes import Json
from pytest_nac_qod.reference.call import Result, ServerCall
from pytest_nac_qod.reference.network import Network
from pytest_nac_qod.reference.refusals import Refusal

Override = Callable[[Any], Callable[..., Any]]
Operate = Callable[[ServerCall], Result]
Performed = Callable[[Operate, ServerCall], Awaitable[Result]]
_CREATE, _READ, _EXTEND, _DELETE = "createSession", "getSession", "extendQosSessionDuration", "deleteSession"
_WINDOW = 0.02  # seconds between a look and what follows from it
_FLOW = ("device", "applicationServer", "devicePorts", "applicationServerPorts")


@contextmanager
def _deciding(network: Network, **otherwise: Callable[..., Any]) -> Iterator[None]:
    """Take some decisions otherwise, for something that is done in one go."""
    right = network.decisions
    network.decisions = replace(right, **otherwise)
    try:
        yield
    finally:
        network.decisions = right


def _of(operation: str, perform: Callable[[Operate, ServerCall], Awaitable[Result]]) -> Performed:
    """Perform one operation so, and the others in one go."""

    async def wrong(operate: Operate, call: ServerCall) -> Result:
        return await perform(operate, call) if call.operation.family == operation else operate(call)

    return wrong


@dataclass(slots=True)
class _UnderWay:
    """The calls of one operation that are under way, and those that have met another one."""

    calls: list[ServerCall] = field(default_factory=list)
    met: list[ServerCall] = field(default_factory=list)

    async def wait(self, call: ServerCall, meets: Callable[[ServerCall], object] = lambda _: True) -> bool:
        """Let time go by; returns whether one was under way that the call meets."""
        for other in filter(meets, self.calls):
            self.met += [call, other]
        self.calls.append(call)
        try:
            await sleep(_WINDOW)
        finally:
            self.calls = [other for other in self.calls if other is not call]
        alone = all(other is not call for other in self.met)
        self.met = [other for other in self.met if other is not call]
        return not alone


def _both_made(_: Performed) -> Performed:
    async def perform(operate: Operate, call: ServerCall) -> Result:
        known, right = set(call.network.sessions), call.network.decisions.conflicts
        await sleep(_WINDOW)
        with _deciding(call.network, conflicts=lambda session, *rest: session.id in known and right(session, *rest)):
            return operate(call)

    return _of(_CREATE, perform)


def _none_made(_: Performed) -> Performed:
    under_way = _UnderWay()

    async def perform(operate: Operate, call: ServerCall) -> Result:
        if await under_way.wait(call, lambda other: _flow(other) == _flow(call)):
            raise Refusal(409, "CONFLICT")
        return operate(call)

    return _of(_CREATE, perform)


def _flow(call: ServerCall) -> str:
    return json.dumps([call.body.get(name) for name in _FLOW], sort_keys=True)


def _one_id(_: Performed) -> Performed:
    under_way, given = _UnderWay(), [""]

    async def perform(operate: Operate, call: ServerCall) -> Result:
        if not under_way.calls:
            given[0] = str(uuid4())
        key = given[0]
        await under_way.wait(call)
        with _deciding(call.network, issued_id=lambda _: key):
            return operate(call)

    return _of(_CREATE, perform)


def _counted_once(_: Performed) -> Performed:
    async def perform(operate: Operate, call: ServerCall) -> Result:
        session = call.network.sessions.get(call.key)
        before = session.duration if session else 0
        await sleep(_WINDOW)
        if session:
            session.duration = before
        return operate(call)

    return _of(_EXTEND, perform)


def _revived(_: Performed) -> Performed:
    async def perform(operate: Operate, call: ServerCall) -> Result:
        session = call.network.sessions.get(call.key)
        await sleep(_WINDOW)
        if session and session.id not in call.network.sessions:
            session.status, session.info, session.ended = "AVAILABLE", None, None
            call.network.sessions.add(session)
        return operate(call)

    return _of(_EXTEND, perform)


def _kept_as_read(_: Performed) -> Performed:
    kept: dict[str, Json] = {}

    async def perform(operate: Operate, call: ServerCall) -> Result:
        if call.key in kept:
            return 200, kept[call.key]
        status, body = operate(call)
        await sleep(_WINDOW)
        if call.key not in call.network.sessions:
            kept[call.key] = body
        return status, body

    return _of(_READ, perform)


def _mixed_up(operation: str) -> Override:
    """Which one is meant is kept in one place for all."""

    def override(_: Performed) -> Performed:
        latest: list[ServerCall] = []

        async def perform(operate: Operate, call: ServerCall) -> Result:
            latest[:] = [call]
            await sleep(_WINDOW)
            return operate(latest[0])

        return _of(operation, perform)

    return override


def _told(times: int) -> Override:
    """Deletions at once are told so many times."""

    def override(_: Performed) -> Performed:
        under_way = _UnderWay()

        async def perform(operate: Operate, call: ServerCall) -> Result:
            right = call.network.decisions.notifies
            if not await under_way.wait(call):
                return operate(call)
            with _deciding(call.network, notifies=lambda *change: times * right(*change)):
                return operate(call)

        return _of(_DELETE, perform)

    return override


OVERRIDES: Mapping[str, tuple[str, Override]] = {
    "creations_at_once_both_made": ("performed", _both_made),
    "creations_at_once_none_made": ("performed", _none_made),
    "creations_at_once_share_an_id": ("performed", _one_id),
    "extensions_at_once_counted_once": ("performed", _counted_once),
    "extension_revives_deleted": ("performed", _revived),
    "reading_revives_deleted": ("performed", _kept_as_read),
    "readings_at_once_mixed_up": ("performed", _mixed_up(_READ)),
    "deletions_at_once_mixed_up": ("performed", _mixed_up(_DELETE)),
    "event_lost_at_once": ("performed", _told(0)),
    "event_doubled_at_once": ("performed", _told(2)),
}
