"""The sink: a TLS receiver of CloudEvents with its own certificate authority."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pytest_nac_qod.wire.certificates import make
from pytest_nac_qod.wire.serving import Serving, Startable, address, serve

MOST_EVENTS = 1_000  # that one subscription keeps
MOST_BYTES = 50_000_000  # of bodies, that a receiver keeps in all
_METHODS = ("DELETE", "GET", "OPTIONS", "PATCH", "POST", "PUT")
_LOOKS = ("GET", "HEAD")  # by which a sender sees whether there is a sink


@dataclass(frozen=True, slots=True)
class Event:
    """One delivery as it arrived, its query with its path.

    Its headers and body may hold secrets, so its repr shows neither.
    """

    received_at: datetime
    method: str
    path: str
    headers: tuple[tuple[str, str], ...] = field(repr=False)
    body: bytes = field(repr=False)


@dataclass(slots=True, eq=False)
class Subscription:
    """A place of its own at the sink; events are kept from the moment it exists."""

    url: str
    _arrived: threading.Condition = field(default_factory=threading.Condition, repr=False)
    _events: list[Event] = field(default_factory=list, repr=False)
    status: int = 204
    location: str = ""

    def events(self) -> tuple[Event, ...]:
        """What has arrived so far, in order."""
        with self._arrived:
            return tuple(self._events)

    def wait(self, reached: Callable[[Sequence[Event]], bool], *, timeout: float) -> tuple[Event, ...]:
        """The events as soon as `reached` is true of them, at the latest after `timeout` seconds."""
        with self._arrived:
            self._arrived.wait_for(lambda: reached(self._events), timeout)
            return tuple(self._events)

    def answer(self, status: int, location: str = "") -> None:
        """Answer deliveries with this status from now on: 204 at first, 410 to end them, 307 to lead elsewhere."""
        self.status, self.location = status, location

    def deliver(self, event: Event) -> int:
        """Take an event in; returns the status to answer with, 429 for the one that is too many."""
        with self._arrived:
            if len(self._events) >= MOST_EVENTS:
                return httpx.codes.TOO_MANY_REQUESTS
            self._events.append(event)
            self._arrived.notify_all()
        return self.status


@dataclass(slots=True, kw_only=True)
class Sink(Startable):
    """A receiver on `host` and `port`; `public_url` is an address that is forwarded to it.

    Use it as a context manager, or call start() and stop(). It has a certificate of its own, unless the files of a
    `certificate` and its `key` are given, and that of the `authority` to trust it by, if it is another one.
    """

    host: str = "127.0.0.1"
    port: int = 0
    public_url: str | None = None
    certificate: Path | None = None
    key: Path | None = None
    authority: Path | None = None
    ca_pem: str = field(default="", init=False)
    _serving: Serving | None = field(default=None, init=False)
    _subscriptions: dict[str, Subscription] = field(default_factory=dict, init=False)
    _kept: int = field(default=0, init=False)  # bytes of bodies

    @property
    def url(self) -> str:
        """Address under which subscriptions stand, without a slash at the end."""
        if self.public_url:
            return self.public_url.rstrip("/")
        return f"https://{address(self.host, self.port)}"

    def subscribe(self) -> Subscription:
        """A new address that cannot be guessed."""
        key = uuid4().hex
        subscription = Subscription(f"{self.url}/{key}")
        self._subscriptions[key] = subscription
        return subscription

    def subscriptions(self) -> tuple[Subscription, ...]:
        """All addresses that there are."""
        return tuple(self._subscriptions.values())

    def start(self) -> None:
        """Listen, with the certificate that was given, or one made for this occasion.

        Raises:
            ServingError: the address is not ours, or taken.
        """
        if self.certificate and self.key:
            self._serve(self.certificate, self.key, self.authority or self.certificate)
            return
        with TemporaryDirectory(prefix="nac-qod-") as folder:
            self._serve(*make(Path(folder), [self.host]))

    def _serve(self, certificate: Path, key: Path, authority: Path) -> None:
        self.ca_pem = authority.read_text(encoding="ascii")
        app = Starlette(routes=[Route("/{rest:path}", self.receive, methods=_METHODS)])
        self._serving = serve(app, host=self.host, port=self.port, certificate=(certificate, key))
        self.port = self._serving.port

    def stop(self) -> None:
        """Stop listening; what arrived stays readable."""
        if self._serving:
            self._serving.stop()

    async def receive(self, request: Request) -> Response:
        """Take a delivery in, or agree to get some; returns what it is answered."""
        if request.method == "OPTIONS":
            return agreed(request)
        subscription = self._subscriptions.get(request.url.path.rstrip("/").rpartition("/")[2])
        if subscription is None:
            return Response(status_code=404)
        body = await request.body()
        if looks(request, body):
            return Response(status_code=httpx.codes.NO_CONTENT)
        if self._kept + len(body) > MOST_BYTES:
            return Response(status_code=httpx.codes.TOO_MANY_REQUESTS)
        self._kept += len(body)
        leads = {"Location": subscription.location} if subscription.location else None
        return Response(status_code=subscription.deliver(arrived(request, body)), headers=leads)


def agreed(request: Request) -> Response:
    """The answer to a sender that asks whether its events are wanted (CloudEvents Webhooks 1.0 section 4.2)."""
    origin = request.headers.get("webhook-request-origin", "*")
    return Response(headers={"Allow": "POST", "WebHook-Allowed-Origin": origin, "WebHook-Allowed-Rate": "*"})


def looks(request: Request, body: bytes) -> bool:
    """Whether a sender only sees whether there is a sink, and tells nothing."""
    return request.method in _LOOKS and not body


def arrived(request: Request, body: bytes) -> Event:
    """A delivery as an event that has just come."""
    return Event(
        received_at=datetime.now(UTC),
        method=request.method,
        path=request.url.path + (f"?{request.url.query}" if request.url.query else ""),
        headers=tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in request.headers.raw),
        body=body,
    )
