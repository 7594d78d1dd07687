"""Delivery of CloudEvents to sinks, in order for each session, without holding up anybody else."""

import asyncio
import logging
import ssl
from collections.abc import Coroutine
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from weakref import WeakKeyDictionary

import httpx

from pytest_nac_qod.jsontypes import JsonObject
from pytest_nac_qod.reference.state import Session

_LOG = logging.getLogger(__name__)
_TRIES = 3
_PAUSE = 0.05  # seconds between tries
_TIMEOUT = 2.0  # seconds for one try


@dataclass(frozen=True, slots=True)
class Delivery:
    """One event on its way."""

    url: str
    headers: dict[str, str]
    event: JsonObject


@dataclass(slots=True)
class Courier:
    """Sends events; trusts the usual certificate authorities and those that it is told to."""

    trust: ssl.SSLContext = field(default_factory=ssl.create_default_context)
    _http: httpx.AsyncClient | None = None
    _tasks: set["asyncio.Task[None]"] = field(default_factory=set)
    _last: "WeakKeyDictionary[Session, asyncio.Task[None]]" = field(default_factory=WeakKeyDictionary)

    def send(self, session: Session, delivery: Delivery) -> None:
        """Send an event after the earlier ones of the same session; returns at once."""
        if _token_expired(session):
            return
        self._start(session, self._deliver(session, delivery, self._last.get(session)))

    async def flush(self) -> None:
        """Wait until everything that was sent has arrived or was given up."""
        while self._tasks:
            await asyncio.wait(self._tasks)

    def drop(self) -> None:
        """Give up what has not arrived yet."""
        for task in self._tasks:
            task.cancel()

    async def close(self) -> None:
        """Close connections."""
        self.drop()
        if self._http:
            await self._http.aclose()

    def _start(self, session: Session, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        self._last[session] = task
        task.add_done_callback(self._tasks.discard)

    async def _deliver(self, session: Session, delivery: Delivery, earlier: "asyncio.Task[None] | None") -> None:
        if earlier:
            await asyncio.wait([earlier])
        self._http = self._http or httpx.AsyncClient(
            verify=self.trust, timeout=_TIMEOUT, limits=httpx.Limits(max_keepalive_connections=0)
        )
        for _ in range(_TRIES):
            try:
                response = await self._http.post(delivery.url, headers=delivery.headers, json=delivery.event)
            except httpx.HTTPError as error:
                _LOG.info("event not delivered to %s: %r", delivery.url, error)
            else:
                session.deaf = session.deaf or response.status_code == httpx.codes.GONE
                if response.status_code < httpx.codes.INTERNAL_SERVER_ERROR:
                    return
            await asyncio.sleep(_PAUSE)


def _token_expired(session: Session) -> bool:
    until = (session.credential or {}).get("accessTokenExpiresUtc")
    return until is not None and datetime.fromisoformat(until) <= datetime.now(UTC)
