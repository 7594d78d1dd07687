"""The names that others build on: none goes without a word in the changelog."""

import importlib

import pytest

from pytest_nac_qod import plugin, strategies
from pytest_nac_qod.cli import COMMANDS, parser
from pytest_nac_qod.run.options import OPTIONS

STRATEGIES = """
ArgumentsError Call Endpoint Invalid Misordered Outcome addresses application_servers arguments_reach_the_wire
assignment_events assignments correlators create_assignment_bodies create_session_bodies credential_kinds date_times
devices durations durations_around durations_out_of_range error_bodies extend_session_bodies full_devices ids
inactive_profiles invalid_bodies ipv4_addresses ipv4_devices ipv4_prefixes ipv6_addresses ipv6_prefixes
malformed_correlators malformed_ids malformed_profiles misordered_arguments_are_refused misordered_session_arguments
network_access_identifiers phone_numbers port_ranges port_specs ports profile_objects profiles recording_endpoint
retrieve_bodies retrieve_profiles_bodies schema_invalid_bodies session_arguments session_events sessions
sink_credentials sinks unknown_profiles wrong_bodies
"""
FIXTURES = """
nac_client nac_device nac_shim qod_client qod_device qod_devices qod_profiles qod_reference qod_server qod_sink
qod_target qod_watch
"""
COMMAND_NAMES = """
check judge proxy load preflight serve init sink-certificate contract release report verify expectations compare
client sdk-matrix explain faults legal cleanup schema completion
"""
OPTION_NAMES = """
list basis dry-run target url token release release-dir api operation scenario level profile mandatory fail-fast mode
report sign resume expectations contract max-examples seed rate budget yes jobs sink-url fault legal
"""
CLASSES = [
    ("pytest_nac_qod.reference", "ReferenceServer"),
    ("pytest_nac_qod.sdk.shim", "Shim"),
    ("pytest_nac_qod.target", "Profile"),
    ("pytest_nac_qod.target", "Target"),
    ("pytest_nac_qod.target.file", "load_target"),
    ("pytest_nac_qod.target.file", "render_target"),
    ("pytest_nac_qod.wire.client", "Answer"),
    ("pytest_nac_qod.wire.client", "QodClient"),
    ("pytest_nac_qod.wire.models", "Device"),
    ("pytest_nac_qod.wire.sink", "Sink"),
]


def test_strategies_are_these() -> None:
    assert sorted(strategies.__all__) == sorted(STRATEGIES.split())
    assert all(hasattr(strategies, name) for name in strategies.__all__)


def test_fixtures_are_these(pytester: pytest.Pytester) -> None:
    assert sorted(plugin.__all__) == sorted(FIXTURES.split())
    shown = pytester.runpytest_subprocess("--fixtures", "-p", "no:randomly").stdout.str()
    assert [name for name in FIXTURES.split() if f"\n{name}" not in shown] == []


def test_commands_are_these() -> None:
    assert list(COMMANDS) == COMMAND_NAMES.split()
    shown = parser().format_help()
    assert [name for name in COMMANDS if f"\n    {name}" not in shown] == []


def test_options_are_these() -> None:
    assert [word for option in OPTIONS for word in option.words("")] == OPTION_NAMES.split()
    keys = [key for option in OPTIONS for key in option.ini_keys()]
    assert keys == [f"qod_{name.replace('-', '_')}" for name in OPTION_NAMES.split()]


@pytest.mark.parametrize(("module", "name"), CLASSES)
def test_what_fixtures_hand_out_is_importable(module: str, name: str) -> None:
    assert callable(getattr(importlib.import_module(module), name))
