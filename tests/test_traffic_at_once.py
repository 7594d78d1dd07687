"""Requests that are under way at the same time: two creations for one flow, and all that is about one session."""

from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pytest

from pytest_nac_qod.traffic.concurrency.orders import Op, explained
from pytest_nac_qod.traffic.judging import Judge
from pytest_nac_qod.traffic.seen import Seen
from pytest_nac_qod.wire.exchange import Exchange
from tests.support.traffic import CONTRACTS, OTHER, SENT, broken, call, create, delete, extend, missing, read, session

RACE, ORDER, SUM = "one_of_two_at_once", "history_in_some_order", "extensions_at_once_add_up"
CONFLICT = {"status": 409, "code": "CONFLICT", "message": "There is one."}


def refused(at: float, *, ports: int = 0, **options: float) -> Exchange:
    sent = session()
    body = {name: sent[name] for name in ("device", "applicationServer", "qosProfile", "duration")}
    body |= {"applicationServerPorts": {"ports": [ports]}} if ports else {}
    return call("POST", "/sessions", 409, CONFLICT, at=at, sent=body, **options)  # type: ignore[arg-type] # seconds


NAMELESS = {name: value for name, value in SENT.items() if name != "device"}
LONGER: dict[str, Any] = {"duration": 3660}
WRONG: dict[str, tuple[str, list[Exchange]]] = {
    "both are made": (RACE, [create(0, seconds=1), create(0.5, OTHER, seconds=1)]),
    "none is made, where a device may have several": (
        RACE,
        [
            create(0, sent={**SENT, "applicationServerPorts": {"ports": [1]}}),
            create(0.5, OTHER, sent={**SENT, "applicationServerPorts": {"ports": [3]}}),
            refused(1, seconds=1, ports=2),
            refused(1.5, seconds=1, ports=2),
        ],
    ),
    "both are made, among three": (
        RACE,
        [refused(0, seconds=2), create(0.1, seconds=1), create(0.2, OTHER, seconds=1)],
    ),
    "none is made": (RACE, [refused(0, seconds=1), refused(0.5, seconds=1)]),
    "an extension brings back what was deleted": (
        ORDER,
        [
            create(0),
            extend(1, 60, session(**LONGER), seconds=1),
            delete(1.1, seconds=0.3),
            read(3, body=session(**LONGER)),
        ],
    ),
    "one id for two": (
        "id_is_its_own",
        [
            create(0, seconds=1),
            create(0.5, seconds=1, sent={**session(), "applicationServer": {"ipv4Address": "192.0.2.1"}}),
        ],
    ),
    "two extensions count once": (
        SUM,
        [
            create(0),
            extend(1, 60, session(**LONGER), seconds=1),
            extend(1.1, 60, session(**LONGER), seconds=1),
            read(3, body=session(**LONGER)),
        ],
    ),
}
RIGHT: dict[str, list[Exchange]] = {
    "one of two is made": [create(0, seconds=1), refused(0.5, seconds=1)],
    "one of three is made, the one that was sent last": [
        refused(0, seconds=1),
        refused(0.1, seconds=1),
        create(0.2, seconds=1),
    ],
    "none of two is made, since one is there": [create(0), refused(1, seconds=1), refused(1.5, seconds=1)],
    "none of two is made, since one has just been deleted": [
        create(0),
        delete(1),
        refused(2, seconds=1),
        refused(2.5, seconds=1),
    ],
    "none of two is made, since the device has another one": [
        create(0, sent={**SENT, "applicationServerPorts": {"ports": [1]}}),
        refused(1, seconds=1, ports=2),
        refused(1.5, seconds=1, ports=2),
    ],
    "the first one is deleted before the second one is made": [
        create(0, seconds=0.2),
        create(0.1, OTHER, seconds=5),
        delete(1),
    ],
    "none of two is made where a token names the device": [
        call("POST", "/sessions", 201, session(OTHER, device=None), at=0, sent=NAMELESS),
        refused(1, seconds=1),
        refused(1.5, seconds=1),
    ],
    "a deletion before an extension": [
        create(0),
        extend(1, 60, {"status": 404, "code": "NOT_FOUND", "message": "None."}, status=404, seconds=1),
        delete(1.1, seconds=0.3),
        missing(3),
    ],
    "an extension before a deletion, and a reading meanwhile": [
        create(0),
        extend(1, 60, session(**LONGER), seconds=1),
        delete(1.1, seconds=1.5),
        read(1.2, seconds=2),
        missing(4),
    ],
    "two extensions that add up": [
        create(0),
        extend(1, 60, session(duration=3720), seconds=1),
        extend(1.1, 60, session(**LONGER), seconds=1),
        read(3, body=session(duration=3720)),
    ],
    "another client deletes meanwhile": [
        create(0),
        extend(1, 60, session(**LONGER), seconds=1),
        delete(1.1, token="token-b", seconds=0.3),
        read(1.2, body=session(**LONGER), seconds=3),
    ],
    "an extension without an answer": [
        create(0),
        extend(1, 60, None, status=0, seconds=3),
        read(1.5, seconds=1),
        read(5, body=session(**LONGER)),
        delete(6),
    ],
}


@pytest.mark.parametrize("name", WRONG)
def test_what_no_order_explains_breaks_a_rule(name: str) -> None:
    rule, exchanges = WRONG[name]
    assert rule in broken(exchanges)


@pytest.mark.parametrize("name", RIGHT)
def test_what_some_order_explains_breaks_none(name: str) -> None:
    assert broken(RIGHT[name]) == {}


def test_requests_of_two_recordings_are_not_told_to_be_at_once() -> None:
    judge = Judge("r3.2", CONTRACTS)
    for source, exchange in (("one", create(0)), ("two", create(0.1, OTHER)), ("two", refused(300))):
        judge.see(Seen(exchange=exchange, source=source))
    list(judge.results())
    assert judge.tally.broken() == ()


def history(chance: Random, *, lost: bool = False) -> list[Op]:
    """Requests about one session that were carried out one after another, each within the time that it took."""
    start, now, ops = datetime(2027, 1, 1, tzinfo=UTC), 0.0, []
    live, duration = True, 3600

    def op(kind: str, status: int, **told: object) -> Op:
        began, ended = (start + timedelta(seconds=now + off) for off in (-chance.random(), chance.random()))
        return Op(kind=kind, began=began, ended=ended, status=status, **told)  # type: ignore[arg-type] # as told

    ops.append(op("create", 201, shown="AVAILABLE", duration=duration))
    for _ in range(chance.randint(1, 12)):
        now += chance.random()
        kind = chance.choice(["read", "read", "extend", "extend", "delete"] if now > 3 else ["read", "extend"])
        if kind == "read":
            ops.append(op(kind, 200, shown="AVAILABLE", duration=duration) if live else op(kind, 404))
        elif kind == "extend":
            duration += 60 if live else 0
            ops.append(
                op(kind, 200, shown="AVAILABLE", duration=duration, added=60) if live else op(kind, 409, added=60)
            )
        else:
            ops.append(op(kind, 204 if live else 404))
            live = False
    if lost:
        now += 3
        ops.append(op("read", 200, shown="AVAILABLE", duration=duration + 7))
    return ops


def test_histories_of_a_session_that_takes_one_at_a_time_are_explained() -> None:
    for number in range(300):
        ops = history(Random(number))  # noqa: S311 - the same each time
        assert explained(ops, exact=True), [str(op) for op in ops]


def test_a_history_that_ends_in_what_never_was_is_not() -> None:
    for number in range(100):
        assert not explained(history(Random(number), lost=True))  # noqa: S311 - as above
