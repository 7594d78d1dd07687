"""What nac-qod client prints and writes: a defect in every creation is one cause."""

import json
import sys
from pathlib import Path

import pytest

from pytest_nac_qod.cli import main
from pytest_nac_qod.foundation.exits import EXIT_BROKEN, EXIT_OK, EXIT_USAGE
from pytest_nac_qod.report import results

SPEAKING = """
import json, sys
from pytest_nac_qod.sdk.seeded.model import ModelClient
from pytest_nac_qod.sdk.seeded.mutations import MUTATIONS
client = ModelClient(MUTATIONS["{}"].applied()) if "{}" else ModelClient()
for line in sys.stdin:
    print(json.dumps(client.ask(json.loads(line))), flush=True)
"""
CASES = ("nac_client_create", "nac_client_duration", "nac_client_get", "nac_client_correlator")


def judged(folder: Path, bug: str) -> int:
    program = folder / "client.py"
    program.write_text(SPEAKING.replace("{}", bug), encoding="utf-8")
    chosen = [word for case in CASES for word in ("--case", case)]
    report = ["--report", str(folder / "report")]
    return main(["client", "--command", f"{sys.executable} {program}", *chosen, *report, "--timeout", "300"])


def test_a_defect_of_every_creation_is_one_cause(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert judged(tmp_path, "duration_dropped") == EXIT_BROKEN
    lines = capsys.readouterr().out.splitlines()
    assert lines[:4] == [
        "FAIL  nac_client_duration  model 1",
        "      expected  3600 in $.duration",
        "      actual    sent nothing",
        "      clause    quality-on-demand#/components/schemas/CreateSession",
    ]
    assert lines[5:] == [
        "      cause     duration does not arrive as it is given: 3 cases, also nac_client_create, nac_client_get",
        "model 1: 1 pass, 3 fail; 1 cause",
        f"report: {tmp_path / 'report' / 'report.html'}",
    ]


def test_the_report_has_the_same_cause(tmp_path: Path) -> None:
    judged(tmp_path, "duration_dropped")
    document = results.read(tmp_path / "report")
    assert document["kind"] == "client"
    assert document["target"]["name"] == "model 1"
    (cause,) = document["causes"]
    assert (cause["title"], len(cause["cases"])) == ("duration does not arrive as it is given", 3)
    files = {path.name for path in (tmp_path / "report").iterdir()}
    assert files >= {"results.json", "report.html", "junit.xml", "exchanges.har", "manifest.json"}
    page = (tmp_path / "report" / "report.html").read_text("utf-8")
    assert "duration does not arrive as it is given" in page
    assert "key-of-the-client-cases" not in json.dumps(document) + page


def test_the_report_of_a_right_client(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert judged(tmp_path, "") == EXIT_OK
    assert "model 1: 4 pass" in capsys.readouterr().out
    assert results.read(tmp_path / "report")["causes"] == []


def test_a_report_that_cannot_be_written_is_told_first(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "file"
    file.touch()
    assert main(["client", "--command", "no-such-program", "--report", str(file)]) == EXIT_USAGE
    assert "--report" in capsys.readouterr().err
