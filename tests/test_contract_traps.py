"""Judgement where the published schemas are hard to judge by: alternatives, discriminators, directions, old formats."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from pytest_nac_qod import contracts
from pytest_nac_qod.contracts import Contract
from pytest_nac_qod.contracts.facts import parse_yaml
from pytest_nac_qod.contracts.pointers import escaped
from pytest_nac_qod.contracts.validation.schema import Direction
from pytest_nac_qod.foundation.jsontypes import Json, JsonObject

SCHEMAS = "#/components/schemas/"
ALL = [(release, api) for release in contracts.RELEASES for api in contracts.apis(release)]
ASSIGNMENT_EVENT: JsonObject = {
    "id": "1",
    "source": "/qos-assignments/1",
    "specversion": "1.0",
    "type": "org.camaraproject.qos-provisioning.v0.status-changed",
    "time": "2026-01-01T00:00:00Z",
    "data": {"assignmentId": "3fa85f64-5717-4562-b3fc-2c963f66afa6", "status": "AVAILABLE"},
}


def judged(
    release: str, api: str, instance: Json, pointer: str, direction: Direction = "request"
) -> list[tuple[str, str]]:
    errors = contracts.contract(release, api).validate(instance, pointer, direction=direction)
    return [(error.path, error.clause.removeprefix(SCHEMAS)) for error in errors]


@pytest.mark.parametrize(
    ("server", "path", "clause"),
    [
        ({"ipAddresses": []}, "$.ipAddresses", "ApplicationServerIpAddressListType/minItems"),
        ({"ipAddresses": [f"198.51.100.{n}" for n in range(17)]}, "$.ipAddresses",
         "ApplicationServerIpAddressListType/maxItems"),
        ({"ipAddresses": ["198.51.100.1"] * 2}, "$.ipAddresses", "ApplicationServerIpAddressListType/uniqueItems"),
        ({"ipAddresses": ["198.51.100.0/24"]}, "$.ipAddresses[0]", "ApplicationServerIpAddressListType/items/anyOf"),
        ({"ipv4Address": "QOS_L"}, "$.ipv4Address", "ApplicationServerIpv4Address/pattern"),
        ({"ipv6Address": "2001:db8::/129"}, "$.ipv6Address", "ApplicationServerIpv6Address/pattern"),
        ({"ipv4Address": "198.51.100.1", "ipAddresses": ["198.51.100.1"]}, "$", "ApplicationServer/oneOf"),
        ({"name": "server"}, "$", "ApplicationServer/oneOf"),
        ({}, "$", "ApplicationServer/oneOf"),
    ],
)  # fmt: skip
def test_alternative_that_is_meant_is_the_one_judged_by(server: JsonObject, path: str, clause: str) -> None:
    assert judged("r4.1", "quality-on-demand", server, f"{SCHEMAS}ApplicationServer") == [(path, clause)]


def test_alternatives_are_named_where_none_is_meant() -> None:
    contract = contracts.contract("r4.1", "quality-on-demand")
    (error,) = contract.validate({}, f"{SCHEMAS}ApplicationServer", direction="request")
    assert error.message == (
        "$: expected one of: ApplicationServerIpAddressList; ApplicationServerIpAddressSubnets, got {}"
    )


@pytest.mark.parametrize(
    "server",
    [
        {"ipAddresses": ["198.51.100.1", "2001:db8::1"]},
        {"ipv4Address": "198.51.100.0/24", "ipv6Address": "2001:db8::/64"},
    ],
)
def test_either_alternative_is_right(server: JsonObject) -> None:
    assert judged("r4.1", "quality-on-demand", server, f"{SCHEMAS}ApplicationServer") == []


@pytest.mark.parametrize("release", ["r3.2", "r4.1"])
def test_data_of_an_event_is_judged_through_either_kind_of_discriminator(release: str) -> None:
    pointer = contracts.contract(release, "qos-provisioning").event_schema
    assert pointer is not None
    event = ASSIGNMENT_EVENT | {"data": {**ASSIGNMENT_EVENT["data"], "qosStatus": "", "status": "REQUESTED"}}
    assert judged(release, "qos-provisioning", event, pointer, "event") == [("$.data.status", "StatusChanged/enum")]


def test_token_is_required_of_a_request_and_not_of_an_answer() -> None:
    credential = {"credentialType": "ACCESSTOKEN", "accessTokenExpiresUtc": "2099-01-01T00:00:00Z"}
    pointer = f"{SCHEMAS}SinkCredential"
    required = "AccessTokenCredential/allOf/1/required"
    assert judged("r4.1", "quality-on-demand", credential, pointer, "response") == []
    assert judged("r4.1", "quality-on-demand", credential, pointer) == [
        ("$.accessToken", required),
        ("$.accessTokenType", required),
    ]


def test_kinds_of_credentials_that_a_release_gave_up_are_invalid_in_it() -> None:
    credential = {"credentialType": "PLAIN", "identifier": "i", "secret": "s"}
    pointer = f"{SCHEMAS}SinkCredential"
    assert judged("r3.2", "qos-provisioning", credential, pointer) == []
    assert judged("r4.1", "qos-provisioning", credential, pointer) == [
        ("$.credentialType", "SinkCredential/properties/credentialType/enum")
    ]


def test_format_url_is_a_format() -> None:
    contract = contracts.contract("r1.3", "quality-on-demand")
    pointer = f"{SCHEMAS}BaseSessionInfo/properties/sink"
    assert contract.validate("http://sink.example.com", pointer, direction="request") == []
    (error,) = contract.validate("sink", pointer, direction="request")
    assert error.message == "$: expected a URL, got 'sink'"


def test_port_0_is_valid_up_to_r3_2() -> None:
    assert judged("r3.2", "quality-on-demand", 0, f"{SCHEMAS}Port") == []
    assert judged("r4.1", "quality-on-demand", 0, f"{SCHEMAS}Port") == [("$", "Port/minimum")]


@pytest.mark.parametrize("text", ["2024-06-01T12:00:00Z", "2024-06-01"])
def test_dates_stay_strings(text: str) -> None:
    assert parse_yaml(f"at: {text}") == {"at": text}


def with_codes(schema: JsonObject) -> Contract:
    answer = {"content": {"application/json": {"schema": schema}}}
    operation = {"operationId": "read", "responses": {"400": answer}}
    shared = [{"name": "page", "in": "query", "schema": {"type": "integer"}}]
    return Contract.of({"openapi": "3.0.3", "paths": {"/a": {"parameters": shared, "get": operation}}}, "a")


@pytest.mark.parametrize(
    ("schema", "codes"),
    [
        ({"properties": {"code": {"enum": ["A", "B"]}}}, ("A", "B")),
        (
            {"allOf": [{"properties": {"code": {"enum": ["A", "B"]}}}, {"properties": {"code": {"enum": ["B"]}}}]},
            ("B",),
        ),
        ({"oneOf": [{"properties": {"code": {"enum": ["A"]}}}, {"properties": {"code": {"enum": ["B"]}}}]}, ("A", "B")),
        ({"properties": {"code": {"anyOf": [{"enum": ["A"]}, {"allOf": [{"enum": ["C"]}]}]}}}, ("A", "C")),
        ({"oneOf": [{"properties": {"code": {"enum": ["A"]}}}, {}]}, ()),
    ],
)
def test_codes_are_found_through_allof_oneof_and_anyof(schema: JsonObject, codes: tuple[str, ...]) -> None:
    operation = with_codes(schema).operations["read"]
    assert operation.errors == {400: codes}
    assert operation.enumerated == ({400} if codes else set())
    assert operation.query == ("page",)


def test_property_may_be_called_nullable() -> None:
    contract = with_codes({"properties": {"nullable": {"type": "string", "nullable": True}}, "required": ["nullable"]})
    pointer = contract.response_pointer("read", 400)
    assert pointer is not None
    assert contract.validate({"nullable": None}, pointer, direction="response") == []
    (error,) = contract.validate({"nullable": 1}, pointer, direction="response")
    assert error.path == "$.nullable"


def examples(published: Contract, place: str) -> list[Json]:
    """The values that the body at `place` is shown with."""
    _, body = published.resolved(place)
    shown = [published.resolved(f"{place}/examples/{escaped(name)}")[1]["value"] for name in body.get("examples", {})]
    return [*shown, body["example"]] if "example" in body else shown


def bodies(contract: Contract) -> Iterator[tuple[str, Direction]]:
    """Pointers of all schemas of bodies, and where those travel."""
    for name, operation in contract.operations.items():
        if request := contract.request_pointer(name):
            yield request, "request"
        for status in (*operation.success, *operation.errors):
            if answer := contract.response_pointer(name, status):
                yield answer, "response"
    if contract.callback:
        address = escaped("{$request.body#/sink}")
        media = escaped("application/cloudevents+json")
        yield f"{contract.callback}/{address}/post/requestBody/content/{media}/schema", "event"


@pytest.mark.parametrize(("release", "api"), ALL)
def test_published_examples_are_valid(published: Path, release: str, api: str) -> None:
    ours = contracts.contract(release, api)
    theirs = Contract.of(contracts.load(str(published / release / f"{api}.yaml")))
    shown = [
        (example, pointer, direction)
        for pointer, direction in bodies(ours)
        for example in examples(theirs, pointer.removesuffix("/schema"))
    ]
    assert len(shown) > 15
    wrong = [error.path for value, at, direction in shown for error in ours.validate(value, at, direction=direction)]
    assert wrong == []
