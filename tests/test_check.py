"""nac-qod check as an operator uses it."""

import asyncio
import gc
import json
import socket
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import cycle
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from pytest_nac_qod import catalogue, contracts
from pytest_nac_qod.foundation.jsontypes import JsonObject
from pytest_nac_qod.proof.bench import bench
from pytest_nac_qod.reference import ReferenceServer
from pytest_nac_qod.report.results import schema
from pytest_nac_qod.target.file import render_target
from pytest_nac_qod.wire.serving import serve
from tests.support.commands import WORKERS, check, importable, nac_qod, target_at
from tests.support.manifest import COVERED

__all__ = ["importable"]

PUBLISHED = {release: cases for release, (_, cases) in COVERED.items()}  # cases of scenarios


@pytest.fixture(scope="session")
def whole(tmp_path_factory: pytest.TempPathFactory) -> tuple[subprocess.CompletedProcess[str], JsonObject]:
    """A strict run of everything on the embedded server, and its results."""
    folder = tmp_path_factory.mktemp("whole")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(Path(__file__).parent.parent))
        done = check("--report", "out", "--mode", "strict", folder=folder)
    return done, json.loads((folder / "out" / "results.json").read_text(encoding="utf-8"))


def test_embedded_server_passes_every_case_strictly(
    whole: tuple[subprocess.CompletedProcess[str], JsonObject],
) -> None:
    done, document = whole
    assert done.returncode == 0, done.stdout
    assert {result["verdict"] for result in document["results"]} == {"pass"}
    ran = Counter(f"{r['id']} [{r['case']}]" if r["case"] else r["id"] for r in document["results"])
    assert ran == Counter(str(case) for case in catalogue.cases("r3.2", contracts.apis("r3.2")))
    assert sum(result["kind"] == "scenario" for result in document["results"]) == PUBLISHED["r3.2"]
    assert document["summary"]["pass"] == len(document["results"])
    assert document["complete"] is True


@pytest.mark.slow
@pytest.mark.parametrize("release", [release for release in PUBLISHED if release != "r3.2"])
def test_embedded_server_passes_every_case_of_other_releases_strictly(release: str) -> None:
    """As a run would have it, without pytest in between, which takes most of the time."""
    everything = tuple(catalogue.cases(release, contracts.apis(release)))
    with bench(release, "strict") as server:
        ended = [(str(case.row_case), case.verdict, case.reason) for case in server.cases(everything)]
    assert [case for case in ended if case[1] != "pass"] == []
    assert len(ended) == len(everything)
    assert sum(case.row.kind == "scenario" for case in everything) == PUBLISHED[release]


def test_run_ends_with_the_verdict_table(tmp_path: Path) -> None:
    some = ("--scenario", "quality_on_demand_delete*", "--scenario", "quality_on_demand_extend*")
    done = check(*some, folder=tmp_path)
    lines = done.stdout.splitlines()
    start = lines.index("embedded reference server  r3.2  lenient")
    assert lines[start + 1 : start + 8] == [
        "",
        "operation                                   pass  fail  warn",
        "quality-on-demand deleteSession                9     0     0",
        "quality-on-demand extendQosSessionDuration    13     0     0",
        "all                                           22     0     0",
        "",
        "nothing required is broken (22 cases)",
    ]


def test_results_follow_their_schema_and_hold_no_secret(
    whole: tuple[subprocess.CompletedProcess[str], JsonObject],
) -> None:
    _, document = whole
    assert list(Draft202012Validator(schema()).iter_errors(document)) == []
    text = json.dumps(document)
    for secret in ("application-secret", "three-legged-token", "expired-token", "scopeless-token"):
        assert secret not in text
    assert "Bearer <redacted:tokens.two_legged>" in text
    assert '"accessToken\\": \\"<redacted:sink-' in text


def test_strict_mode_does_not_tolerate_what_lenient_warns_of(tmp_path: Path) -> None:
    some = ("-k", "session_token_mismatch")
    lenient = check("--fault", "session_of_another_client_hidden", folder=tmp_path, rest=some)
    strict = check("--fault", "session_of_another_client_hidden", "--mode", "strict", folder=tmp_path, rest=some)
    assert (lenient.returncode, strict.returncode) == (0, 1)
    assert "all                                            0     0     3" in lenient.stdout
    assert "      expected  403 PERMISSION_DENIED\n      actual    404 NOT_FOUND\n" in strict.stdout


def test_failure_reads_line_by_line(tmp_path: Path) -> None:
    done = check("--fault", "device_port_maximum_unchecked", folder=tmp_path, rest=("-k", "devicePorts.ports"))
    lines = done.stdout.splitlines()
    start = next(n for n, line in enumerate(lines) if line.startswith("FAIL  "))
    assert (
        lines[start] == "FAIL  quality_on_demand_createSession_400.5_out_of_range_port [$.devicePorts.ports[*]]  r3.2"
    )
    assert lines[start + 1] == "      expected  400 OUT_OF_RANGE or INVALID_ARGUMENT"
    assert lines[start + 2].startswith("      actual    201; session ")
    assert lines[start + 2].endswith(" was created")
    assert lines[start + 3] == "      clause    quality-on-demand#/paths/~1sessions/post/responses/400"
    assert lines[start + 4].startswith('      again     curl -i -X POST "http://127.0.0.1:')
    assert '-H "Authorization: Bearer <access token of tokens.two_legged>"' in lines[start + 4]
    assert '"ports": [65536]' in lines[start + 4]


def test_same_verdicts_under_xdist(tmp_path: Path) -> None:
    some = ("--scenario", "quality_on_demand_*")
    done = check(*some, "--report", "out", "--fault", "conflict_ignored", folder=tmp_path, rest=WORKERS)
    assert done.returncode == 1, done.stdout
    document = json.loads((tmp_path / "out" / "results.json").read_text(encoding="utf-8"))
    verdicts = Counter(result["verdict"] for result in document["results"] if result["kind"] == "scenario")
    assert verdicts == {"pass": 95, "fail": 1}
    assert document["target"]["name"] == "embedded reference server"


def test_target_file_that_is_a_server_elsewhere(tmp_path: Path) -> None:
    with ReferenceServer() as server:
        (tmp_path / "target.toml").write_text(render_target(server.target(embedded=False)), encoding="utf-8")
        done = check("--target", "target.toml", folder=tmp_path, rest=("-k", "delete or revoke or 02_"))
        assert done.returncode == 0, done.stdout
        assert ", 0 left" in done.stdout
        network = server.service.network
        assert not network.sessions
        assert not network.assignments
    assert not (tmp_path / "nac-qod-ledger.jsonl").exists()


def test_url_and_token_leave_untested_what_they_cannot_reach(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with ReferenceServer() as server:
        token = server.service.issuer.token(
            {"grant_type": "client_credentials", "client_id": "application", "client_secret": "application-secret"},
            None,
        )["access_token"]
        monkeypatch.setenv("QOD_TOKEN", token)
        done = check(
            "--url",
            server.url,
            folder=tmp_path,
            rest=("-k", "createSession_401 or SessionsByDevice_401 or getSession_404.1", "-rs"),
        )
    assert done.returncode == 0, done.stdout
    assert "not_tested: the target file has no tokens.expired; add [tokens.expired]" in done.stdout
    assert token not in done.stdout


def test_nothing_executed_is_no_success(tmp_path: Path) -> None:
    with ReferenceServer() as server:
        done = check("--url", server.url, "--token", "t", folder=tmp_path, rest=("-k", "401.2"))
    assert done.returncode == 3
    assert "answers 401 to each of 3 requests with tokens.two_legged" in done.stdout


@contextmanager
def answering(response: Response | None) -> Iterator[str]:
    """A server that answers everything with the same, or nothing at all."""
    if response is None:
        with socket.socket() as listening:
            listening.bind(("127.0.0.1", 0))
            listening.listen()
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        return

    async def endpoint(request: Request) -> Response:  # noqa: ARG001 - whatever is asked
        return response

    app = Starlette(routes=[Route("/{rest:path}", endpoint, methods=["GET", "POST", "DELETE"])])
    serving = serve(app)
    yield f"http://127.0.0.1:{serving.port}"
    serving.stop()


@pytest.mark.parametrize(
    ("response", "said"),
    [
        (
            HTMLResponse("<h1>Hello</h1>"),
            "answers with a web page (Content-Type: text/html; charset=utf-8) instead of JSON",
        ),
        (None, "gave no answer within 0.5 s; is the address right, and is the service up?"),
    ],
)
def test_target_that_cannot_be_judged(tmp_path: Path, response: Response | None, said: str) -> None:
    with answering(response) as url:
        target_at(url, tmp_path)
        done = check("--target", "t.toml", folder=tmp_path)
    assert done.returncode == 3
    assert f"{url} {said}" in done.stdout
    assert "Traceback" not in done.stdout + done.stderr


def test_target_that_is_down(tmp_path: Path) -> None:
    target_at("http://127.0.0.1:1", tmp_path)
    done = check("--target", "t.toml", folder=tmp_path)
    assert done.returncode == 3
    assert "http://127.0.0.1:1 cannot be reached: [Errno 111] Connection refused; is the address right" in done.stdout
    assert "Traceback" not in done.stdout + done.stderr


def test_target_that_goes_away_ends_the_run(tmp_path: Path) -> None:
    served = threading.Semaphore(20)
    refusals = cycle([(401, "UNAUTHENTICATED"), (400, "INVALID_ARGUMENT"), (404, "NOT_FOUND")])

    async def endpoint(request: Request) -> Response:  # noqa: ARG001 - whatever is asked
        if not served.acquire(blocking=False):
            serving.server.should_exit = serving.server.force_exit = True
            await asyncio.sleep(3600)  # until the loop ends
        status, code = next(refusals)
        return JSONResponse({"status": status, "code": code, "message": "No."}, status)

    serving = serve(Starlette(routes=[Route("/{rest:path}", endpoint, methods=["GET", "POST", "DELETE"])]))
    url = f"http://127.0.0.1:{serving.port}"
    target_at(url, tmp_path)
    done = check("--target", "t.toml", "--report", "out", folder=tmp_path)
    serving.stop()
    assert done.returncode == 3
    assert f"{url} stopped answering: 3 requests in a row got no answer" in done.stdout
    document = json.loads((tmp_path / "out" / "results.json").read_text(encoding="utf-8"))
    assert document["complete"] is False


def test_everything_is_deleted_again_and_cleanup_finishes_after_a_kill(tmp_path: Path) -> None:
    with ReferenceServer() as server:
        (tmp_path / "target.toml").write_text(
            render_target(replace(server.target(embedded=False), pool=())), encoding="utf-8"
        )
        conftest = (
            "import os, pytest\n"
            "@pytest.hookimpl(trylast=True)\n"
            "def pytest_runtest_call(item):\n"
            "    os.kill(os.getpid(), 9)\n"
        )
        (tmp_path / "killer.py").write_text(conftest, encoding="utf-8")
        killed = check(
            "--target", "target.toml", folder=tmp_path, rest=("-k", "extendQosSessionDuration_01", "-p", "killer")
        )
        assert killed.returncode == -9
        assert len(server.service.network.sessions) == 1
        command = [sys.executable, "-m", "pytest_nac_qod", "cleanup", "--target", "target.toml"]
        done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout.rstrip().endswith(": gone")
        assert server.service.network.sessions == {}
    assert not (tmp_path / "nac-qod-ledger.jsonl").exists()


def test_no_run_looks_for_garbage_at_its_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    looks: list[int] = []
    monkeypatch.setattr(gc, "collect", lambda *_: looks.append(1))
    assert check("--scenario", "*_getSession_404*", folder=tmp_path).returncode == 0
    assert looks == []


@pytest.mark.parametrize("rest", [(), ("--", "-q")])
def test_a_run_without_a_report_leaves_no_file(tmp_path: Path, rest: tuple[str, ...]) -> None:
    nac_qod("check", "--scenario", "*_getSession_404*", "--max-examples", "0", *rest, folder=tmp_path)
    assert list(tmp_path.iterdir()) == []
