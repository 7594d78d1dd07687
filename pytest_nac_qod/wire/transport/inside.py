"""Requests to a server of this process, handed to its application: no connection, and nothing to write and to parse.

What a connection would have to say of a request, it still says: what is out of the ordinary goes over one.
"""

import asyncio
from collections.abc import Mapping, MutableMapping
from concurrent.futures import TimeoutError as NotInTimeError
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from time import perf_counter
from typing import Any, Final
from urllib.parse import unquote

import h11
import httpx
from starlette.types import ASGIApp

_CHANGING = frozenset({b"connection", b"expect", b"te", b"transfer-encoding", b"upgrade"})  # a connection
_LARGE = 30_000  # bytes of headers or of a body, from which on a server may refuse to read them
_EXTENSIONS: Final = {"http_version": b"HTTP/1.1"}
Message = MutableMapping[str, Any]


@dataclass(frozen=True, slots=True)
class Served:
    """An application, and the loop of the thread that serves it."""

    app: ASGIApp
    loop: asyncio.AbstractEventLoop


_SERVED: dict[str, Served] = {}  # by origin


def offer(origin: str, served: Served) -> None:
    """Let requests to `origin`, such as `http://127.0.0.1:8000`, be answered without a connection."""
    _SERVED[origin] = served


def withdraw(origin: str) -> None:
    """Nothing is served at `origin` any more."""
    _SERVED.pop(origin, None)


class DirectClient(httpx.Client):
    """Uses its own transport, whatever was put into the place of httpx's choice (respx with `using="httpx"`).

    It keeps no cookies and follows no redirects, so that most of what httpx does around a request can be left out.
    """

    def _transport_for_url(self, url: httpx.URL) -> httpx.BaseTransport:  # noqa: ARG002 - as httpx has it
        return self._transport

    def send(self, request: httpx.Request, *, stream: bool = False, **options: Any) -> httpx.Response:  # noqa: ANN401 - of httpx
        """As httpx does it."""
        asked = any(option is not httpx.USE_CLIENT_DEFAULT for option in options.values())
        if stream or asked or self.is_closed or request.url.userinfo:
            return super().send(request, stream=stream, **options)
        for told in self.event_hooks["request"]:
            told(request)
        begin = perf_counter()
        response = self._transport.handle_request(request)
        response.request = request
        try:
            for told in self.event_hooks["response"]:
                told(response)
            response.read()
        finally:
            response.close()
        response.elapsed = timedelta(seconds=perf_counter() - begin)
        return response


@lru_cache(256)  # the same few are asked again and again
def _parsed(url: str) -> httpx.URL:
    return httpx.URL(url)


def built(
    http: httpx.Client, method: str, url: str, headers: Mapping[str, str], content: bytes | None
) -> httpx.Request:
    """The request that `http.build_request` makes of an absolute address, at a third of the cost."""
    names = {name.lower().encode("ascii", "replace") for name in headers}
    usual = [(name, value) for name, value in http.headers.raw if name.lower() not in names]
    pairs: list[Any] = [*usual, *headers.items()]
    return httpx.Request(
        method, _parsed(url), content=content, headers=pairs, extensions={"timeout": http.timeout.as_dict()}
    )


class Inside(httpx.BaseTransport):
    """Hands requests to what this process serves; all others go to another transport."""

    def __init__(self, outside: httpx.BaseTransport) -> None:
        self._outside = outside

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """The answer.

        Raises:
            httpx.ReadTimeout: it did not come in time.
            httpx.RemoteProtocolError: there is none, or it is not as long as it says.
        """
        url = request.url
        served = _SERVED.get(f"{url.scheme}://{url.netloc.decode('ascii')}")
        scope = None if served is None else _scope(request)
        if served is None or scope is None:
            return self._outside.handle_request(request)
        answer = asyncio.run_coroutine_threadsafe(_answer(served.app, scope, request.content), served.loop)
        try:
            status, headers, body = answer.result(request.extensions.get("timeout", {}).get("read"))
        except NotInTimeError:
            answer.cancel()
            raise httpx.ReadTimeout("timed out", request=request) from None
        told = [int(value) for name, value in headers if name.lower() == b"content-length"]
        body = b"" if request.method == "HEAD" else body
        if request.method != "HEAD" and told and told != [len(body)]:
            raise httpx.RemoteProtocolError(f"the body has {len(body)} bytes instead of {told[0]}", request=request)
        return httpx.Response(status, headers=headers, stream=httpx.ByteStream(body), extensions=dict(_EXTENSIONS))

    def close(self) -> None:
        """Close what the others went over."""
        self._outside.close()


def _scope(request: httpx.Request) -> dict[str, Any] | None:
    """The request as its application gets it; None where it takes a connection to know what becomes of it."""
    raw, target = request.headers.raw, request.url.raw_path
    if len(request.content) + sum(len(name) + len(value) for name, value in raw) > _LARGE:
        return None
    headers = _written(request.method, target, tuple(raw))
    if headers is None:
        return None
    path, _, query = target.partition(b"?")
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "server": (request.url.host, request.url.port),
        "client": ("127.0.0.1", 0),
        "scheme": request.url.scheme,
        "method": request.method,
        "root_path": "",
        "path": unquote(path.decode("ascii")),
        "raw_path": path,
        "query_string": query,
        "headers": list(headers),
    }


@lru_cache(256)  # the same few are sent again and again
def _written(
    method: str, target: bytes, raw: tuple[tuple[bytes, bytes], ...]
) -> tuple[tuple[bytes, bytes], ...] | None:
    """The headers as a connection would write them; None where it would refuse to, or they are about itself."""
    try:
        headers = tuple(h11.Request(method=method, target=target, headers=list(raw)).headers)
    except h11.LocalProtocolError:
        return None
    changing = any(name in _CHANGING and value != b"keep-alive" for name, value in headers)
    return None if changing else headers


async def _answer(app: ASGIApp, scope: dict[str, Any], content: bytes) -> tuple[int, list[tuple[bytes, bytes]], bytes]:
    """Status, headers and body.

    Raises:
        httpx.RemoteProtocolError: the application failed before it answered.
    """
    come: list[Message] = [{"type": "http.request", "body": content, "more_body": False}]
    begun: list[Message] = []
    body = bytearray()

    async def receive() -> Message:
        return come.pop() if come else {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            begun.append(message)
        else:
            body.extend(message.get("body", b""))

    try:
        await app(scope, receive, send)
    except Exception:  # noqa: BLE001 - whatever it is, a client sees no more of it
        if not begun:
            raise httpx.RemoteProtocolError("Server disconnected without sending a response.") from None
    return begun[0]["status"], begun[0]["headers"], bytes(body)
