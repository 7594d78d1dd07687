"""How much is generated, and how fast it is sent."""

import subprocess
import sys
from pathlib import Path

import pytest

from pytest_nac_qod.suite.effort import Effort, EffortError, requests_a_second
from pytest_nac_qod.wire.transport.pacing import Pace


@pytest.mark.parametrize(
    ("text", "rate"), [("10/s", 10), ("600/min", 10), ("0.5 / s", 0.5), ("7200/h", 2), (None, None)]
)
def test_rate_is_a_number_a_second(text: str | None, rate: float | None) -> None:
    assert requests_a_second(text) == rate


@pytest.mark.parametrize("text", ["", "10", "fast", "0/s", "-1/s", "10/day", "10/s/s"])
def test_what_is_no_rate_is_refused(text: str) -> None:
    with pytest.raises(EffortError) as caught:
        requests_a_second(text)
    assert str(caught.value) == f"--qod-rate: expected a request rate such as 10/s, 600/min or 1000/h, got {text!r}"


def test_effort_has_defaults() -> None:
    assert Effort.parse(None, None) == Effort() == Effort(50, None)
    assert Effort.parse("0", "7") == Effort(0, 7)


def test_what_is_no_number_is_refused() -> None:
    with pytest.raises(EffortError) as caught:
        Effort.parse("many", None)
    assert str(caught.value) == "--qod-max-examples: expected a whole number, 0 or more, got 'many'"


def test_requests_wait_for_their_turn() -> None:
    now, slept = [100.0], list[float]()

    def sleep(seconds: float) -> None:
        slept.append(round(seconds, 6))
        now[0] += seconds

    pace = Pace(10, clock=lambda: now[0], sleep=sleep, workers=1)
    for _ in range(3):
        pace(object())
    now[0] += 5
    pace(object())
    assert slept == [0.1, 0.1]


def test_workers_share_the_rate() -> None:
    slept: list[float] = []
    pace = Pace(10, clock=lambda: 0.0, sleep=slept.append, workers=4)
    pace(object())
    pace(object())
    assert slept == [pytest.approx(0.4)]


@pytest.mark.parametrize(
    ("option", "said"),
    [
        ("--rate=soon", "--rate: expected a request rate such as 10/s, 600/min or 1000/h, got 'soon'"),
        ("--seed=one", "--seed: expected a whole number, 0 or more, got 'one'"),
    ],
)
def test_unusable_options_end_the_run_at_once(option: str, said: str, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "pytest_nac_qod", "check", option]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path, timeout=600)
    assert done.returncode == 2
    assert said in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
