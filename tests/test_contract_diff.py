"""What the diff sees, and what it is blind to."""

import copy
import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest

from pytest_nac_qod import contracts
from pytest_nac_qod.contracts.diff import diff
from pytest_nac_qod.jsontypes import Json, JsonObject

SHA256 = {
    ("r1.3", "qod-provisioning"): "48ad75c2812d4c6015f5aa7a9b6905e605c7b8eb12584f83458dc9cef2bd6cd8",
    ("r1.3", "qos-profiles"): "3120c65707e1a66efd695a27bf53629a3f1da9766ef757285a4cde02048997ec",
    ("r1.3", "quality-on-demand"): "4aca061d8f007b7191f6d3a3e99eaf88bcd469f79cbd10d2a6b56d1d554b2123",
    ("r2.2", "qod-provisioning"): "f5efd1353bdb6535e6c23686b5c5a2fff8451ca8e95ceb6d4cea59204dd6f892",
    ("r2.2", "qos-profiles"): "f5318ff21c3ba479a76b03be0c9f956778c6c21ed6d302308b7bb5d2398712de",
    ("r2.2", "quality-on-demand"): "5b677a658143a86a752c045e386b5790243902cc8133b56103050ceddabaf3b4",
    ("r3.2", "qos-profiles"): "12d7130e6342da634759e3691a8c4a6bbf3f41aa0b717ef80f4b1e9e1336d31c",
    ("r3.2", "qos-provisioning"): "098ab3296505e9eded78b5b86f1019b2a39b86b45c43f9b18c1592b1fd0238f2",
    ("r3.2", "quality-on-demand"): "b50893bacfeeb45631f36dbfdc8f6e09de4a6e3b4d9a4515404b9c5765b02c31",
    ("r4.1", "qos-profiles"): "908697cc70d8e250720d8cc1ddab5c2d0d807848ff618e53f48a01d215a4e97d",
    ("r4.1", "qos-provisioning"): "a52e7cf0d1ca0049f1121754a3eceaa3485fe7987268bd14a14c7fe6811d01b7",
    ("r4.1", "quality-on-demand"): "9163892a1d6f6c784c0e1e15c5f2977ec07cbd10ed16ec267a6b0ad2f74f4689",
}

CREATE = "paths /sessions post"
SCHEMAS = "components schemas"
DELETED = object()

# Where to change the published document, the new value, and a part of the pointer that has to name the difference.
CHANGES: dict[str, tuple[str, Json, str]] = {
    "version": ("info version", "1.1.1", "#/info/version"),
    "base path": ("servers", [{"url": "{apiRoot}/quality-on-demand/v2"}], "#/servers"),
    "operation gone": ("paths /sessions/{sessionId} delete", DELETED, "#/paths/~1sessions~1{sessionId}/delete"),
    "operation added": ("paths /sessions get", {"responses": {}}, "#/paths/~1sessions/get"),
    "path gone": ("paths /retrieve-sessions", DELETED, "#/paths/~1retrieve-sessions"),
    "operationId": (f"{CREATE} operationId", "create", "/post/operationId"),
    "scope": (f"{CREATE} security", [{"openId": ["quality-on-demand:sessions:write"]}], "/post/security"),
    "security gone": (f"{CREATE} security", DELETED, "/post/security"),
    "body optional": (f"{CREATE} requestBody required", False, "/requestBody/required"),
    "body media type": (f"{CREATE} requestBody content", {"text/json": {}}, "/requestBody/content/application~1json"),
    "response gone": (f"{CREATE} responses 409", DELETED, "/responses/409"),
    "success status": (f"{CREATE} responses 200", {"description": ""}, "/responses/200"),
    "response body gone": (f"{CREATE} responses 201 content", DELETED, "/responses/201/content/application~1json"),
    "response header gone": (f"{CREATE} responses 201 headers", DELETED, "/responses/201/headers/x-correlator"),
    "parameter gone": (f"{CREATE} parameters", [], "/post/parameters/header x-correlator"),
    "path parameter": ("paths /sessions/{sessionId} get parameters 0 name", "id", "/get/parameters/path"),
    "header required": (
        "components parameters x-correlator required",
        True,
        "/parameters/header x-correlator/required",
    ),
    "callback gone": (f"{CREATE} callbacks", DELETED, "/post/callbacks/notifications"),
    "callback media type": (
        f"{CREATE} callbacks notifications {{$request.body#/sink}} post requestBody content",
        {"application/json": {}},
        "/requestBody/content/application~1cloudevents+json",
    ),
    "callback answer": (
        f"{CREATE} callbacks notifications {{$request.body#/sink}} post responses 410",
        DELETED,
        "/responses/410",
    ),
    "callback security": (
        f"{CREATE} callbacks notifications {{$request.body#/sink}} post security",
        [{"notificationsBearerAuth": []}],
        "/security",
    ),
    "security scheme": ("components securitySchemes notificationsBearerAuth scheme", "basic", "/security"),
    "correlator pattern": (f"{SCHEMAS} XCorrelator pattern", "^.*$", "/header x-correlator/schema/pattern"),
    "id format": (f"{SCHEMAS} SessionId format", DELETED, "/parameters/path sessionId/schema/format"),
    "required gone": (f"{SCHEMAS} BaseSessionInfo required", ["qosProfile"], "/schema/required"),
    "required added": (f"{SCHEMAS} CreateSession allOf 2 required", ["duration", "x"], "/schema/required"),
    "property gone": (f"{SCHEMAS} BaseSessionInfo properties sink", DELETED, "/schema/properties/sink"),
    "property added": (f"{SCHEMAS} RetrieveSessionsInput properties x", {"type": "string"}, "/schema/properties/x"),
    "property type": (f"{SCHEMAS} ErrorInfo properties status type", "number", "/properties/status/type"),
    "minimum": (f"{SCHEMAS} Port minimum", 1, "/minimum"),
    "maximum": (f"{SCHEMAS} Port maximum", 65534, "/maximum"),
    "exclusive minimum": (f"{SCHEMAS} Port exclusiveMinimum", True, "/exclusiveMinimum"),
    "duration minimum": (
        f"{SCHEMAS} ExtendSessionDuration properties requestedAdditionalDuration minimum",
        2,
        "/minimum",
    ),
    "integer format": (f"{SCHEMAS} CreateSession allOf 2 properties duration format", "int64", "/duration/format"),
    "profile pattern": (f"{SCHEMAS} QosProfileName pattern", "^[a-z]+$", "/qosProfile/pattern"),
    "profile minLength": (f"{SCHEMAS} QosProfileName minLength", 2, "/qosProfile/minLength"),
    "profile maxLength": (f"{SCHEMAS} QosProfileName maxLength", 255, "/qosProfile/maxLength"),
    "phone pattern": (f"{SCHEMAS} PhoneNumber pattern", r"^\+?[0-9]{5,15}$", "/phoneNumber/pattern"),
    "address format": (f"{SCHEMAS} SingleIpv4Addr format", "ipv6", "/publicAddress/format"),
    "anyOf branch": (f"{SCHEMAS} DeviceIpv4Addr anyOf", [{"required": ["publicAddress"]}], "/ipv4Address/anyOf"),
    "minProperties": (f"{SCHEMAS} Device minProperties", 2, "/device/minProperties"),
    "maxProperties through allOf": (f"{SCHEMAS} DeviceResponse allOf 1 maxProperties", 2, "/device/maxProperties"),
    "minItems": (f"{SCHEMAS} PortsSpec properties ports minItems", 2, "/ports/minItems"),
    "maxItems": (f"{SCHEMAS} RetrieveSessionsOutput maxItems", 10, "/schema/maxItems"),
    "uniqueItems": (f"{SCHEMAS} PortsSpec properties ports uniqueItems", True, "/ports/uniqueItems"),
    "items": (f"{SCHEMAS} RetrieveSessionsOutput items", {"type": "object"}, "/schema/items"),
    "closed object": (
        f"{SCHEMAS} ApplicationServer additionalProperties",
        False,
        "/applicationServer/additionalProperties",
    ),
    "nullable": (f"{SCHEMAS} SessionId nullable", True, "/nullable"),
    "writeOnly": (f"{SCHEMAS} BaseSessionInfo properties sink writeOnly", True, "/sink/writeOnly"),
    "sink pattern": (f"{SCHEMAS} BaseSessionInfo properties sink pattern", DELETED, "/sink/pattern"),
    "status enum": (f"{SCHEMAS} QosStatus enum", ["REQUESTED", "AVAILABLE"], "/qosStatus/enum"),
    "event type": (f"{SCHEMAS} CloudEvent properties type enum", ["other"], "/properties/type/enum"),
    "event data through the discriminator": (
        f"{SCHEMAS} EventQosStatusChanged allOf 1 properties data required",
        ["sessionId"],
        "/data/required",
    ),
    "discriminator mapping": (
        f"{SCHEMAS} SinkCredential discriminator mapping PLAIN",
        "#/components/schemas/AccessTokenCredential",
        "/discriminator/mapping/PLAIN",
    ),
    "discriminator gone": (f"{SCHEMAS} SinkCredential discriminator", DELETED, "/sinkCredential/discriminator"),
    "credential through the discriminator": (
        f"{SCHEMAS} AccessTokenCredential allOf 1 properties accessTokenType enum",
        ["bearer", "Bearer"],
        "/accessTokenType/enum",
    ),
    "error code": (
        "components responses Generic401 content application/json schema allOf 1 properties code enum",
        ["UNAUTHENTICATED", "AUTHENTICATION_REQUIRED"],
        "/responses/401/content/application~1json/schema/properties/code/enum",
    ),
    "error status": (
        "components responses Generic404 content application/json schema allOf 1 properties status enum",
        [404, 410],
        "/properties/status/enum",
    ),
}


# The same in documents of other kinds, each with its release and API.
OTHER_CHANGES: dict[str, tuple[str, str, str, Json, str]] = {
    "query parameter": (
        "r3.2",
        "qos-profiles",
        "paths /qos-profiles/{name} get parameters 1",
        {"name": "fields", "in": "query", "schema": {"type": "string"}},
        "/get/parameters/query fields",
    ),
    "inline array": (
        "r3.2",
        "qos-profiles",
        "paths /retrieve-qos-profiles post responses 200 content application/json schema type",
        "object",
        "/responses/200/content/application~1json/schema/type",
    ),
    "profile attribute": (
        "r3.2",
        "qos-profiles",
        f"{SCHEMAS} RateUnitEnum enum",
        ["bps", "kbps", "Mbps", "Gbps"],
        "/maxDownstreamRate/properties/unit/enum",
    ),
    "202 gone": (
        "r3.2",
        "qos-provisioning",
        "paths /qos-assignments/{assignmentId} delete responses 202",
        DELETED,
        "/delete/responses/202",
    ),
    "202 without a body": (
        "r3.2",
        "qos-provisioning",
        "paths /qos-assignments/{assignmentId} delete responses 202 content",
        DELETED,
        "/responses/202/content/application~1json",
    ),
    "enum without a type": (
        "r3.2",
        "qos-provisioning",
        f"{SCHEMAS} Status type",
        "string",
        "/properties/status/type",
    ),
    "event of an assignment": (
        "r3.2",
        "qos-provisioning",
        f"{SCHEMAS} EventStatusChanged allOf 1 properties data required",
        ["assignmentId", "status"],
        "/data/required",
    ),
    "oneOf branch": (
        "r4.1",
        "quality-on-demand",
        f"{SCHEMAS} ApplicationServer oneOf",
        [{"$ref": "#/components/schemas/ApplicationServerIpAddressSubnets"}],
        "/applicationServer/oneOf",
    ),
    "maxItems in a branch": (
        "r4.1",
        "quality-on-demand",
        f"{SCHEMAS} ApplicationServerIpAddressListType maxItems",
        17,
        "/applicationServer/oneOf",
    ),
    "uniqueItems in a branch": (
        "r4.1",
        "quality-on-demand",
        f"{SCHEMAS} ApplicationServerIpAddressListType uniqueItems",
        DELETED,
        "/applicationServer/oneOf",
    ),
    "branch no longer closed": (
        "r4.1",
        "quality-on-demand",
        f"{SCHEMAS} ApplicationServerIpAddressSubnets additionalProperties",
        DELETED,
        "/applicationServer/oneOf",
    ),
    "writeOnly through the discriminator": (
        "r4.1",
        "quality-on-demand",
        f"{SCHEMAS} AccessTokenCredential allOf 1 properties accessToken writeOnly",
        False,
        "/mapping/ACCESSTOKEN/properties/accessToken/writeOnly",
    ),
    "readOnly through the discriminator": (
        "r4.1",
        "quality-on-demand",
        f"{SCHEMAS} PrivateKeyJWTCredential allOf 1 properties jwksUri readOnly",
        DELETED,
        "/mapping/PRIVATE_KEY_JWT/properties/jwksUri/readOnly",
    ),
    "event type in a schema of its own": (
        "r4.1",
        "qos-provisioning",
        f"{SCHEMAS} QosProvisioningEventType enum",
        ["other"],
        "/properties/type/enum",
    ),
    "maxProperties": ("r1.3", "qos-profiles", f"{SCHEMAS} Device maxProperties", 3, "/device/maxProperties"),
    "codes enumerated": (
        "r1.3",
        "qos-profiles",
        f"{SCHEMAS} ErrorInfo properties code enum",
        ["NOT_FOUND"],
        "/properties/code/enum",
    ),
    "500 gone": ("r1.3", "qod-provisioning", "paths /device-qos post responses 500", DELETED, "/post/responses/500"),
    "503 of the callback gone": (
        "r1.3",
        "qod-provisioning",
        "paths /device-qos post callbacks notifications {$request.body#/sink} post responses 503",
        DELETED,
        "/callbacks/notifications/{$request.body#~1sink}/post/responses/503",
    ),
    "format of the sink": (
        "r1.3",
        "qod-provisioning",
        f"{SCHEMAS} BaseProvisioningInfo properties sink format",
        "uri",
        "/sink/format",
    ),
    "correlator pattern where there is none": (
        "r1.3",
        "quality-on-demand",
        "components headers x-correlator schema pattern",
        "^.*$",
        "/headers/x-correlator/schema/pattern",
    ),
}


@pytest.fixture(scope="session")
def document(published: Path) -> JsonObject:
    """The published document of quality-on-demand r3.2."""
    return contracts.load(str(published / "r3.2" / "quality-on-demand.yaml"))


def changed(document: JsonObject, place: str, value: Json) -> JsonObject:
    """A copy of the document with another value at a place, its steps separated by spaces."""
    found: JsonObject = copy.deepcopy(document)
    *way, last = place.split(" ")
    inner: Json = found
    for step in way:
        inner = inner[int(step)] if isinstance(inner, list) else inner[step]
    key = int(last) if isinstance(inner, list) else last
    if value is DELETED:
        del inner[key]
    else:
        inner[key] = value
    return found


@pytest.mark.parametrize(("release", "api"), SHA256)
def test_our_contract_requires_what_the_published_one_does(published: Path, release: str, api: str) -> None:
    path = published / release / f"{api}.yaml"
    assert hashlib.sha256(path.read_bytes()).hexdigest() == SHA256[release, api]
    assert contracts.diff_report(f"{release}:{api}", str(path)) == (f"{release}:{api} and {path} require the same", 0)


def test_at_least_fifty_changes_are_tried() -> None:
    assert len(CHANGES) >= 50


@pytest.mark.parametrize("name", CHANGES)
def test_each_single_change_is_seen_where_it_is(document: JsonObject, name: str) -> None:
    place, value, pointer = CHANGES[name]
    found = diff(document, changed(document, place, value))
    assert found
    assert any(pointer in difference.pointer for difference in found), [item.pointer for item in found]


@pytest.mark.parametrize("name", OTHER_CHANGES)
def test_change_to_a_document_of_another_kind_is_seen_where_it_is(published: Path, name: str) -> None:
    release, api, place, value, pointer = OTHER_CHANGES[name]
    document = contracts.load(str(published / release / f"{api}.yaml"))
    found = diff(document, changed(document, place, value))
    assert found
    assert any(pointer in difference.pointer for difference in found), [item.pointer for item in found]


def with_prose(document: JsonObject) -> JsonObject:
    found = changed(document, f"{SCHEMAS} Port description", "Another text")
    found = changed(found, f"{SCHEMAS} Port example", 7)
    found = changed(found, "components examples", {})
    return changed(found, "info x-note", "anything")


def reordered(document: JsonObject) -> JsonObject:
    found = changed(document, f"{SCHEMAS} QosStatus enum", ["UNAVAILABLE", "REQUESTED", "AVAILABLE"])
    found = changed(found, f"{SCHEMAS} ErrorInfo required", ["message", "code", "status"])
    return changed(found, "paths", dict(reversed(document["paths"].items())))


def renamed(document: JsonObject) -> JsonObject:
    found: JsonObject = _mapped(
        document,
        lambda text: text.replace("schemas/Port", "schemas/TcpPort"),
        {"Port": "TcpPort", "PortsSpec": "TcpPortsSpec"},
    )
    return found


def _mapped(value: Json, text: Callable[[str], str], names: dict[str, str]) -> Json:
    if isinstance(value, dict):
        return {names.get(key, key): _mapped(item, text, names) for key, item in value.items()}
    if isinstance(value, list):
        return [_mapped(item, text, names) for item in value]
    return text(value) if isinstance(value, str) else value


def inlined(document: JsonObject) -> JsonObject:
    port = document["components"]["schemas"]["Port"]
    return changed(document, f"{SCHEMAS} DeviceIpv4Addr properties publicPort", port)


def flattened(document: JsonObject) -> JsonObject:
    schemas = document["components"]["schemas"]
    first, _, third = schemas["CreateSession"]["allOf"]
    base = schemas["BaseSessionInfo"]
    flat = {
        "type": "object",
        "properties": {**first["properties"], **base["properties"], **third["properties"]},
        "required": [*base["required"], *third["required"]],
    }
    return changed(document, f"{SCHEMAS} CreateSession", flat)


@pytest.mark.parametrize("same", [with_prose, reordered, renamed, inlined, flattened])
def test_what_requires_the_same_is_no_difference(
    document: JsonObject, same: Callable[[JsonObject], JsonObject]
) -> None:
    assert diff(document, same(document)) == []


def test_a_recursive_schema_ends() -> None:
    tree = {"type": "object", "properties": {"child": {"$ref": "#/components/schemas/Tree"}}}
    recursive = {
        "paths": {
            "/t": {
                "get": {"responses": {"200": {"content": {"a/b": {"schema": {"$ref": "#/components/schemas/Tree"}}}}}}
            }
        },
        "components": {"schemas": {"Tree": tree}},
    }
    assert diff(recursive, copy.deepcopy(recursive)) == []


def test_report_names_pointer_and_both_values(tmp_path: Path) -> None:
    other = tmp_path / "other.yaml"
    shown = contracts.show("r3.2", "quality-on-demand")
    assert "    Port:\n      type: integer\n      minimum: 0\n      maximum: 65535\n" in shown
    other.write_text(shown.replace("version: 1.1.0", "version: 1.1.1"), encoding="utf-8")
    text, status = contracts.diff_report("r3.2:quality-on-demand", str(other))
    assert status == 1
    assert text.splitlines() == [
        f"1 difference: - r3.2:quality-on-demand, + {other}",
        "#/info/version",
        '  - "1.1.0"',
        '  + "1.1.1"',
    ]
