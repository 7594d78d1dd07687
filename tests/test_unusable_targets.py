"""Targets that cannot be judged: what nac-qod check says of them, in one line, and its exit status."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Self

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from pytest_nac_qod import contracts
from pytest_nac_qod.cli import main
from pytest_nac_qod.reference import ReferenceServer
from pytest_nac_qod.run.probing import AbsentApiError, UnusableTargetError, probe
from pytest_nac_qod.suite.run import Run
from pytest_nac_qod.target import Target, target_from_url
from pytest_nac_qod.target.model import EXAMPLE_PROFILE
from pytest_nac_qod.wire.client import QodClient
from pytest_nac_qod.wire.redaction import Redactor
from pytest_nac_qod.wire.serving import serve
from tests.support.commands import check, importable, target_at

__all__ = ["importable"]

METHODS = ["GET", "POST", "DELETE", "PUT"]
NOT_FOUND = {"status": 404, "code": "NOT_FOUND", "message": "The specified resource is not found."}


@contextmanager
def serving(answer: Callable[[Request], Response]) -> Iterator[str]:
    async def endpoint(request: Request) -> Response:
        return answer(request)

    server = serve(Starlette(routes=[Route("/{rest:path}", endpoint, methods=METHODS)]))
    yield f"http://127.0.0.1:{server.port}"
    server.stop()


@contextmanager
def run_at(target: Target) -> Iterator[Run]:
    used = {api: contracts.contract(target.release, api) for api in contracts.apis(target.release)}
    with httpx.Client(timeout=120) as http:
        yield Run(target=target, mode="lenient", contracts=used, http=http, redactor=Redactor())


@pytest.mark.parametrize(
    "response",
    [
        Response(status_code=404),
        JSONResponse({"detail": "Not Found"}, 404),
        JSONResponse(NOT_FOUND, 404),
        HTMLResponse("<h1>Not here</h1>", 404),
        HTMLResponse("<h1>Method Not Allowed</h1>", 405),
        JSONResponse({"status": 501, "code": "NOT_IMPLEMENTED", "message": "no"}, 501),
        RedirectResponse("https://elsewhere.example/"),
    ],
    ids=["empty", "framework", "error object", "page", "405", "501", "redirect"],
)
def test_nothing_of_the_api_answers(tmp_path: Path, response: Response) -> None:
    with serving(lambda _: response) as url:
        target_at(url, tmp_path, timeout=30)
        done = check("--target", "t.toml", "--max-examples", "0", folder=tmp_path)
    assert done.returncode == 2, done.stdout
    said = [line for line in done.stdout.splitlines() if "no operation of quality-on-demand answers at" in line]
    assert len(said) == 1
    assert (
        f"not judged: no operation of quality-on-demand answers at {url}: {response.status_code} to each of " in said[0]
    )
    assert "If the target does not serve quality-on-demand, remove it from [apis]" in said[0]
    assert "outcomes.Exit" not in done.stdout + done.stderr
    assert "failed" not in done.stdout


@pytest.mark.parametrize("release", contracts.RELEASES)
def test_each_api_has_to_be_there(release: str) -> None:
    apis = contracts.apis(release)
    with ReferenceServer(release=release) as server:
        target = server.target()
        with run_at(target) as run:
            probe(run, apis)
        for api in apis:
            nowhere = replace(target, apis={**target.apis, api: f"{server.url}/nowhere"})
            with run_at(nowhere) as run:
                with pytest.raises(AbsentApiError) as caught:
                    probe(run, apis)
                probe(run, [other for other in apis if other != api])
            assert str(caught.value).startswith(f"no operation of {api} answers at {server.url}/nowhere: 404 to each")


def error(status: int, code: str = "X") -> Response:
    return JSONResponse({"status": status, "code": code, "message": "no"}, status)


SAME: dict[str, tuple[Callable[[], Response], str, str]] = {
    "500": (lambda: error(500), "answers 500 to each of ", "; is the service up?"),
    "502, empty": (lambda: Response(status_code=502), "answers 502 to each of ", "; is the service up?"),
    "401": (lambda: error(401), "answers 401 to each of ", "check that this token is right and still valid"),
    "401, empty": (lambda: Response(status_code=401), "with tokens.two_legged", "this token is right and still valid"),
    "403": (lambda: error(403), "answers 403 to each of ", "check that this token is allowed to use this API"),
    "one page": (lambda: HTMLResponse("<h1>Hi</h1>"), "answers with a web page (Content-Type: text/html", "API?"),
    "one object": (lambda: JSONResponse({}), "answers 200 to each of ", ", with the same body; is the base URL that"),
    "nothing": (lambda: Response(status_code=204), "answers 204 to each of ", ", with the same body; is the base URL"),
}


@pytest.mark.parametrize("release", contracts.RELEASES)
@pytest.mark.parametrize("name", SAME)
def test_same_answer_to_everything(name: str, release: str) -> None:
    answer, said, mend = SAME[name]
    with serving(lambda _: answer()) as url, run_at(target_from_url(url, "token", release=release)) as run:
        for api in contracts.apis(release):
            with pytest.raises(UnusableTargetError) as caught:
                probe(run, [api])
            assert said in str(caught.value)
            assert mend in str(caught.value)


@pytest.mark.parametrize("name", ["500", "401", "one object"])
def test_same_answer_to_everything_takes_few_lines_and_leaves_nothing(tmp_path: Path, name: str) -> None:
    answer, said, _ = SAME[name]
    with serving(lambda _: answer()) as url:
        target_at(url, tmp_path, timeout=30)
        done = check("--target", "t.toml", "--max-examples", "0", folder=tmp_path)
    lines = (done.stdout + done.stderr).splitlines()
    assert (done.returncode, len(lines) < 10) == (3, True), lines
    assert sum(said in line for line in lines) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["t.toml"]
    assert "at the target: 0 created, 0 deleted, 0 left" in lines


@pytest.mark.parametrize("release", contracts.RELEASES)
def test_broken_only_for_what_is_broken_is_judged(release: str) -> None:
    """A target may crash over each empty body and unknown id, and still do what it is asked to do."""

    def answer(request: Request) -> Response:
        length = int(request.headers.get("content-length", "0"))
        right = length > 2 or request.url.path.endswith(f"/{EXAMPLE_PROFILE}")
        return JSONResponse([]) if right else error(500)

    with serving(answer) as url, run_at(target_from_url(url, "token", release=release)) as run:
        probe(run, contracts.apis(release))


@pytest.mark.parametrize("release", contracts.RELEASES)
def test_api_that_knows_nobody_is_there(release: str) -> None:
    """Unknown ids, and an unknown device, are answered with 404."""

    def answer(request: Request) -> Response:
        creates = request.method == "POST" and request.url.path.rpartition("/")[2] in (
            *("sessions", "device-qos", "qos-assignments", "retrieve-qos-profiles"),
        )
        return JSONResponse(
            {"status": 400, "code": "INVALID_ARGUMENT"} if creates else NOT_FOUND, 400 if creates else 404
        )

    with serving(answer) as url, run_at(target_from_url(url, "t", release=release)) as run:
        probe(run, contracts.apis(release))


def test_unreachable_target_gets_one_line(tmp_path: Path) -> None:
    target_at("http://127.0.0.1:1", tmp_path)
    done = check("--target", "t.toml", folder=tmp_path)
    assert done.returncode == 3
    assert "not judged: http://127.0.0.1:1 cannot be reached: [Errno 111] Connection refused" in done.stdout
    assert "outcomes.Exit" not in done.stdout + done.stderr


@dataclass(slots=True)
class Flaky:
    """A server that closes a connection once it has read `lost`, before it answers; it answers all others."""

    answers: list[bytes]
    seen: list[str] = field(default_factory=list)
    _socket: socket.socket = field(default_factory=socket.socket)

    def __enter__(self) -> Self:
        self._socket.bind(("127.0.0.1", 0))
        self._socket.listen()
        threading.Thread(target=self._serve, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._socket.getsockname()[1]}"

    def _serve(self) -> None:
        for answer in self.answers:
            try:
                connection, _ = self._socket.accept()
            except OSError:  # closed, since fewer requests came than there are answers
                return
            with connection:
                self.seen.append(connection.recv(65536).split(b" ", 1)[0].decode())
                connection.sendall(answer)


OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"
BROKEN = b"HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\n\r\n"


@pytest.mark.parametrize("first", [[b""], [BROKEN], [BROKEN, b""]])
def test_reading_is_tried_on_a_new_connection(first: list[bytes]) -> None:
    with Flaky([*first, OK]) as server, httpx.Client(timeout=120) as http:
        client = QodClient(contract=contracts.contract("r4.1", "quality-on-demand"), base_url=server.url, http=http)
        if BROKEN in first:
            assert client.get_session("1").status == 500
        assert client.retrieve_sessions({"phoneNumber": "+123456789"}).status == 200
        assert [exchange.response is None for exchange in client.exchanges] == [False] * len(client.exchanges)


@pytest.mark.parametrize("operation", ["createSession", "extendQosSessionDuration", "deleteSession"])
def test_what_may_have_been_done_is_not_done_again(operation: str) -> None:
    with Flaky([b"", OK]) as server, httpx.Client(timeout=120) as http:
        client = QodClient(contract=contracts.contract("r4.1", "quality-on-demand"), base_url=server.url, http=http)
        with pytest.raises(httpx.RequestError):
            client.call(operation, path={"sessionId": "1"}, body={})
        assert len(server.seen) == 1


def test_create_after_an_error_goes_out_on_a_new_connection() -> None:
    created = b'HTTP/1.1 201 Created\r\nContent-Type: application/json\r\nContent-Length: 17\r\n\r\n{"sessionId":"1"}'
    with Flaky([BROKEN, created]) as server, httpx.Client(timeout=120) as http:
        client = QodClient(contract=contracts.contract("r4.1", "quality-on-demand"), base_url=server.url, http=http)
        assert client.get_session("1").status == 500
        assert client.call("createSession", body={}).status == 201
        assert client.owned == ["1"]


def test_preflight_says_so_of_a_place_where_nothing_is(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with serving(lambda _: JSONResponse(NOT_FOUND, 404)) as url:
        target_at(url, tmp_path, timeout=30)
        status = main(["preflight", "--target", str(tmp_path / "t.toml")])
    lines = capsys.readouterr().out.splitlines()
    assert status == 1
    assert lines[0].startswith(f"fail  apis.quality-on-demand: no operation of quality-on-demand answers at {url}: 404")
    looked_up = [line for line in lines if "devices.pool" not in line]
    assert not any(line.startswith("ok    devices") or "as it should be" in line for line in looked_up)
