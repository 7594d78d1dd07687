"""The embedded server's qos-profiles, in each release."""

from collections.abc import Iterator

import pytest

from pytest_nac_qod import contracts
from pytest_nac_qod.foundation.jsontypes import JsonObject
from tests.support.servers import Caller, calling, code

RATES = {"bps": 1, "kbps": 10**3, "Mbps": 10**6, "Gbps": 10**9}
SECONDS = {"Seconds": 1, "Minutes": 60, "Hours": 3600, "Days": 86400}
LABELS = [f"DOWNLINK_{down}_UPLINK_{up}" for down in "SML" for up in "SML"] + [f"QOS_{size}" for size in "ESML"]


@pytest.fixture(scope="module", params=contracts.RELEASES)
def call(request: pytest.FixtureRequest) -> Iterator[Caller]:
    with calling(request.param) as caller:
        yield caller


def names(call: Caller, body: JsonObject, *, client: str = "application") -> list[str]:
    answer = call("retrieveQoSProfiles", body, client=client)
    assert answer.status_code == 200
    return [profile["name"] for profile in answer.json()]


def rate(profile: JsonObject, name: str) -> int:
    return int(profile[name]["value"]) * RATES[profile[name]["unit"]]


def seconds(profile: JsonObject, name: str) -> int:
    return int(profile[name]["value"]) * SECONDS[profile[name]["unit"]]


def test_all_thirteen_labels_are_active_and_sound(call: Caller) -> None:
    profiles = {profile["name"]: profile for profile in call("retrieveQoSProfiles", {}).json()}
    assert set(LABELS) <= set(profiles)
    for name in LABELS:
        profile = profiles[name]
        assert profile["status"] == "ACTIVE"
        assert 1 <= seconds(profile, "minDuration") <= seconds(profile, "maxDuration")
        for way in ("Upstream", "Downstream"):
            least, most = rate(profile, f"targetMin{way}Rate"), rate(profile, f"max{way}Rate")
            assert 0 < least <= most <= rate(profile, f"max{way}BurstRate")


@pytest.mark.parametrize("way", ["maxDownstreamRate", "maxUpstreamRate", "targetMinDownstreamRate"])
def test_larger_labels_have_larger_rates(call: Caller, way: str) -> None:
    profiles = {profile["name"]: profile for profile in call("retrieveQoSProfiles", {}).json()}
    ladders = [["QOS_S", "QOS_M", "QOS_L"]]
    for size in "SML":
        fixed = [f"DOWNLINK_{size}_UPLINK_{other}" for other in "SML"]
        varied = [f"DOWNLINK_{other}_UPLINK_{size}" for other in "SML"]
        ladders.append(fixed if "Upstream" in way else varied)
    for ladder in ladders:
        rates = [rate(profiles[name], way) for name in ladder]
        assert rates == sorted(set(rates))


def test_only_properties_that_the_release_knows(call: Caller) -> None:
    known = call.contract("getQosProfile").document["components"]["schemas"]["QosProfile"]["properties"]
    assert set(call("getQosProfile", key="QOS_E").json()) == set(known)


def test_listed_profiles_are_the_ones_by_name(call: Caller) -> None:
    for profile in call("retrieveQoSProfiles", {}).json():
        assert call("getQosProfile", key=profile["name"]).json() == profile


def test_filters_by_name_and_status(call: Caller) -> None:
    assert names(call, {"name": "QOS_S"}) == ["QOS_S"]
    assert names(call, {"status": "INACTIVE"}) == ["QOS_PAUSED"]
    assert names(call, {"status": "DEPRECATED"}) == ["QOS_OLD"]
    assert names(call, {"name": "QOS_S", "status": "INACTIVE"}) == []
    assert names(call, {"name": "nobody-has-it"}) == []
    active = names(call, {"status": "ACTIVE"})
    assert set(active) == set(LABELS)


def test_restricted_profile_is_listed_for_its_device_alone(call: Caller) -> None:
    devices = call.target
    assert "QOS_FLEET" not in names(call, {})
    assert "QOS_FLEET" not in names(call, {"device": devices["default"]})
    assert names(call, {"name": "QOS_FLEET"}) == []
    assert "QOS_FLEET" in names(call, {"device": devices["restricted"]})
    assert "QOS_FLEET" not in names(call, {}, client="three_legged")
    assert call("getQosProfile", key="QOS_FLEET").status_code == 200
    assert code(call("getQosProfile", key="QOS_FLEET", client="three_legged")) == (404, "NOT_FOUND")
    assert call("getQosProfile", key="QOS_S", client="three_legged").status_code == 200


def test_device_without_profiles_gets_an_empty_list(call: Caller) -> None:
    assert names(call, {"device": call.target["without_profiles"]}) == []


@pytest.mark.parametrize("name", ["ab", "a" * 257, "no%20such%20name", "caf%C3%A9"])
def test_name_that_no_profile_can_have(call: Caller, name: str) -> None:
    assert code(call("getQosProfile", key=name)) == (400, "INVALID_ARGUMENT")


def test_unknown_name(call: Caller) -> None:
    assert code(call("getQosProfile", key="nobody-has-it")) == (404, "NOT_FOUND")


def test_inactive_profiles_are_shown_by_name(call: Caller) -> None:
    assert call("getQosProfile", key="QOS_PAUSED").json()["status"] == "INACTIVE"
    assert call("getQosProfile", key="QOS_OLD").json()["status"] == "DEPRECATED"


@pytest.mark.parametrize(
    "body", [{"name": "ab"}, {"status": "active"}, {"device": {}}, {"device": {"phoneNumber": "1"}}, [], "text", None]
)
def test_body_that_breaks_the_schema(call: Caller, body: object) -> None:
    assert code(call("retrieveQoSProfiles", body)) == (400, "INVALID_ARGUMENT")
