"""The embedded server finds what is in the way of a creation without a look at all sessions."""

import gc
import weakref
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_nac_qod import strategies as qod
from pytest_nac_qod.reference import register as registers
from pytest_nac_qod.reference.clock import Clock, Timeline
from pytest_nac_qod.reference.flows import ServedFlow, flow, overlap
from pytest_nac_qod.reference.register import Register
from pytest_nac_qod.reference.state import Session

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def session(number: int, device: str, sent: dict[str, Any]) -> Session:
    return Session(
        id=str(number),
        api="quality-on-demand",
        path="",
        id_name="sessionId",
        client="application",
        device=device,
        device_echo=None,
        sent=sent,
        credential=None,
        created=NOW,
        duration=60,
    )


def at(address: str, **ports: list[int]) -> dict[str, Any]:
    return {"applicationServer": {"ipv4Address": address}, **{name: {"ports": given} for name, given in ports.items()}}


BODIES = qod.create_session_bodies(
    device=None,
    application_server=st.builds(
        lambda last, width: {"ipv4Address": f"198.51.100.{last}{width}"},
        st.integers(1, 4),
        st.sampled_from(["", "/32", "/31", "/30"]),
    ),
)


@settings(max_examples=60, database=None, deadline=None)
@given(st.lists(st.tuples(st.sampled_from("ab"), BODIES), max_size=6), st.sets(st.integers(0, 5)), BODIES)
def test_what_shares_a_flow_is_what_a_look_at_all_would_find(
    there: list[tuple[str, dict[str, Any]]], gone: set[int], body: dict[str, Any]
) -> None:
    register = Register()
    for number, (device, sent) in enumerate(there):
        register.add(session(number, device, sent))
    for number in gone:
        register.drop(str(number))
    wanted = {
        str(number)
        for number, (device, sent) in enumerate(there)
        if number not in gone and device == "a" and overlap(flow(sent), flow(body))
    }
    assert {item.id for item in register.sharing("a", body)} == wanted
    assert [item.id for item in register.of_device("a")] == [
        str(number) for number, (device, _) in enumerate(there) if number not in gone and device == "a"
    ]


def test_a_creation_among_thousands_looks_at_a_few(monkeypatch: pytest.MonkeyPatch) -> None:
    register = Register()
    for number in range(5000):
        register.add(session(number, "busy", at(f"10.0.{number >> 8}.{number & 255}")))
    register.add(session(5000, "busy", at("192.0.2.0/25")))
    compared: list[object] = []

    def counted(one: ServedFlow, other: ServedFlow) -> bool:
        compared.append(other)
        return overlap(one, other)

    monkeypatch.setattr(registers, "overlap", counted)
    assert [item.id for item in register.sharing("busy", at("10.0.1.0"))] == ["256"]
    assert [item.id for item in register.sharing("busy", at("192.0.2.7"))] == ["5000"]
    assert len(compared) < 6


@pytest.mark.parametrize("ports", ["devicePorts", "applicationServerPorts"])
def test_a_creation_for_another_port_of_the_same_server_looks_at_a_few(
    monkeypatch: pytest.MonkeyPatch, ports: str
) -> None:
    register = Register()
    for number in range(3000):
        register.add(session(number, "busy", at("10.0.0.1", **{ports: [number, 10_000 + number]})))
    register.add(session(3000, "busy", at("10.0.0.1", **{ports: list(range(20_000, 20_100))})))
    compared: list[object] = []

    def counted(one: ServedFlow, other: ServedFlow) -> bool:
        compared.append(other)
        return overlap(one, other)

    monkeypatch.setattr(registers, "overlap", counted)
    assert [item.id for item in register.sharing("busy", at("10.0.0.1", **{ports: [7, 10_008]}))] == ["7", "8"]
    assert [item.id for item in register.sharing("busy", at("10.0.0.1", **{ports: [20_050]}))] == ["3000"]
    assert register.sharing("busy", at("10.0.0.1", **{ports: [9999]})) == []
    assert len(compared) < 8
    assert len(register.sharing("busy", at("10.0.0.1"))) == 3001


def test_a_session_that_takes_the_id_of_another_takes_its_place() -> None:
    register = Register()
    register.add(session(1, "first", at("10.0.0.1")))
    register.add(session(1, "second", at("10.0.0.2")))
    assert register.of_device("first") == register.sharing("first", at("10.0.0.1")) == []
    assert [item.device for item in register.values()] == ["second"]


def test_plans_that_are_called_off_are_not_kept() -> None:
    clock, timeline = Clock(), Timeline()
    kept: set[int] = set()
    happened: list[object] = []
    plans = []
    for number in range(1000):
        action = partial(happened.append, number)
        kept.add(number)
        weakref.finalize(action, kept.discard, number)
        plans.append(timeline.at(clock.now() + timedelta(days=1), action))
    del action
    for plan in plans[1:]:
        timeline.call_off(plan)
        timeline.call_off(plan)  # twice is once
    gc.collect()
    assert kept == {0}
    clock.advance(86_401)
    timeline.run(clock)
    assert happened == [0]
