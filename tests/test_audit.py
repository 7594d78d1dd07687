"""The look for known vulnerabilities in CI: fails where there are some, and says so where it cannot look."""

import subprocess
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[1] / ".ci" / "audit"
UNREACHED = "not audited: the database of pip-audit cannot be reached from here, or does not have all packages\n"


@pytest.mark.parametrize(
    ("said", "status", "ends"),
    [
        ("No known vulnerabilities found", 0, (0, "no known vulnerabilities\n")),
        ("requests.exceptions.ConnectionError: no route", 1, (0, UNREACHED)),
        ("x  Dependency not found on PyPI and could not be audited: x (1)", 0, (0, UNREACHED)),
        ("Found 1 known vulnerability in 1 package", 1, (1, "Found 1 known vulnerability in 1 package\n")),
    ],
)
def test_what_pip_audit_says(tmp_path: Path, said: str, status: int, ends: tuple[int, str]) -> None:
    audit = tmp_path / "pip-audit"
    audit.write_text(f"#!/bin/sh\necho '{said}'\nexit {status}\n", encoding="utf-8")
    audit.chmod(0o755)
    done = subprocess.run(["bash", str(SCRIPT), str(audit)], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == ends
