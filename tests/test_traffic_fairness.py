"""Traffic of a correct target breaks no rule, however little of it was recorded."""

import pytest

from pytest_nac_qod.wire.exchange import Exchange
from tests.support.traffic import (
    GONE,
    ID,
    OTHER,
    ROOT,
    SINK,
    WITH_SINK,
    broken,
    call,
    create,
    delete,
    event,
    extend,
    listing,
    missing,
    moment,
    profile,
    read,
    session,
    shown,
)

RIGHT: dict[str, list[Exchange]] = {
    "a session from its creation to its deletion": [
        profile(0),
        create(1),
        read(2, body=session(begun=1)),
        listing(3, session(begun=1)),
        extend(4, 60, session(begun=1, duration=3660)),
        read(5, body=session(begun=1, duration=3660)),
        delete(6),
        missing(7),
        listing(8),
        create(9, OTHER),
    ],
    "a recording that begins in the middle": [
        read(0),
        extend(1, 60, session(duration=3660)),
        listing(2, session(duration=3660)),
        delete(3),
        event(4, "UNAVAILABLE", "DELETE_REQUESTED"),
    ],
    "an event before the answer to the creation": [
        create(sent=SINK, body=session(**WITH_SINK), seconds=5.0),
        event(1, "AVAILABLE"),
    ],
    "an event sent again": [
        create(sent=SINK, body=session(**WITH_SINK)),
        event(1, "AVAILABLE", number="one", time=moment(1)),
        event(2, "AVAILABLE", number="one", time=moment(1)),
    ],
    "events that are not in the recording": [
        create(sent=SINK, body=session(**WITH_SINK)),
        read(60, body=session(**WITH_SINK)),
        delete(61),
    ],
    "two clients that share a device": [
        create(),
        create(1, OTHER, token="token-b"),
        listing(2, session(OTHER, begun=1), token="token-b"),
        missing(3, token="token-b"),
        read(4),
    ],
    "a token that was renewed": [create(), read(1, token="token-b"), delete(2, token="token-b")],
    "a creation that a proxy sent again": [
        create(headers={"x-correlator": "same"}),
        create(1, body=session(), headers={"x-correlator": "same"}),
    ],
    "a deletion that a proxy sent again": [create(), delete(1, status=0), delete(2, status=404, body=GONE), missing(3)],
    "a deletion under way": [create(), delete(1, seconds=5.0), read(2), missing(3), missing(4)],
    "a clock that is two minutes behind": [
        create(body=session(begun=120), ahead=120),
        read(1, body=session(begun=120), ahead=121),
    ],
    "HEAD and OPTIONS": [
        call("HEAD", f"/sessions/{ID}", 200, at=0),
        call("OPTIONS", "/sessions", 204, at=1, answer_headers={"Allow": "POST"}),
    ],
    "other APIs of the host": [
        create(),
        call("POST", f"{ROOT}/login/sessions", 200, {"user": 1}, at=1, sent={"name": "somebody"}),
        call("GET", f"{ROOT}/device-location/v1/sessions/{ID}", 200, {"sessionId": 5}, at=2),
    ],
    "a proxy on the way": [
        create(),
        call("GET", f"/sessions/{ID}", 502, at=1, answer_headers={"Content-Type": "text/html"}),
        call("GET", f"/sessions/{ID}", 504, at=2),
    ],
    "expired, and gone": [create(), missing(3700), create(3800, OTHER)],
    "ended by the network": [
        create(),
        read(10, body=shown("UNAVAILABLE", statusInfo="NETWORK_TERMINATED")),
        missing(400),
    ],
    "a profile that changed": [profile(0, longest=60), profile(1, longest=7200), create(2)],
    "extended twice at once": [
        create(),
        extend(10, 60, session(duration=3720), seconds=3),
        extend(11, 60, session(duration=3660), seconds=3),
        read(20, body=session(duration=3720)),
    ],
    "first REQUESTED": [
        create(body=session(status="REQUESTED")),
        read(1, body=session(status="REQUESTED")),
        read(5, body=session(begun=4)),
    ],
}


@pytest.mark.parametrize("name", RIGHT)
def test_traffic_of_a_correct_target_breaks_none(name: str) -> None:
    assert broken(RIGHT[name]) == {}


def test_what_another_published_text_allows_warns() -> None:
    kind = "org.camaraproject.qod.v1.qos-status-changed"
    traffic = [create(sent=SINK, body=session(**WITH_SINK)), event(1, "AVAILABLE", type=kind)]
    assert broken(traffic) == {"event_follows_schema": "warn"}


def test_clients_are_told_apart_only_by_what_names_them() -> None:
    first = [create(), read(1, token="tokens.second_client")]
    assert "own_client_only" not in broken(first)


def test_another_device_of_the_same_kind_is_what_counts() -> None:
    by_address = {"ipv4Address": {"publicAddress": "203.0.113.1", "publicPort": 5}}
    assert broken([create(), listing(1, session(), device=by_address)]) == {}
