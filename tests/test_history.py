"""What is judged from the record of a whole run, whoever sent the requests."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from pytest_nac_qod import contracts
from pytest_nac_qod.checks import history
from pytest_nac_qod.foundation.jsontypes import Json, JsonObject
from pytest_nac_qod.wire.exchange import Exchange, Request, Response

CONTRACT = contracts.contract("r3.2", "quality-on-demand")
BEGIN = datetime(2026, 11, 27, 12, tzinfo=UTC)
CHECKS = [
    history.told_twice,
    history.out_of_order,
    history.without_sink,
    history.told_after_gone,
    history.reused_ids,
    history.back_again,
    history.secrets_told,
]
SINK = "https://sink.example.com/place"


def exchange(  # noqa: PLR0913, PLR0917 - what an exchange is made of
    at: float, operation: str, method: str, url: str, status: int, shown: Json = None, sent: Json = None
) -> Exchange:
    return Exchange(
        id="x1",
        operation=operation,
        role="setup",
        request=Request(method=method, url=url, headers=(), body=json.dumps(sent) if sent is not None else ""),
        response=Response(status=status, headers=(), body=json.dumps(shown) if shown is not None else ""),
        error=None,
        started=(BEGIN + timedelta(seconds=at)).isoformat(),
        seconds=0.1,
    )


def created(at: float, key: str = "s", sink: str | None = SINK) -> Exchange:
    sent: JsonObject = {"duration": 60, **({"sink": sink} if sink else {})}
    return exchange(at, "createSession", "POST", "https://api/sessions", 201, {"sessionId": key}, sent)


def deleted(at: float, key: str = "s") -> Exchange:
    return exchange(at, "deleteSession", "DELETE", f"https://api/sessions/{key}", 204)


def read(at: float, status: str) -> Exchange:
    shown = {"sessionId": "s", "qosStatus": status}
    return exchange(at, "getSession", "GET", "https://api/sessions/s", 200, shown)


def listed(at: float, status: str) -> Exchange:
    shown: Json = [{"sessionId": "s", "qosStatus": status}]
    return exchange(at, "retrieveSessionsByDevice", "POST", "https://api/retrieve-sessions", 200, shown)


def event(at: float, status: str, number: int = 1, *, path: str = "/place", answer: int = 204, **more: str) -> Exchange:
    body = {"id": str(number), "source": "net", "data": {"sessionId": "s", "qosStatus": status, **more}}
    return exchange(at, "postNotification", "POST", path, answer, None, body)


LIFE = [created(0), read(2, "AVAILABLE"), deleted(3)]
TOLD = [event(1, "AVAILABLE"), event(4, "UNAVAILABLE", 2, statusInfo="DELETE_REQUESTED")]


def found(exchanges: list[Exchange], events: list[Exchange]) -> dict[str, list[str]]:
    """What each check finds, by its name."""
    told = {
        check.__name__: [f"{wrong.expected}: {wrong.actual}" for _, wrong in check(exchanges, events, CONTRACT)]
        for check in CHECKS
    }
    return {name: lines for name, lines in told.items() if lines}


def test_an_ordinary_life_breaks_nothing() -> None:
    assert found(LIFE, TOLD) == {}


def test_an_event_that_is_sent_again_with_its_id_is_the_same() -> None:
    again = [event(1.5, "AVAILABLE"), event(6, "AVAILABLE")]
    assert found(LIFE, [*TOLD, *again]) == {}


def test_what_the_record_does_not_know_is_nobodys_matter() -> None:
    assert found([], TOLD) == {}
    assert list(history.told_twice(LIFE, TOLD, contracts.contract("r3.2", "qos-profiles"))) == []


@pytest.mark.parametrize(
    ("exchanges", "events", "expected"),
    [
        (
            LIFE,
            [*TOLD, event(5, "UNAVAILABLE", 3, statusInfo="DELETE_REQUESTED")],
            {"told_twice": ["one event that tells s UNAVAILABLE: another one, DELETE_REQUESTED"]},
        ),
        (
            LIFE,
            [event(1, "UNAVAILABLE", 2), event(2, "AVAILABLE")],
            {"out_of_order": ["s told AVAILABLE, then UNAVAILABLE: UNAVAILABLE, then AVAILABLE"]},
        ),
        (
            [created(0, sink=None), deleted(3)],
            TOLD[:1],
            {"without_sink": ["no event of s, which has no sink: AVAILABLE"]},
        ),
        (
            LIFE,
            [event(1, "AVAILABLE", path="/elsewhere")],
            {"without_sink": ["events of s at its own sink only: one at another sink"]},
        ),
        (
            LIFE,
            [event(1, "AVAILABLE", answer=410), event(4, "UNAVAILABLE", 2, answer=410)],
            {"told_after_gone": ["no event after the 410: UNAVAILABLE"]},
        ),
        ([*LIFE, created(5)], TOLD, {"reused_ids": ["$.sessionId never used before: s"]}),
        ([*LIFE, read(5, "AVAILABLE")], TOLD, {"back_again": ["s not AVAILABLE after its deletion: AVAILABLE"]}),
        ([*LIFE, listed(5, "AVAILABLE")], TOLD, {"back_again": ["s not AVAILABLE after its deletion: AVAILABLE"]}),
        (
            LIFE,
            [event(1, "AVAILABLE", note="<redacted:sink-0a1b2c3d>")],
            {"secrets_told": ["event without the access token in its body: it is there"]},
        ),
    ],
)
def test_what_must_not_happen_is_found(
    exchanges: list[Exchange], events: list[Exchange], expected: dict[str, list[str]]
) -> None:
    assert found(exchanges, events) == expected
    assert found(exchanges[::-1], events[::-1]) == expected


@pytest.mark.parametrize("late", [read(5, "UNAVAILABLE"), listed(5, "UNAVAILABLE"), read(3.05, "AVAILABLE")])
def test_what_is_kept_for_a_time_or_asked_for_too_early_is_no_breach(late: Exchange) -> None:
    assert found([*LIFE, late], TOLD) == {}


def test_a_sink_that_is_gone_may_be_told_the_same_on_the_way() -> None:
    assert found(LIFE, [event(1, "AVAILABLE", answer=410), event(1.1, "AVAILABLE", answer=410)]) == {}
