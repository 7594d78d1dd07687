"""Whatever the strategies call valid is valid by the contract of every release."""

from collections.abc import Callable
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.strategies import DataObject, SearchStrategy

from pytest_nac_qod import contracts, strategies
from pytest_nac_qod.contracts.validation.schema import Direction
from pytest_nac_qod.foundation.jsontypes import Json, JsonObject
from pytest_nac_qod.strategies.releases import PROFILES, SESSIONS, provisioning

QUICK = settings(database=None, deadline=None, derandomize=True, max_examples=20)
RELEASES = pytest.mark.parametrize("release", contracts.RELEASES)
IN_SCHEMA: dict[str, Callable[[str], SearchStrategy[Json]]] = {
    "Device": lambda release: strategies.devices(release=release),
    "Device ": lambda release: strategies.full_devices(release=release),
    "PhoneNumber": lambda _: strategies.phone_numbers(),
    "NetworkAccessIdentifier": lambda _: strategies.network_access_identifiers(),
    "DeviceIpv6Address": lambda _: strategies.ipv6_addresses(canonical=False),
    "ApplicationServer": lambda release: strategies.application_servers(release=release),
    "Port": lambda release: strategies.ports(release=release),
    "PortsSpec": lambda release: strategies.port_specs(release=release),
    "QosProfileName": lambda _: strategies.profiles() | strategies.unknown_profiles() | strategies.inactive_profiles(),
    "SinkCredential": lambda release: strategies.sink_credentials(release=release),
    "SinkCredential ": lambda release: strategies.sink_credentials(
        release=release, kinds=strategies.credential_kinds(release)
    ),
    "SessionId": lambda _: strategies.ids(),
}


def errors(release: str, api: str, value: Json, pointer: str, direction: Direction = "request") -> list[str]:
    problems = contracts.contract(release, api).validate(value, pointer, direction=direction)
    return [error.message for error in problems]


@RELEASES
@pytest.mark.parametrize("schema", IN_SCHEMA)
@QUICK
@given(data=st.data())
def test_parts_follow_their_schemas(release: str, schema: str, data: DataObject) -> None:
    value = data.draw(part(release, schema))
    assert errors(release, SESSIONS, value, f"#/components/schemas/{schema.strip()}") == []


@cache
def part(release: str, schema: str) -> SearchStrategy[Json]:
    return IN_SCHEMA[schema](release)


@cache
def requests(release: str) -> list[tuple[str, str, SearchStrategy[JsonObject]]]:
    operations = list(contracts.contract(release, provisioning(release)).operations)
    create, retrieve = operations[0], operations[-1]
    return [
        (SESSIONS, "createSession", strategies.create_session_bodies(release=release)),
        (SESSIONS, "createSession", strategies.create_session_bodies(release=release, device=None)),
        (SESSIONS, "extendQosSessionDuration", strategies.extend_session_bodies()),
        (SESSIONS, "retrieveSessionsByDevice", strategies.retrieve_bodies(release=release)),
        (PROFILES, "retrieveQoSProfiles", strategies.retrieve_profiles_bodies(release=release)),
        (provisioning(release), create, strategies.create_assignment_bodies(release=release)),
        (provisioning(release), retrieve, strategies.retrieve_bodies(release=release)),
    ]


@RELEASES
@pytest.mark.parametrize("number", range(7))
@QUICK
@given(data=st.data())
def test_bodies_follow_their_schemas(release: str, number: int, data: DataObject) -> None:
    api, operation, bodies = requests(release)[number]
    pointer = contracts.contract(release, api).request_pointer(operation)
    assert pointer is not None
    assert errors(release, api, data.draw(bodies), pointer) == []


@cache
def answers(release: str) -> list[tuple[str, str, Direction, SearchStrategy[JsonObject]]]:
    contract = contracts.contract(release, provisioning(release))
    created = contract.response_pointer(next(iter(contract.operations)), 201)
    assert created is not None
    event = "QosNotificationEvent" if "ipAddresses" in str(contracts.document(release, SESSIONS)) else "CloudEvent"
    return [
        (SESSIONS, "#/components/schemas/SessionInfo", "response", strategies.sessions(release=release)),
        (PROFILES, "#/components/schemas/QosProfile", "response", strategies.profile_objects(release=release)),
        (provisioning(release), created, "response", strategies.assignments(release=release)),
        (SESSIONS, f"#/components/schemas/{event}", "event", strategies.session_events(release=release)),
    ]


@RELEASES
@pytest.mark.parametrize("number", range(4))
@QUICK
@given(data=st.data())
def test_answers_and_events_follow_their_schemas(release: str, number: int, data: DataObject) -> None:
    api, pointer, direction, values = answers(release)[number]
    assert errors(release, api, data.draw(values), pointer, direction) == []


@RELEASES
@QUICK
@given(data=st.data())
def test_errors_are_documented(release: str, data: DataObject) -> None:
    api = data.draw(st.sampled_from(contracts.apis(release)))
    operations = contracts.contract(release, api).operations
    operation = data.draw(st.sampled_from(sorted(operations)))
    status = data.draw(st.sampled_from(sorted(operations[operation].errors)))
    bodies = strategies.error_bodies(release=release, api=api, operation=operation, status=status)
    error = data.draw(bodies)
    assert error["status"] == status
    assert error["code"] in operations[operation].errors[status]
    pointer = contracts.contract(release, api).response_pointer(operation, status)
    assert errors(release, api, error, str(pointer), "response") == []


@RELEASES
@QUICK
@given(data=st.data())
def test_events_of_assignments_follow_what_their_schemas_mean(release: str, data: DataObject) -> None:
    api = provisioning(release)
    name = (
        "CloudEvent"
        if "QosProvisioningNotificationEvent" not in str(contracts.document(release, api))
        else ("QosProvisioningNotificationEvent")
    )
    event = data.draw(strategies.assignment_events(release=release))
    problems = errors(release, api, event, f"#/components/schemas/{name}", "event")
    assert problems in ([], ["$.data.qosStatus: expected present, got absent"])  # required, but no property


@QUICK
@given(strategies.sessions())
def test_sessions_make_sense(session: JsonObject) -> None:
    assert ("startedAt" in session) is ("expiresAt" in session) is (session["qosStatus"] != "REQUESTED")
    assert ("statusInfo" in session) is (session["qosStatus"] == "UNAVAILABLE")
    assert "sinkCredential" not in session
