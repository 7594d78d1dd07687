"""HTTP connections of a run: loopback without a proxy, no cookies, no .netrc, and out of reach of HTTP mocks.

pytest-httpx, respx and the like replace methods of httpx and httpcore for the whole process. So the transports below
work over a second copy of httpcore, which nobody else knows.
"""

import ipaddress
import ssl
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.cookiejar import CookieJar, DefaultCookiePolicy
from importlib.util import find_spec, module_from_spec, spec_from_file_location
from typing import TYPE_CHECKING, Any
from urllib.request import getproxies

import httpx

from pytest_nac_qod.wire.transport.inside import DirectClient, Inside
from pytest_nac_qod.wire.transport.pacing import CLOSING, CODINGS, LimitedResponse, Timed, begin_exchange, pieces

if TYPE_CHECKING:
    import httpcore

_NAME = "_nac_qod_httpcore"
_HEADERS = {"Accept-Encoding": ", ".join(CODINGS)}

Verify = ssl.SSLContext | bool


def _copied() -> Any:  # noqa: ANN401 - a module
    """Httpcore, loaded a second time under a name of ours."""
    if _NAME not in sys.modules:
        known = find_spec("httpcore")
        assert known is not None  # noqa: S101 - httpx needs it
        assert known.origin is not None  # noqa: S101 - a package with a file
        spec = spec_from_file_location(_NAME, known.origin, submodule_search_locations=known.submodule_search_locations)
        assert spec is not None  # noqa: S101 - as above
        assert spec.loader is not None  # noqa: S101 - as above
        sys.modules[_NAME] = module_from_spec(spec)
        spec.loader.exec_module(sys.modules[_NAME])
        if find_spec("sniffio") is None:  # or it is looked for in all folders at each request of a coroutine
            sys.modules[f"{_NAME}._synchronization"].current_async_library = lambda: "asyncio"  # type: ignore[attr-defined]
    return sys.modules[_NAME]


if not TYPE_CHECKING:
    httpcore = _copied()


def connection(
    *,
    timeout: float = 5.0,
    verify: Verify = True,
    on_request: Callable[[httpx.Request], None] | None = None,
    inside: bool = False,
) -> httpx.Client:
    """A pool of connections.

    Args:
        timeout: seconds to wait for each part of an answer.
        verify: whom to trust: True for those that httpx trusts, which SSL_CERT_FILE and SSL_CERT_DIR change.
        on_request: called before each request is sent.
        inside: whether what this process serves is asked without a connection.
    """
    hooks = {"request": [on_request]} if on_request else None
    transport = Transport(Routes(verify))
    return DirectClient(
        transport=Inside(transport) if inside else transport,
        timeout=timeout,
        trust_env=False,
        headers=_HEADERS,
        cookies=_no_cookies(),
        event_hooks=hooks,
    )


def async_connection(*, timeout: float = 5.0, verify: Verify = True, keepalive: int = 20) -> httpx.AsyncClient:
    """As `connection`, for coroutines; `keepalive` connections at most stay open."""
    transport = AsyncTransport(Routes(verify, keepalive))
    return _AsyncClient(transport=transport, timeout=timeout, trust_env=False, headers=_HEADERS, cookies=_no_cookies())


def _no_cookies() -> CookieJar:
    return CookieJar(DefaultCookiePolicy(allowed_domains=()))


class _AsyncClient(httpx.AsyncClient):
    """As `DirectClient`."""

    def _transport_for_url(self, url: httpx.URL) -> httpx.AsyncBaseTransport:  # noqa: ARG002 - as httpx has it
        return self._transport


def loopback(host: str) -> bool:
    """Whether a host is this machine by its very name or address."""
    name = host.strip("[]").rstrip(".").lower()
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return name == "localhost" or name.endswith(".localhost")  # RFC 6761


def proxy_for(url: str | httpx.URL, known: Mapping[str, str] | None = None) -> str | None:
    """The proxy that the environment names for an address, by the rules of httpx; never one for loopback.

    Args:
        url: where a request goes.
        known: proxies by scheme, and the hosts without one as `no`; those of the environment when None.
    """
    url = httpx.URL(url)
    known = getproxies() if known is None else known
    proxy = known.get(url.scheme) or known.get("all")
    if not proxy or loopback(url.host) or any(_spared(url, rule.strip()) for rule in known.get("no", "").split(",")):
        return None
    return proxy if "://" in proxy else f"http://{proxy}"


def _spared(url: httpx.URL, rule: str) -> bool:
    """Whether one entry of NO_PROXY means the address: any, an address or name with or without port, a name's end."""
    scheme, _, rule = rule.lower().rpartition("://")
    if rule in ("", "*"):
        return rule == "*"
    try:
        ipaddress.ip_address(rule.strip("[]"))
    except ValueError:
        host, _, port = rule.partition(":")
    else:
        host, port = rule.strip("[]"), ""
    name = url.host.lower()
    same = name == host or (not scheme and name.endswith(host if host.startswith(".") else f".{host}"))
    default = {"http": 80, "https": 443}.get(url.scheme)
    return same and scheme in ("", "all", url.scheme) and (not port or port == str(url.port or default))


@dataclass(slots=True)
class Routes:
    """Which pool a request goes through; each is made when it is needed, so that what is not needed can be broken.

    Attributes:
        verify: whom to trust.
        keepalive: connections that may stay open.
        proxies: of the environment.
    """

    verify: Verify = True
    keepalive: int = 20
    proxies: Mapping[str, str] = field(default_factory=getproxies)
    pools: dict[tuple[str | None, bool], Any] = field(default_factory=dict)

    def pool(self, url: httpx.URL, kind: str) -> Any:  # noqa: ANN401 - of httpcore
        """The pool for an address; `kind` is empty or `Async`.

        Raises:
            httpx.ConnectError: SSL_CERT_FILE, SSL_CERT_DIR or the proxy cannot be used.
        """
        key = proxy_for(url, self.proxies), url.scheme == "https"
        pool = self.pools.get(key)
        return pool or self.pools.setdefault(key, self._made(*key, kind))

    def _made(self, proxy: str | None, secured: bool, kind: str) -> Any:  # noqa: ANN401, FBT001 - as the key
        limits: dict[str, Any] = {"max_keepalive_connections": self.keepalive, "keepalive_expiry": 5.0}
        if not kind:
            limits["network_backend"] = Timed(httpcore.SyncBackend(), httpcore.ReadTimeout)
        trust = {"ssl_context": self._trust()} if secured else {}
        if proxy is None:
            return getattr(httpcore, f"{kind}ConnectionPool")(**trust, **limits)
        try:
            given = httpx.Proxy(proxy)
            name = "SOCKSProxy" if given.url.scheme.startswith("socks") else "HTTPProxy"
            address = str(given.url.copy_with(username=None, password=None))
            pool = getattr(httpcore, kind + name)
            return pool(address, proxy_auth=given.raw_auth, **trust, **limits)
        except (ValueError, ImportError, RuntimeError) as error:
            raise httpx.ConnectError(f"the proxy of the environment cannot be used: {error}") from None

    def _trust(self) -> ssl.SSLContext:
        if isinstance(self.verify, ssl.SSLContext):
            return self.verify
        try:
            return httpx.create_ssl_context(verify=self.verify)
        except OSError as error:  # an ssl.SSLError too
            raise httpx.ConnectError(f"SSL_CERT_FILE or SSL_CERT_DIR cannot be used: {error}") from None


@contextmanager
def _translated() -> Iterator[None]:
    """Errors of httpcore as those of httpx, which have the same names."""
    try:
        yield
    except (httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError, httpcore.ProxyError,
            httpcore.UnsupportedProtocol) as error:  # fmt: skip
        raise getattr(httpx, type(error).__name__)(str(error)) from error


def _request(request: httpx.Request) -> "httpcore.Request":
    url = request.url
    return httpcore.Request(
        method=request.method,
        url=httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
        headers=request.headers.raw,
        content=request.stream,
        extensions=request.extensions,
    )


class Transport(httpx.BaseTransport):
    """What httpx.HTTPTransport does, over our copy of httpcore and through the proxies that apply.

    A server may close a connection after any answer. Of one that does, it is awaited before what cannot be sent again,
    so that this gets a connection of its own.
    """

    def __init__(self, routes: Routes) -> None:
        self._routes = routes
        self._closes: dict[object, bool] = {}  # by origin, once it is known

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """The answer, its body still to be read."""
        pool, sent = self._routes.pool(request.url, ""), _request(request)
        origin = str(sent.url.origin)
        kept = [each for each in pool.connections if each.can_handle_request(sent.url.origin)]
        if kept and request.method != "GET" and self._closes.get(origin, True):
            time.sleep(CLOSING)
            self._closes[origin] = origin in self._closes or any(each.has_expired() for each in kept)
        begin_exchange(request.extensions.get("timeout", {}))
        try:
            with _translated():
                answer = pool.handle_request(sent)
        except (httpx.ReadError, httpx.WriteError, httpx.RemoteProtocolError):
            self._closes[origin] = True
            raise
        return LimitedResponse(
            answer.status, headers=answer.headers, stream=_Stream(answer.stream), extensions=answer.extensions
        )

    def close(self) -> None:
        """Close all connections."""
        for pool in self._routes.pools.values():
            pool.close()


@dataclass(slots=True)
class _Stream(httpx.SyncByteStream):
    body: Any

    def __iter__(self) -> Iterator[bytes]:
        with _translated():
            for part in self.body:
                yield from pieces(part)

    def close(self) -> None:
        self.body.close()


class AsyncTransport(httpx.AsyncBaseTransport):
    """As `Transport`, for coroutines."""

    def __init__(self, routes: Routes) -> None:
        self._routes = routes

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """The answer, its body still to be read."""
        pool = self._routes.pool(request.url, "Async")
        with _translated():
            answer = await pool.handle_async_request(_request(request))
        return LimitedResponse(
            answer.status, headers=answer.headers, stream=_AsyncStream(answer.stream), extensions=answer.extensions
        )

    async def aclose(self) -> None:
        """Close all connections."""
        for pool in self._routes.pools.values():
            await pool.aclose()


@dataclass(slots=True)
class _AsyncStream(httpx.AsyncByteStream):
    body: Any

    async def __aiter__(self) -> AsyncIterator[bytes]:
        with _translated():
            async for part in self.body:
                for piece in pieces(part):
                    yield piece

    async def aclose(self) -> None:
        await self.body.aclose()
