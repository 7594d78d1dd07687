"""When nothing more is on its way: the embedded server says so, any other target has its budget."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from pytest_nac_qod.reference import ReferenceServer
from pytest_nac_qod.suite import deliveries, waiting
from pytest_nac_qod.suite.sinks import Listener
from pytest_nac_qod.target import Target
from pytest_nac_qod.wire.redaction import Redactor
from pytest_nac_qod.wire.sink import Event, Subscription

EVENT = Event(received_at=datetime(2026, 5, 2, 12, tzinfo=UTC), method="POST", path="/sink", headers=(), body=b"{}")


@dataclass(slots=True)
class Late(Subscription):
    """A place that an event comes to while it is waited for, and not before."""

    waited: list[float] = field(default_factory=list)

    def wait(self, reached: Callable[[Sequence[Event]], bool], *, timeout: float) -> tuple[Event, ...]:
        self.waited.append(timeout)
        self.deliver(EVENT)
        assert reached(self.events()) in (True, False)
        return self.events()


@pytest.fixture
def target() -> Target:
    with ReferenceServer() as server:
        return server.target()


def case(target: Target) -> Any:  # noqa: ANN401 - stands in for a Case
    moved: list[int] = []
    run = SimpleNamespace(redactor=Redactor(), hook=lambda _, seconds: moved.append(seconds), moved=moved)
    return SimpleNamespace(target=target, run=run, client=SimpleNamespace(exchanges=[]))


def test_a_clock_that_can_be_moved_does_not_promise_that_events_have_come(target: Target) -> None:
    foreign = replace(target, embedded=False)
    assert "advance_clock" in foreign.hooks
    place = Late("https://sink.example.com/1")
    assert len(deliveries.settled(Listener(case(foreign), place, "made-up"))) == 1
    assert place.waited == [foreign.polling.budget]


def test_the_embedded_server_is_not_waited_for(target: Target) -> None:
    place, at_embedded = Late("https://sink.example.com/1"), case(target)
    assert deliveries.settled(Listener(at_embedded, place, "made-up")) == []
    assert (place.waited, at_embedded.run.moved) == ([], [max(waiting.SETTLED, target.polling.budget)])


def test_the_embedded_server_is_looked_at_twice(target: Target) -> None:
    assert len(list(waiting.looks(case(target)))) == 2


def test_another_target_is_looked_at_until_its_budget_is_used_up(target: Target) -> None:
    foreign = replace(target, embedded=False, polling=replace(target.polling, interval=0.001, budget=0.2))
    assert len(list(waiting.looks(case(foreign)))) > 1
    at_once = replace(foreign, polling=replace(target.polling, budget=0))
    assert len(list(waiting.looks(case(at_once)))) == 1
