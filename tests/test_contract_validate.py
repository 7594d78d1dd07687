"""Judgement by the contract: what is wrong, where, and by which clause."""

import pytest

from pytest_nac_qod import contracts
from pytest_nac_qod.contracts import Contract
from pytest_nac_qod.contracts.validation.schema import Direction
from pytest_nac_qod.foundation.jsontypes import Json, JsonObject

CREATION: JsonObject = {
    "device": {"phoneNumber": "+99999991000"},
    "applicationServer": {"ipv4Address": "198.51.100.10"},
    "qosProfile": "QOS_L",
    "duration": 3600,
}
SESSION: JsonObject = {
    **CREATION,
    "sessionId": "3fa85f64-5717-4562-b3fc-2c963f66afa6",
    "qosStatus": "AVAILABLE",
    "startedAt": "2026-01-01T00:00:00Z",
    "expiresAt": "2026-01-01T01:00:00+00:00",
}
EVENT: JsonObject = {
    "id": "1",
    "source": "/sessions/1",
    "specversion": "1.0",
    "type": "org.camaraproject.quality-on-demand.v1.qos-status-changed",
    "time": "2026-01-01T00:00:00Z",
    "data": {"sessionId": "3fa85f64-5717-4562-b3fc-2c963f66afa6", "qosStatus": "AVAILABLE"},
}
TOKEN: JsonObject = {
    "credentialType": "ACCESSTOKEN",
    "accessToken": "t",
    "accessTokenExpiresUtc": "2099-01-01T00:00:00Z",
    "accessTokenType": "bearer",
}


@pytest.fixture(scope="module")
def contract() -> Contract:
    return contracts.contract("r3.2", "quality-on-demand")


def errors(contract: Contract, instance: Json, schema: str, direction: Direction = "request") -> list[tuple[str, str]]:
    problems = contract.validate(instance, f"#/components/schemas/{schema}", direction=direction)
    return [(error.path, error.clause.removeprefix("#/components/schemas/")) for error in problems]


@pytest.mark.parametrize(
    ("instance", "schema"),
    [
        (CREATION, "CreateSession"),
        (SESSION, "SessionInfo"),
        (EVENT, "CloudEvent"),
        (TOKEN, "SinkCredential"),
        ([], "RetrieveSessionsOutput"),
    ],
)
def test_right_values_are_right(contract: Contract, instance: Json, schema: str) -> None:
    assert errors(contract, instance, schema) == []


@pytest.mark.parametrize(
    ("change", "path", "clause"),
    [
        ({"duration": 0}, "$.duration", "CreateSession/allOf/2/properties/duration/minimum"),
        ({"duration": 2**31}, "$.duration", "CreateSession/allOf/2/properties/duration/format"),
        ({"qosProfile": "QOS_L\n"}, "$.qosProfile", "QosProfileName/pattern"),
        ({"devicePorts": {"ports": [1, 65536]}}, "$.devicePorts.ports[1]", "Port/maximum"),
        (
            {"devicePorts": {"ranges": [{"from": 1}]}},
            "$.devicePorts.ranges[0].to",
            "PortsSpec/properties/ranges/items/required",
        ),
        ({"device": {}}, "$.device", "Device/minProperties"),
        ({"device": {"ipv4Address": {"publicAddress": "203.0.113.1"}}}, "$.device.ipv4Address", "DeviceIpv4Addr/anyOf"),
        ({"device": {"ipv6Address": "2001:db8::/64"}}, "$.device.ipv6Address", "DeviceIpv6Address/format"),
        ({"sink": "http://sink.example.com"}, "$.sink", "BaseSessionInfo/properties/sink/pattern"),
        ({"sinkCredential": {**TOKEN, "accessTokenType": "mac"}}, "$.sinkCredential.accessTokenType",
         "AccessTokenCredential/allOf/1/properties/accessTokenType/enum"),
        ({"sinkCredential": {"credentialType": "PLAIN", "identifier": "i"}}, "$.sinkCredential.secret",
         "PlainCredential/allOf/1/required"),
    ],
)  # fmt: skip
def test_one_thing_wrong_is_one_error_with_its_clause(
    contract: Contract, change: JsonObject, path: str, clause: str
) -> None:
    assert errors(contract, CREATION | change, "CreateSession") == [(path, clause)]


@pytest.mark.parametrize(
    ("change", "path", "clause"),
    [
        ({"sessionId": "3fa85f64571745"}, "$.sessionId", "SessionId/format"),
        ({"startedAt": "2026-01-01T00:00:00"}, "$.startedAt", "SessionInfo/allOf/2/properties/startedAt/format"),
        ({"device": {"phoneNumber": "+99999991000", "ipv6Address": "2001:db8::1"}}, "$.device",
         "DeviceResponse/allOf/1/maxProperties"),
        ({"qosStatus": "available"}, "$.qosStatus", "QosStatus/enum"),
    ],
)  # fmt: skip
def test_answers_are_judged_by_formats_and_all_of(
    contract: Contract, change: JsonObject, path: str, clause: str
) -> None:
    assert errors(contract, SESSION | change, "SessionInfo", "response") == [(path, clause)]


def test_data_of_an_event_is_judged_through_the_discriminator(contract: Contract) -> None:
    event = EVENT | {"data": {"qosStatus": "REQUESTED"}}
    assert errors(contract, event, "CloudEvent", "event") == [
        ("$.data.qosStatus", "EventQosStatus/enum"),
        ("$.data.sessionId", "EventQosStatusChanged/allOf/1/properties/data/required"),
    ]


def test_swapped_profile_and_address_are_valid_by_the_schema_alone(contract: Contract) -> None:
    swapped = CREATION | {"qosProfile": "198.51.100.7", "applicationServer": {"ipv4Address": "QOS_L"}}
    assert errors(contract, swapped, "CreateSession") == []


def test_write_only_is_required_of_requests_only() -> None:
    document = {
        "openapi": "3.0.3",
        "paths": {},
        "components": {
            "schemas": {
                "A": {
                    "type": "object",
                    "required": ["secret", "made"],
                    "properties": {
                        "secret": {"type": "string", "writeOnly": True, "nullable": True},
                        "made": {"type": "integer", "readOnly": True, "minimum": 0, "exclusiveMinimum": True},
                    },
                }
            }
        },
    }
    contract = Contract.of(document, "a")
    assert errors(contract, {"made": 1}, "A", "response") == []
    assert errors(contract, {"secret": None}, "A", "request") == []
    assert errors(contract, {"made": 0}, "A", "response") == [("$.made", "A/properties/made/exclusiveMinimum")]


def test_operations_are_read_from_the_document(contract: Contract) -> None:
    create = contract.operations["createSession"]
    assert (create.method, create.path, create.scopes) == ("POST", "/sessions", ("quality-on-demand:sessions:create",))
    assert create.success == (201,)
    assert create.errors[409] == ("CONFLICT",)
    assert contract.base_path == "/quality-on-demand/v1"
    assert contract.response_pointer("deleteSession", 204) is None
    assert contract.response_pointer("createSession", 418) is None
    assert contract.request_pointer("getSession") is None
