"""The suite against servers as they are met in practice."""

import fcntl
import json
import os
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import pytest

from pytest_nac_qod.foundation.exits import EXIT_BROKEN, EXIT_OK
from tests.deployments.named import named_causes, unnamed
from tests.deployments.running import Deployment, Ran, deployments, run

DEPLOYMENTS = deployments()
SCREEN = 40  # lines
SHARE = 1.3  # entries that all runs together may name for each cause

Running = Callable[[str], Ran]


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Running:
    """What a run against a deployment came to; each is run once, by whichever worker asks first."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base

    def ran(name: str) -> Ran:
        folder = shared / "deployments" / name
        folder.mkdir(parents=True, exist_ok=True)
        kept = folder / "ran.json"
        with (folder / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not kept.exists():
                kept.write_text(json.dumps(asdict(run(DEPLOYMENTS[name], folder))), encoding="utf-8")
        return Ran(**json.loads(kept.read_text(encoding="utf-8")))

    return ran


each = pytest.mark.parametrize("deployment", DEPLOYMENTS.values(), ids=DEPLOYMENTS)


def test_causes_are_told_by_title_and_place() -> None:
    wanted = {"key": "times without zone", "words": ["time", "ZONE"], "where": "^createSession$"}
    named = {"title": "Times have no zone", "verdict": "fail", "clauses": [], "cases": [0]}
    document = {"results": [{"id": "a", "operation": "createSession"}], "causes": [named, {**named, "verdict": "warn"}]}
    assert named_causes(document) == [named]
    assert unnamed(document, [wanted]) == []
    assert unnamed(document, [{**wanted, "where": "deleteSession"}]) == ["times without zone"]
    assert unnamed(document, [{**wanted, "words": ["zone", "null"]}]) == ["times without zone"]
    assert unnamed({**document, "causes": []}, [wanted]) == ["times without zone"]


@pytest.mark.slow
@each
def test_run_comes_to_its_end(running: Running, deployment: Deployment) -> None:
    ran = running(deployment.name)
    assert ran.document["complete"] is True
    assert [result["id"] for result in ran.document["results"] if result["verdict"] == "error"] == []
    assert ran.status in (EXIT_OK, EXIT_BROKEN, deployment.status)


@pytest.mark.slow
@each
def test_what_is_wrong_fits_on_a_screen(running: Running, deployment: Deployment) -> None:
    if len(deployment.causes) == 1:
        assert len(running(deployment.name).said.splitlines()) < SCREEN


@pytest.mark.slow
@each
def test_nothing_is_left_behind(running: Running, deployment: Deployment) -> None:
    ran = running(deployment.name)
    told = ran.document.get("run", {}).get("account", {}).get("left", [])
    assert [key for key in ran.left if not any(key in line for line in told)] == []
    assert bool(ran.left) == deployment.leaves


@pytest.mark.slow
@each
def test_exit_status_tells_whether_something_is_wrong(running: Running, deployment: Deployment) -> None:
    ran = running(deployment.name)
    assert ran.status == deployment.status, named_causes(ran.document)


@pytest.mark.slow
@each
def test_each_cause_is_named(running: Running, deployment: Deployment) -> None:
    document = running(deployment.name).document
    assert unnamed(document, deployment.causes) == [], [cause["title"] for cause in named_causes(document)]


@pytest.mark.slow
@each
def test_no_more_is_named(running: Running, deployment: Deployment) -> None:
    named = [cause["title"] for cause in named_causes(running(deployment.name).document)]
    assert len(named) <= deployment.most, named


@pytest.mark.slow
def test_all_runs_together_name_little_more_than_the_causes(running: Running) -> None:
    named = sum(len(named_causes(running(name).document)) for name in DEPLOYMENTS)
    causes = sum(len(row.causes) for row in DEPLOYMENTS.values())
    assert named <= SHARE * causes, f"{named} entries for {causes} causes"


def table(folder: Path) -> str:
    """Seconds, entries and failures of each run that is kept in a folder, for people."""
    lines = []
    for path in sorted(folder.glob("*/ran.json")):
        ran = Ran(**json.loads(path.read_text(encoding="utf-8")))
        entries, failed = len(named_causes(ran.document)), ran.document["summary"]["fail"]
        lines.append(f"{path.parent.name:18} {ran.seconds:6.1f} s, {ran.cpu:5.1f} of the CPU {entries:4} {failed:4}")
    return "\n".join(lines)
