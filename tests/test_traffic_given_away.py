"""What answers give away, and what events and lists tell that the rest of the traffic does not bear out."""

from typing import Any

import pytest

from pytest_nac_qod.wire.exchange import Exchange
from tests.support.traffic import (
    ID,
    OTHER,
    ROOT,
    SENT,
    SINK,
    WITH_SINK,
    broken,
    call,
    create,
    delete,
    event,
    missing,
    read,
    session,
)

PROFILES = f"{ROOT}/qos-profiles/v1/retrieve-qos-profiles"
NEXT = "11111111-1111-4111-8111-111111111112"
ELSE = {**SENT, "device": {"phoneNumber": "+123456780"}}
TOLD = create(sent=SINK, body=session(**WITH_SINK))
ENDED: dict[str, Any] = {"status": "UNAVAILABLE", "statusInfo": "DURATION_EXPIRED"}


def failing(message: str) -> Exchange:
    return call("GET", f"/sessions/{ID}", 404, {"status": 404, "code": "NOT_FOUND", "message": message}, at=0)


def serving(**headers: str) -> Exchange:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return call("GET", f"/sessions/{ID}", 404, None, at=0, answer_headers=named)


def profiles(at: float, *names: str, token: str = "token-a", **asked: str) -> Exchange:  # noqa: S107 - made up
    status = asked.get("status", "DEPRECATED")
    shown = [
        {
            "name": name,
            "status": status,
            "minDuration": {"value": 1, "unit": "Days"},
            "maxDuration": {"value": 2, "unit": "Days"},
        }
        for name in names
    ]
    return call("POST", PROFILES, 200, shown, at=at, sent=asked, token=token)


WRONG: dict[str, tuple[list[Exchange], dict[str, str]]] = {
    "a stack trace": ([failing('File "/srv/app/main.py", line 12, in create')], {"no_inner_workings": "warn"}),
    "ids that are counted": ([create(), create(1, NEXT, sent=ELSE)], {"ids_not_guessable": "warn"}),
    "expired before it can have been": (
        [create(body=session(status="REQUESTED")), read(60, body=session(**ENDED, begun=1))],
        {"lasts": "fail"},
    ),
    "available after an event of its end": (
        [TOLD, event(2, "UNAVAILABLE", "NETWORK_TERMINATED"), read(5, body=session(**WITH_SINK))],
        {"status_never_goes_back": "warn"},
    ),
    "a deletion told before it is asked for": (
        [TOLD, event(2, "UNAVAILABLE", "DELETE_REQUESTED"), delete(5)],
        {"deletion_was_asked_for": "warn"},
    ),
    "a list of a status without what another list has of it": (
        [profiles(0, "QOS_S", "QOS_L"), profiles(1, "QOS_S", status="DEPRECATED")],
        {"profiles_as_asked_for": "warn"},
    ),
}
RIGHT: dict[str, list[Exchange]] = {
    "an error in words": [failing("A file could not be read.")],
    "random ids": [create(), create(1, OTHER, sent=ELSE)],
    "a creation that is answered once more": [create(), create(0.5, headers={"x-correlator": "c-0"})],
    "expired in its time": [
        create(body=session(status="REQUESTED")),
        read(3700, body=session(**ENDED, begun=1)),
    ],
    "an event of its end that came while it was read": [
        TOLD,
        read(2, body=session(**WITH_SINK), seconds=2),
        event(3, "UNAVAILABLE", "NETWORK_TERMINATED"),
    ],
    "a deletion told before it is answered": [
        TOLD,
        delete(1, seconds=3),
        event(2, "UNAVAILABLE", "DELETE_REQUESTED"),
        missing(9),
    ],
    "a deletion that timed out": [TOLD, delete(1, status=408), event(2, "UNAVAILABLE", "DELETE_REQUESTED"), missing(9)],
    "a list of a status for another token": [
        profiles(0, "QOS_S", "QOS_L"),
        profiles(1, "QOS_S", status="DEPRECATED", token="token-b"),
    ],
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_given_away_or_not_borne_out_breaks_a_rule(name: str) -> None:
    traffic, expected = WRONG[name]
    assert broken(traffic) == expected


@pytest.mark.parametrize("name", RIGHT)
def test_what_is_borne_out_breaks_none(name: str) -> None:
    assert broken(RIGHT[name]) == {}


@pytest.mark.parametrize(
    ("header", "value", "wrong"),
    [("Server", "nginx/1.18.0", True), ("Server", "nginx", False), ("Via", "HTTP/1.1 gateway", False)],
)
def test_versions_of_products_are_told_from_those_of_http(header: str, value: str, wrong: bool) -> None:  # noqa: FBT001
    assert ("no_versions" in broken([serving(**{header: value})])) is wrong
