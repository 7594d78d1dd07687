"""Delivery of CloudEvents to sinks, in order for each session or assignment, without holding up anybody else."""

import asyncio
import logging
import ssl
from collections.abc import Coroutine
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from weakref import WeakKeyDictionary

import httpx

from pytest_nac_qod.contracts import Contract
from pytest_nac_qod.foundation.jsontypes import JsonObject
from pytest_nac_qod.foundation.values import moment
from pytest_nac_qod.reference.state import ServedResource
from pytest_nac_qod.wire.connections import async_connection

_LOG = logging.getLogger(__name__)
_TRIES = 3
_PAUSE = 0.05  # seconds between tries
_TIMEOUT = 2.0  # seconds for one try
_BACKLOG = 10_000  # deliveries that may wait at once


def event_type(contract: Contract) -> str:
    """The type of the events of an API: the one that the discriminator of its events knows."""
    schemas = contract.document["components"]["schemas"].values()
    discriminators = (schema["discriminator"] for schema in schemas if "discriminator" in schema)
    name: str = next(
        kind
        for discriminator in discriminators
        if discriminator["propertyName"] == "type"
        for kind in discriminator["mapping"]
    )
    return name


@dataclass(frozen=True, slots=True)
class Delivery:
    """One event on its way."""

    url: str
    headers: dict[str, str]
    event: JsonObject


@dataclass(slots=True)
class Courier:
    """Sends events; trusts the usual certificate authorities and those that it is told to.

    A delivery under way is never cancelled: cut off while it connects, it would leave its connection open.

    Attributes:
        forwarded: where addresses that begin so really are, as a tunnel has it.
    """

    trust: ssl.SSLContext = field(default_factory=ssl.create_default_context)
    forwarded: dict[str, str] = field(default_factory=dict)
    closed: bool = False
    _http: httpx.AsyncClient | None = None
    _round: int = 0
    _tasks: set["asyncio.Task[None]"] = field(default_factory=set)
    _last: "WeakKeyDictionary[ServedResource, asyncio.Task[None]]" = field(default_factory=WeakKeyDictionary)

    def send(self, resource: ServedResource, delivery: Delivery) -> None:
        """Send an event after the earlier ones of the same session or assignment; returns at once."""
        if self.closed:
            return
        if len(self._tasks) >= _BACKLOG:
            _LOG.info("event for %s given up: %d others wait", delivery.url, len(self._tasks))
            return
        self._start(resource, self._deliver(resource, delivery, self._last.get(resource), self._round))

    async def flush(self) -> None:
        """Wait until everything that was sent has arrived or was given up."""
        while self._tasks:
            await asyncio.wait(self._tasks)

    def drop(self) -> None:
        """Give up what is not under way yet."""
        self._round += 1

    async def close(self) -> None:
        """Give up what is not under way yet, and close connections; nothing is sent from now on."""
        self.closed = True
        self.drop()
        await self.flush()
        if self._http:
            await self._http.aclose()
            self._http = None

    def _start(self, resource: ServedResource, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        self._last[resource] = task
        task.add_done_callback(self._tasks.discard)

    async def _deliver(
        self, resource: ServedResource, delivery: Delivery, earlier: "asyncio.Task[None] | None", current: int
    ) -> None:
        if earlier:
            await asyncio.wait([earlier])
        self._http = self._http or async_connection(verify=self.trust, timeout=_TIMEOUT, keepalive=0)
        try:
            url = next(
                (
                    real + delivery.url.removeprefix(public)
                    for public, real in self.forwarded.items()
                    if delivery.url.startswith(public)
                ),
                delivery.url,
            )
            request = self._http.build_request("POST", url, headers=delivery.headers, json=delivery.event)
        except Exception as error:  # noqa: BLE001 - whatever a sink is, such as a token that no header can carry
            _LOG.info("event for %s cannot be sent: %r", delivery.url, error)
            return
        for _ in range(_TRIES):
            if current != self._round:
                return
            try:
                response = await self._http.send(request)
            except Exception as error:  # noqa: BLE001 - a name that no resolver takes raises what it likes
                _LOG.info("event not delivered to %s: %r", delivery.url, error)
            else:
                resource.deaf = resource.deaf or response.status_code == httpx.codes.GONE
                if response.status_code < httpx.codes.INTERNAL_SERVER_ERROR:
                    return
            await asyncio.sleep(_PAUSE)


def token_expired(resource: ServedResource, now: datetime) -> bool:
    """Whether the access token for its sink is over at this time."""
    expires = moment((resource.credential or {}).get("accessTokenExpiresUtc"))
    return expires is not None and expires <= now
