"""Requests to a server of the same process: as over a connection, without one."""

import asyncio
import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from starlette.types import ASGIApp, Send

from pytest_nac_qod.reference import ReferenceServer
from pytest_nac_qod.wire.connections import connection
from pytest_nac_qod.wire.serving import serve
from pytest_nac_qod.wire.transport import inside

SESSION = {"device": {"phoneNumber": "+99999991000"}, "applicationServer": {"ipv4Address": "198.51.100.10"}}


@pytest.fixture(scope="module")
def server() -> Iterator[ReferenceServer]:
    with ReferenceServer() as started:
        yield started


@pytest.mark.parametrize(
    "request_of",
    [
        {"method": "GET", "url": "/sessions/none?a=b"},
        {"method": "POST", "url": "/sessions", "json": SESSION},
        {"method": "POST", "url": "/retrieve-sessions", "content": b"{", "headers": {"X-Correlator": "c1"}},
        {"method": "HEAD", "url": "/sessions/none"},
        {"method": "OPTIONS", "url": "/sessions"},
        {"method": "TRACE", "url": "/sessions"},
        {"method": "GET", "url": "/sessions/%E2%82%AC"},
        {"method": "POST", "url": "/sessions", "content": b" " * 1_000_001},
        {"method": "GET", "url": "/sessions/none", "headers": [("x-correlator", "a"), ("x-correlator", "b")]},
    ],
)
def test_answers_are_those_of_a_connection(server: ReferenceServer, request_of: dict[str, Any]) -> None:
    request = {**request_of, "url": server.base_url() + request_of["url"]}
    with connection() as outside, connection(inside=True) as within:
        expected, answer = outside.request(**request), within.request(**request)
    assert (answer.status_code, answer.content) == (expected.status_code, expected.content)
    shown = [[pair for pair in each.headers.multi_items() if pair[0] != "date"] for each in (answer, expected)]
    assert shown[0] == shown[1]


def test_hooks_are_told_of_requests_and_answers(server: ReferenceServer) -> None:
    told: list[object] = []
    with connection(inside=True) as within:
        within.event_hooks = {"request": [told.append], "response": [told.append]}
        answer = within.get(server.base_url())
    assert told == [answer.request, answer]


def test_what_cannot_be_sent_is_refused_as_by_a_connection(server: ReferenceServer) -> None:
    with connection(inside=True) as within, pytest.raises(httpx.LocalProtocolError):
        within.get(server.base_url(), headers={"x-correlator": "a\nb"})


def test_a_server_that_was_stopped_is_not_asked() -> None:
    with ReferenceServer() as stopped, connection(inside=True) as within:
        assert within.get(stopped.base_url()).status_code == 404
        stopped.stop()
        with pytest.raises(httpx.ConnectError):
            within.get(stopped.base_url())


async def failing(*_: object) -> None:
    raise ValueError


async def silent(*_: object) -> None:
    await asyncio.sleep(60)


async def short(_: object, __: object, send: Send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"3")]})
    await send({"type": "http.response.body", "body": b"{}"})


@pytest.mark.parametrize(
    ("app", "error"),
    [(failing, httpx.RemoteProtocolError), (silent, httpx.ReadTimeout), (short, httpx.RemoteProtocolError)],
)
def test_answers_that_do_not_come_are_errors(app: ASGIApp, error: type[Exception]) -> None:
    serving = serve(app)
    assert serving.loop is not None
    origin = f"http://127.0.0.1:{serving.port}"
    inside.offer(origin, inside.Served(app, serving.loop))
    try:
        with connection(inside=True, timeout=0.2) as within, pytest.raises(error):
            within.get(origin)
    finally:
        inside.withdraw(origin)
        serving.stop()


def test_requests_are_built_as_httpx_builds_them() -> None:
    headers = {"accept": "application/json", "Content-Type": "application/json", "X-Correlator": "c1"}
    with connection() as http:
        mine = inside.built(http, "POST", "https://qod.example/v1/sessions", headers, json.dumps(SESSION).encode())
        expected = http.build_request(
            "POST", "https://qod.example/v1/sessions", headers=headers, content=json.dumps(SESSION).encode()
        )
    assert mine.headers.raw == expected.headers.raw
    assert (mine.url, mine.content, mine.extensions) == (expected.url, expected.content, expected.extensions)
