"""What a run shows while it runs: one line on a terminal, lines now and then elsewhere, nothing when it is quick."""

import os
import pty
import re
import subprocess
import sys
from collections import Counter

import pytest

from pytest_nac_qod.report.parts import SUITE
from pytest_nac_qod.report.terminal.progress import duration, line
from tests.support.commands import WORKERS, nac_qod

CHECK = ("check", "--max-examples", "0")
QUIET = ("-p", "no:cacheprovider", "-p", "no:randomly", "-p", "no:hypothesispytest", "-p", "no:xdist")
SOME = ("--scenario", "*_getSession_40*")
FIRST = "quality_on_demand_getSession_401.1_no_authorization_header"


def test_line_says_how_far_how_long_still_what_came_out_and_what_is_running() -> None:
    counted = Counter({"not_tested": 4, "fail": 1, "pass": 15})
    assert line(counted, 200, 30.0, ["a_01 [$.x]"]) == (
        " 10%  20/200  pass 15  fail 1  not_tested 4  4 min left  a_01 [$.x]"
    )
    assert line(counted, 200, 30.0, ["a_01", "a_02", "a_03"]).endswith("a_01 and 2 more")
    assert line(Counter(), 5, 0.0, ["a_01"]) == "  0%  0/5  a_01"


@pytest.mark.parametrize(
    ("seconds", "said"), [(0.4, "0 s"), (89, "89 s"), (90, "2 min"), (3000, "50 min"), (5500, "1 h 32 min")]
)
def test_durations_are_said_as_people_do(seconds: float, said: str) -> None:
    assert duration(seconds) == said


def on_a_terminal(*arguments: str) -> str:
    """What nac-qod check writes to a terminal of 80 columns."""
    ours, theirs = pty.openpty()
    environment = {**os.environ, "COLUMNS": "80", "TERM": "xterm", "NO_COLOR": "1"}
    command = [sys.executable, "-m", "pytest_nac_qod", *CHECK, *arguments]
    running = subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, env=environment, close_fds=True)
    os.close(theirs)
    written = b""
    while True:
        try:
            part = os.read(ours, 65536)
        except OSError:  # the other end is closed
            break
        if not part:
            break
        written += part
    os.close(ours)
    assert running.wait(300) == 0, written.decode()
    return written.decode()


def test_terminal_has_one_line_that_is_written_over() -> None:
    written = on_a_terminal(*SOME, "--", *QUIET)
    lines = re.findall(r"\r *\d+%[^\r\n]*", written)
    assert len(lines) == 7
    assert lines[0].rstrip() == f"\r  0%  0/7  {FIRST}"
    assert lines[3].startswith("\r 43%  3/7  pass 3  ")
    assert {len(text) for text in lines} == {80}
    assert "...." not in written
    assert "test_authorization.py" not in written
    assert written.index(lines[-1]) < written.index("= QoD conformance =")


def test_quick_run_shows_nothing_where_there_is_no_terminal() -> None:
    done = nac_qod(*CHECK, *SOME, "--", *QUIET)
    between = done.stdout.partition("collected 7 items")[2].partition("= QoD conformance =")[0]
    assert between.strip(" =\n") == ""


@pytest.mark.parametrize(("option", "shown"), [("-q", "......."), ("-v", f"[{FIRST}] PASSED")])
def test_who_asks_for_more_or_less_gets_what_pytest_shows(option: str, shown: str) -> None:
    assert shown in nac_qod(*CHECK, *SOME, "--", option, *QUIET).stdout


RUNNER = """
import itertools, sys, pytest
from pytest_nac_qod.report.terminal.progress import Progress
ticks = itertools.count(0.0, float(sys.argv[1]))
sys.exit(pytest.main(sys.argv[2:], plugins=[Progress(clock=lambda: next(ticks))]))
"""


def run(step: float, *more: str) -> list[str]:
    """The progress lines of a run of seven cases in which each look at the clock finds it `step` seconds later."""
    arguments = [
        *(more or QUIET),
        "-W",
        "ignore::pytest.PytestAssertRewriteWarning",
        "--pyargs",
        SUITE,
        f"--qod-scenario={SOME[1]}",
    ]
    command = [sys.executable, "-c", RUNNER, str(step), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=300)
    return [text.strip() for text in done.stdout.splitlines() if re.match(r" *\d+%", text)]


def test_long_run_shows_a_line_now_and_then() -> None:
    lines = run(6.0)
    assert [text.split("  ")[:3] for text in lines] == [
        ["14%", "1/7", "pass 1"],
        ["43%", "3/7", "pass 3"],
        ["71%", "5/7", "pass 5"],
    ]
    assert lines[0].endswith("72 s left  quality_on_demand_getSession_401.2_expired_access_token")


@pytest.mark.slow
def test_each_plain_line_is_at_least_ten_seconds_after_the_last() -> None:
    assert run(1.0) == []
    assert len(run(11.0)) == 6


@pytest.mark.slow
def test_with_workers_all_that_runs_is_counted() -> None:
    lines = run(11.0, "-p", "no:cacheprovider", "-p", "no:randomly", *WORKERS)
    assert lines
    assert all(re.match(r"\d+%  \d/7  ", text) for text in lines)


def test_other_suites_keep_the_dots(pytester: pytest.Pytester) -> None:
    pytester.makepyfile("def test_one(): pass")
    result = pytester.runpytest_inprocess(*QUIET)
    result.stdout.fnmatch_lines(["test_other_suites_keep_the_dots.py . *"])
