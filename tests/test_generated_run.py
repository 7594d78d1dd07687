"""Generated rules as a run carries them out."""

import gc
import json
import os
import re
import subprocess
import sys
from html import unescape
from pathlib import Path

import pytest

from pytest_nac_qod import catalogue, contracts
from pytest_nac_qod.foundation.jsontypes import JsonObject
from pytest_nac_qod.suite.effort import Effort
from tests.support.commands import nac_qod
from tests.support.generated_runs import cases, embedded

QUIET = ("--", "-q", "-p", "no:randomly", "-p", "no:hypothesispytest", "-p", "no:cacheprovider", "--qod-max-examples=9")


def check(folder: Path, *arguments: str) -> tuple[int, str, list[JsonObject]]:
    command = [sys.executable, "-m", "pytest_nac_qod", "check", "--report", str(folder), *arguments, *QUIET]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder, timeout=600)
    assert not (folder / ".hypothesis").exists()
    return done.returncode, done.stdout, json.loads((folder / "results.json").read_text(encoding="utf-8"))["results"]


def bodies(results: list[JsonObject]) -> list[str]:
    return [exchange["request"]["body"] for result in results for exchange in result["exchanges"]]


@pytest.mark.parametrize("release", catalogue.releases())
def test_every_row_is_a_rule_of_an_operation(release: str) -> None:
    known = {row.operation for row in catalogue.rows(release)}
    rows = catalogue.generated_rules(release)
    assert {row.kind for row in rows} == {"rule"}
    assert {row.operation for row in rows} <= known
    assert all(row.id.startswith("nac_generated_") for row in rows)
    ids = [str(case) for api in {row.api for row in rows} for case in catalogue.generated_cases(release, (api,))]
    assert len(ids) == len(set(ids))


def test_failure_is_shrunk_and_shows_how_to_see_it_again(tmp_path: Path) -> None:
    selected = ("--scenario", "nac_generated_create_session_accepts_valid", "--fault", "create_answers_200")
    status, output, results = check(tmp_path, *selected)
    assert status == 1
    (result,) = results
    assert (result["verdict"], result["kind"], len(result["violations"])) == ("fail", "rule", 1)
    body = json.loads(bodies(results)[-1])
    assert body == {
        "device": {"phoneNumber": "+99999991000"},
        "applicationServer": {"ipv4Address": "198.51.100.1"},
        "qosProfile": "QOS_L",
        "duration": 60,
    }
    assert '      again     curl -i -X POST "http://127.0.0.1:' in output
    assert "-d '" + bodies(results)[-1] + "'" in output


@pytest.mark.slow
@pytest.mark.parametrize("pattern", ["get_session_accepts_valid", "session_life"])
def test_same_seed_sends_the_same_and_another_one_something_else(pattern: str) -> None:
    sent: list[list[str]] = []
    with embedded() as server:
        (row_case,) = cases("r3.2", pattern=pattern)
        for seed in (None, None, 1, 1):
            server.run.effort = Effort(6, seed)
            exchanges = server.case(row_case).client.exchanges
            sent.append([re.sub('events[^"]*|https://[^"]*', "", exchange.request.body) for exchange in exchanges])
    assert sent[0] == sent[1]
    assert sent[2] == sent[3]
    assert sent[0] != sent[2]


def test_without_hypothesis_they_are_not_tested(tmp_path: Path) -> None:
    code = (
        "import sys, importlib.util as util; real = util.find_spec;"
        "util.find_spec = lambda name, *more: None if name == 'hypothesis' else real(name, *more);"
        "from pytest_nac_qod.cli import main; sys.exit(main(sys.argv[1:]))"
    )
    chosen = ("--scenario", "nac_generated_get_session_accepts_valid", "--report", str(tmp_path))
    command = [sys.executable, "-c", code, "check", *chosen, *QUIET]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=600)
    (result,) = json.loads((tmp_path / "results.json").read_text(encoding="utf-8"))["results"]
    assert (result["verdict"], result["reason"]) == (
        "not_tested",
        "hypothesis is not installed; pip install 'pytest-nac-qod[all]'",
    )
    assert done.returncode == 3
    first, *_ = (line for line in done.stdout.splitlines() if "cases" in line)
    assert first == "1 of 1 cases are left out: hypothesis is not installed; pip install 'pytest-nac-qod[all]'"
    assert "1 of them not tested: what generates their requests is not installed" in done.stdout
    page = unescape((tmp_path / "report.html").read_text(encoding="utf-8"))
    assert "1 case not tested: what generates their requests is not installed; pip install" in page
    assert "the target file lacks" not in page


def test_no_examples_leave_them_out(tmp_path: Path) -> None:
    done = nac_qod("check", "--max-examples", "0", "--", "--collect-only", "-q", folder=tmp_path)
    assert "nac_generated" not in done.stdout
    assert "quality_on_demand_createSession_01_generic_success_scenario" in done.stdout


@pytest.mark.slow
@pytest.mark.parametrize("release", catalogue.releases())
def test_nothing_is_found_on_the_embedded_server(release: str, caplog: pytest.LogCaptureFixture) -> None:
    effort = Effort() if release == contracts.CURRENT else Effort(20)
    with embedded(release, effort=effort) as server:
        for api in server.run.contracts:
            for row_case in cases(release, api):
                violations = server.case(row_case).violations
                assert [(str(row_case), violation.expected, violation.actual) for violation in violations] == []
    gc.collect()  # a task that nobody asked for its error tells of it when it goes
    assert [record.getMessage() for record in caplog.records if record.name == "asyncio"] == []


def test_tables_of_characters_are_kept_in_the_cache_of_the_user(tmp_path: Path) -> None:
    work, cache = tmp_path / "work", tmp_path / "cache"
    work.mkdir()
    command = [
        sys.executable,
        "-m",
        "pytest_nac_qod",
        "check",
        "--scenario",
        "nac_generated_retrieve_sessions_any_correlator",
    ]
    environment = {name: value for name, value in os.environ.items() if name != "HYPOTHESIS_STORAGE_DIRECTORY"}
    done = subprocess.run(
        [*command, "--max-examples", "2"],
        capture_output=True,
        text=True,
        check=False,
        cwd=work,
        env={**environment, "XDG_CACHE_HOME": str(cache)},
        timeout=600,
    )
    assert done.returncode == 0, done.stdout
    assert not list(work.iterdir())
    assert list((cache / "nac-qod" / "hypothesis" / "unicode_data").rglob("*.json.gz"))
