"""The suite and the plugin, run as a user runs them."""

import os
import subprocess
import sys
from importlib.metadata import entry_points
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
    others = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"} if "-n" not in rest else {}  # they take long to load
    environment = {**os.environ, **others}
    return subprocess.run(
        command, capture_output=True, text=True, check=False, cwd=folder, env=environment, timeout=600
    )


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
    loaded = any(entry.value == "pytest_nac_qod.plugin" for entry in entry_points(group="pytest11"))
    plugin = () if loaded else ("-p", "pytest_nac_qod.plugin")
    return pytester.run(sys.executable, "-m", "pytest", *plugin, "-p", "no:randomly", *arguments)
