"""The shim between a client and the target."""

import asyncio
import threading
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from pytest_nac_qod.reference import ReferenceServer
from pytest_nac_qod.sdk.interventions import Intervention
from pytest_nac_qod.sdk.running import shim_to
from pytest_nac_qod.sdk.shim import Shim, operation_of
from pytest_nac_qod.target.tokens import TokenError
from pytest_nac_qod.wire.ownership.ledger import Ledger, owed

PATH = "/quality-on-demand/v1/sessions"
BODY = {
    "device": {"phoneNumber": "+99999991000"},
    "applicationServer": {"ipv4Address": "198.51.100.10"},
    "qosProfile": "QOS_L",
    "duration": 60,
}


@pytest.fixture
def shim(qod_server: ReferenceServer) -> Iterator[Shim]:
    with shim_to(qod_server.target()) as adapter:
        yield adapter


def test_authorization_is_added_behind_the_record(shim: Shim) -> None:
    answer = httpx.post(shim.url + PATH, json=BODY, headers={"X-RapidAPI-Key": "key-of-mine"})
    assert answer.status_code == 201
    (exchange,) = shim.exchanges
    assert exchange.operation == "createSession"
    assert exchange.request.header("authorization") is None
    assert exchange.response
    assert exchange.response.status == 201


def test_a_key_is_never_kept(shim: Shim) -> None:
    httpx.post(shim.url + PATH, json=BODY, headers={"X-RapidAPI-Key": "key-of-mine"})
    assert "key-of-mine" not in str(shim.exchanges)
    httpx.post(f"{shim.url}/qod/v0/sessions", json={**BODY, "notificationAuthToken": "Bearer secret-of-mine"})
    assert "secret-of-mine" not in str(shim.exchanges)


def test_an_authorization_of_the_client_is_kept_as_it_is(shim: Shim) -> None:
    answer = httpx.post(shim.url + PATH, json=BODY, headers={"Authorization": "Bearer expired-token"})
    assert answer.status_code == 401
    assert "expired-token" not in str(shim.exchanges)


def test_sessions_are_deleted(shim: Shim, qod_server: ReferenceServer) -> None:
    httpx.post(shim.url + PATH, json=BODY)
    assert len(qod_server.service.network.sessions) == 1
    shim.delete_sessions()
    assert not qod_server.service.network.sessions
    assert not shim.sessions


def test_what_is_created_stands_in_the_ledger(qod_server: ReferenceServer, tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "ledger.jsonl")
    with shim_to(qod_server.target(), ledger) as shim:
        session = httpx.post(shim.url + PATH, json=BODY).json()["sessionId"]
        (entry,) = owed(ledger.path)
        assert (entry.key, entry.base_url) == (session, qod_server.base_url())
        httpx.delete(f"{shim.url}{PATH}/{session}")
        assert owed(ledger.path) == []


def test_an_answer_in_place_of_the_targets(shim: Shim, qod_server: ReferenceServer) -> None:
    shim.intervene(Intervention(operation="createSession", status=503, body={"code": "UNAVAILABLE"}, times=1))
    assert httpx.post(shim.url + PATH, json=BODY).status_code == 503
    assert not qod_server.service.network.sessions
    assert httpx.post(shim.url + PATH, json=BODY).status_code == 201


def test_a_lost_answer(shim: Shim, qod_server: ReferenceServer) -> None:
    shim.intervene(Intervention(operation="createSession", status=504, forwarded=True))
    assert httpx.post(shim.url + PATH, json=BODY).status_code == 504
    assert len(qod_server.service.network.sessions) == 1
    assert len(shim.sessions) == 1


def test_properties_are_taken_out_of_an_answer(shim: Shim) -> None:
    shim.intervene(Intervention(operation="createSession", without=("device",)))
    assert "device" not in httpx.post(shim.url + PATH, json=BODY).json()


def test_a_target_that_is_gone(qod_server: ReferenceServer) -> None:
    with shim_to(qod_server.target()) as shim:
        shim.bases = {"/": "http://127.0.0.1:1/"}
        shim.token = None
        assert httpx.get(f"{shim.url}/sessions/1").status_code == 502
        assert shim.exchanges[0].response is None
        assert "ConnectError" in (shim.exchanges[0].error or "")


@pytest.mark.parametrize(
    ("method", "path", "operation"),
    [
        ("POST", "/qod/v0/sessions", "createSession"),
        ("GET", "/qod/v0.9/sessions", "retrieveSessionsByDevice"),
        ("POST", "/quality-on-demand/v1/retrieve-sessions", "retrieveSessionsByDevice"),
        ("GET", "/sessions/1", "getSession"),
        ("DELETE", "/sessions/1", "deleteSession"),
        ("POST", "/sessions/1/extend", "extendQosSessionDuration"),
        ("GET", "/qos-profiles", ""),
    ],
)
def test_operations_are_told_in_any_dialect(method: str, path: str, operation: str) -> None:
    assert operation_of(method, path) == operation


def test_what_lands_after_the_client_has_answered_leaves_nothing(
    qod_server: ReferenceServer, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The client is done, and its request is still on its way through the shim when that is closed."""
    forwarded = Shim._forwarded  # noqa: SLF001 - to hold a request up
    begun, landed = threading.Event(), []

    async def late(shim: Shim, sent: httpx.Request) -> httpx.Response:
        begun.set()
        await asyncio.sleep(0.3)
        answer = await forwarded(shim, sent)
        landed.append(answer.status_code)
        return answer

    monkeypatch.setattr(Shim, "_forwarded", late)
    with shim_to(qod_server.target()) as shim:
        url = shim.url + PATH
        sender = threading.Thread(target=lambda: httpx.post(url, json=BODY, timeout=120))
        sender.start()
        assert begun.wait(120)
    sender.join(120)
    assert not qod_server.service.network.sessions
    assert landed == [201]
    assert not caplog.records


def test_no_token_is_told_without_a_traceback(qod_server: ReferenceServer, caplog: pytest.LogCaptureFixture) -> None:
    def refused() -> str:
        raise TokenError("tokens.two_legged: no")

    with shim_to(qod_server.target()) as shim:
        shim.token = refused
        assert httpx.post(shim.url + PATH, json=BODY).status_code == 502
        assert shim.exchanges[0].error == "TokenError: tokens.two_legged: no"
    assert not caplog.records
