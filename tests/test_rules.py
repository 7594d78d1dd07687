"""Rules: each has its clause in the published text, and applies to the releases that it should."""

import pytest

from pytest_nac_qod import catalogue, contracts
from pytest_nac_qod.checks import rules as checks
from pytest_nac_qod.foundation.jsontypes import JsonObject

RULES = {row.id: row for release in contracts.RELEASES for row in catalogue.rules(release)}


def test_ids_say_what_they_are() -> None:
    for row in RULES.values():
        assert row.id.startswith("nac_")
        assert row.id == row.id.lower()
        assert row.kind == "rule"


@pytest.mark.parametrize("release", catalogue.releases())
def test_rules_follow_the_scenarios_and_name_operations_of_their_release(release: str) -> None:
    kinds = [row.kind for row in catalogue.rows(release)]
    assert kinds == sorted(kinds, reverse=True)
    for row in catalogue.rules(release):
        assert row.operation in contracts.contract(release, row.api).operations, row.id
        assert row.release == release


def test_columns_by_release_hold_until_the_next_entry() -> None:
    accepted = {
        release: next(row.accepted for row in catalogue.rules(release) if row.id == "nac_malformed_sink_is_refused")
        for release in contracts.RELEASES
    }
    assert [str(outcome) for outcome in accepted["r1.3"]] == ["400 INVALID_ARGUMENT"]
    assert accepted["r2.2"] == accepted["r1.3"]
    assert [str(outcome) for outcome in accepted["r4.1"]] == ["400 INVALID_SINK", "400 INVALID_ARGUMENT"]


def test_rules_apply_from_their_first_release_on() -> None:
    first = {
        row_id: next(
            release for release in contracts.RELEASES if row_id in {row.id for row in catalogue.rules(release)}
        )
        for row_id in ("nac_get_after_delete_is_404", "nac_http_sink_is_refused", "nac_port_zero_is_refused")
    }
    assert list(first.values()) == ["r1.3", "r3.2", "r4.1"]


# Codes that no request brings about: failures of the provider itself, not found where the path names nothing, out of
# range where the request has no number, and what the contract lists although its own text or schema rules it out.
FAILURES = {500, 503}
NO_RESOURCE = "404 NOT_FOUND"
NO_NUMBER = "400 OUT_OF_RANGE"
NO_QUOTA = "429 QUOTA_EXCEEDED"  # scenarios of r4.1 have one code for the limit of requests
RULED_OUT = {
    ("extendQosSessionDuration", "400 QUALITY_ON_DEMAND.DURATION_OUT_OF_RANGE"),
    ("createSession", "400 INVALID_CREDENTIAL"),
    ("createQosAssignment", "400 INVALID_CREDENTIAL"),
    ("retrieveQoSProfiles", "422 UNIDENTIFIABLE_DEVICE"),
    ("retrieveQoSProfiles", "422 DEVICE_NOT_APPLICABLE"),
    ("getQosProfile", "403 INVALID_TOKEN_CONTEXT"),
}


@pytest.mark.parametrize("release", contracts.RELEASES)
def test_each_documented_code_is_reached(release: str) -> None:
    for api in contracts.apis(release):
        contract = contracts.contract(release, api)
        for operation in contract.operations.values():
            rows = [row for row in catalogue.rows(release) if (row.api, row.operation) == (api, operation.id)]
            reached = {str(outcome) for row in rows for outcome in row.accepted}
            documented = {f"{s} {code}" for s, codes in operation.errors.items() for code in codes if s not in FAILURES}
            excused = {code for name, code in RULED_OUT if name == operation.id}
            excused |= {NO_RESOURCE} if "{" not in operation.path else set()
            excused |= {NO_NUMBER} if contract.request_pointer(operation.id) is None else set()
            excused |= {NO_QUOTA} if not any(row.purpose.key == "quota" for row in rows) else set()
            assert documented - reached - excused == set(), f"{release} {operation.id}"


CREATED: JsonObject = {"sessionId": "1", "duration": 60, "qosStatus": "REQUESTED", "device": {"phoneNumber": "+1"}}
AVAILABLE: JsonObject = {**CREATED, "qosStatus": "AVAILABLE", "startedAt": "2026-01-01T00:00:00Z"}


@pytest.mark.parametrize(
    ("before", "after", "paths"),
    [
        (CREATED, AVAILABLE, []),
        (CREATED, {**AVAILABLE, "duration": 61}, ["$.duration"]),
        (CREATED, {**AVAILABLE, "qosStatus": "UNAVAILABLE", "duration": 10, "statusInfo": "DELETE_REQUESTED"}, []),
        (CREATED, {**AVAILABLE, "sink": "https://a.example"}, ["$.sink"]),
        (CREATED, {name: value for name, value in AVAILABLE.items() if name != "device"}, ["$.device"]),
        (AVAILABLE, {**AVAILABLE, "startedAt": "2026-01-01T00:00:01Z"}, ["$.startedAt"]),
    ],
)
def test_unchanged(before: JsonObject, after: JsonObject, paths: list[str]) -> None:
    assert [violation.path for violation in checks.unchanged(before, after)] == paths


def quantity(value: int, unit: str) -> JsonObject:
    return {"value": value, "unit": unit}


@pytest.mark.parametrize(
    ("low", "high", "wrong"),
    [
        (quantity(90, "Seconds"), quantity(2, "Minutes"), 0),
        (quantity(1, "Days"), quantity(24, "Hours"), 0),
        (quantity(3, "Minutes"), quantity(90, "Seconds"), 1),
        (quantity(1, "Days"), quantity(1, "Fortnights"), 0),
    ],
)
def test_duration_bounds_are_compared_in_seconds(low: JsonObject, high: JsonObject, wrong: int) -> None:
    violations = checks.duration_bounds({"name": "QOS_L", "minDuration": low, "maxDuration": high})
    assert [violation.path for violation in violations] == ["$.minDuration"] * wrong


def test_rates_are_compared_in_bits_per_second() -> None:
    right = {
        "name": "QOS_L",
        "targetMinDownstreamRate": quantity(900, "kbps"),
        "maxDownstreamRate": quantity(1, "Mbps"),
        "maxDownstreamBurstRate": quantity(1, "Gbps"),
    }
    assert checks.rates(right) == []
    (violation,) = checks.rates({**right, "maxDownstreamRate": quantity(2, "Tbps")})
    assert violation.path == "$.maxDownstreamRate"
    assert "maxDownstreamRate at most maxDownstreamBurstRate" in violation.expected
    without_maximum = {name: value for name, value in right.items() if name != "maxDownstreamRate"}
    (violation,) = checks.rates({**without_maximum, "targetMinDownstreamRate": quantity(2, "Gbps")})
    assert violation.path == "$.targetMinDownstreamRate"


def test_ladder() -> None:
    rates = {"S": 1, "M": 10, "L": 100}
    profiles = {
        f"QOS_{size}": {"name": f"QOS_{size}", "maxDownstreamRate": quantity(rate, "Mbps")}
        for size, rate in rates.items()
    }
    assert checks.ladder(profiles) == []
    profiles["QOS_M"]["maxDownstreamRate"] = quantity(1, "Gbps")
    (violation,) = checks.ladder(profiles)
    assert violation.expected.startswith("maxDownstreamRate of QOS_L at least that of QOS_M")


def test_ladder_of_both_directions() -> None:
    profiles = {
        name: {"name": name, "maxDownstreamRate": quantity(down, "Mbps"), "maxUpstreamRate": quantity(up, "Mbps")}
        for name, down, up in [
            ("DOWNLINK_S_UPLINK_L", 1, 100),
            ("DOWNLINK_M_UPLINK_L", 10, 50),
            ("DOWNLINK_M_UPLINK_S", 10, 60),
        ]
    }
    assert checks.ladder(profiles) == []
