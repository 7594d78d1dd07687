"""What checks of profiles, of what stays as it was, and of undeclared properties tell, word by word."""

import pytest

from pytest_nac_qod import contracts
from pytest_nac_qod.checks import keeping, requests, rules, security
from pytest_nac_qod.foundation.jsontypes import Json, JsonObject
from pytest_nac_qod.verdicts import Violation
from pytest_nac_qod.wire.exchange import Exchange, Request, Response
from pytest_nac_qod.wire.resources import resource_of

CONTRACT = contracts.contract("r3.2", "quality-on-demand")
RESOURCE = resource_of(CONTRACT)
NOON, SECOND_LATER, LATER = "2024-06-01T12:00:00Z", "2024-06-01T12:00:01Z", "2024-06-01T12:00:02Z"
TEMPLATE = Violation(clause="c", expected="as before", actual="", path="", basis="nothing_changed")


def told(violations: list[Violation]) -> list[tuple[str, str, str, str]]:
    return [(each.path, each.expected, each.actual, each.basis) for each in violations]


def became(old: JsonObject, new: JsonObject) -> list[tuple[str, str, str, str]]:
    return told(rules.unchanged(old, new))


CREATION = "as in the answer to the creation"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ({}, {}),
        ({"duration": 60, "sink": "a"}, {"sink": "a", "duration": 60}),
        ({"qosStatus": "REQUESTED"}, {"qosStatus": "AVAILABLE", "startedAt": NOON, "expiresAt": LATER}),
        ({"status": "REQUESTED", "startedAt": NOON}, {"status": "AVAILABLE"}),
        ({"qosStatus": "AVAILABLE"}, {"qosStatus": "UNAVAILABLE", "statusInfo": "DURATION_EXPIRED"}),
        ({"duration": 60, "expiresAt": NOON}, {"duration": 5, "expiresAt": LATER, "qosStatus": "UNAVAILABLE"}),
        ({"sinkCredential": {"credentialType": "PLAIN"}}, {}),
        ({"startedAt": NOON}, {"startedAt": "2024-06-01T13:00:00+01:00"}),
    ],
)
def test_what_may_become_different(old: JsonObject, new: JsonObject) -> None:
    assert became(old, new) == []


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ({"sink": "a"}, {"sink": "b"}, [("$.sink", f"$.sink 'a' {CREATION}", "'b'", "value_kept")]),
        ({"sink": "a"}, {}, [("$.sink", f"$.sink 'a' {CREATION}", "absent", "value_kept")]),
        ({}, {"sink": None}, [("$.sink", f"$.sink absent {CREATION}", "None", "value_kept")]),
        ({"device": {"a": 1}}, {"device": {"b": 1}},
         [("$.device", f"$.device {{'a': 1}} {CREATION}", "{'b': 1}", "identifier_kept")]),
        ({"duration": 60, "qosStatus": "AVAILABLE"}, {"duration": 5, "qosStatus": "AVAILABLE"},
         [("$.duration", f"$.duration 60 {CREATION}", "5", "value_kept")]),
        ({"duration": 60, "qosStatus": "REQUESTED"}, {"duration": 5, "qosStatus": "AVAILABLE"},
         [("$.duration", f"$.duration 60 {CREATION}", "5", "duration_kept")]),
        ({"duration": 60, "status": "REQUESTED"}, {"duration": 5},
         [("$.duration", f"$.duration 60 {CREATION}", "5", "duration_kept")]),
        ({"startedAt": NOON}, {"startedAt": LATER},
         [("$.startedAt", f"$.startedAt '{NOON}' {CREATION}", f"'{LATER}'", "value_kept")]),
        ({"expiresAt": NOON, "qosProfile": "A"}, {"expiresAt": LATER, "qosProfile": "B"},
         [("$.expiresAt", f"$.expiresAt '{NOON}' {CREATION}", f"'{LATER}'", "value_kept"),
          ("$.qosProfile", f"$.qosProfile 'A' {CREATION}", "'B'", "value_kept")]),
        ({"sink": "x" * 200}, {}, [("$.sink", f"$.sink '{'x' * 119}… {CREATION}", "absent", "value_kept")]),
    ],
)  # fmt: skip
def test_what_may_not(old: JsonObject, new: JsonObject, expected: list[tuple[str, str, str, str]]) -> None:
    assert became(old, new) == expected


def test_times_are_equal_by_what_they_mean() -> None:
    assert rules.same(NOON, "2024-06-01T13:00:00+01:00")
    assert not rules.same(NOON, LATER)
    assert not rules.same("noon", "one")
    assert rules.same("noon", "noon")


def error(body: str, media: str = "application/json") -> list[tuple[str, str, str, str]]:
    exchange = Exchange(
        id="x1",
        operation="getSession",
        role="judged",
        request=Request(method="GET", url="/", headers=(), body=""),
        response=Response(status=418, headers=(("content-type", media),) if media else (), body=body),
        error=None,
        started=NOON,
        seconds=0.0,
    )
    return told(rules.error_shape(exchange, CONTRACT))


def test_an_error_has_an_error_object_or_nothing() -> None:
    fine = '{"status": 418, "code": "TEAPOT", "message": "short"}'
    assert error("") == []
    assert error(fine) == []
    assert error(fine, "Application/JSON ; charset=utf-8") == []
    media = ("", "Content-Type: application/json", "Content-Type: text/html", "undocumented_error_object")
    assert error("<html>", "text/html; charset=utf-8") == [media]
    assert error(fine, "") == [(*media[:2], "Content-Type: ", media[3])]
    assert [path for path, *_ in error('{"status": 418, "message": "short"}')] == ["$.code"]
    assert error(fine.replace("418", "400")) == [("$.status", "$.status 418", "400", "error_status")]
    assert [(path, basis) for path, _, _, basis in error("teapot")] == [("$", "response_schema")]


def of(value: Json, unit: Json) -> JsonObject:
    return {"value": value, "unit": unit}


@pytest.mark.parametrize(
    ("unit", "seconds"),
    [("Days", 172800), ("Hours", 7200), ("Minutes", 120), ("Seconds", 2), ("Milliseconds", 0.002),
     ("Microseconds", 0.000002), ("Nanoseconds", 0.000000002)],
)  # fmt: skip
def test_durations_in_seconds(unit: str, seconds: float) -> None:
    assert rules.seconds({"d": of(2, unit)}, "d") == pytest.approx(seconds)


@pytest.mark.parametrize(
    "quantity",
    [None, 5, of("2", "Seconds"), of(2, "Weeks"), of(2, 1), of(2, None), of(2**63, "Seconds"), of(-(2**63), "Seconds")],
)
def test_what_is_no_duration_is_none(quantity: Json) -> None:
    assert rules.seconds({"d": quantity}, "d") is None


def test_the_largest_durations_count() -> None:
    assert rules.seconds({"d": of(2**63 - 1, "Seconds")}, "d") == 2**63 - 1
    assert rules.seconds({"d": of(0, "Seconds")}, "d") == 0


@pytest.mark.parametrize(
    ("profile", "wanted", "allowed"),
    [
        ({}, 60, 60),
        ({}, 0, 1),
        ({"minDuration": of(2, "Minutes")}, 60, 120),
        ({"maxDuration": of(30, "Seconds")}, 60, 30),
        ({"minDuration": of(1500, "Milliseconds"), "maxDuration": of(1, "Hours")}, 1, 2),
        ({"minDuration": of(1, "Seconds"), "maxDuration": of(2500, "Milliseconds")}, 60, 2),
        ({"minDuration": of(1, "Seconds"), "maxDuration": of(1, "Hours")}, 60, 60),
    ],
)
def test_the_nearest_duration_that_a_profile_allows(profile: JsonObject, wanted: int, allowed: int) -> None:
    assert rules.allowed_duration(profile, wanted) == allowed


def test_bounds_ascend() -> None:
    low, high = of(1, "Minutes"), of(59, "Seconds")
    assert rules.duration_bounds({"minDuration": low, "maxDuration": low}) == []
    assert rules.duration_bounds({"minDuration": low}) == []
    assert told(rules.duration_bounds({"name": "A", "minDuration": low, "maxDuration": high})) == [
        ("$.minDuration", f"profile A: minDuration at most maxDuration {high}", str(low), "")
    ]
    (nameless,) = rules.duration_bounds({"minDuration": low, "maxDuration": high})
    assert (nameless.clause, nameless.expected) == ("", f"profile None: minDuration at most maxDuration {high}")


@pytest.mark.parametrize("direction", ["Upstream", "Downstream"])
def test_rates_ascend_in_each_direction(direction: str) -> None:
    least, most, burst = f"targetMin{direction}Rate", f"max{direction}Rate", f"max{direction}BurstRate"
    right: JsonObject = {"name": "A", least: of(999, "kbps"), most: of(1, "Mbps"), burst: of(1, "Gbps")}
    assert rules.rates(right) == []
    assert rules.rates({**right, most: of(1, "Tbps"), burst: of(2, "Tbps")}) == []
    assert told(rules.rates({**right, least: of(2, "Mbps")})) == [
        (f"$.{least}", f"profile A: {least} at most {most} {right[most]}", str(of(2, "Mbps")), "")
    ]
    assert [path for path, *_ in told(rules.rates({**right, burst: of(1, "bps")}))] == [f"$.{most}"]
    assert [path for path, *_ in told(rules.rates({least: of(2, "kbps"), burst: of(1, "bps")}))] == [f"$.{least}"]


def test_labels_ascend() -> None:
    small: JsonObject = {"name": "QOS_S", "maxUpstreamRate": of(2, "Mbps"), "maxDownstreamRate": of(1, "Mbps")}
    medium: JsonObject = {"name": "QOS_M", "maxUpstreamRate": of(1, "Mbps"), "maxDownstreamRate": of(1, "Mbps")}
    assert rules.ladder({"QOS_S": small}) == rules.ladder({"QOS_M": medium}) == []
    assert rules.ladder({"QOS_S": medium | {"name": "QOS_S"}, "QOS_M": small | {"name": "QOS_M"}}) == []
    (violation,) = rules.ladder({"QOS_S": small, "QOS_M": medium})
    assert (violation.path, violation.actual, violation.clause) == ("$.maxUpstreamRate", str(of(1, "Mbps")), "")
    wanted, meanings = violation.expected.split("; ")
    assert wanted == f"maxUpstreamRate of QOS_M at least that of QOS_S, {of(2, 'Mbps')}"
    assert meanings.startswith("QOS_S is ")
    assert ", QOS_M is " in meanings


def test_each_direction_of_two_labels_is_its_own_step() -> None:
    low: JsonObject = {"name": "DOWNLINK_S_UPLINK_M", "targetMinDownstreamRate": of(2, "bps"),
                       "maxUpstreamBurstRate": of(2, "bps")}  # fmt: skip
    high = {
        "name": "DOWNLINK_M_UPLINK_M",
        "targetMinDownstreamRate": of(1, "bps"),
        "maxUpstreamBurstRate": of(1, "bps"),
    }
    profiles = {str(each["name"]): each for each in (low, high)}
    assert [each.path for each in rules.ladder(profiles)] == ["$.targetMinDownstreamRate"]


def changes(old: JsonObject, new: JsonObject | None) -> list[tuple[str, str, str, str]]:
    assert RESOURCE is not None
    violations = list(keeping.changes(RESOURCE, old, new, TEMPLATE))
    assert {each.clause for each in violations} <= {"c"}
    return told(violations)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ({"qosStatus": "UNAVAILABLE"}, None),
        ({"qosStatus": "REQUESTED"}, {"qosStatus": "AVAILABLE"}),
        ({"qosStatus": "AVAILABLE", "sink": "a"},
         {"qosStatus": "UNAVAILABLE", "sink": "b", "statusInfo": "DURATION_EXPIRED"}),
        ({"sink": "a"}, {}),
        ({}, {"sink": "a"}),
        ({"device": {"a": 1}}, {"device": {"b": 1}}),
        ({"expiresAt": NOON}, {"expiresAt": SECOND_LATER}),
        ({"expiresAt": SECOND_LATER}, {"expiresAt": NOON}),
    ],
)  # fmt: skip
def test_what_the_network_does_by_itself(old: JsonObject, new: JsonObject | None) -> None:
    assert changes(old, new) == []


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ({"qosStatus": "AVAILABLE"}, None, ("", "the session as before", "it is gone", "nothing_changed")),
        ({"sink": "a"}, {"sink": "b"}, ("$.sink", "$.sink 'a' as before", "'b'", "nothing_changed")),
        ({"expiresAt": NOON}, {"expiresAt": LATER},
         ("$.expiresAt", f"$.expiresAt '{NOON}' as before", f"'{LATER}'", "nothing_changed")),
        ({"expiresAt": NOON}, {"expiresAt": "soon"},
         ("$.expiresAt", f"$.expiresAt '{NOON}' as before", "'soon'", "nothing_changed")),
        ({"expiresAt": "soon"}, {"expiresAt": NOON},
         ("$.expiresAt", "$.expiresAt 'soon' as before", f"'{NOON}'", "nothing_changed")),
        ({"qosStatus": "AVAILABLE"}, {"qosStatus": "UNAVAILABLE", "statusInfo": "DELETE_REQUESTED"},
         ("$.qosStatus", "$.qosStatus 'AVAILABLE' as before", "UNAVAILABLE, DELETE_REQUESTED", "nothing_changed")),
        ({"qosStatus": "AVAILABLE"}, {"qosStatus": "UNAVAILABLE"},
         ("$.qosStatus", "$.qosStatus 'AVAILABLE' as before", "UNAVAILABLE, no statusInfo", "status_info_missing")),
        ({"qosStatus": "AVAILABLE"}, {"qosStatus": "UNAVAILABLE", "statusInfo": "NETWORK_TERMINATED"},
         ("$.qosStatus", "$.qosStatus 'AVAILABLE' as before", "UNAVAILABLE, NETWORK_TERMINATED",
          "ended_by_network_meanwhile")),
        ({"qosStatus": "UNAVAILABLE", "sink": "a"}, {"qosStatus": "UNAVAILABLE", "sink": "b"},
         ("$.sink", "$.sink 'a' as before", "'b'", "nothing_changed")),
    ],
)  # fmt: skip
def test_what_somebody_must_have_done(
    old: JsonObject, new: JsonObject | None, expected: tuple[str, str, str, str]
) -> None:
    assert changes(old, new) == [expected]


def undeclared(body: Json, pointer: str = "#/components/schemas/CreateSession") -> list[str]:
    return list(requests.undeclared(body, pointer, CONTRACT))


@pytest.mark.parametrize(
    ("body", "paths"),
    [
        ({"duration": 60, "qosProfile": "QOS_L", "sink": "https://a.example"}, []),
        ({"length": 60}, ["$.length"]),
        ({"device": {"phoneNumber": "+1", "imei": 1, "ipv4Address": {"publicAddress": "a", "mask": 1}}},
         ["$.device.imei", "$.device.ipv4Address.mask"]),
        ({"devicePorts": {"ranges": [{"from": 1, "to": 2}, {"from": 1, "till": 2}], "ports": [1]}},
         ["$.devicePorts.ranges[1].till"]),
        ({"sinkCredential": {"credentialType": "ACCESSTOKEN", "accessToken": "t", "identifier": "i"}},
         ["$.sinkCredential.identifier"]),
        ({"sinkCredential": {"credentialType": "UNHEARD", "accessToken": "t"}}, ["$.sinkCredential.accessToken"]),
        ({"a": 1, "b": {"c": 1}}, ["$.a", "$.b"]),
        ({"device": "text", "sinkCredential": [1]}, []),
        ([], []),
        ("text", []),
    ],
)  # fmt: skip
def test_properties_that_no_schema_declares(body: Json, paths: list[str]) -> None:
    assert undeclared(body) == paths


def test_where_no_schema_declares_properties_each_is_fine() -> None:
    assert undeclared({"free": 1}, "#/components/schemas/PhoneNumber") == []


@pytest.mark.parametrize(("second", "guessable"), [("b" * 8 + "a" * 24, False), ("b" * 7 + "a" * 25, True)])
def test_ids_with_eight_different_digits_are_not_guessable(second: str, guessable: bool) -> None:  # noqa: FBT001
    assert security.guessable("a" * 32, second) is guessable
    assert security.guessable("A" * 32, second) is guessable
    assert security.guessable("a" * 32, f"{second}{second}") is guessable
