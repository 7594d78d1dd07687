"""Servers that stop leave nothing open behind them."""

import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from pytest_nac_qod.reference import ReferenceServer
from pytest_nac_qod.wire import serving
from pytest_nac_qod.wire.sink import Sink

START = """
import gc, socket, time
import httpx
from pytest_nac_qod.reference import ReferenceServer
from pytest_nac_qod.wire.sink import Sink

SESSION = {"device": {"phoneNumber": "+99999991000"}, "applicationServer": {"ipv4Address": "198.51.100.10"},
           "qosProfile": "QOS_L", "duration": 600}

def sessions(server, http, sink):
    form = {"grant_type": "client_credentials", "client_id": "application", "client_secret": "application-secret"}
    token = http.post(server.url + "/oauth2/token", data=form).json()["access_token"]
    http.headers["Authorization"] = "Bearer " + token
    for port in range(1, 9):
        body = {**SESSION, "sink": sink, "devicePorts": {"ports": [port]}}
        assert http.post(server.base_url() + "/sessions", json=body).status_code == 201
"""
DELIVERING = """
for again in range(5):
    with Sink() as sink, ReferenceServer() as server, httpx.Client() as http:
        http.post(server.control_url("trust_sink"), json={"pem": sink.ca_pem})
        sessions(server, http, sink.subscribe().url)
        server.clock.advance(1 if again % 2 else 0)
        server.reset()  # while events are on their way
        sessions(server, http, sink.subscribe().url)
        time.sleep(0.025)  # so that some have just begun
"""
UNDELIVERABLE = """
silent = socket.create_server(("127.0.0.1", 0))
with ReferenceServer() as server, httpx.Client() as http:
    sessions(server, http, f"https://127.0.0.1:{silent.getsockname()[1]}")
    time.sleep(0.05)
    server.reset()
    sessions(server, http, "https://127.0.0.1:9")
silent.close()
"""
CLIENT_STAYS = """
http = httpx.Client()
with ReferenceServer() as server:
    sessions(server, http, "https://127.0.0.1:9")
http.close()
"""


@pytest.mark.parametrize("script", [DELIVERING, UNDELIVERABLE, CLIENT_STAYS])
def test_nothing_stays_open(script: str, tmp_path: Path) -> None:
    path = tmp_path / "script.py"
    path.write_text(f"{START}{script}\ngc.collect()\n", encoding="utf-8")
    command = [sys.executable, "-X", "dev", "-W", "error", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=600)
    slow = "Executing "  # how asyncio's debug mode begins when something takes long
    assert [line for line in done.stderr.splitlines() if not line.startswith(slow)] == []
    assert done.returncode == 0


@pytest.mark.parametrize(
    ("host", "there"),
    [
        ("127.0.0.1", "127.0.0.1:9091"),
        ("0.0.0.0", "127.0.0.1:9091"),  # noqa: S104 - nothing listens
        ("::1", "[::1]:9091"),
        ("me.test", "me.test:9091"),
    ],
)
def test_servers_have_an_address_that_can_be_called(host: str, there: str) -> None:
    assert ReferenceServer(host=host, port=9091).url == f"http://{there}"
    assert Sink(host=host, port=9091).url == f"https://{there}"


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> Iterator[ReferenceServer]:
    monkeypatch.setattr(serving, "SLOWEST_REQUEST", 1.0)
    monkeypatch.setattr(serving, "_CONNECTIONS", 20)
    with ReferenceServer() as server:
        yield server


SLOW = {
    "says nothing": b"",
    "never ends its headers": b"POST /quality-on-demand/v1/sessions HTTP/1.1\r\nHost: x\r\nX-A: ",
    "never ends its body": b"POST /oauth2/token HTTP/1.1\r\nHost: x\r\nContent-Length: 500\r\n\r\n{",
    "begins another request": b"GET / HTTP/1.1\r\nHost: x\r\n\r\nGET",
}


@pytest.mark.parametrize("name", SLOW)
def test_slow_clients_are_cut_off(hurried: ReferenceServer, name: str) -> None:
    with socket.create_connection(("127.0.0.1", hurried.port), timeout=120) as peer:
        peer.sendall(SLOW[name])
        said = b"".join(iter(lambda: peer.recv(65536), b""))
    assert said[:12] == {"never ends its body": b"HTTP/1.1 408", "begins another request": b"HTTP/1.1 404"}.get(
        name, b""
    )


def test_half_open_connections_stand_in_nobodys_way(hurried: ReferenceServer) -> None:
    peers = [socket.create_connection(("127.0.0.1", hurried.port), timeout=120) for _ in range(60)]
    try:
        for _ in range(5):
            assert httpx.get(f"{hurried.url}/nowhere", timeout=120).status_code == 404
        assert all(peer.recv(1) == b"" for peer in peers)
    finally:
        for peer in peers:
            peer.close()


def test_a_large_body_is_refused(hurried: ReferenceServer) -> None:
    answer = httpx.post(f"{hurried.url}/oauth2/token", content=b"x" * (serving.LARGEST_REQUEST + 1), timeout=120)
    assert (answer.status_code, answer.json()["status"]) == (413, 413)
