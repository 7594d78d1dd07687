"""Proxies, cookies and .netrc: what of the environment our connections heed, and what not."""

import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from pytest_nac_qod.preflight import addresses, certificates
from pytest_nac_qod.target import hooks
from pytest_nac_qod.target.hooks import Hook
from pytest_nac_qod.wire.connections import (
    async_connection,
    connection,
    loopback,
    proxy_for,
)
from pytest_nac_qod.wire.serving import serve
from pytest_nac_qod.wire.transport.direct import direct_to_loopback, unproxied
from tests.support.commands import nac_qod

VARIABLES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "SSL_CERT_FILE", "SSL_CERT_DIR", "NETRC")
NOWHERE = "http://127.0.0.1:9"


@dataclass(slots=True)
class Server:
    url: str = ""
    seen: list[Request] = field(default_factory=list)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.seen.append(Request(scope))
        await PlainTextResponse("here", headers={"Set-Cookie": "who=two_legged; Path=/"})(scope, receive, send)


@pytest.fixture
def server() -> Iterator[Server]:
    """A server that sets a cookie; it is a proxy as well, since one is asked for whole addresses."""
    proxy = Server()
    serving = serve(proxy)
    proxy.url = f"http://127.0.0.1:{serving.port}"
    yield proxy
    serving.stop()


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@pytest.mark.parametrize("name", ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"])
def test_loopback_is_never_proxied_and_other_hosts_are(
    server: Server, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv(name, NOWHERE)
    with connection() as http:
        assert http.get(f"{server.url}/").text == "here"
        with pytest.raises(httpx.ConnectError):
            http.get("http://api.example/")
    monkeypatch.setenv(name, server.url)
    with connection() as http:
        assert http.get("http://api.example/sessions").text == "here"
    assert [request.headers["host"].partition(":")[0] for request in server.seen] == ["127.0.0.1", "api.example"]


def test_a_proxy_gets_its_credentials(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", server.url.replace("//", "//me:secret@"))
    with connection() as http:
        http.get("http://api.example/")
    assert server.seen[0].headers["proxy-authorization"] == "Basic bWU6c2VjcmV0"


@pytest.mark.parametrize(
    ("url", "no_proxy", "proxied"),
    [
        ("http://api.example/", "", True),
        ("http://api.example/", "*", False),
        ("http://api.example/", "example", False),
        ("http://api.example/", "other, api.example", False),
        ("http://api.example/", ".example", False),
        ("http://example/", ".example", True),
        ("http://myapi.example/", "api.example", True),
        ("http://api.example:8080/", "api.example:8080", False),
        ("http://api.example/", "api.example:8080", True),
        ("http://api.example/", "https://api.example", True),
        ("http://10.0.0.1/", "10.0.0.1", False),
        ("http://[2001:db8::1]/", "2001:db8::1", False),
        ("http://localhost:9091/", "", False),
        ("http://127.8.9.1/", "", False),
        ("http://[::1]:1/", "", False),
    ],
)
def test_no_proxy_means_what_httpx_takes_it_for(
    monkeypatch: pytest.MonkeyPatch,
    url: str,
    no_proxy: str,
    proxied: bool,  # noqa: FBT001 - a parameter
) -> None:
    monkeypatch.setenv("HTTP_PROXY", NOWHERE)
    monkeypatch.setenv("NO_PROXY", no_proxy)
    assert (proxy_for(url) is not None) == proxied
    if not loopback(httpx.URL(url).host):
        with httpx.Client() as theirs:
            chosen = theirs._transport_for_url(httpx.URL(url))  # noqa: SLF001 - nothing public tells
            assert (chosen is not theirs._transport) == proxied  # noqa: SLF001


def test_certificates_that_cannot_be_read_matter_only_where_they_are_needed(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", "/no/such.pem")
    with connection() as http:
        assert http.get(server.url).text == "here"
        with pytest.raises(httpx.ConnectError, match="SSL_CERT_FILE or SSL_CERT_DIR cannot be used: "):
            http.get("https://127.0.0.1:9/")


def test_a_proxy_that_cannot_be_used_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALL_PROXY", "gopher://proxy.example")
    with connection() as http, pytest.raises(httpx.ConnectError, match="the proxy of the environment cannot be used"):
        http.get("http://api.example/")


def test_no_cookie_is_kept(server: Server) -> None:
    with connection() as http:
        for _ in range(2):
            http.get(server.url)
        assert not http.cookies
    assert [request.headers.get("cookie") for request in server.seen] == [None, None]


@pytest.mark.anyio
async def test_no_cookie_is_kept_by_coroutines(server: Server) -> None:
    async with async_connection() as http:
        for _ in range(2):
            await http.get(server.url)
    assert [request.headers.get("cookie") for request in server.seen] == [None, None]


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


def test_netrc_adds_no_authorization(server: Server, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / ".netrc").write_text("default login me password secret\n", encoding="utf-8")
    (tmp_path / ".netrc").chmod(0o600)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))
    with connection() as http:
        http.get(server.url)
        http.get(server.url, headers={"Authorization": "Bearer ours"})
    assert [request.headers.get("authorization") for request in server.seen] == [None, "Bearer ours"]


def test_a_hook_on_loopback_is_called_without_a_proxy(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", NOWHERE)
    hooks.run(Hook("reset", url=server.url), {}, timeout=60)
    assert len(server.seen) == 1


def test_preflight_leaves_to_the_run_what_a_proxy_leads_to(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", NOWHERE)
    (finding,) = certificates.certificate("api.example", 443, certificates.context(None), 1.0)
    assert (finding.level, finding.text) == ("skip", "reached through a proxy, so the certificate is not looked at")
    (finding,) = addresses.hook(Hook("reset", url="https://api.example/reset"), 1.0)
    assert finding.level == "skip"


def test_clients_that_are_not_ours_reach_loopback_too(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", NOWHERE)
    monkeypatch.setenv("NO_PROXY", "internal.example")
    assert direct_to_loopback()["NO_PROXY"] == "internal.example,127.0.0.1,localhost,::1"
    with unproxied(), httpx.Client() as theirs:
        pass
    assert os.environ["NO_PROXY"] == "internal.example"
    assert "no_proxy" not in os.environ
    with unproxied():
        theirs = httpx.Client()
    with theirs:
        assert theirs.get(server.url).text == "here"


@pytest.mark.parametrize("name", ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "SSL_CERT_FILE", "SSL_CERT_DIR"])
def test_embedded_server_is_judged_whatever_the_environment_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    chosen = ("--max-examples", "0", "--scenario", "quality_on_demand_getSession_01*")
    monkeypatch.setenv(name, NOWHERE)
    done = nac_qod("check", *chosen, folder=tmp_path)
    assert done.returncode == 0, done.stdout


def closed_after_each_answer(listening: socket.socket, closed: threading.Event) -> None:
    """Serve so until nobody asks any more; says when a connection is closed."""
    with suppress(OSError):
        while True:
            peer, _ = listening.accept()
            with peer:
                closed.clear()
                if peer.recv(65536):
                    peer.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")
            closed.set()


def test_a_server_that_closes_after_each_answer_is_given_time_to(monkeypatch: pytest.MonkeyPatch) -> None:
    closed = threading.Event()
    monkeypatch.setattr(time, "sleep", lambda _: closed.wait(60))
    with socket.create_server(("127.0.0.1", 0)) as listening:
        threading.Thread(target=closed_after_each_answer, args=(listening, closed), daemon=True).start()
        with connection(timeout=60) as http:
            url = f"http://127.0.0.1:{listening.getsockname()[1]}"
            assert [http.post(url).status_code for _ in range(5)] == [200] * 5


def test_a_server_that_keeps_connections_is_waited_for_once(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    pauses: list[float] = []
    monkeypatch.setattr("pytest_nac_qod.wire.connections.time.sleep", pauses.append)
    with connection(timeout=60) as http:
        assert [http.post(server.url).status_code for _ in range(5)] == [200] * 5
    assert len(pauses) == 1
