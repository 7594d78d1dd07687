"""What traffic has told of tokens, profiles and refusals is held against what comes later."""

from typing import Any

import pytest

from pytest_nac_qod.wire.exchange import Exchange
from tests.support.traffic import (
    DEVICE,
    ID,
    OTHER,
    SENT,
    SINK,
    WITH_SINK,
    broken,
    call,
    create,
    delete,
    event,
    extend,
    listing,
    profile,
    read,
    session,
)

NAMELESS = {name: value for name, value in SENT.items() if name != "device"}
FORBIDDEN = {"status": 403, "code": "PERMISSION_DENIED", "message": "No."}
UNAUTHENTICATED = {"status": 401, "code": "UNAUTHENTICATED", "message": "Who?"}
UNKNOWN = {"status": 404, "code": "NOT_FOUND", "message": "None."}
PAUSED: dict[str, Any] = {"shown": {"status": "INACTIVE"}}
LONGER: dict[str, Any] = {"duration": 3660, "expiresAt": "2027-03-01T13:01:00.000Z"}
API = "https://api.example.com/qos-profiles/v1"
PROFILES = f"{API}/qos-profiles/QOS_L"
ENDED: dict[str, Any] = {"status": "UNAVAILABLE", "statusInfo": "DELETE_REQUESTED"}


def refused(at: float) -> Exchange:
    return call("POST", "/sessions", 403, FORBIDDEN, at=at, sent=SENT)


def of_device(at: float, status: int, body: Any) -> Exchange:
    return call("POST", f"{API}/retrieve-qos-profiles", status, body, at=at, sent={"device": DEVICE})


def named(name: str, status: int) -> Exchange:
    body = {**UNKNOWN, "status": status, "code": "INVALID_ARGUMENT" if status == 400 else "NOT_FOUND"}
    return call("GET", f"{API}/qos-profiles/{name}", status, body, at=0)


def told(at: float = 0, key: str = ID) -> Exchange:
    return create(at, key, sent=SINK, body=session(key, begun=at, **WITH_SINK))


def nameless(at: float) -> Exchange:
    return call("POST", "/sessions", 201, session(OTHER, device=None, begun=at), at=at, sent=NAMELESS)


WRONG: dict[str, tuple[list[Exchange], dict[str, str]]] = {
    "401 without a challenge": (
        [call("GET", f"/sessions/{ID}", 401, UNAUTHENTICATED, at=0)],
        {"challenge": "warn"},
    ),
    "a token that stands for a device, and for none": ([create(), nameless(1)], {"device_named_or_in_token": "warn"}),
    "a profile that is not there": (
        [call("GET", PROFILES, 404, UNKNOWN, at=0), create(1, body=session(begun=1))],
        {"profile_exists": "warn"},
    ),
    "a profile that is paused": (
        [profile(0, **PAUSED), create(1, body=session(begun=1))],
        {"profile_is_active": "warn"},
    ),
    "a refused creation that creates": (
        [refused(0), listing(2, session(begun=0))],
        {"refusal_creates_nothing": "warn"},
    ),
    "a refused creation that creates, and is read": (
        [refused(0), read(2, body=session(begun=0))],
        {"refusal_creates_nothing": "warn"},
    ),
    "an event about a session that is not that of its sink": (
        [told(), event(1, "AVAILABLE", key=OTHER)],
        {"event_to_its_sink": "warn"},
    ),
    "no profiles, as an error": ([of_device(0, 404, UNKNOWN)], {"no_profiles_is_an_empty_list": "warn"}),
    "a name that is looked up though no profile can have it": (
        [named("QOS%20L", 404)],
        {"malformed_name_refused": "fail"},
    ),
    "a refused extension that extends": (
        [create(), extend(1, 60, FORBIDDEN, status=403), read(2, body=session(**LONGER))],
        {"shown_as_before": "warn"},
    ),
    "an extension that is forgotten": (
        [create(), extend(1, 60, session(**LONGER)), read(2)],
        {"shown_as_before": "warn"},
    ),
    "a deletion that nobody asked for": (
        [create(), read(1, body=session(**ENDED, expiresAt="2027-03-01T12:00:01.000Z", duration=1))],
        {"deletion_was_asked_for": "warn"},
    ),
}
RIGHT: dict[str, list[Exchange]] = {
    "401 with a challenge": [
        call("GET", f"/sessions/{ID}", 401, UNAUTHENTICATED, at=0, answer_headers={"WWW-Authenticate": "Bearer"})
    ],
    "two tokens, one of a device": [
        create(),
        call("POST", "/sessions", 201, session(OTHER, device=None), at=1, sent=NAMELESS, token="token-b"),
    ],
    "a profile that has come": [
        call("GET", PROFILES, 404, UNKNOWN, at=0),
        profile(1),
        create(2, body=session(begun=2)),
    ],
    "a profile that is used again": [profile(0, **PAUSED), profile(1), create(2, body=session(begun=2))],
    "an event that comes before the answer to the creation": [told(), event(-0.1, "AVAILABLE")],
    "events of two sessions with one sink": [
        told(),
        create(5, OTHER, sent={**SINK, "device": {"phoneNumber": "+123456780"}}, status=0),
        event(6, "AVAILABLE", key=OTHER),
    ],
    "an event at a sink of which no creation was seen": [create(), event(1, "AVAILABLE", key=OTHER, path="/else")],
    "no profiles": [of_device(0, 200, [])],
    "no such device": [of_device(0, 404, {**UNKNOWN, "code": "IDENTIFIER_NOT_FOUND"})],
    "a name that no profile can have": [named("QOS%20L", 400)],
    "a name that no profile has": [named("QOS_Q", 404)],
    "a refused creation that is read, and one that was there before": [refused(5), read(6, body=session(begun=0))],
    "a refused creation, and one that was there before": [refused(5), listing(6, session(begun=0))],
    "a creation without an answer, and a refused one": [
        call("POST", "/sessions", 0, at=0, sent=SENT),
        refused(1),
        listing(3, session(begun=1)),
    ],
    "a refused extension, and a later one": [
        create(),
        extend(1, 60, FORBIDDEN, status=403),
        extend(2, 60, session(**LONGER)),
        read(3, body=session(**LONGER)),
    ],
    "a deletion under way": [
        create(),
        delete(1, status=0),
        read(2, body=session(**ENDED, expiresAt="2027-03-01T12:00:01.000Z", duration=1)),
    ],
}


@pytest.mark.parametrize("name", WRONG)
def test_what_does_not_fit_what_is_known_breaks_a_rule(name: str) -> None:
    traffic, expected = WRONG[name]
    assert broken(traffic) == expected


@pytest.mark.parametrize("name", RIGHT)
def test_what_fits_breaks_none(name: str) -> None:
    assert broken(RIGHT[name]) == {}
