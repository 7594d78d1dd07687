"""How the strategies behave beside the values that they make."""

import inspect
import subprocess
import sys
from collections.abc import Callable

import pytest
from hypothesis import Phase, find, given, settings
from hypothesis.errors import NoSuchExample
from hypothesis.strategies import SearchStrategy

from pytest_nac_qod import strategies
from pytest_nac_qod.foundation.jsontypes import Json, JsonObject
from pytest_nac_qod.reference import ReferenceServer
from pytest_nac_qod.target import Profile, Target

ALONE = settings(database=None, derandomize=True, phases=[Phase.generate, Phase.shrink])
NO_ARGUMENT = [
    getattr(strategies, name)
    for name in strategies.__all__
    if name[0].islower()
    and name.endswith("s")
    and all(one.default is not one.empty for one in inspect.signature(getattr(strategies, name)).parameters.values())
]


@pytest.fixture(scope="module")
def target() -> Target:
    with ReferenceServer() as server:
        return server.target()


@pytest.mark.parametrize("make", NO_ARGUMENT)
def test_default_settings_are_enough(make: Callable[[], SearchStrategy[Json]]) -> None:
    seen: list[Json] = []

    @given(make())
    def test(value: Json) -> None:
        seen.append(value)

    test()
    assert seen
    for value in seen:
        assert eval(repr(value), vars(strategies)) == value  # noqa: S307 - its own repr


@pytest.mark.parametrize("make", NO_ARGUMENT)
def test_same_seed_same_values(make: Callable[[], SearchStrategy[Json]]) -> None:
    runs: list[list[Json]] = []

    @settings(ALONE, max_examples=10)
    @given(make())
    def test(value: Json) -> None:
        runs[-1].append(value)

    for _ in range(2):
        runs.append([])
        test()
    assert runs[0] == runs[1]


def test_global_settings_stay_as_they_are() -> None:
    program = (
        "from hypothesis import settings; before = settings.default;"
        "from pytest_nac_qod import strategies; strategies.create_session_bodies().validate();"
        "assert settings.default is before"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


def test_plugin_does_without_hypothesis() -> None:
    program = (
        "import sys; sys.modules['hypothesis'] = None;"
        "import pytest_nac_qod.plugin, pytest_nac_qod.fixtures, pytest_nac_qod.signatures, pytest_nac_qod.cli;"
        "assert 'pytest_nac_qod.strategies' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


@pytest.mark.parametrize(
    ("values", "condition", "smallest"),
    [
        (strategies.create_session_bodies(), bool,
         {"device": {"phoneNumber": "+99900"}, "applicationServer": {"ipv4Address": "198.51.100.1"},
          "qosProfile": "QOS_L", "duration": 60}),
        (strategies.create_session_bodies(device=None), lambda body: "sinkCredential" in body,
         {"applicationServer": {"ipv4Address": "198.51.100.1"}, "qosProfile": "QOS_L", "duration": 60,
          "sink": "https://example.com/events/0",
          "sinkCredential": {"credentialType": "ACCESSTOKEN", "accessToken": "made-up-0",
                             "accessTokenExpiresUtc": "2098-01-01T00:00:00Z", "accessTokenType": "bearer"}}),
        (strategies.create_session_bodies(device=None), lambda body: "ranges" in body.get("devicePorts", {}),
         {"applicationServer": {"ipv4Address": "198.51.100.1"}, "qosProfile": "QOS_L", "duration": 60,
          "devicePorts": {"ranges": [{"from": 443, "to": 443}]}}),
        (strategies.application_servers(release="r4.1"), lambda server: len(server.get("ipAddresses", [])) > 1,
         {"ipAddresses": ["198.51.100.1", "198.51.100.2"]}),
        (strategies.devices(), lambda device: len(device) > 1,
         {"phoneNumber": "+99900", "networkAccessIdentifier": "user-0@example.com"}),
        (strategies.durations(profile=Profile("QOS_L", 60, 3600)), lambda seconds: seconds > 1000, 1001),
    ],
)  # fmt: skip
def test_failing_examples_are_readable(
    values: SearchStrategy[Json], condition: Callable[[Json], bool], smallest: Json
) -> None:
    assert find(values, condition, settings=ALONE) == smallest


def test_a_target_is_asked_only_for_what_it_declares(target: Target) -> None:
    @settings(ALONE)
    @given(strategies.create_session_bodies(release=target.release, target=target))
    def test(body: JsonObject) -> None:
        assert body["device"] in target.devices.values()
        assert body["applicationServer"] in target.application_servers.values()
        (profile,) = [candidate for candidate in target.profiles.values() if candidate.name == body["qosProfile"]]
        assert (profile.min_duration or 1) <= body["duration"] <= (profile.max_duration or 86400)
        assert "sink" not in body

    test()


def test_a_test_may_change_what_it_is_given(target: Target) -> None:
    @settings(ALONE, max_examples=30)
    @given(strategies.create_session_bodies(target=target), strategies.invalid_bodies(target=target))
    def test(body: JsonObject, bad: strategies.Invalid) -> None:
        for content in (body, bad.body):
            for name in ("device", "applicationServer", "devicePorts", "sinkCredential"):
                if isinstance(content, dict) and isinstance(content.get(name), dict):
                    assert "changed" not in content[name]
                    content[name]["changed"] = True

    test()


def test_what_the_embedded_server_does_not_offer(target: Target) -> None:
    assert find(strategies.unknown_profiles(target=target), bool, settings=ALONE) == target.profiles["unknown"].name
    assert find(strategies.inactive_profiles(target=target), bool, settings=ALONE) in {"QOS_PAUSED", "QOS_OLD"}


def test_a_target_without_inactive_profile_is_told() -> None:
    bare = Target(name="bare", release="r3.2", apis={}, tokens={}, devices={}, profiles={}, application_servers={})
    with pytest.raises(ValueError, match="bare: no inactive profile; give one as "):
        strategies.inactive_profiles(target=bare)


def test_a_profile_without_bounds_has_no_duration_out_of_range() -> None:
    with pytest.raises(ValueError, match="free: every duration is within its bounds"):
        strategies.durations_out_of_range(profile=Profile("free", 1, 2**31 - 1))


def test_durations_keep_to_their_side_of_the_bounds() -> None:
    profile = Profile("QOS_L", 60, 3600)
    with pytest.raises(NoSuchExample):
        find(strategies.durations(profile=profile), lambda seconds: not 60 <= seconds <= 3600, settings=ALONE)
    with pytest.raises(NoSuchExample):
        find(strategies.durations_out_of_range(profile=profile), lambda seconds: 60 <= seconds <= 3600, settings=ALONE)
    near: set[int] = set()

    @settings(ALONE)
    @given(strategies.durations_around(profile=profile))
    def test(seconds: int) -> None:
        near.add(seconds)

    test()
    assert near == {59, 60, 61, 3599, 3600, 3601}
