"""How long a generated rule goes on: as many examples as it may try, and no longer than the target's budget."""

import importlib
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from itertools import count
from pathlib import Path

import pytest
from hypothesis.internal.conjecture import providers

from pytest_nac_qod.generated import draws, examples, machine
from pytest_nac_qod.suite.case import Case
from pytest_nac_qod.suite.effort import Effort
from pytest_nac_qod.target import Polling
from tests.support.generated_runs import Embedded, cases, embedded

FAULT = "expired_session_can_be_extended"
EFFORT = 15


@pytest.fixture(scope="module")
def server() -> Iterator[Embedded]:
    with embedded(effort=Effort(EFFORT, seed=0)) as setup:
        yield setup


@pytest.fixture
def begun(monkeypatch: pytest.MonkeyPatch) -> list[Case]:
    """The case, once for each example that was begun."""
    tried: list[Case] = []
    begin = examples.begin

    def noted(case: Case) -> None:
        tried.append(case)
        begin(case)

    monkeypatch.setattr(examples, "begin", noted)
    return tried


def life(server: Embedded, fault: str | None = None) -> Case:
    (row_case,) = cases("r3.2", pattern="session_life")
    return server.case(row_case, fault)


def test_a_failing_life_is_made_shorter_in_so_many_tries(
    server: Embedded, begun: list[Case], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(machine, "SMALLER", 4)
    assert life(server, FAULT).violations
    assert len(begun) <= EFFORT + 4 + EFFORT  # one search that fails, and one for other causes


def test_a_network_without_hooks_is_waited_for(server: Embedded, begun: list[Case]) -> None:
    target = replace(server.run.target, embedded=False, hooks={}, polling=Polling(interval=0.01, budget=600.0))
    elsewhere = replace(server, run=replace(server.run, target=target))
    assert [(violation.expected, violation.actual) for violation in life(elsewhere).violations] == []
    assert len(begun) >= EFFORT


@pytest.mark.parametrize("fault", [None, FAULT])
def test_no_life_is_begun_once_the_budget_is_used_up(
    fault: str | None, server: Embedded, begun: list[Case], monkeypatch: pytest.MonkeyPatch
) -> None:
    ticks = count()
    monkeypatch.setattr(examples, "monotonic", lambda: next(ticks))
    target = replace(server.run.target, embedded=False, polling=Polling(budget=10.0))
    elsewhere = replace(server, run=replace(server.run, target=target))
    assert bool(life(elsewhere, fault).violations) is (fault is not None)
    assert 5 < len(begun) <= 11  # one second goes by at each look after the first


def test_one_life_is_led_however_long_it_took_to_come_to_it(
    server: Embedded, begun: list[Case], monkeypatch: pytest.MonkeyPatch
) -> None:
    ticks = count(step=1000)
    monkeypatch.setattr(examples, "monotonic", lambda: next(ticks))
    target = replace(server.run.target, embedded=False, polling=Polling(budget=10.0))
    elsewhere = replace(server, run=replace(server.run, target=target))
    assert life(elsewhere, FAULT).violations == []  # which the first does not show
    assert len(begun) == 1


def test_nothing_is_drawn_from_the_source_of_other_modules(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    (tmp_path / "module_of_the_user.py").write_text("NUMBER = 918273645\n", encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    importlib.import_module("module_of_the_user")
    request.addfinalizer(lambda: sys.modules.pop("module_of_the_user"))
    drawable = [918273645 in providers._get_local_constants().set_for_type("integer")]  # noqa: SLF001 - not shown elsewhere
    for _ in range(2):
        with draws.seed_alone(), draws.seed_alone():
            drawable.append(bool(len(providers._get_local_constants())))  # noqa: SLF001 - as above
            assert not len(providers.CONSTANTS_CACHE.cache)
    drawable.append(918273645 in providers._get_local_constants().set_for_type("integer"))  # noqa: SLF001 - as above
    assert drawable == [True, False, False, True], "others draw as ever"


def test_others_draw_while_requests_are_sent() -> None:
    order: list[str] = []

    def other() -> None:
        with draws.draws():
            order.append("other")

    with draws.draws():
        thread = threading.Thread(target=other)
        thread.start()
        order.append("first")
        with draws.others_draw():
            thread.join(60)
        order.append("first again")
    assert order == ["first", "other", "first again"]
