"""Delivery of CloudEvents to sinks, in order for each session or assignment, without holding up anybody else."""

import asyncio
import logging
import ssl
from collections.abc import Callable, Coroutine
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
    """One event on its way.

    Attributes:
        origin: who asks for permission before sending; nobody where it is empty (CloudEvents Webhooks 1.0 section 4.1).
        verified: whether it goes to those only whose certificate is right.
        followed: where it goes instead, given where a sink redirects to.
    """

    url: str
    headers: dict[str, str]
    event: JsonObject
    method: str = "POST"
    origin: str = ""
    verified: bool = True
    followed: Callable[[str | None], str | None] = lambda _: None


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
    _http: dict[bool, httpx.AsyncClient] = field(default_factory=dict)
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
        while self._http:
            await self._http.popitem()[1].aclose()

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
        for _ in range(_TRIES):
            if current != self._round:
                return
            try:
                status = await self._sent(delivery, self._place(delivery.url))
            except Exception as error:  # noqa: BLE001 - a name that no resolver takes, a token that no header can carry
                _LOG.info("event not delivered to %s: %r", delivery.url, error)
            else:
                resource.deaf = resource.deaf or status == httpx.codes.GONE
                if status < httpx.codes.INTERNAL_SERVER_ERROR:
                    return
            await asyncio.sleep(_PAUSE)

    async def _sent(self, delivery: Delivery, url: str, redirects: int = 1) -> int:
        """The status that an event is answered with at an address, or at the one that follows it."""
        http = self._http.get(delivery.verified) or self._http.setdefault(
            delivery.verified,
            async_connection(verify=self.trust if delivery.verified else False, timeout=_TIMEOUT),
        )
        if delivery.origin and not await _permitted(http, url, delivery.origin):
            return httpx.codes.FORBIDDEN
        response = await http.request(delivery.method, url, headers=delivery.headers, json=delivery.event)
        onward = delivery.followed(response.headers.get("location")) if response.is_redirect and redirects else None
        return await self._sent(delivery, self._place(onward), redirects - 1) if onward else response.status_code

    def _place(self, url: str) -> str:
        """Where an address really is."""
        ways = (real + url.removeprefix(public) for public, real in self.forwarded.items() if url.startswith(public))
        return next(ways, url)


async def _permitted(http: httpx.AsyncClient, url: str, origin: str) -> bool:
    """Whether a sink agrees to be told by this origin."""
    answer = await http.options(url, headers={"WebHook-Request-Origin": origin})
    return answer.is_success and answer.headers.get("webhook-allowed-origin") in (origin, "*")


def token_expired(resource: ServedResource, now: datetime) -> bool:
    """Whether the access token for its sink is over at this time."""
    expires = moment((resource.credential or {}).get("accessTokenExpiresUtc"))
    return expires is not None and expires <= now
