"""The client cases as pytest tests: pytest --pyargs pytest_nac_qod.conformance.client --qod-client WORDS."""

import subprocess
import sys
from pathlib import Path

SPEAKING = """
import json, sys
from pytest_nac_qod.sdk.seeded.model import ModelClient
client = ModelClient()
for line in sys.stdin:
    print(json.dumps(client.ask(json.loads(line))), flush=True)
"""
SUITE = "pytest_nac_qod.conformance.client"


def run(folder: Path, *options: str) -> str:
    plain = ["-q", "-rA", "-p", "no:cacheprovider", "-p", "no:randomly", "-p", "no:xdist", "-c", "/dev/null"]
    words = [sys.executable, "-m", "pytest", "--pyargs", SUITE, *plain, "--rootdir", str(folder), *options]
    return subprocess.run(words, capture_output=True, text=True, check=False, timeout=600, cwd=folder).stdout


def test_a_program_is_judged_by_every_case(tmp_path: Path) -> None:
    program = tmp_path / "client.py"
    program.write_text(SPEAKING, encoding="utf-8")
    output = run(tmp_path, "--qod-client", f"{sys.executable} {program}")
    assert "51 passed, 2 skipped" in output


def test_a_failure_shows_the_call(tmp_path: Path) -> None:
    program = tmp_path / "client.py"
    program.write_text(SPEAKING.replace("json.loads(line)", "json.loads(line.replace('3600', '36'))"), encoding="utf-8")
    output = run(tmp_path, "--qod-client", f"{sys.executable} {program}", "-k", "nac_client_duration")
    assert "FAIL  nac_client_duration  model 1" in output
    assert "expected  3600 in $.duration" in output


def test_nothing_is_collected_unless_a_client_is_named(tmp_path: Path) -> None:
    assert "no tests ran" in run(tmp_path)
