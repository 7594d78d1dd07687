"""Hypothesis strategies for everything that travels in the APIs; needs the extra `hypothesis`.

Valid data follows the contract of a release and shrinks to what a person would write; invalid data carries a label with
the one thing that is wrong and the answers that the release allows. Nothing here touches Hypothesis's own settings.

>>> from hypothesis import given, settings
>>> from pytest_nac_qod import strategies as qod
>>> @settings(max_examples=10, database=None)
... @given(qod.sessions(status="UNAVAILABLE"))
... def test_my_client_knows_why_a_session_ended(session):
...     assert session["statusInfo"] in {"DURATION_EXPIRED", "NETWORK_TERMINATED", "DELETE_REQUESTED"}
>>> test_my_client_knows_why_a_session_ended()
"""

from pytest_nac_qod.catalogue import Outcome
from pytest_nac_qod.strategies.addresses import (
    addresses,
    ipv4_addresses,
    ipv4_prefixes,
    ipv6_addresses,
    ipv6_prefixes,
)
from pytest_nac_qod.strategies.answers import assignments, error_bodies, ids, profile_objects, sessions
from pytest_nac_qod.strategies.application_servers import application_servers
from pytest_nac_qod.strategies.arguments import Call, session_arguments
from pytest_nac_qod.strategies.arrival import ArgumentsError
from pytest_nac_qod.strategies.bodies import (
    create_assignment_bodies,
    create_session_bodies,
    extend_session_bodies,
    retrieve_bodies,
    retrieve_profiles_bodies,
)
from pytest_nac_qod.strategies.correlators import correlators, malformed_correlators, malformed_ids
from pytest_nac_qod.strategies.devices import (
    devices,
    full_devices,
    ipv4_devices,
    network_access_identifiers,
    phone_numbers,
)
from pytest_nac_qod.strategies.durations import durations, durations_around, durations_out_of_range
from pytest_nac_qod.strategies.endpoint import Endpoint, recording_endpoint
from pytest_nac_qod.strategies.events import assignment_events, session_events
from pytest_nac_qod.strategies.invalid import Invalid, schema_invalid_bodies
from pytest_nac_qod.strategies.misorder import Misordered, misordered_session_arguments
from pytest_nac_qod.strategies.ports import port_ranges, port_specs, ports
from pytest_nac_qod.strategies.profiles import inactive_profiles, malformed_profiles, profiles, unknown_profiles
from pytest_nac_qod.strategies.sinks import credential_kinds, date_times, sink_credentials, sinks
from pytest_nac_qod.strategies.wire import (
    arguments_reach_the_wire,
    misordered_arguments_are_refused,
)
from pytest_nac_qod.strategies.wrong import invalid_bodies, wrong_bodies

__all__ = [
    "ArgumentsError",
    "Call",
    "Endpoint",
    "Invalid",
    "Misordered",
    "Outcome",
    "addresses",
    "application_servers",
    "arguments_reach_the_wire",
    "assignment_events",
    "assignments",
    "correlators",
    "create_assignment_bodies",
    "create_session_bodies",
    "credential_kinds",
    "date_times",
    "devices",
    "durations",
    "durations_around",
    "durations_out_of_range",
    "error_bodies",
    "extend_session_bodies",
    "full_devices",
    "ids",
    "inactive_profiles",
    "invalid_bodies",
    "ipv4_addresses",
    "ipv4_devices",
    "ipv4_prefixes",
    "ipv6_addresses",
    "ipv6_prefixes",
    "malformed_correlators",
    "malformed_ids",
    "malformed_profiles",
    "misordered_arguments_are_refused",
    "misordered_session_arguments",
    "network_access_identifiers",
    "phone_numbers",
    "port_ranges",
    "port_specs",
    "ports",
    "profile_objects",
    "profiles",
    "recording_endpoint",
    "retrieve_bodies",
    "retrieve_profiles_bodies",
    "schema_invalid_bodies",
    "session_arguments",
    "session_events",
    "sessions",
    "sink_credentials",
    "sinks",
    "unknown_profiles",
    "wrong_bodies",
]
