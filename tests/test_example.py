"""The application in examples/ is tested as a repository of its own: with the wheel, in its own environment."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


def run(*words: str | Path, cwd: Path) -> str:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "PYTHONPATH"))}
    done = subprocess.run(
        [str(word) for word in words],
        capture_output=True,
        text=True,
        check=False,
        cwd=cwd,
        env=environment,
        timeout=400,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.slow
def test_application_is_tested_with_the_wheel(wheel: Path, tmp_path: Path) -> None:
    application = tmp_path / "application"
    shutil.copytree(ROOT / "examples" / "application", application)
    run(sys.executable, "-m", "venv", "venv", cwd=tmp_path)
    python = tmp_path / "venv" / "bin" / "python"
    run(python, "-m", "pip", "install", "-q", f"{wheel}[hypothesis,nac]", ".", cwd=application)
    assert "8 passed" in run(python, "-m", "pytest", "-q", cwd=application)
