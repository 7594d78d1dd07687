"""The suite and the plugin, run as a user runs them."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
QUIET = ("--", "-q", "-p", "no:randomly", "-p", "no:hypothesispytest", "-p", "no:cacheprovider")


def check(*arguments: str, folder: Path, rest: tuple[str, ...] = ()) -> subprocess.CompletedProcess[str]:
    command = [
        sys.executable,
        "-m",
        "pytest_nac_qod",
        "check",
        "--verbose",
        "--max-examples",
        "0",
        *arguments,
        *QUIET,
        *rest,
    ]
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
    listed = pytester.run(sys.executable, "-m", "pytest", "--trace-config", "--version", "--version")
    loaded = any("pytest_nac_qod" in line or "pytest-nac-qod" in line for line in [*listed.outlines, *listed.errlines])
    plugin = () if loaded else ("-p", "pytest_nac_qod.plugin")
    return pytester.run(sys.executable, "-m", "pytest", *plugin, "-p", "no:randomly", *arguments)
