"""The suite and the plugin, run as a user runs them."""

import subprocess
import sys
from collections.abc import Sequence
from contextlib import chdir, redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path

import pytest

from pytest_nac_qod.cli import main

ROOT = Path(__file__).parents[2]
WORKERS = ("-p", "xdist", "-n", "2")
QUIET = ("--", "-q", "-p", "no:randomly", "-p", "no:hypothesispytest", "-p", "no:cacheprovider")


def nac_qod(*words: str, folder: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run nac-qod in this process, which has loaded already what a new one takes a second for."""
    out, err = StringIO(), StringIO()
    with chdir(folder or Path.cwd()), redirect_stdout(out), redirect_stderr(err):
        try:
            status = main(words)
        except SystemExit as end:  # of argparse
            status = int(end.code or 0)
    return subprocess.CompletedProcess(["nac-qod", *words], status, out.getvalue(), err.getvalue())


def check(*arguments: str, folder: Path, rest: Sequence[str] = ()) -> subprocess.CompletedProcess[str]:
    """Run the written cases in this process, unless it is about processes: of workers, or one that is killed."""
    words = ("check", "--verbose", "--max-examples", "0", *arguments, *QUIET, *rest)
    if "-p" not in rest:
        return nac_qod(*words, folder=folder)
    command = [sys.executable, "-m", "pytest_nac_qod", *words]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder, timeout=600)


@pytest.fixture(autouse=True)
def importable(monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands run elsewhere find the package, installed or not."""
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.delenv("QOD_TOKEN", raising=False)


def target_at(url: str, folder: Path, timeout: float = 0.5) -> None:
    (folder / "t.toml").write_text(
        f'timeout = {timeout}\n[apis]\nquality-on-demand = "{url}"\n[tokens.two_legged]\nvalue = "t"\n'
        '[devices.default]\nphoneNumber = "+123456789"\n[profiles.default]\nname = "QOS_L"\n',
        encoding="utf-8",
    )


def run(pytester: pytest.Pytester, *arguments: str) -> pytest.RunResult:
    """pytest with the plugin, in a process of its own."""
    return pytester.run(sys.executable, "-m", "pytest", "-p", "no:randomly", *arguments)
