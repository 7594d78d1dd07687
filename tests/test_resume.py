"""A run that is killed leaves valid results, and can be finished without repeating what is done."""

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import httpx
import jsonschema
import pytest

from pytest_nac_qod import __version__, catalogue
from pytest_nac_qod.cli import main
from pytest_nac_qod.foundation.jsontypes import Json, JsonObject
from pytest_nac_qod.reference import ReferenceServer
from pytest_nac_qod.report import journal, results
from pytest_nac_qod.report.journal import Journal
from pytest_nac_qod.run import resuming
from pytest_nac_qod.run.connecting import LEDGER
from pytest_nac_qod.target import EXAMPLE_SERVER
from pytest_nac_qod.target.file import render_target
from pytest_nac_qod.wire.ownership.ledger import Ledger
from tests.support.commands import WORKERS, nac_qod

CHECK = (sys.executable, "-m", "pytest_nac_qod", "check", "--max-examples", "0")
CREATION: JsonObject = {"applicationServer": EXAMPLE_SERVER, "qosProfile": "QOS_L", "duration": 60}
CREATING = ("--scenario", "quality_on_demand_createSession_*")
QUIET = ("-p", "no:cacheprovider", "-p", "no:randomly", "-q")
ABOUT: Json = {"suite": {"name": "pytest-nac-qod", "version": __version__}, "release": "r3.2", "mode": "lenient",
         "target": {"name": "x", "apis": {}}}  # fmt: skip
RUN: Json = {"started": "2026-11-24T10:00:00Z", "ended": "2026-11-24T10:00:00Z", "python": "3.13.0",
       "platform": "Linux", "packages": {}, "seed": None, "options": {}, "unsupported": {}}  # fmt: skip


def entry(case: str = "", verdict: str = "pass") -> Json:
    return {"id": "a_01", "kind": "scenario", "case": case, "api": "quality-on-demand", "operation": "getSession",
            "verdict": verdict, "reason": "", "violations": [], "exchanges": [], "seconds": 0.1}  # fmt: skip


def document(folder: Path) -> JsonObject:
    report: JsonObject = json.loads((folder / "results.json").read_text(encoding="utf-8"))
    jsonschema.validate(report, results.schema())
    return report


def cases(report: JsonObject) -> list[str]:
    return [f"{result['id']} [{result['case']}]" if result["case"] else result["id"] for result in report["results"]]


def killed(folder: Path, arguments: tuple[str, ...], rest: tuple[str, ...] = ()) -> int:
    """Start a run, kill it once at least five cases are done; returns how many were."""
    command = [*CHECK, "--report", str(folder / "out"), *arguments, "--", *QUIET, *rest]
    running = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    path = folder / "out" / journal.FILE
    deadline = time.monotonic() + 240
    while not path.is_file() or path.read_bytes().count(b"\n") < 6:
        assert running.poll() is None, "the run ended before it could be killed"
        assert time.monotonic() < deadline
        time.sleep(0.005)
    running.send_signal(signal.SIGKILL)
    running.wait(300)
    return len(journal.read(folder / "out").results)


def resumed(folder: Path, *arguments: str, rest: tuple[str, ...] = ()) -> subprocess.CompletedProcess[str]:
    resuming.earlier.cache_clear()  # what another run in this process has read
    words = ("check", "--resume", "out", "--max-examples", "0", *arguments, "--", *QUIET, *rest)
    return nac_qod(*words, folder=folder)


@pytest.mark.parametrize(
    "rest", [("-p", "no:xdist"), pytest.param(WORKERS, marks=pytest.mark.slow)], ids=["alone", "-n 2"]
)
def test_a_killed_run_is_finished_without_repeating_what_is_done(tmp_path: Path, rest: tuple[str, ...]) -> None:
    options = (*CREATING, "--mode", "strict")
    done = killed(tmp_path, options, rest)
    partial = document(tmp_path / "out")
    assert not partial["complete"]
    assert 1 <= len(partial["results"]) <= done < 47
    before = {journal.key(result): result for result in journal.read(tmp_path / "out").results}

    finished = resumed(tmp_path, rest=rest)
    assert finished.returncode == 0, finished.stdout + finished.stderr
    assert f"{47 - done} passed" in finished.stdout
    assert "(47 cases)" in finished.stdout
    report = document(tmp_path / "out")
    assert report["complete"]
    assert report["run"]["options"]["mode"] == "strict"
    published = [str(case) for case in catalogue.cases("r3.2", ("quality-on-demand",))]
    assert cases(report) == [case for case in published if case.startswith("quality_on_demand_createSession_")]
    again = {key: result for result in report["results"] if (key := journal.key(result)) in before}
    assert {key: {**result, "causes": []} for key, result in again.items()} == {
        key: {**result, "causes": []} for key, result in before.items()
    }
    assert not (tmp_path / "out" / journal.FILE).exists()


INTERRUPTING = """
def pytest_runtest_logfinish(nodeid, ended=[]):
    ended.append(nodeid)
    if len(ended) == 5:
        raise KeyboardInterrupt
"""


@pytest.mark.slow
def test_a_killed_run_can_be_reported_and_says_that_it_is_incomplete(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    earlier = tmp_path / "out" / "report.html"
    earlier.parent.mkdir()
    earlier.write_text("all is well", encoding="utf-8")
    done = killed(tmp_path, CREATING)
    assert not earlier.exists()
    assert main(["report", str(tmp_path / "out")]) == 0
    capsys.readouterr()
    report = document(tmp_path / "out")
    assert (len(report["results"]), report["complete"]) == (done, False)
    page = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert "did not come to its end" in page or "incomplete" in page.lower()
    assert resumed(tmp_path).returncode == 0


@pytest.mark.slow
def test_an_interrupted_run_is_incomplete_and_resumed_as_well(tmp_path: Path) -> None:
    (tmp_path / "interrupting.py").write_text(INTERRUPTING, encoding="utf-8")
    command = [*CHECK, "--report", "out", *CREATING, "--", *QUIET, "-p", "interrupting"]
    environment = {**os.environ, "PYTHONPATH": str(tmp_path)}
    done = subprocess.run(
        command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False, timeout=300
    )
    assert done.returncode == 3
    assert "the run did not come to its end; nac-qod check --resume out finishes it (5 cases)" in done.stdout
    assert len(document(tmp_path / "out")["results"]) == 5
    finished = resumed(tmp_path)
    assert finished.returncode == 0
    assert "42 passed" in finished.stdout
    assert document(tmp_path / "out")["complete"]


def test_what_a_killed_run_left_on_the_target_is_deleted_first(tmp_path: Path) -> None:
    with ReferenceServer() as server:
        target = replace(server.target(), hooks={}, pool=())
        (tmp_path / "target.toml").write_text(render_target(target), encoding="utf-8")
        killed(tmp_path, ("--target", "target.toml", "--scenario", "*_createSession_01_*", "--scenario", "*_extend*"))
        with httpx.Client(base_url=target.apis["quality-on-demand"]) as http:
            http.headers["Authorization"] = f"Bearer {target.tokens['two_legged'].resolve(http)}"
            left = http.post("/sessions", json=CREATION | {"device": target.devices["idle"]}).json()["sessionId"]
            book = Ledger(tmp_path / "out" / LEDGER)
            book.created(book.intend("createSession", target.apis["quality-on-demand"], {}), left)
            finished = resumed(tmp_path)
            assert f"left by the interrupted run: {left}: gone" in finished.stdout
            assert finished.returncode == 0, finished.stdout + finished.stderr
            assert http.get(f"/sessions/{left}").status_code == 404
        assert document(tmp_path / "out")["complete"]


def write_journal(folder: Path, *verdicts: str, **given: str) -> None:
    rows = list(catalogue.cases("r3.2", ("quality-on-demand",)))
    book = Journal(folder, {"max_examples": "0"} | given)  # as the environment of the tests has it
    book.begin(ABOUT | {"run": RUN})
    for row_case, verdict in zip(rows, verdicts, strict=False):
        book.add(entry(row_case.case, verdict) | {"id": row_case.row.id})
    journal.close(folder, book, complete=False)


def test_cases_that_ended_in_an_error_run_again(tmp_path: Path) -> None:
    write_journal(tmp_path / "out", "pass", "error", scenario=["*_createSession_01_*"])  # type: ignore[arg-type] # as JSON
    finished = resumed(tmp_path)
    assert "8 passed" in finished.stdout
    assert document(tmp_path / "out")["summary"]["pass"] == 9


@pytest.mark.parametrize(
    ("given", "arguments", "problem"),
    [
        ({"mode": "strict"}, ("--mode", "lenient"),
         "--mode: the run in out was started with 'strict'; leave the option out, or start a new run"),
        ({}, ("--operation", "getSession"),
         "--operation: the run in out was started without it; leave the option out, or start a new run"),
        ({}, ("--report", "other"),
         "--report: a resumed run reports to its own folder; leave the option out"),
    ],
)  # fmt: skip
def test_a_resumed_run_keeps_its_options(
    tmp_path: Path, given: dict[str, str], arguments: tuple[str, ...], problem: str
) -> None:
    write_journal(tmp_path / "out", "pass", **given)
    refused = resumed(tmp_path, *arguments)
    assert refused.returncode == 2
    assert refused.stderr.splitlines()[0] == f"ERROR: {problem}"


def test_no_secret_of_an_address_is_kept_for_resuming() -> None:
    given = {"url": "https://user:secret@host/root", "sink_url": "https://host/?key=secret", "token": "secret"}
    assert resuming.kept(given | {"mode": "strict"}) == {"mode": "strict"}


def test_a_run_of_another_version_is_not_resumed(tmp_path: Path) -> None:
    book = Journal(tmp_path / "out", {})
    book.begin(ABOUT | {"suite": {"name": "pytest-nac-qod", "version": "0.0.1"}})
    journal.close(tmp_path / "out", book, complete=False)
    assert resumed(tmp_path).stderr.splitlines()[0] == (
        f"ERROR: --resume: the run in out was made by version 0.0.1, this is {__version__}; start a new run"
    )


def test_there_is_nothing_to_resume(tmp_path: Path) -> None:
    refused = resumed(tmp_path)
    assert refused.returncode == 2
    assert refused.stderr.splitlines()[0] == (
        "ERROR: --resume: out/results.jsonl: cannot be read: No such file or directory; "
        "is it the --report folder of that run?"
    )
    results.write(results.document(ABOUT, [entry()], complete=True), tmp_path / "out")
    assert resumed(tmp_path).stderr.splitlines()[0] == (
        "ERROR: --resume: out: this run is finished; there is nothing to resume"
    )
    (tmp_path / "out" / "results.json").write_text("[" * 100_000, encoding="utf-8")
    assert resumed(tmp_path).stderr.splitlines()[0] == refused.stderr.splitlines()[0]


CRASHING = """
import os, pytest
@pytest.hookimpl(trylast=True)
def pytest_runtest_setup(item, seen=[]):
    seen.append(item)
    if len(seen) == 3 and "PYTEST_XDIST_WORKER" in os.environ and not os.path.exists("crashed"):
        open("crashed", "w").close()
        os._exit(1)
"""


@pytest.mark.slow
def test_a_run_whose_worker_crashed_is_incomplete_and_resumed(tmp_path: Path) -> None:
    (tmp_path / "crashing.py").write_text(CRASHING, encoding="utf-8")
    command = [
        *CHECK,
        "--report",
        "out",
        "--scenario",
        "quality_on_demand_getSession_*",
        "--",
        *QUIET,
        *WORKERS,
        "-p",
        "crashing",
    ]
    environment = {**os.environ, "PYTHONPATH": str(tmp_path)}
    done = subprocess.run(
        command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False, timeout=300
    )
    assert done.returncode == 1, done.stdout
    assert "the run did not come to its end" in done.stdout
    report = document(tmp_path / "out")
    assert (len(report["results"]), report["complete"]) == (8, False)
    assert resumed(tmp_path).returncode == 0
    assert len(document(tmp_path / "out")["results"]) == 9


def test_a_run_that_stopped_at_the_first_failure_is_incomplete(pytester: pytest.Pytester) -> None:
    command = [*CHECK, "--report", "out", "--fault", "conflict_ignored", "--scenario", "*_409*", "--scenario"]
    done = subprocess.run(
        [*command, "*getSession_0*", "--fail-fast", "--", *QUIET],
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 1
    report = document(pytester.path / "out")
    assert not report["complete"]
    assert report["summary"]["fail"] == 1
