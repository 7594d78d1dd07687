"""Verdicts under trouble: what is no verdict, what is a breach, and what must cost nothing."""

import gzip
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path

import httpx
import pytest

from pytest_nac_qod import contracts
from pytest_nac_qod.checks import answer as checks
from pytest_nac_qod.foundation.ticking import elapsed
from pytest_nac_qod.wire.client import QodClient
from pytest_nac_qod.wire.connections import connection
from pytest_nac_qod.wire.exchange import Exchange, Response
from pytest_nac_qod.wire.field_values import segment
from pytest_nac_qod.wire.transport.pacing import LARGEST_BODY, TooLargeError, pause_before
from tests.hostile.test_left_behind import CREATION, READ
from tests.hostile.trouble import Asked, Spoiled, bench


def test_refused_for_a_while_is_no_verdict(tmp_path: Path) -> None:
    reads = [1]

    def spoil(asked: Asked) -> Spoiled | None:
        if asked.method != "GET" or asked.body != b"" or asked.number not in (2, 3):
            return None
        return Spoiled(status=429 if reads else 503, headers=(("retry-after", "1"),))

    with bench(tmp_path, spoil) as target:
        done = target.check(READ)
        assert target.there == set()
    assert (done.status, done.verdicts()) == (0, ["pass"]), done.text


@pytest.mark.parametrize("status", [429, 503])
def test_refused_for_good_ends_the_run(tmp_path: Path, status: int) -> None:
    def spoil(asked: Asked) -> Spoiled | None:
        return Spoiled(status=status) if asked.creates and b"duration" in asked.body else None

    with bench(tmp_path, spoil, budget=1) as target:
        done = target.check(CREATION)
        assert target.there == set()
        asked = sum(count for (_, path), count in target.spoiler.counted.items() if path.endswith("/sessions"))
    assert done.status == 3
    assert set(done.verdicts()) == {"inconclusive"}
    said = [line for line in done.text.splitlines() if "in a row" in line]
    assert len(said) == 1
    assert f"createSession answered {status} to 5 calls in a row, with pauses; the run is given up" in said[0]
    assert asked < 15
    assert not done.ledger


def test_a_wait_longer_than_the_budget_is_inconclusive_at_once(tmp_path: Path) -> None:
    def spoil(asked: Asked) -> Spoiled | None:
        refused = asked.method == "GET" and asked.number > 1
        return Spoiled(status=503, headers=(("retry-after", "3600"),)) if refused else None

    with bench(tmp_path, spoil) as target:
        done = target.check(READ)
        assert target.there == set()
    assert (done.status, done.verdicts()) == (3, ["inconclusive"])
    (reason,) = done.reasons()
    assert "getSession answered 503 with Retry-After: 3600, and no other answer came within polling.budget" in reason


@pytest.mark.parametrize(
    ("told", "seconds"),
    [
        (None, 0.25), ("3", 3.0), ("0", 0.25), ("soon", 0.25), ("-1", 0.25), ("9" * 5000, 999_999_999.0),
        (format_datetime(datetime(2030, 1, 1, 0, 0, 7, tzinfo=UTC), usegmt=True), 7.0),
        (format_datetime(datetime(2029, 1, 1, tzinfo=UTC), usegmt=True), 0.25),
    ],
)  # fmt: skip
def test_pauses(told: str | None, seconds: float) -> None:
    assert pause_before(0, told, datetime(2030, 1, 1, tzinfo=UTC)) == seconds


Talk = Callable[[socket.socket], None]


@contextmanager
def talking(talk: Talk) -> Iterator[str]:
    """A server that says what it wants once it has been asked."""
    stopped = threading.Event()

    def serve() -> None:
        with suppress(OSError):
            while not stopped.is_set():
                peer, _ = listening.accept()
                with peer, suppress(OSError):
                    peer.recv(65536)
                    talk(peer)

    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        stopped.set()
        with suppress(OSError), socket.create_connection(listening.getsockname()):
            pass


def endless(start: bytes, part: bytes) -> Talk:
    """Keeps on with a part; each comes long before a single wait is over."""

    def talk(peer: socket.socket) -> None:
        peer.sendall(start)
        pause = threading.Event()
        while True:
            peer.sendall(part)
            pause.wait(0.02)

    return talk


OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
ENDLESS = {
    "body": endless(OK + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\n \r\n"),
    "body without a length": endless(OK + b"\r\n", b" "),
    "interim answers": endless(b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    "headers": endless(OK, b"X-A: b\r\n"),
    "one header": endless(OK + b"X-A: ", b"b"),
}


@pytest.mark.parametrize("name", ENDLESS)
def test_an_exchange_has_an_end(name: str) -> None:
    with talking(ENDLESS[name]) as url, connection(timeout=0.5) as http:
        client = QodClient(contract=contracts.contract("r3.2", "quality-on-demand"), base_url=url, http=http)
        started = elapsed()
        with pytest.raises(httpx.ReadTimeout, match="no end within 3 times the timeout"):
            client.call("createSession", body={})
        assert elapsed() - started < 120
        assert client.exchanges[0].error


def zipped(layers: int) -> bytes:
    body = gzip.compress(b" " * (LARGEST_BODY + 1), 1)
    for _ in range(layers - 1):
        body = gzip.compress(body)
    return body


@pytest.mark.parametrize(
    ("coding", "body", "error"),
    [
        ("gzip", zipped(1), TooLargeError),
        ("gzip, gzip", zipped(2), httpx.DecodingError),
        ("br", b"x", httpx.DecodingError),
        ("gzip", b"no gzip", httpx.DecodingError),
        ("identity", b" " * (LARGEST_BODY + 1), TooLargeError),
    ],
    ids=["bomb", "bomb in a bomb", "not asked for", "not what it says", "plain"],
)
def test_a_body_has_a_limit(coding: str, body: bytes, error: type[Exception]) -> None:
    head = OK + f"Content-Encoding: {coding}\r\nContent-Length: {len(body)}\r\n\r\n".encode()
    with talking(lambda peer: peer.sendall(head + body)) as url, connection(timeout=30) as http:
        client = QodClient(contract=contracts.contract("r3.2", "quality-on-demand"), base_url=url, http=http)
        with pytest.raises(error):
            client.get_session("1")
        assert len(str(client.exchanges[0].to_dict())) < 2_000


LEGAL = {
    "HTTP/1.0 without a length": b"HTTP/1.0 200 OK\r\nContent-Type: application/json\r\n\r\n{}",
    "closed at its end": OK + b"Connection: close\r\n\r\n{}",
    "large headers": OK + b"X-Large: " + b"x" * 60_000 + b"\r\nContent-Length: 2\r\n\r\n{}",
    "many headers": OK + b"X-Many: y\r\n" * 500 + b"Content-Length: 2\r\n\r\n{}",
    "interim answers": b"HTTP/1.1 102 Processing\r\n\r\n" * 20 + OK + b"Content-Length: 2\r\n\r\n{}",
    "gzip": OK + b"Content-Encoding: gzip\r\nConnection: close\r\n\r\n" + gzip.compress(b"{}"),
}


@pytest.mark.parametrize("name", LEGAL)
def test_legal_answers_are_read(name: str) -> None:
    with talking(lambda peer: peer.sendall(LEGAL[name])) as url, connection(timeout=30) as http:
        client = QodClient(contract=contracts.contract("r3.2", "quality-on-demand"), base_url=url, http=http)
        answer = client.get_session("1")
        assert (answer.status, answer.exchange.response and answer.exchange.response.body) == (200, "{}")
        assert len(str(answer.exchange.to_dict())) < 15_000


@pytest.mark.parametrize(
    ("value", "path"),
    [
        ("..", "%2E%2E"), (".", "%2E"), ("a/../b", "a%2F..%2Fb"), ("a?b", "a%3Fb"), ("a#b", "a%23b"),
        ("a%2Fb", "a%252Fb"), ("a b", "a%20b"), ("...", "..."), ("\u00e4", "%C3%A4"), ("\ud800", "%ED%A0%80"),
    ],
)  # fmt: skip
def test_a_path_parameter_stays_one_segment_on_the_wire(value: str, path: str) -> None:
    asked: list[bytes] = []

    def keep(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.raw_path)
        return httpx.Response(204)

    with httpx.Client(transport=httpx.MockTransport(keep)) as http:
        base = "http://h/quality-on-demand/v1"
        client = QodClient(contract=contracts.contract("r3.2", "quality-on-demand"), base_url=base, http=http)
        client.delete_session(value)
    assert (segment(value), asked) == (path, [f"/quality-on-demand/v1/sessions/{path}".encode()])


@pytest.mark.parametrize("value", ["", "x" * 10_000])
def test_what_fits_into_no_path_is_not_sent(value: str) -> None:
    with httpx.Client(transport=httpx.MockTransport(lambda _: pytest.fail("sent"))) as http:
        client = QodClient(contract=contracts.contract("r3.2", "quality-on-demand"), base_url="http://h", http=http)
        with pytest.raises(httpx.LocalProtocolError, match="path parameter"):
            client.delete_session(value)


def exchange(content: bytes) -> Exchange:
    asked = httpx.Request("GET", "http://h/sessions/1")
    http = httpx.MockTransport(
        lambda _: httpx.Response(404, content=content, headers={"content-type": "application/json"})
    )
    with httpx.Client(transport=http) as client:
        api = contracts.contract("r3.2", "quality-on-demand")
        return QodClient(contract=api, base_url=str(asked.url), http=client).get_session("1").exchange


@pytest.mark.parametrize(
    "wrong", [b"\xff", b"\xc3\x28", b"\xed\xa0\x80", b"\xc0\xaf"], ids=["no start", "torn", "surrogate", "overlong"]
)
def test_bytes_that_are_not_utf_8_are_a_breach(wrong: bytes) -> None:
    api = contracts.contract("r3.2", "quality-on-demand")
    right = b'{"status": 404, "code": "NOT_FOUND", "message": "%s"}'
    assert not list(checks.body(exchange(right % "ü".encode()), api))
    (violation,) = checks.body(exchange(right % wrong), api)
    assert violation.actual.startswith(f"byte 0x{wrong[0]:02x} at 49 is not UTF-8 (RFC 8259 section 8.1): ")
    found = exchange(right % wrong).response
    assert isinstance(found, Response)
    assert checks.described(exchange(right % wrong)).startswith("404 with a body that is no JSON: byte 0x")
