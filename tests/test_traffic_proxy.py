"""The proxy passes everything on as it is, and judges it as it passes."""

import asyncio
import hashlib
import json
import random
import signal
import socket
import ssl
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest

from pytest_nac_qod.cli import main
from pytest_nac_qod.reference import ReferenceServer
from pytest_nac_qod.report.results import read
from pytest_nac_qod.traffic.court import Court
from pytest_nac_qod.traffic.proxy.watching import RESULTS, Watch
from pytest_nac_qod.wire.certificates import make
from pytest_nac_qod.wire.connections import connection
from pytest_nac_qod.wire.serving import serve

pytest_plugins = ("pytester",)
BIG = bytes(range(256)) * 40_960  # 10 MB


async def upstream_app(scope: Any, receive: Any, send: Any) -> None:
    """Answers as the path says, and tells what it was sent."""
    digest, more = hashlib.sha256(), True
    while more:
        event = await receive()
        digest.update(event.get("body", b""))
        more = event.get("more_body", False)
    told = {
        "method": scope["method"],
        "path": scope["raw_path"].decode(),
        "query": scope["query_string"].decode(),
        "sent": digest.hexdigest(),
        "headers": [[n.decode(), v.decode("latin-1")] for n, v in scope["headers"] if n.startswith(b"x-")],
    }
    kind = scope["path"].partition("/")[2].partition("/")[0]
    chunks = {"big": [BIG], "chunked": [b"one", b"two" * 1000, b""], "empty": [], "gzip": [b"\x1f\x8bno gzip"]}
    body = chunks.get(kind, [json.dumps(told).encode()])
    headers = [
        (b"content-type", b"application/json"),
        (b"x-two", b"1"),
        (b"x-two", b"2"),
        (b"set-cookie", b"a=b; Path=/"),
    ]
    if kind == "gzip":
        headers.append((b"content-encoding", b"gzip"))
    if kind not in ("chunked", "empty"):
        headers.append((b"content-length", str(sum(map(len, body))).encode()))
    status = 204 if kind == "empty" else int(scope["path"].rpartition("/")[2]) if kind == "error" else 200
    await send({"type": "http.response.start", "status": status, "headers": headers})
    for chunk in body:
        if kind == "reset":
            raise ConnectionError("the connection is given up in the middle")
        if kind == "slow":
            await asyncio.sleep(0.05)
        await send({"type": "http.response.body", "body": chunk, "more_body": True})
    await send({"type": "http.response.body", "body": b"", "more_body": False})


@pytest.fixture(scope="module")
def upstream() -> Iterator[str]:
    serving = serve(upstream_app, dated=False)
    yield f"http://127.0.0.1:{serving.port}"
    serving.stop()


KINDS = (
    "big",
    "chunked",
    "empty",
    "slow",
    "error/404",
    "error/503",
    "echo/a%2Fb",
    "echo/%C3%A4",
    "gzip",
    "reset",
    "echo?x=1&y=%20",
)
METHODS = ("GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH")


def requests(number: int) -> Iterator[tuple[str, str, Any]]:
    chosen = random.Random(17)  # noqa: S311 - the same mixture each time
    for _ in range(number):
        kind = chosen.choice(KINDS if chosen.random() < 0.5 else KINDS[1:])
        method = chosen.choice(METHODS)
        bodies = (
            None,
            b"",
            b'{"a": 1}',
            b"x" * 70_000,
            iter([b"a", b"b" * 5000, b"c"]),
            BIG if chosen.random() < 0.05 else b"?",
        )
        yield method, kind, chosen.choice(bodies) if method in ("POST", "PUT", "PATCH", "DELETE") else None


def seen(http: httpx.Client, base: str, method: str, kind: str, body: Any) -> tuple[Any, ...]:
    content = iter(list(body)) if hasattr(body, "__next__") else body
    try:
        with http.stream(method, f"{base}/{kind}", content=content, headers=[(b"X-Mixed", b"\xc4")]) as answer:
            raw = b"".join(answer.iter_raw())
    except (httpx.RemoteProtocolError, httpx.ReadError):
        return 0, [], b"reset"
    return answer.status_code, [(n.lower(), v) for n, v in answer.headers.raw if n.lower() != b"transfer-encoding"], raw


def compare(upstream: str, number: int) -> None:
    with Watch(upstream=upstream) as watch, connection() as http:
        for method, kind, body in requests(number):
            pieces = list(body) if hasattr(body, "__next__") else None
            direct = seen(http, upstream, method, kind, iter(pieces) if pieces else body)
            assert seen(http, watch.url, method, kind, iter(pieces) if pieces else body) == direct, (method, kind)


def test_everything_passes_byte_for_byte(upstream: str) -> None:
    compare(upstream, 150)


@pytest.mark.nightly
def test_ten_thousand_requests_pass_byte_for_byte(upstream: str) -> None:
    compare(upstream, 10_000)


def test_an_answer_that_is_cut_off_is_cut_off_here_too() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def answer_half() -> None:
            client, _ = listener.accept()
            with client:
                client.recv(65_536)
                client.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")

        threading.Thread(target=answer_half, daemon=True).start()
        watch = Watch(upstream=f"http://127.0.0.1:{listener.getsockname()[1]}")
        with watch, connection() as http, pytest.raises(httpx.RemoteProtocolError):
            http.get(f"{watch.url}/anything")


def test_no_upstream_is_said_and_not_held_against_anybody() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with Watch(upstream=f"http://127.0.0.1:{port}") as watch, connection() as http:
        answer = http.get(f"{watch.url}/quality-on-demand/v1/sessions/1")
        assert answer.status_code == 502
        assert answer.text.startswith("nac-qod proxy: no answer from upstream: ConnectError")
        assert watch.results()["summary"]["fail"] == 0


def use(server: ReferenceServer, watch: Watch) -> None:
    body = {
        "device": {"phoneNumber": "+99999991000"},
        "applicationServer": {"ipv4Address": "198.51.100.7"},
        "qosProfile": "QOS_L",
        "duration": 3600,
    }
    with connection() as http:
        token = server.target().tokens["two_legged"].resolve(http)
        headers = {"Authorization": f"Bearer {token}"}
        sessions = watch.through(server.base_url()) + "/sessions"
        key = http.post(sessions, json=body, headers=headers).json()["sessionId"]
        http.get(f"{sessions}/{key}", headers=headers)
        http.delete(f"{sessions}/{key}", headers=headers)
    assert token not in json.dumps(watch.results())


@pytest.mark.parametrize(("faults", "failed"), [((), 0), (("profile_returned_in_lower_case",), 1)])
def test_what_passes_is_judged(faults: tuple[str, ...], failed: int) -> None:
    with ReferenceServer(faults=faults) as server, Watch(upstream=server.url) as watch:
        use(server, watch)
        with connection() as http:
            shown = http.get(watch.url + RESULTS).json()
        assert shown["summary"]["fail"] == watch.results()["summary"]["fail"] == failed
        assert shown["summary"]["pass"] > 5


def test_it_is_reached_by_tls_with_a_certificate(tmp_path: Path) -> None:
    certificate, key, authority = make(tmp_path, ["127.0.0.1"])
    with ReferenceServer() as server, Watch(upstream=server.url, certificate=(certificate, key)) as watch:
        with connection(verify=ssl.create_default_context(cafile=authority)) as http:
            assert http.get(f"{watch.url}/nothing").status_code == 404
        assert watch.url.startswith("https://")


def test_the_command_tells_on_ctrl_c(tmp_path: Path) -> None:
    with ReferenceServer(faults=["profile_returned_in_lower_case"]) as server, ExitStack() as stack:
        words = ["proxy", "--upstream", server.url, "--report", str(tmp_path)]
        command = [sys.executable, "-m", "pytest_nac_qod", *words]
        listening = partial(signal.signal, signal.SIGINT, signal.default_int_handler)  # also in the background
        process = stack.enter_context(
            subprocess.Popen(command, stdout=subprocess.PIPE, text=True, preexec_fn=listening)  # noqa: PLW1509
        )
        stack.callback(process.kill)
        assert process.stdout is not None
        url = process.stdout.readline().split()[0]
        watch = Watch(upstream=server.url, port=int(url.rpartition(":")[2]))
        use_through(server, watch)
        process.send_signal(signal.SIGINT)
        printed, _ = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "FAIL  Wrong $.qosProfile" in printed
    assert read(tmp_path)["kind"] == "judge"


def use_through(server: ReferenceServer, watch: Watch) -> None:
    with connection() as http:
        token = server.target().tokens["two_legged"].resolve(http)
        body = {"device": {"phoneNumber": "+99999991000"}, "applicationServer": {"ipv4Address": "198.51.100.7"}}
        http.post(
            watch.through(server.base_url()) + "/sessions",
            json={**body, "qosProfile": "QOS_L", "duration": 3600},
            headers={"Authorization": f"Bearer {token}"},
        ).raise_for_status()


NO_ADDRESS = "no address that can be called; check host and port, which is at most 65535"
QUERY = "has a query, and paths are added to it; give the address without"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--upstream", "ftp://x"], "--upstream: 'ftp://x': expected an address with http:// or https://"),
        (
            ["--upstream", "http://[::1"],
            "--upstream: 'http://[::1': no address that can be called; check host and port, which is at most 65535",
        ),
        (
            ["--upstream", "http://u:p4ss@x/?y"],
            "--upstream: 'http://x/?y': has a query, and paths are added to it; give the address without",
        ),
        (["--upstream", "http://x", "--listen", "8080"], "--listen: '8080': write it as HOST:PORT"),
        (["--upstream", "http://x", "--key", "k.pem"], "--certificate and --key go together"),
        (["--upstream", "http://x", "--ca-file", "none.pem"], "--ca-file: none.pem: No such file or directory"),
    ],
)
def test_bad_options_get_one_line(words: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["proxy", *words]) == 2
    assert capsys.readouterr().err == f"nac-qod: {said}\n"


@pytest.mark.parametrize("content", ["", "no certificate"])
def test_a_certificate_that_is_none_gets_one_line(
    tmp_path: Path, content: str, capsys: pytest.CaptureFixture[str]
) -> None:
    given = tmp_path / "x.pem"
    given.write_text(content, encoding="utf-8")
    assert main(["proxy", "--upstream", "http://x", "--certificate", str(given), "--key", str(given)]) == 2
    said = "no chain and key in PEM that go together, the key without a passphrase"
    assert capsys.readouterr().err == f"nac-qod: --certificate: {given}, --key: {given}: {said}\n"


def test_results_so_far_do_not_end_what_is_judged() -> None:
    with ReferenceServer() as server, Watch(upstream=server.url, court=Court(release="r3.2")) as watch:
        use(server, watch)
        first = watch.results()["summary"]
        assert watch.results()["summary"] == first


def test_the_fixture_fails_a_test_whose_target_is_wrong(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import httpx

        def test_application(qod_watch, qod_target, qod_device):
            with httpx.Client() as http:
                token = qod_target.tokens["two_legged"].resolve(http)
            body = {"device": qod_device, "applicationServer": {"ipv4Address": "198.51.100.7"}, "qosProfile": "QOS_L"}
            url = qod_watch.through(qod_target.apis["quality-on-demand"]) + "/sessions"
            headers = {"Authorization": f"Bearer {token}"}
            assert httpx.post(url, json=body | {"duration": 60}, headers=headers).is_success
        """
    )
    pytester.runpytest("-p", "no:randomly").assert_outcomes(passed=1)
    result = pytester.runpytest("-p", "no:randomly", "--qod-fault", "profile_returned_in_lower_case")
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(["FAIL  Wrong $.qosProfile*"])
