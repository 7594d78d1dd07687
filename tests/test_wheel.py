"""What is shipped, and that it works where nothing else of the project is."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "pytest_nac_qod"


def sources(folder: Path, prefix: str) -> set[str]:
    kept = {".py", ".toml", ".yaml", ".json", ".typed", ".html", ".css", ".js", ".mjs"}
    return {
        f"{prefix}/{path.relative_to(folder)}"
        for path in folder.rglob("*")
        if path.suffix in kept or path.name == "py.typed"
        if "__pycache__" not in path.parts and "node_modules" not in path.parts
    }


@pytest.mark.slow
def test_wheel_has_the_package_and_the_suite_inside_it(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = {name for name in archive.namelist() if ".dist-info/" not in name}
    expected = sources(PACKAGE, "pytest_nac_qod") | sources(ROOT / "conformance", "pytest_nac_qod/conformance")
    assert names == expected
    assert {name.partition("/")[0] for name in names} == {"pytest_nac_qod"}


@pytest.mark.slow
def test_wheel_runs_the_main_job_in_a_fresh_environment(wheel: Path, tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-m", "venv", "venv"], check=True, cwd=tmp_path)
    python = tmp_path / "venv" / "bin" / "python"
    subprocess.run([python, "-m", "pip", "install", "-q", str(wheel)], check=True, capture_output=True)
    environment = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "QOD_TOKEN")}
    done = subprocess.run(
        [tmp_path / "venv" / "bin" / "nac-qod", "check", "--report", "out", "--max-examples", "0", "--", "-q"],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
        env=environment,
        timeout=300,
    )
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    assert "nothing required is broken" in done.stdout
    assert (tmp_path / "out" / "results.json").is_file()
