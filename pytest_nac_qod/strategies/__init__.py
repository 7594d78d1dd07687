"""Hypothesis strategies for everything that travels in the APIs; needs the extra `hypothesis`."""

from pytest_nac_qod.strategies.addresses import (
    addresses,
    ipv4_addresses,
    ipv4_prefixes,
    ipv6_addresses,
    ipv6_prefixes,
)
from pytest_nac_qod.strategies.answers import assignments, error_bodies, ids, profile_objects, sessions
from pytest_nac_qod.strategies.application_servers import application_servers
from pytest_nac_qod.strategies.bodies import (
    create_assignment_bodies,
    create_session_bodies,
    extend_session_bodies,
    retrieve_bodies,
    retrieve_profiles_bodies,
)
from pytest_nac_qod.strategies.devices import (
    devices,
    full_devices,
    ipv4_devices,
    network_access_identifiers,
    phone_numbers,
)
from pytest_nac_qod.strategies.durations import durations, durations_around, durations_out_of_range
from pytest_nac_qod.strategies.events import assignment_events, session_events
from pytest_nac_qod.strategies.ports import port_ranges, port_specs, ports
from pytest_nac_qod.strategies.profiles import inactive_profiles, malformed_profiles, profiles, unknown_profiles
from pytest_nac_qod.strategies.sinks import credential_kinds, date_times, sink_credentials, sinks

__all__ = [
    "addresses",
    "application_servers",
    "assignment_events",
    "assignments",
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
    "ipv4_addresses",
    "ipv4_devices",
    "ipv4_prefixes",
    "ipv6_addresses",
    "ipv6_prefixes",
    "malformed_profiles",
    "network_access_identifiers",
    "phone_numbers",
    "port_ranges",
    "port_specs",
    "ports",
    "profile_objects",
    "profiles",
    "retrieve_bodies",
    "retrieve_profiles_bodies",
    "session_events",
    "sessions",
    "sink_credentials",
    "sinks",
    "unknown_profiles",
]
