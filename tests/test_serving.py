"""Servers that stop leave nothing open behind them."""

import subprocess
import sys
from pathlib import Path

import pytest

from pytest_nac_qod.reference import ReferenceServer
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
        http.post(server.url + "/_control/trust_sink", json={"pem": sink.ca_pem})
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
