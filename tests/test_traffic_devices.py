"""What traffic has told of identifiers, application servers and clients is held against what comes later."""

from typing import Any

import pytest

import pytest_nac_qod
from pytest_nac_qod.contracts import apis, contract
from pytest_nac_qod.wire.exchange import Exchange
from tests.support.traffic import (
    DEVICE,
    OTHER,
    SENT,
    broken,
    call,
    create,
    delete,
    event,
    listing,
    missing,
    read,
    session,
)

ADDRESS = {"ipv4Address": {"publicAddress": "203.0.113.12", "publicPort": 59766}}
RESERVED = {"networkAccessIdentifier": "device@example.com"}
PREFIX = {**SENT, "applicationServer": {"ipv4Address": "198.51.100.0/24"}}
MINE, OTHERS = "tokens.two_legged", "tokens.second_client"
WAITING = session(OTHER, status="REQUESTED")


def refused(at: float, status: int, code: str, sent: Any = SENT, **options: Any) -> Exchange:
    error = {"status": status, "code": code, "message": "No."}
    return call("POST", options.pop("path", "/sessions"), status, error, at=at, sent=sent, **options)


def made(at: float, device: Any, key: str = OTHER) -> Exchange:
    """A creation for a device, one of whose identifiers comes back."""
    shown = dict([next(iter(device.items()))])
    return create(at, key, sent={**SENT, "device": device}, body=session(key, begun=at, device=shown))


def nameless(at: float) -> Exchange:
    """What the device of the token has."""
    return call("POST", "/retrieve-sessions", 200, [], at=at, sent={})


WRONG: dict[str, tuple[list[Exchange], dict[str, str]]] = {
    "a reserved identifier": ([made(0, RESERVED)], {"reserved_identifier_refused": "warn"}),
    "an identifier that is not supported any more": (
        [create(), delete(1), refused(2, 422, "UNSUPPORTED_IDENTIFIER", {**SENT, "device": {**DEVICE, **ADDRESS}})],
        {"identifier_is_supported": "warn"},
    ),
    "a prefix that is refused as invalid": (
        [create(), delete(1), refused(2, 400, "INVALID_ARGUMENT", PREFIX)],
        {"server_may_be_a_prefix": "warn"},
    ),
    "a session that another client is not to know of": (
        [create(token=MINE), missing(1, token=OTHERS), read(2, token=MINE)],
        {"own_client_only": "warn"},
    ),
    "a refused creation that is under way": (
        [refused(0, 403, "PERMISSION_DENIED"), listing(1, WAITING)],
        {"refusal_creates_nothing": "warn"},
    ),
    "a device beside that of the token that is denied": (
        [nameless(0), refused(1, 403, "PERMISSION_DENIED", path="/retrieve-sessions")],
        {"device_beside_the_token_has_its_code": "warn"},
    ),
    "a device beside that of the token that is denied first": (
        [refused(0, 403, "PERMISSION_DENIED", path="/retrieve-sessions"), nameless(1), nameless(2)],
        {"device_beside_the_token_has_its_code": "warn"},
    ),
    "a code of another status": ([refused(0, 503, "CONFLICT")], {"error_as_documented": "warn"}),
}
RIGHT: dict[str, list[Exchange]] = {
    "a reserved identifier that is refused": [refused(0, 422, "UNSUPPORTED_IDENTIFIER", {**SENT, "device": RESERVED})],
    "an identifier that was never supported": [
        create(),
        refused(1, 422, "UNSUPPORTED_IDENTIFIER", {**SENT, "device": ADDRESS}),
    ],
    "an identifier that is supported beside another one only": [
        made(0, {**DEVICE, **ADDRESS}),
        refused(1, 422, "UNSUPPORTED_IDENTIFIER", {**SENT, "device": ADDRESS}),
    ],
    "a device without an answer": [create(), refused(1, 0, "", {**SENT, "device": {**DEVICE, **ADDRESS}})],
    "a device beside that of the token": [
        nameless(0),
        refused(1, 422, "UNNECESSARY_IDENTIFIER", path="/retrieve-sessions"),
    ],
    "a token that lacks the permission": [
        nameless(0),
        refused(1, 403, "PERMISSION_DENIED", token="other", path="/retrieve-sessions"),
    ],
    "a prefix that is accepted": [create(sent=PREFIX, body=session(**PREFIX))],
    "a prefix with bits beyond its mask": [
        create(),
        delete(1),
        refused(2, 400, "INVALID_ARGUMENT", {**SENT, "applicationServer": {"ipv4Address": "198.51.100.7/24"}}),
    ],
    "a prefix in a request that may be invalid for something else": [
        create(),
        delete(1),
        refused(2, 400, "INVALID_ARGUMENT", {**PREFIX, "duration": 5}),
    ],
    "a session of another client that has ended": [
        create(token=MINE),
        delete(1, token=MINE),
        missing(2, token=OTHERS),
    ],
    "a session of another client that may have ended": [
        create(token=MINE),
        missing(1, token=OTHERS),
        read(2, token=MINE, body=session(status="UNAVAILABLE", statusInfo="NETWORK_TERMINATED", duration=1)),
    ],
    "a machine in between that is busy": [refused(0, 503, "SERVICE_UNAVAILABLE"), refused(1, 503, "BUSY")],
    "one address and two numbers, where identifiers are not correlated": [
        made(0, {**DEVICE, **ADDRESS}),
        made(2, {"phoneNumber": "+123456780", **ADDRESS}, "33333333-3333-4333-8333-333333333333"),
    ],
}


@pytest.mark.parametrize("name", WRONG)
def test_what_does_not_fit_what_is_known_warns(name: str) -> None:
    traffic, expected = WRONG[name]
    assert broken(traffic) == expected


@pytest.mark.parametrize("name", RIGHT)
def test_what_may_be_so_breaks_none(name: str) -> None:
    assert broken(RIGHT[name]) == {}


@pytest.mark.parametrize(("later", "wrong"), [(2, ["nac_seen_identifiers_of_one_device"]), (7200, [])])
def test_an_address_is_of_one_number_where_identifiers_are_correlated(later: float, wrong: list[str]) -> None:
    older = {api: contract("r2.2", api) for api in apis("r2.2")}
    other = made(later, {"phoneNumber": "+123456780", **ADDRESS})
    results = pytest_nac_qod.judge([made(0, {**DEVICE, **ADDRESS}), delete(1, OTHER), other], [], older)["results"]
    assert [result["id"] for result in results if "one_device" in result["id"] and result["violations"]] == wrong


def test_an_event_of_an_unknown_release_is_passed_over() -> None:
    kind = "org.camaraproject.quality-on-demand.v0.qos-status-changed"
    document = pytest_nac_qod.judge([create()], [event(1, "AVAILABLE", key=OTHER, type=kind)])
    assert [result["id"] for result in document["results"] if result["violations"]] == []
