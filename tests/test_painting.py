"""On a terminal table, causes and progress are in colours, with the words that stand elsewhere without."""

import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import pytest

from pytest_nac_qod.report.terminal import painting
from tests.support import recordings, traffic
from tests.support.commands import importable

__all__ = ["importable"]

ESCAPES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
CHECK = ["check", "--fault", "conflict_ignored", "--scenario", "*_409.1_session_conflict", "--", "-p", "no:randomly"]
ROWS = [("operation", "pass", "fail", "warn"), ("qos-profiles getQosProfile", "12", "0", "1"), ("all", "12", "0", "1")]


def on_a_terminal(command: list[str], folder: Path, **environ: str) -> str:
    """What a command that finds something prints on a terminal of 100 columns."""
    ours, theirs = pty.openpty()
    env = {name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "FORCE_COLOR", "CI")}
    env |= {"TERM": "xterm", "COLUMNS": "100", **environ}
    words = [sys.executable, "-m", "pytest_nac_qod", *command]
    with subprocess.Popen(words, cwd=folder, env=env, stdout=theirs, stderr=theirs, stdin=theirs) as process:
        os.close(theirs)
        shown = b"".join(iter(lambda: _read(ours), b""))
    os.close(ours)
    assert process.returncode == 1
    return shown.decode()


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 4096)
    except OSError:  # as Linux says that nobody writes any more
        return b""


def plain(command: list[str], folder: Path) -> str:
    words = [sys.executable, "-m", "pytest_nac_qod", *command]
    done = subprocess.run(words, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    return done.stdout


def told(text: str) -> list[str]:
    """The lines about causes and the table, without what differs from run to run."""
    lines = [line.rstrip() for line in ESCAPES.sub("", text).replace("\r", "").splitlines()]
    kept = lines[next(place for place, line in enumerate(lines) if "1 cause in" in line) :]
    varying = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|127\.0\.0\.1:\d+|=+|in \d+\.\d+s|/tmp/\S+")
    return [varying.sub("…", line) for line in kept]


@pytest.fixture
def judge(tmp_path: Path) -> list[str]:
    """The command that judges traffic in which something is wrong."""
    wrong = [traffic.create(), traffic.read(1, body={"sessionId": 7})]
    (tmp_path / "wrong.jsonl").write_text(recordings.lines_of(wrong), encoding="utf-8")
    return ["judge", "wrong.jsonl"]


def test_words_are_the_same_with_colours_and_without(tmp_path: Path, judge: list[str]) -> None:
    coloured, bare = on_a_terminal(judge, tmp_path), plain(judge, tmp_path)
    assert "\x1b[1;31mFAIL\x1b[0m  " in coloured
    assert "\x1b[2mclause\x1b[0m" in coloured
    assert not ESCAPES.search(bare)
    assert told(coloured) == told(bare)
    without = on_a_terminal(judge, tmp_path, NO_COLOR="1")
    assert not ESCAPES.search(without)
    assert told(without) == told(bare)


@pytest.mark.slow
def test_run_is_in_colours_from_its_progress_to_its_table(tmp_path: Path) -> None:
    coloured, bare = on_a_terminal(CHECK, tmp_path), plain(CHECK, tmp_path)
    assert painting.TO_THE_END in coloured  # the progress
    assert re.search(r"\x1b\[1;31m +1\x1b\[0m", coloured)
    assert not ESCAPES.search(bare)
    assert told(coloured) == told(bare)
    without = on_a_terminal(CHECK, tmp_path, NO_COLOR="1")
    assert not re.search(r"\x1b\[[0-9;]*m", without)
    assert told(without) == told(bare)


def test_table_has_the_words_of_the_plain_one() -> None:
    lines = list(painting.table(ROWS, 80))
    assert [ESCAPES.sub("", line).split() for line in lines] == [" ".join(row).split() for row in ROWS]
    assert re.search(r"\x1b\[32m +12\x1b\[0m.*\x1b\[2m +0\x1b\[0m.*\x1b\[33m +1\x1b\[0m", lines[1])


def test_lines_are_never_broken() -> None:
    long = f"      again     curl {'x' * 400}"
    (line,) = painting.painted([long])
    assert ESCAPES.sub("", line) == long


@pytest.mark.parametrize(
    ("environ", "markup", "terminal", "wanted"),
    [
        ({}, None, True, True),
        ({}, None, False, False),
        ({"NO_COLOR": "1"}, None, True, False),
        ({"NO_COLOR": ""}, None, True, True),
        ({"TERM": "dumb"}, None, True, False),
        ({}, False, True, False),
        ({"FORCE_COLOR": "1"}, True, False, False),
    ],
)
def test_colours_are_for_terminals(
    monkeypatch: pytest.MonkeyPatch, environ: dict[str, str], *, markup: bool | None, terminal: bool, wanted: bool
) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    assert painting.wanted(terminal=terminal, markup=markup) is wanted


def test_without_rich_all_is_plain(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(painting, "find_spec", lambda _: None)
    assert painting.wanted(terminal=True, markup=True) is False
