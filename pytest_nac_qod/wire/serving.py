"""An ASGI application on a socket, served by uvicorn in a thread."""

import asyncio
import socket
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import uvicorn
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

from pytest_nac_qod.foundation.problems import UnusableError, reason
from pytest_nac_qod.foundation.ticking import Loop, elapsed

_PATIENCE = 60.0  # seconds for a server to start or stop
_STEPS = 3  # of the loop, in which what was accepted last becomes a connection, and is closed
LARGEST_REQUEST = 1_000_000  # bytes of a body
SLOWEST_REQUEST = 20.0  # seconds in which a request has to have come
_OF_A_BODY = (b"content-length", b"transfer-encoding")
_CONNECTIONS = 400  # at once; beyond, the one that has waited longest without a request gives way


class ServingError(UnusableError):
    """A server that cannot listen where it should; the message names the address."""


def listening_socket(host: str, port: int) -> socket.socket:
    """A socket that already listens, so that no client connects too early.

    Raises:
        ServingError: the address is not ours, or taken.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # named in full, or asyncio leaves Nagle's algorithm on: 40 ms for each answer
    try:
        sock = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    except RuntimeError as error:  # of pytest-socket
        raise ServingError(f"{error} Servers on loopback need --allow-hosts=127.0.0.1 (pytest-socket)") from None
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        sock.bind((host, port))
    except (OSError, OverflowError, ValueError) as error:  # ValueError: no name of a host
        sock.close()
        why = reason(error) if isinstance(error, OSError) else "no such address"
        raise ServingError(f"cannot listen on {host}:{port}: {why}; give another host or port") from None
    sock.listen(128)
    return sock


def address(host: str, port: int) -> str:
    """Where a server on `host` and `port` is reached from this machine, as a URL has it (RFC 3986 section 3.2)."""
    reached = "127.0.0.1" if host == "0.0.0.0" else host  # noqa: S104 - compared with
    return f"[{reached}]:{port}" if ":" in reached else f"{reached}:{port}"


@dataclass(slots=True, kw_only=True)
class Serving:
    """A running server.

    Attributes:
        port: that it listens on.
        loop: of its thread, for work that has to be done there.
    """

    server: uvicorn.Server
    thread: threading.Thread
    port: int
    ready: threading.Event = field(default_factory=threading.Event)
    loop: asyncio.AbstractEventLoop | None = None

    def stop(self) -> None:
        """Stop serving and wait for it."""
        self.server.should_exit = True
        self.thread.join(_PATIENCE)


LOOK = 0.5  # seconds; a signal that comes just before a wait without an end would be lost


class Startable(ABC):
    """What is started and stopped; as a context manager, by itself."""

    __slots__ = ()

    @abstractmethod
    def start(self) -> None:
        """Listen; raises ServingError when the address is not ours, or taken."""

    @abstractmethod
    def stop(self) -> None:
        """Stop listening."""

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


class _Server(uvicorn.Server):
    """Says when it serves."""

    def __init__(self, config: uvicorn.Config, started: Callable[[], None]) -> None:
        super().__init__(config)
        self._started = started

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._started()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._abort_idle()
        await super().shutdown(sockets)
        for _ in range(_STEPS):
            await asyncio.sleep(0)
            self._abort_idle()

    def _abort_idle(self) -> None:
        for each in list(self.server_state.connections):
            if isinstance(each, _Patient) and each.idle():
                each.transport.abort()  # a farewell by TLS takes a loop that goes on, and a peer that answers


class _Patient(H11Protocol):
    """Closes a connection on which no request has come in time, and one that stands in the way of others."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as uvicorn has it
        super().connection_made(transport)
        self.since, self.last = elapsed(), self.cycle
        self.watch = self.loop.call_later(SLOWEST_REQUEST, self._look)
        waiting = [each for each in self.connections if isinstance(each, _Patient) and each.idle()]
        if len(self.connections) > _CONNECTIONS and waiting:
            min(waiting, key=lambda each: each.since).transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        self.watch.cancel()
        super().connection_lost(exc)

    def idle(self) -> bool:
        """Whether no request is at work."""
        begun: object = self.cycle  # None before the first one, whatever uvicorn declares
        return begun is None or self.cycle.response_complete

    def _look(self) -> None:
        if self.idle() and self.cycle is self.last:
            self.transport.close()
            return
        if self.cycle is not self.last:
            self.since, self.last = elapsed(), self.cycle
        self.watch = self.loop.call_later(SLOWEST_REQUEST, self._look)


def bounded(app: ASGIApp) -> ASGIApp:
    """The application for requests that have an end: 413 to larger ones, 408 to slower ones."""

    async def wrapped(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not any(name in _OF_A_BODY for name, _ in scope["headers"]):
            await app(scope, receive, send)
            return
        body = bytearray()
        more = True
        try:
            async with asyncio.timeout(SLOWEST_REQUEST):
                while more:
                    message = await receive()
                    if message["type"] != "http.request":
                        return
                    body += message.get("body", b"")
                    more = message.get("more_body", False)
                    if len(body) > LARGEST_REQUEST:
                        await _refuse(send, 413, b"PAYLOAD_TOO_LARGE", b"The body is too large.")
                        return
        except TimeoutError:
            await _refuse(send, 408, b"REQUEST_TIMEOUT", b"The request did not come in time.")
            return
        come = [{"type": "http.request", "body": bytes(body), "more_body": False}]

        async def received() -> Message:
            return come.pop() if come else await receive()

        await app(scope, received, send)

    return wrapped


async def _refuse(send: Send, status: int, code: bytes, message: bytes) -> None:
    body = b'{"status": %d, "code": "%s", "message": "%s"}' % (status, code, message)
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", b"%d" % len(body)),
        (b"connection", b"close"),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def serve(
    app: Any,  # noqa: ANN401 - any ASGI application
    *,
    host: str = "127.0.0.1",
    port: int = 0,
    certificate: tuple[Path, Path] | None = None,
    dated: bool = True,
) -> Serving:
    """Serve `app` until stopped.

    Args:
        app: the ASGI application.
        host: address to listen on.
        port: 0 for any.
        certificate: files with the certificate chain and its key, for TLS.
        dated: whether to add a Date header; without, `app` does.

    Raises:
        ServingError: it cannot listen there, or did not start.
    """
    sock = listening_socket(host, port)
    ready = threading.Event()
    server = _Server(_config(app, certificate, dated=dated), ready.set)
    servings: list[Serving] = []

    def run() -> None:
        async def main() -> None:
            servings[0].loop = asyncio.get_running_loop()
            await server.serve(sockets=[sock])

        # uvicorn exits to say that it could not start
        with suppress(SystemExit), asyncio.Runner(loop_factory=Loop) as runner:
            runner.run(main())

    thread = threading.Thread(target=run, name="nac-qod-serving", daemon=True)
    servings.append(Serving(server=server, thread=thread, port=sock.getsockname()[1], ready=ready))
    thread.start()
    if not ready.wait(_PATIENCE):
        raise ServingError(f"no server on {host}:{servings[0].port} after {_PATIENCE:g} s")
    return servings[0]


def _config(app: Any, certificate: tuple[Path, Path] | None, *, dated: bool) -> uvicorn.Config:  # noqa: ANN401 - as serve
    chain, key = certificate or (None, None)
    return uvicorn.Config(
        bounded(app),
        http=_Patient,
        log_config=None,
        access_log=False,
        lifespan="off",
        ssl_certfile=chain,
        ssl_keyfile=key,
        timeout_graceful_shutdown=1,
        timeout_keep_alive=int(_PATIENCE),  # a request to a connection that is just being closed would be lost
        server_header=False,
        date_header=dated,
        ws="none",
    )
