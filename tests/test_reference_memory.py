"""What the embedded server keeps does not grow with what passed through it."""

import gc
import weakref
from pathlib import Path

import httpx
import pytest

from pytest_nac_qod.reference import ReferenceServer
from tests.support.servers import calling

CREATIONS = 20_000
LIMIT = 80  # MB, beyond what it began with


def memory() -> int:
    """MB that this process holds now."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * 4096 // 1_000_000


def session(server: ReferenceServer) -> dict[str, object]:
    target = server.target()
    return {
        "device": target.devices["default"],
        "applicationServer": target.application_servers["default"],
        "qosProfile": "QOS_L",
        "duration": 86_400,
        "sink": "https://127.0.0.1:9/",
    }


def test_a_deleted_session_is_forgotten_long_before_its_time() -> None:
    with calling("r3.2") as call:
        key = call("createSession", session(call.server)).json()["sessionId"]
        call.server.clock.advance(5)
        known = weakref.ref(call.server.service.network.sessions[key])
        assert call("deleteSession", key=key).status_code == 204
        call.server.clock.advance(5)
        gc.collect()
        assert known() is None


@pytest.mark.nightly
def test_many_creations() -> None:
    with ReferenceServer() as server, httpx.Client(timeout=120) as http:
        token = server.target().tokens["two_legged"].resolve(http)
        http.headers["Authorization"] = f"Bearer {token}"
        url, body = f"{server.base_url()}/sessions", session(server)
        before = memory()
        for number in range(CREATIONS):
            key = http.post(url, json=body).json()["sessionId"]
            if number % 100 == 0:
                server.clock.advance(1)  # so that it has begun, and its end is planned
            assert http.delete(f"{url}/{key}").status_code == 204
        assert memory() - before < LIMIT
