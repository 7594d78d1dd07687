"""Ctrl-C while the suite runs in several processes."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from pytest_nac_qod.jobs.quick_end import PATIENCE, QuickEnd
from tests.support.commands import importable

__all__ = ["importable"]


def test_processes_of_an_interrupted_run_are_not_waited_for() -> None:
    nodes = SimpleNamespace(EXIT_TIMEOUT=10)
    spread = SimpleNamespace(nodemanager=nodes)
    config: Any = SimpleNamespace(pluginmanager=SimpleNamespace(getplugin={"dsession": spread}.get))
    plugin = QuickEnd()
    plugin.pytest_configure(config)
    plugin.pytest_keyboard_interrupt()
    assert nodes.EXIT_TIMEOUT == PATIENCE


@pytest.mark.slow
def test_an_interrupted_run_in_processes_writes_its_report_and_ends_them(tmp_path: Path) -> None:
    words = ("check", "--jobs", "2", "--max-examples", "0", "--report", "out")
    process = subprocess.Popen(
        [sys.executable, "-m", "pytest_nac_qod", *words],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert process.stdout is not None
    lines: list[str] = []
    for line in process.stdout:
        lines.append(line)
        if "%" in line:  # some cases have ended
            break
    process.send_signal(signal.SIGINT)
    rest, _ = process.communicate(timeout=300)
    assert process.returncode == 3, rest
    assert "the run did not come to its end; nac-qod check --resume out finishes it" in rest
    assert json.loads((tmp_path / "out" / "results.json").read_text(encoding="utf-8"))["results"] != []
    with pytest.raises(ProcessLookupError):
        os.killpg(process.pid, 0)
