"""What is waited for, and how long: the embedded server says when no more comes, any other target has its budget."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from pytest_nac_qod import contracts
from pytest_nac_qod.reference import ReferenceServer
from pytest_nac_qod.suite import deliveries, endings, states
from pytest_nac_qod.suite.sinks import Listener
from pytest_nac_qod.suite.waits import waiting
from pytest_nac_qod.target import Target
from pytest_nac_qod.verdicts import Inconclusive
from pytest_nac_qod.wire.redaction import Redactor
from pytest_nac_qod.wire.resources import resource_of
from pytest_nac_qod.wire.sink import Event, Subscription

EVENT = Event(received_at=datetime(2026, 5, 2, 12, tzinfo=UTC), method="POST", path="/sink", headers=(), body=b"{}")
CONTRACT = contracts.contract("r3.2", "quality-on-demand")


@dataclass(slots=True)
class Late(Subscription):
    """A place that an event comes to while it is waited for, and not before."""

    waited: list[float] = field(default_factory=list)

    def wait(self, reached: Callable[[Sequence[Event]], bool], *, timeout: float) -> tuple[Event, ...]:
        self.waited.append(timeout)
        if len(self.waited) == 1:
            self.deliver(EVENT)
        assert reached(self.events()) in (True, False)
        return self.events()


@dataclass(slots=True)
class Waits:
    """Stands in for a Run whose time does not go by."""

    redactor: Redactor = field(default_factory=Redactor)
    moved: list[float] = field(default_factory=list)
    paused: list[float] = field(default_factory=list)
    learned: dict[str, str] = field(default_factory=dict)
    seen: set[str] = field(default_factory=set)
    moments: dict[str, float] = field(default_factory=dict)

    def hook(self, _: str, *, seconds: float) -> None:
        self.moved.append(seconds)

    def pause(self, seconds: float) -> None:
        self.paused.append(seconds)

    def wait(self, place: Subscription, reached: Callable[[Sequence[Event]], bool], seconds: float) -> Sequence[Event]:
        return place.wait(reached, timeout=seconds)


@pytest.fixture
def target() -> Target:
    with ReferenceServer() as server:
        return server.target()


@pytest.fixture
def foreign(target: Target) -> Target:
    """A target whose clock cannot be moved, and which is waited for briefly."""
    hooks = {name: hook for name, hook in target.hooks.items() if name != "advance_clock"}
    return replace(target, embedded=False, hooks=hooks, polling=replace(target.polling, interval=0.001, budget=0.05))


def case(target: Target, run: Waits | None = None, *statuses: str) -> Any:  # noqa: ANN401 - stands in for a Case
    """A case whose session is read with these statuses, the last of them for good."""
    shown = list(statuses)

    def call(*_: object, **__: object) -> SimpleNamespace:
        asked.append(1)
        body = {"sessionId": "s", "qosStatus": shown.pop(0) if len(shown) > 1 else shown[0]}
        return SimpleNamespace(status=200, body=body)

    asked: list[int] = []
    client = SimpleNamespace(exchanges=[])
    return SimpleNamespace(
        target=target,
        run=run or Waits(),
        client=client,
        call=call,
        asked=asked,
        contract=CONTRACT,
        resource=resource_of(CONTRACT),
        serves=lambda _: True,
    )


def test_a_clock_that_can_be_moved_does_not_promise_that_events_have_come(target: Target) -> None:
    foreign = replace(target, embedded=False, polling=replace(target.polling, budget=0.05))
    assert "advance_clock" in foreign.hooks
    place = Late("https://sink.example.com/1")
    assert len(deliveries.settled(Listener(case(foreign), place, "made-up"))) == 1
    assert place.waited[0] == pytest.approx(foreign.polling.budget, rel=0.5)


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


def test_what_was_waited_for_in_vain_is_not_waited_for_again(foreign: Target) -> None:
    run = Waits()
    with pytest.raises(Inconclusive, match=r"^session still REQUESTED after 0.05 s, never AVAILABLE$"):
        states.await_available(case(foreign, run, "REQUESTED"), "s")
    second = case(foreign, run, "REQUESTED")
    with pytest.raises(Inconclusive, match=r"^session still REQUESTED after 0.05 s, never AVAILABLE$"):
        states.await_available(second, "s")
    assert len(second.asked) == 1


def test_where_nothing_becomes_available_no_other_status_is_waited_for(foreign: Target) -> None:
    run = Waits()
    with pytest.raises(Inconclusive, match=r"never AVAILABLE$"):
        states.await_available(case(foreign, run, "REQUESTED"), "s")
    for how in (states.REFUSED, states.TERMINATED, ""):
        other = case(foreign, run, "REQUESTED")
        with pytest.raises(Inconclusive, match=r"never AVAILABLE$"):
            states.until(other, "s", "UNAVAILABLE", how=how)
        assert len(other.asked) == 1
    revoked = case(foreign, run, "REQUESTED", "REQUESTED", "UNAVAILABLE")
    assert states.until(revoked, "s", "UNAVAILABLE", how=states.DELETED)["qosStatus"] == "UNAVAILABLE"


def test_what_comes_after_all_is_waited_for_again(foreign: Target) -> None:
    run = Waits(learned={f"{CONTRACT.api} AVAILABLE": "never"})
    assert states.await_available(case(foreign, run, "AVAILABLE"), "s")["qosStatus"] == "AVAILABLE"
    assert run.learned == {}
    late = case(foreign, run, "REQUESTED", "REQUESTED", "AVAILABLE")
    assert states.await_available(late, "s")["qosStatus"] == "AVAILABLE"


def test_one_way_to_end_that_does_not_work_says_nothing_of_another(foreign: Target) -> None:
    run = Waits()
    with pytest.raises(Inconclusive):
        states.until(case(foreign, run, "AVAILABLE"), "s", "UNAVAILABLE", how=states.TERMINATED)
    deleted = case(foreign, run, "AVAILABLE", "UNAVAILABLE")
    assert states.until(deleted, "s", "UNAVAILABLE")["qosStatus"] == "UNAVAILABLE"


def test_nothing_is_waited_for_longer_than_the_budget(foreign: Target) -> None:
    waiting_case = case(foreign)
    with pytest.raises(Inconclusive, match=r"^3600 s have to pass, and polling.budget is 0.05 s$"):
        endings.elapse(waiting_case, 3600)
    with pytest.raises(Inconclusive, match=r"^3600 s have to pass, and polling.budget is 0.05 s$"):
        endings.expire(waiting_case, {"sessionId": "s", "duration": 3600})
    assert waiting_case.run.paused == []


def test_the_end_of_a_session_is_polled_for(foreign: Target) -> None:
    polled = case(foreign, None, "AVAILABLE", "AVAILABLE", "UNAVAILABLE")
    endings.expire(polled, {"sessionId": "s", "duration": 1})
    assert len(polled.asked) == 3
    assert polled.run.paused == [foreign.polling.interval] * 3


def test_a_session_is_looked_at_a_second_before_it_may_end(foreign: Target) -> None:
    ample = replace(foreign, polling=replace(foreign.polling, budget=60))
    looking = case(ample)
    now = datetime.now(UTC)
    looking.client.exchanges += [shown(now - timedelta(seconds=2), "REQUESTED"), shown(now, "AVAILABLE")]
    end = endings.approach(looking, {"sessionId": "s"}, 10)
    assert end == now + timedelta(seconds=8)  # it began two seconds ago at the earliest
    assert looking.run.paused == [pytest.approx(7, abs=0.5)]
    endings.require_before(SimpleNamespace(exchange=shown(end - timedelta(seconds=1), "")), end)  # type: ignore[arg-type] # looks at the exchange alone
    with pytest.raises(Inconclusive, match="came too late"):
        endings.require_before(SimpleNamespace(exchange=shown(end, "")), end)  # type: ignore[arg-type] # as above


def shown(sent: datetime, status: str) -> Any:  # noqa: ANN401 - stands in for an Exchange
    body = f'{{"sessionId": "s", "qosStatus": "{status}"}}'
    response = SimpleNamespace(json=lambda: {"sessionId": "s", "qosStatus": status}, body=body)
    return SimpleNamespace(started=sent.isoformat(), seconds=0.1, response=response)


@pytest.mark.parametrize("duration", [10**400, 10**10, "60", None, True])
def test_a_duration_that_never_ends_is_none(duration: object) -> None:
    with pytest.raises(Inconclusive, match="the session shows no duration"):
        endings.granted({"duration": duration})
    assert endings.granted({"duration": 2**31 - 1}) == 2**31 - 1
