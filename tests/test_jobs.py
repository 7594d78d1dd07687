"""Cases that run at the same time: where, in which company, and how they end."""

import threading
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from pytest_nac_qod import catalogue
from pytest_nac_qod.foundation.ticking import elapsed
from pytest_nac_qod.jobs.crew import Crew, Finished
from pytest_nac_qod.jobs.dealt import too_few
from pytest_nac_qod.jobs.work import Turn, Work, alone, at_a_time, overlap, where
from pytest_nac_qod.reference import ReferenceServer
from pytest_nac_qod.suite.run import Run
from pytest_nac_qod.suite.waits.stopping import stop
from pytest_nac_qod.target import Target
from pytest_nac_qod.target.places import known_devices, places
from pytest_nac_qod.wire.redaction import Redactor

CASES = {str(case): case for case in catalogue.cases("r3.2", ("quality-on-demand",))}


@pytest.fixture(scope="module")
def target() -> Target:
    with ReferenceServer() as embedded:
        return replace(embedded.target(), embedded=False)


def without(target: Target, *hooks: str) -> Target:
    return replace(target, hooks={name: hook for name, hook in target.hooks.items() if name not in hooks})


# places


def test_each_device_of_the_pool_takes_the_place_of_the_default_one(target: Target) -> None:
    home, first, *_ = places(target)
    assert home is target
    assert len(places(target)) == 1 + len(target.pool) == 8
    assert first.devices["default"] == {"phoneNumber": target.pool[0]["phoneNumber"]}
    assert first.devices["several"] == target.pool[0]
    assert {"second", "mismatched", "three_legged", "asynchronous"}.isdisjoint(first.devices)
    assert "three_legged" not in first.tokens
    assert {"idle", "not_found", "not_applicable"} <= first.devices.keys()
    assert first.devices["default"] in list(known_devices(target))


def test_one_device_is_one_place(target: Target) -> None:
    assert len(places(replace(target, pool=()))) == 1


@pytest.mark.parametrize(
    ("case", "at_home"),
    [
        ("nac_session_id_is_never_reused", False),
        ("nac_get_after_delete_is_404", False),
        ("nac_flow_of_another_device_is_no_conflict", True),
        ("nac_three_legged_lists_sessions_of_its_device", True),
        ("quality_on_demand_createSession_01_generic_success_scenario [$.device]", True),
    ],
)
def test_roles_that_are_one_of_a_kind_stay_at_home(target: Target, case: str, at_home: bool) -> None:  # noqa: FBT001
    assert where(CASES[case], places(target)) == (frozenset({0}) if at_home else frozenset(range(8)))


def test_what_no_place_has_is_found_missing_anywhere(target: Target) -> None:
    case = CASES["nac_flow_of_another_device_is_no_conflict"]
    single = replace(target, devices={"default": target.devices["default"]})
    assert len(where(case, places(single))) == 8


def test_who_moves_the_clock_is_alone(target: Target) -> None:
    expiring, created = CASES["nac_session_expires_on_time"], CASES["nac_session_id_is_never_reused"]
    assert alone(expiring, target)
    assert not alone(expiring, without(target, "advance_clock"))
    assert not alone(created, target)


def test_as_many_cases_run_at_a_time_as_there_are_devices(target: Target) -> None:
    assert at_a_time(target, None, limited=False) == 8
    assert at_a_time(replace(target, pool=target.pool * 3), None, limited=False) == 8
    assert at_a_time(replace(target, pool=target.pool[:2]), None, limited=False) == 3
    assert at_a_time(target, None, limited=True) == 1
    assert at_a_time(target, 5, limited=True) == 5


def test_one_device_or_no_deletion_allows_no_overlap(target: Target) -> None:
    assert overlap(target)
    assert not overlap(None)
    assert not overlap(replace(target, pool=()))
    assert not overlap(replace(target, unserved={"deleteSession": "none"}))


def test_fewer_devices_than_workers_are_refused(target: Target) -> None:
    assert too_few(target, 8) == ""
    assert too_few(replace(target, pool=()), 2) == (
        "-n 2: each worker needs a device of its own, and the target file has one device; "
        "add [[devices.pool]], or give -n 1"
    )


# the crew


class _Cases:
    """Cases that a crew runs without a target."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.seen: list[tuple[str, str]] = []
        monkeypatch.setattr("pytest_nac_qod.jobs.crew.Case", self._case)

    def _case(self, run: Run, row_case: object, _: object) -> Any:  # noqa: ANN401 - stands in for a Case
        deferred: list[Any] = []
        return SimpleNamespace(
            run=run,
            target=run.target,
            row_case=row_case,
            deferred=deferred,
            clean=lambda: self.seen.append(("clean", "")),
            keep=lambda: None,
            finish=lambda: [judge() for judge in deferred],
        )


@pytest.fixture
def cases(monkeypatch: pytest.MonkeyPatch) -> _Cases:
    return _Cases(monkeypatch)


def crew(target: Target, *work: Work, jobs: int = 3) -> Crew:
    known: Any = {"quality-on-demand": SimpleNamespace()}
    http: Any = SimpleNamespace()
    run = Run(target=target, mode="lenient", contracts=known, http=http, redactor=Redactor())
    return Crew(run, places(target)[:3], jobs, lambda _: None, list(work))


def all_of(running: Crew, number: int) -> dict[str, Finished]:
    """How all cases ended."""
    running.start()
    running.await_end(lambda: "all" if len(running.ended) == number else None, lambda: None)
    running.stop()
    return running.ended


def work(key: str, test: Any, *numbers: int, turn: Turn = Turn.TOGETHER) -> Work:  # noqa: ANN401 - takes a Case
    return Work(key, CASES["nac_session_id_is_never_reused"], test, frozenset(numbers or (0, 1, 2)), turn)


def test_who_waits_lets_others_send(target: Target, cases: _Cases) -> None:
    met = threading.Barrier(3, timeout=60)

    def test(case: Any) -> None:  # noqa: ANN401 - stands in for a Case
        with case.run.away():
            met.wait()

    ended = all_of(crew(target, *(work(key, test) for key in "abc"), jobs=1), 3)
    assert {key: each.error for key, each in ended.items()} == dict.fromkeys("abc")
    assert cases.seen == [("clean", "")] * 3


def test_a_case_that_all_would_feel_starts_again_alone(target: Target, cases: _Cases) -> None:
    there = threading.Event()
    beside: list[int] = []

    def feels(case: Any) -> None:  # noqa: ANN401 - stands in for a Case
        if not case.run.alone:
            assert there.wait(60)
        case.run.hook("reset")

    def other(_: object) -> None:
        there.set()
        beside.append(1)

    running = crew(replace(target, hooks={}), work("feels", feels, 1), *(work(str(n), other) for n in range(4)))
    ended = all_of(running, 5)
    assert isinstance(ended["feels"].error, KeyError)  # it got as far as the hook, which is not there
    assert list(ended)[-1] == "feels"
    assert len(beside) == 4
    assert len(cases.seen) == 6


def test_a_case_that_gives_up_the_run_ends_the_others(target: Target, cases: _Cases) -> None:
    waiting = threading.Barrier(3, timeout=60)

    def gives_up(_: object) -> None:
        waiting.wait()
        stop("nobody answers")

    def waits(case: Any) -> None:  # noqa: ANN401 - stands in for a Case
        waiting.wait()
        case.run.pause(600)

    running = crew(target, work("a", gives_up), work("b", waits), work("c", waits), work("d", waits))
    running.start()
    with pytest.raises(pytest.exit.Exception, match="nobody answers"):
        running.await_end(lambda: None, lambda: None)
    running.stop()
    assert running.ended == {}
    assert len(cases.seen) == 3


def test_what_was_left_for_later_is_judged_after_one_wait(target: Target, cases: _Cases) -> None:
    order: list[str] = []

    def test(case: Any) -> None:  # noqa: ANN401 - stands in for a Case
        order.append("step")
        case.deferred.append(lambda: order.append("judged"))

    running = crew(
        without(target, "advance_clock"),
        work("a", test),
        work("alone", lambda _: order.append("alone"), 0, turn=Turn.ALONE),
        work("b", test),
    )
    running.run.moments["stirred"] = elapsed()
    ended = all_of(running, 3)
    assert order == ["step", "step", "alone", "judged", "judged"]
    assert [each.error for each in ended.values()] == [None] * 3
    assert elapsed() - running.run.moments["stirred"] >= 2
    assert len(cases.seen) == 3
