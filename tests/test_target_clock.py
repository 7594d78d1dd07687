"""Whose clock the times of a target are judged by: its own, as far as a run can know it."""

import json
import subprocess
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import partial
from html import unescape
from pathlib import Path

import httpx
import pytest

from pytest_nac_qod.reference import ReferenceServer, answers
from pytest_nac_qod.target.file import render_target
from pytest_nac_qod.wire.clock import TargetClock, described, skew
from tests.support.commands import nac_qod

NOW = datetime(2026, 5, 2, 12, tzinfo=UTC)
CHECK = ("check", "--max-examples", "0")
QUIET = ("--", "-p", "no:cacheprovider", "-p", "no:randomly", "-p", "no:xdist", "-q")


def dated(seconds: float) -> str:
    return format_datetime(NOW + timedelta(seconds=seconds), usegmt=True)


@pytest.mark.parametrize(
    ("date", "ahead"),
    [
        (dated(0), 0.0),
        (dated(-2), 0.0),  # made a moment ago, in whole seconds
        (dated(3), 3.0),
        (dated(-5), -3.0),
        (dated(7200), 7200.0),
        ("Sat, 02 May 2026 12:00:00 -0000", 0.0),
        ("yesterday", None),
        ("Sat, 99 May 2026 12:00:00 GMT", None),
        (None, None),
    ],
)
def test_a_date_header_says_how_far_the_clocks_are_apart(date: str | None, ahead: float | None) -> None:
    assert skew(date, NOW, NOW) == ahead


def test_an_answer_that_took_long_may_be_dated_anywhen_meanwhile() -> None:
    for seconds in (0, 15, 30):
        assert skew(dated(seconds), NOW, NOW + timedelta(seconds=30)) == 0.0


def test_it_is_told_in_words() -> None:
    assert described(3600.2) == "the target's clock is 3600 s ahead of ours"
    assert described(-90) == "the target's clock is 90 s behind ours"


def bounds(clock: TargetClock) -> tuple[float, float]:
    return clock.least, clock.most


def test_what_was_advanced_counts_where_date_headers_do_not_show_it() -> None:
    clock = TargetClock()
    clock.see(dated(0), NOW, NOW)
    clock.advance(700)
    clock.see(dated(0), NOW, NOW)
    assert bounds(clock) == (700, 700)


def test_what_was_advanced_counts_once_where_date_headers_show_it() -> None:
    clock = TargetClock()
    clock.see(dated(50), NOW, NOW)
    clock.advance(700)
    clock.see(dated(750), NOW, NOW)
    assert bounds(clock) == (750, 750)
    clock.reset()
    clock.see(dated(0), NOW, NOW)
    assert bounds(clock) == (0, 0)


def test_small_moves_add_up() -> None:
    clock = TargetClock()
    for moved in range(30):
        clock.see(dated(moved // 2), NOW, NOW)
        clock.advance(0.5)
    assert clock.shows_moves


def test_without_date_headers_what_was_advanced_is_all_that_is_known() -> None:
    clock = TargetClock()
    clock.advance(700)
    clock.see(None, NOW, NOW)
    assert bounds(clock) == (700, 700)
    clock.reset()  # which may have put it back, or not
    assert bounds(clock) == (0, 700)


def test_a_date_header_may_come_from_a_machine_on_the_way() -> None:
    clock = TargetClock()
    clock.see(dated(-3602), NOW, NOW)
    assert bounds(clock) == (-3600, 0)
    clock.see(dated(3600), NOW, NOW)
    assert bounds(clock) == (0, 3600)


def check(file: Path, *options: str) -> subprocess.CompletedProcess[str]:
    words = (*CHECK, "--target", str(file), "--report", str(file.parent / "out"), *options, *QUIET)
    return nac_qod(*words, folder=file.parent)


TIMED = ("--scenario", "*extend*", "--scenario", "*getSession*", "--scenario", "*event*")


@pytest.mark.slow
def test_a_run_knows_how_far_it_moved_a_clock_that_no_date_header_shows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    by_gateway = partial(answers.dated, now=lambda: datetime.now(UTC))
    monkeypatch.setattr("pytest_nac_qod.reference.server.dated", lambda app, _: by_gateway(app))
    with ReferenceServer(release="r4.1") as server:
        file = tmp_path / "t.toml"
        file.write_text(render_target(server.target(embedded=False)), encoding="utf-8")
        done = check(file, *TIMED)
    assert done.returncode == 0, done.stdout
    assert "the target's clock" not in done.stdout


def test_a_clock_that_is_off_is_told_and_judged_by_itself(tmp_path: Path) -> None:
    with ReferenceServer() as server:
        file = tmp_path / "t.toml"
        file.write_text(render_target(server.target(embedded=False)), encoding="utf-8")
        httpx.post(server.control_url("advance_clock"), json={"seconds": 86400.5}).raise_for_status()
        done = check(file, *TIMED)
    assert done.returncode == 0, done.stdout
    (line,) = (line for line in done.stdout.splitlines() if line.startswith("the target's clock is "))
    ahead = json.loads((tmp_path / "out" / "results.json").read_text(encoding="utf-8"))["target"]["clock_ahead"]
    assert abs(ahead - 86_400) < 30
    assert line == described(ahead)
    page = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert f"{line.capitalize()}; its times were judged by its own clock." in unescape(page)


def test_preflight_tells_it_and_lets_the_run_start(tmp_path: Path) -> None:
    with ReferenceServer() as server:
        file = tmp_path / "t.toml"
        file.write_text(render_target(server.target(embedded=False)), encoding="utf-8")
        server.clock.advance(86_400.5)
        done = nac_qod("preflight", "--target", str(file))
    assert "warn  clock: the target's clock is 864" in done.stdout
    assert "; its times are judged by its own clock; set the clocks by NTP\n" in done.stdout
    assert done.returncode == 0


def test_a_session_from_the_future_fails_by_any_clock(tmp_path: Path) -> None:
    words = (*CHECK, "--fault", "started_at_in_the_future", "--scenario", "*getSession*", *QUIET)
    done = nac_qod(*words, folder=tmp_path)
    assert done.returncode == 1
    assert "expected  $.startedAt not after " in done.stdout
