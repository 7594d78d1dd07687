"""A release is added as docs/adding-a-release.md says: differences, catalogue rows, and nothing else."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
DIFFERENCES = """
follows: r4.1
family: {}
apis:
  quality-on-demand:
    version: 9.9.0
    base: /quality-on-demand/v9
  qos-profiles: {}
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A copy of the package with a made-up r9.9 of two APIs, in which one changed its address."""
    unneeded = shutil.ignore_patterns("__pycache__")
    for name in ("pytest_nac_qod", "conformance"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=unneeded)
    package = tmp_path / "pytest_nac_qod"
    (package / "contracts" / "r9.9.yaml").write_text(DIFFERENCES, encoding="utf-8")
    rows = (package / "catalogue" / "r4.1.toml").read_text(encoding="utf-8").split("\n\n")
    kept = [row for row in rows if not row.startswith("[[qos-provisioning]]")]
    (package / "catalogue" / "r9.9.toml").write_text("\n\n".join(kept), encoding="utf-8")
    return tmp_path


def run(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pytest_nac_qod", *arguments]
    environment = {**os.environ, "PYTHONPATH": str(home)}
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=home, env=environment, timeout=300)


@pytest.mark.slow
def test_added_release_is_served_and_judged(home: Path) -> None:
    done = run(home, "contract", "diff", "r4.1:quality-on-demand", "r9.9:quality-on-demand")
    assert done.returncode == 1
    assert done.stdout.splitlines() == [
        "2 changes from r4.1:quality-on-demand to r9.9:quality-on-demand: 2 other",
        "the document",
        '  other     /info/version: "1.2.0-rc.3" → "9.9.0"',
        '  other     /servers: ["/quality-on-demand/v1rc3"] → ["/quality-on-demand/v9"]',
    ]
    done = run(home, "check", "--release", "r9.9", "--max-examples", "0", "--", "-q", "-p", "no:randomly")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "embedded reference server  r9.9  lenient" in done.stdout
    assert "quality-on-demand createSession" in done.stdout
    assert "nothing required is broken" in done.stdout
