"""Passes requests on to one upstream, as an ASGI application; bodies stream, and none is decoded.

On httpcore, which httpx stands on: it adds no header, follows no redirect and leaves bodies as they are.
"""

import asyncio
import ssl
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import httpcore
from starlette.types import Receive, Scope, Send

from pytest_nac_qod.traffic.reading.parts import Raw, decoded, moment

Note = Callable[[Raw], None]
_OF_ONE_CONNECTION = frozenset(
    {b"connection", b"keep-alive", b"proxy-connection", b"proxy-authenticate", b"te", b"trailer", b"upgrade"}
)
_KEPT = 1 << 20  # bytes of a body that are kept to be judged; of a longer one none
_PATIENCE = {"connect": 30.0, "read": 300.0, "write": 300.0, "pool": 30.0}  # seconds
_MOMENTS = 100  # looks in a second
_LIMIT = 1000  # connections


@dataclass(slots=True)
class Kept:
    """A body as far as it is kept; None in `content` once it is longer than what is kept."""

    content: bytearray | None = field(default_factory=bytearray)

    def add(self, chunk: bytes) -> None:
        """Keep a piece."""
        if self.content is not None:
            self.content += chunk
            if len(self.content) > _KEPT:
                self.content = None


@dataclass(slots=True)
class Passage:
    """The application.

    Attributes:
        upstream: where everything goes to, without a slash at the end.
        note: gets each exchange once it is over, in the thread of the server; has to be quick.
        trust: whom to trust upstream.
        flying: requests that are under way.
    """

    upstream: str
    note: Note
    trust: ssl.SSLContext | None = None
    flying: int = 0
    _pool: httpcore.AsyncConnectionPool | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request on; anything but HTTP is refused by the server."""
        if scope["type"] != "http":
            return
        self.flying += 1
        try:
            await self._pass(scope, receive, send)
        finally:
            self.flying -= 1

    async def close(self) -> None:
        """Close the connections upstream, once what is under way is over or has had a second for it."""
        for _ in range(_MOMENTS):
            if not self.flying:
                break
            await asyncio.sleep(1 / _MOMENTS)
        if self._pool is not None:
            await self._pool.aclose()

    async def _pass(self, scope: Scope, receive: Receive, send: Send) -> None:
        url = self.upstream + scope["raw_path"].decode("latin-1") + _query(scope)
        asked, told = Kept(), Kept()
        headers = [(b"Host", urlsplit(self.upstream).netloc.encode()), *_passed(scope["headers"], request=True)]
        request = httpcore.Request(
            scope["method"].encode(),
            url,
            headers=headers,
            content=_body(receive, asked) if _has_body(scope["headers"]) else None,
            extensions={"timeout": _PATIENCE},
        )
        started, clock = time.time(), time.perf_counter()
        status, answered, error = 0, list[tuple[bytes, bytes]](), ""
        try:
            response = await self._connections().handle_async_request(request)
            status, answered = response.status, response.headers
            await _answer(response, scope["method"], told, send)
        except (
            httpcore.NetworkError,
            httpcore.ProtocolError,
            httpcore.TimeoutException,
            httpcore.UnsupportedProtocol,
        ) as failure:
            error = f"{type(failure).__name__}: {failure}".rstrip(": ")
            if status:
                told.content = None
                raise  # what has begun cannot be taken back: the connection is closed, as upstream did
            await _refuse(send, error)
        finally:
            self.note(_raw(url, scope, asked, status, answered, told, started, time.perf_counter() - clock, error))

    def _connections(self) -> httpcore.AsyncConnectionPool:
        if self._pool is None:
            self._pool = httpcore.AsyncConnectionPool(
                ssl_context=self.trust, max_connections=_LIMIT, max_keepalive_connections=100, keepalive_expiry=30.0
            )
        return self._pool


def _query(scope: Scope) -> str:
    query: bytes = scope["query_string"]
    return f"?{query.decode('latin-1')}" if query else ""


def _passed(headers: list[tuple[bytes, bytes]], *, request: bool) -> list[tuple[bytes, bytes]]:
    """The header fields that go on: not those of one connection; of a response, its framing is made anew."""
    dropped = _OF_ONE_CONNECTION | ({b"host", b"expect"} if request else {b"transfer-encoding"})
    return [(name, value) for name, value in headers if name.lower() not in dropped]


def _has_body(headers: list[tuple[bytes, bytes]]) -> bool:
    return any(name.lower() in (b"content-length", b"transfer-encoding") for name, _ in headers)


async def _body(receive: Receive, kept: Kept) -> AsyncIterator[bytes]:
    more = True
    while more:
        event = await receive()
        if event["type"] == "http.disconnect":
            raise asyncio.CancelledError
        more = event.get("more_body", False)
        if chunk := event.get("body", b""):
            kept.add(chunk)
            yield chunk


async def _answer(response: httpcore.Response, method: str, kept: Kept, send: Send) -> None:
    try:
        headers = _passed(response.headers, request=False)
        await send({"type": "http.response.start", "status": response.status, "headers": headers})
        async for chunk in response.aiter_stream():
            kept.add(chunk)
            await send({"type": "http.response.body", "body": chunk, "more_body": True})
        await send({"type": "http.response.body", "body": b"", "more_body": False})
    finally:
        await response.aclose()
    if method == "HEAD":
        kept.content = None


async def _refuse(send: Send, error: str) -> None:
    """Say that upstream did not answer."""
    content = f"nac-qod proxy: no answer from upstream: {error}\n".encode()
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", str(len(content)).encode())]
    await send({"type": "http.response.start", "status": 502, "headers": headers})
    await send({"type": "http.response.body", "body": content})


def _raw(  # noqa: PLR0913, PLR0917 - what an exchange is made of
    url: str,
    scope: Scope,
    asked: Kept,
    status: int,
    answered: list[tuple[bytes, bytes]],
    told: Kept,
    started: float,
    seconds: float,
    error: str,
) -> Raw:
    body, undecodable = decoded(answered, told.content)
    sent, _ = decoded(scope["headers"], asked.content)
    return Raw(
        method=scope["method"],
        url=url,
        request_headers=_texts(scope["headers"]),
        asked=sent,
        status=status,
        response_headers=_texts(answered),
        told=body,
        undecodable=undecodable,
        started=moment(started),
        seconds=seconds,
        error=error,
    )


def _texts(headers: list[tuple[bytes, bytes]]) -> list[tuple[str, str]]:
    return [(name.decode("latin-1"), value.decode("latin-1")) for name, value in headers]
