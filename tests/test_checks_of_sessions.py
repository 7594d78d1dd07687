"""What checks of a session tell, word by word: path, what was expected, what came, and what that rests on."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from pytest_nac_qod import contracts
from pytest_nac_qod.checks import session
from pytest_nac_qod.checks.session import SessionContext
from pytest_nac_qod.foundation.jsontypes import JsonObject
from pytest_nac_qod.verdicts import Violation
from pytest_nac_qod.wire.resources import resource_of

NOW = datetime(2024, 6, 1, 12, tzinfo=UTC)
NOON, HOUR_LATER = "2024-06-01T12:00:00Z", "2024-06-01T13:00:00Z"
INFO = "quality-on-demand#/components/schemas/SessionInfo"
PHONE, ADDRESS = {"phoneNumber": "+99999991000"}, {"ipv6Address": "2001:db8::1"}
BOTH = {**PHONE, **ADDRESS}
Told = tuple[str, str, str, str]


def context(
    shown: JsonObject,
    sent: JsonObject | None = None,
    *,
    release: str = "r3.2",
    api: str = "quality-on-demand",
    bounds: tuple[int | None, int | None] = (None, None),
) -> SessionContext:
    contract = contracts.contract(release, api)
    resource = resource_of(contract)
    assert resource is not None
    return SessionContext(
        contract=contract,
        resource=resource,
        session=shown,
        sent=sent or {},
        now=NOW,
        shortest=bounds[0],
        longest=bounds[1],
    )


def told(violations: list[Violation]) -> list[Told]:
    return [(each.path, each.expected, each.actual, each.basis) for each in violations]


def at(seconds: float) -> str:
    return (NOW + timedelta(seconds=seconds)).isoformat()


def test_a_violation_names_its_clause_and_value() -> None:
    (got,) = session.echoed("sink")(context({"sink": "b"}, {"sink": "a"}))
    assert got.clause.endswith("/properties/sink")
    assert got.value == "b"
    (absent,) = session.echoed("sink")(context({}, {"sink": "a"}))
    assert (absent.clause, absent.value) == (got.clause, None)
    (nothing,) = session.echoed("unheard")(context({"unheard": 1}))
    assert nothing.clause.startswith(INFO)


@pytest.mark.parametrize(
    ("shown", "sent", "expected"),
    [
        ({}, {}, []),
        ({"sink": "a"}, {"sink": "a"}, []),
        ({"sink": "b"}, {"sink": "a"}, [("$.sink", "$.sink 'a' as in the request", "'b'", "echoed_property")]),
        ({}, {"sink": "a"}, [("$.sink", "$.sink 'a' as in the request", "absent", "echoed_property")]),
        ({"sink": "b"}, {}, [("$.sink", "$.sink absent, as in the request", "'b'", "echoed_property")]),
        ({"sink": None}, {}, [("$.sink", "$.sink absent, as in the request", "None", "echoed_property")]),
    ],
)
def test_what_was_sent_comes_back(shown: JsonObject, sent: JsonObject, expected: list[Told]) -> None:
    assert told(session.echoed("sink")(context(shown, sent))) == expected


ONE = f"$.device with exactly one identifier as sent: {BOTH!r}"


@pytest.mark.parametrize(
    ("release", "shown", "sent", "expected"),
    [
        ("r3.2", {}, {}, []),
        ("r3.2", {}, {"device": {}}, []),
        ("r3.2", {"device": PHONE}, {}, [("$.device absent, as in the request", repr(PHONE), "device_not_sent")]),
        ("r3.2", {"device": PHONE}, {"device": {}},
         [("$.device absent, as in the request", repr(PHONE), "device_not_sent")]),
        ("r3.2", {}, {"device": PHONE}, []),
        ("r3.2", {}, {"device": BOTH}, [("$.device with one of the identifiers sent", "absent", "device_missing")]),
        ("r3.2", {"device": ADDRESS}, {"device": BOTH}, []),
        ("r3.2", {"device": PHONE}, {"device": PHONE}, []),
        ("r2.2", {"device": PHONE}, {"device": PHONE}, []),
        ("r3.2", {"device": BOTH}, {"device": BOTH}, [(ONE, repr(BOTH), "device_one_identifier")]),
        ("r2.2", {"device": BOTH}, {"device": BOTH},
         [("$.device with exactly one of the identifiers sent", "'all of them'", "device_whole")]),
        ("r2.2", {"device": "text"}, {"device": BOTH}, [(ONE, "'text'", "device_one_identifier")]),
        ("r3.2", {"device": {}}, {"device": BOTH}, [(ONE, "{}", "device_one_identifier")]),
        ("r3.2", {"device": {"phoneNumber": "+1"}}, {"device": BOTH},
         [(ONE, "{'phoneNumber': '+1'}", "device_one_identifier")]),
    ],
)  # fmt: skip
def test_a_device_comes_back_by_one_identifier(
    release: str, shown: JsonObject, sent: JsonObject, expected: list[tuple[str, str, str]]
) -> None:
    violations = session.device(context(shown, sent, release=release))
    assert told(violations) == [("$.device", *each) for each in expected]


@pytest.mark.parametrize("name", ["startedAt", "expiresAt"])
@pytest.mark.parametrize(
    ("status", "shown", "expected"),
    [
        ("REQUESTED", None, []),
        ("UNAVAILABLE", None, []),
        ("AVAILABLE", None, [("present while AVAILABLE", "absent", "times_while_available")]),
        ("REQUESTED", NOON, [("absent while REQUESTED", f"'{NOON}'", "times_while_requested")]),
        ("AVAILABLE", "noon", [("an RFC 3339 date-time with a zone", "'noon'", "time_format")]),
        ("AVAILABLE", NOON, []),
    ],
)
def test_times_are_there_with_the_status(
    name: str, status: str, shown: str | None, expected: list[tuple[str, str, str]]
) -> None:
    check = {"startedAt": session.started_at, "expiresAt": session.expires_at}[name]
    violations = check(context({"qosStatus": status, **({name: shown} if shown else {})}))
    assert told(violations) == [(f"$.{name}", f"$.{name} {text}", *rest) for text, *rest in expected]


@pytest.mark.parametrize(
    ("late", "basis"),
    [(-3600, ""), (5, ""), (5.5, "clocks_apart"), (900, "clocks_apart"), (901, "started_in_the_past")],
)
def test_nothing_starts_in_the_future(late: float, basis: str) -> None:
    expected = ("$.startedAt", f"$.startedAt not after {NOW.isoformat()}", repr(at(late)), basis)
    violations = session.started_at(context({"qosStatus": "AVAILABLE", "startedAt": at(late)}))
    assert told(violations) == ([expected] if basis else [])


def by(seconds: float, status: str = "AVAILABLE", **more: object) -> list[Told]:
    shown: JsonObject = {"qosStatus": status, "startedAt": NOON, "expiresAt": at(seconds), **more}
    return told(session.expires_at(context(shown)))


def test_an_end_is_after_the_start() -> None:
    late = ("$.expiresAt", "$.expiresAt later than startedAt 2024-06-01T12:00:00+00:00")
    assert by(0) == [(*late, repr(at(0)), "expiry_after_start")]
    assert by(-1, "UNAVAILABLE") == [(*late, repr(at(-1)), "expiry_after_start")]
    assert by(0, "UNAVAILABLE") == by(1) == []
    assert told(session.expires_at(context({"qosStatus": "AVAILABLE", "expiresAt": NOON}))) == []
    assert told(session.expires_at(context({"qosStatus": "AVAILABLE", "expiresAt": NOON, "startedAt": "noon"}))) == []


def test_between_start_and_end_is_the_duration() -> None:
    for right in (59, 60, 61):
        assert by(right, duration=60) == []
    for wrong in (58.5, 61.5):
        assert by(wrong, duration=60) == [
            ("$.expiresAt", "$.expiresAt startedAt plus the duration of 60 s: 2024-06-01T12:01:00+00:00",
             repr(at(wrong)), "expiry_by_duration")
        ]  # fmt: skip
    assert by(7, duration="sixty") == []
    (violation,) = by(60, duration=10**15)
    assert violation[1] == f"$.expiresAt startedAt plus the duration of {10**15} s"


def test_a_reason_is_there_only_at_the_end() -> None:
    def reasons(status: object, info: str | None, api: str = "quality-on-demand") -> list[Told]:
        name = "qosStatus" if api == "quality-on-demand" else "status"
        shown: JsonObject = {name: status, **({"statusInfo": info} if info else {})}
        return told(session.status_info(context(shown, api=api)))

    wrong = ("'DELETE_REQUESTED'", "status_info_when_unavailable")
    assert reasons("AVAILABLE", None) == reasons("UNAVAILABLE", "DURATION_EXPIRED") == []
    assert reasons("AVAILABLE", "DELETE_REQUESTED") == [("$.statusInfo", "$.statusInfo absent while AVAILABLE", *wrong)]
    assert reasons(None, "DELETE_REQUESTED") == [("$.statusInfo", "$.statusInfo absent while None", *wrong)]
    assert reasons("AVAILABLE", "DELETE_REQUESTED", "qos-provisioning") == []
    assert [actual for _, _, actual, _ in reasons("AVAILABLE", "NETWORK_TERMINATED", "qos-provisioning")] == [
        "'NETWORK_TERMINATED'"
    ]


@pytest.mark.parametrize(
    ("duration", "status", "bounds", "expected"),
    [
        (60, "AVAILABLE", (None, None), []),
        (60, "AVAILABLE", (60, 60), []),
        (59, "AVAILABLE", (60, 90),
         [("$.duration at least 60 s, the minimum of the profile", "59", "duration_minimum")]),
        (91, "REQUESTED", (60, 90),
         [("$.duration at most 90 s, the maximum of the profile", "91", "duration_maximum")]),
        (91, "UNAVAILABLE", (60, 90), []),
        ("long", "AVAILABLE", (60, 90), []),
        (91, "AVAILABLE", (60, None), []),
        (59, "AVAILABLE", (None, 90), []),
    ],
)  # fmt: skip
def test_a_duration_is_within_the_bounds_of_the_profile(
    duration: object, status: str, bounds: tuple[int | None, int | None], expected: list[tuple[str, str, str]]
) -> None:
    violations = session.duration(context({"duration": duration, "qosStatus": status}, bounds=bounds))
    assert told(violations) == [("$.duration", *each) for each in expected]


@pytest.mark.parametrize("credential", [None, "t", {}, {"credentialType": "ACCESSTOKEN"}])
def test_the_rest_of_a_credential_may_be_shown(credential: object) -> None:
    assert session.no_access_token(context({"sinkCredential": credential})) == []


def test_its_access_token_should_not_be_shown() -> None:
    (violation,) = session.no_access_token(context({"sinkCredential": {"accessToken": "t"}}))
    path = "$.sinkCredential.accessToken"
    assert told([violation]) == [(path, f"{path} not returned", "returned", "access_token")]
    assert violation.clause.startswith(INFO.partition("#")[0])
    assert "sinkCredential" in violation.clause
    assert "SHOULD NOT" in violation.reason


EACH: dict[str, tuple[JsonObject, Callable[[SessionContext], list[Violation]]]] = {
    "$.device": ({"device": PHONE}, session.device),
    "$.applicationServer": ({"applicationServer": 1}, session.echoed("applicationServer")),
    "$.qosProfile": ({"qosProfile": "A"}, session.echoed("qosProfile")),
    "$.devicePorts": ({"devicePorts": 1}, session.echoed("devicePorts")),
    "$.applicationServerPorts": ({"applicationServerPorts": 1}, session.echoed("applicationServerPorts")),
    "$.sink": ({"sink": "a"}, session.echoed("sink")),
    "$.startedAt": ({"startedAt": "noon"}, session.started_at),
    "$.expiresAt": ({"expiresAt": "noon"}, session.expires_at),
    "$.statusInfo": ({"statusInfo": "DELETE_REQUESTED"}, session.status_info),
}


@pytest.mark.parametrize("path", EACH)
def test_each_property_is_judged_by_its_own_check(path: str) -> None:
    shown, check = EACH[path]
    held = context(shown)
    assert session.properties(held, [path]) == check(held) != []
    assert session.all_of(held) == check(held)


def test_everything_is_everything() -> None:
    held = context({"sink": "a", "duration": 91, "sinkCredential": {"accessToken": "t"}}, bounds=(60, 90))
    assert [each.path for each in session.all_of(held)] == ["$.sink", "$.duration", "$.sinkCredential.accessToken"]
    assignment = context({"applicationServer": 1}, api="qos-provisioning")
    assert session.all_of(assignment) == []  # an assignment has none, and its schema says what else it has
    assert set(session.UNCHANGING) < set(session.PROPERTIES) == set(EACH)
