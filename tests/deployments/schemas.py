"""JSON Schemas of the requests, written from the published documents."""

from functools import cache
from typing import Any

from jsonschema import Draft202012Validator

from tests.deployments.wire import Refused
from tests.deployments.world import RELEASES

_PROFILE = {"type": "string", "minLength": 3, "maxLength": 256, "pattern": r"^[a-zA-Z0-9_.-]+\Z"}
_SECONDS = {"type": "integer", "minimum": 1, "maximum": 2**31 - 1}
_SINK = {"type": "string", "format": "uri", "pattern": r"^https://.+\Z"}
_IPV4 = {"type": "string", "format": "ipv4"}


def _closed(release: str, **schema: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
    """An object, without other properties where the release refuses them."""
    return {"type": "object", **schema} | ({"additionalProperties": False} if RELEASES[release].closed else {})


def _credential(release: str) -> dict[str, Any]:
    properties = {
        "credentialType": {"enum": ["ACCESSTOKEN"]},
        "accessToken": {"type": "string"},
        "accessTokenExpiresUtc": {"type": "string", "format": "date-time"},
        "accessTokenType": {"enum": ["bearer"]},
    }
    return _closed(release, properties=properties, required=list(properties))


def _device(release: str) -> dict[str, Any]:
    port = {"type": "integer", "minimum": RELEASES[release].lowest_port, "maximum": 65535}
    ipv4 = _closed(
        release,
        properties={"publicAddress": _IPV4, "privateAddress": _IPV4, "publicPort": port},
        required=["publicAddress"],
        anyOf=[{"required": ["privateAddress"]}, {"required": ["publicPort"]}],
    )
    properties = {
        "phoneNumber": {"type": "string", "pattern": r"^\+[1-9][0-9]{4,14}\Z"},
        "networkAccessIdentifier": {"type": "string"},
        "ipv4Address": ipv4,
        "ipv6Address": {"type": "string", "format": "ipv6"},
    }
    return _closed(release, properties=properties, minProperties=1)


def _ports(release: str) -> dict[str, Any]:
    port = {"type": "integer", "minimum": RELEASES[release].lowest_port, "maximum": 65535}
    interval = _closed(release, properties={"from": port, "to": port}, required=["from", "to"])
    properties = {
        "ranges": {"type": "array", "minItems": 1, "items": interval},
        "ports": {"type": "array", "minItems": 1, "items": port},
    }
    return _closed(release, properties=properties, minProperties=1)


def _server(release: str) -> dict[str, Any]:
    properties: dict[str, Any] = {"ipv4Address": {"type": "string"}, "ipv6Address": {"type": "string"}}
    if not RELEASES[release].closed:
        return _closed(release, properties=properties, minProperties=1)
    address = {"type": "string", "anyOf": [{"format": "ipv4"}, {"format": "ipv6"}]}
    several = {"type": "array", "minItems": 1, "maxItems": 16, "uniqueItems": True, "items": address}
    single = {"anyOf": [{"required": ["ipv4Address"]}, {"required": ["ipv6Address"]}]}
    alternatives = [{"required": ["ipAddresses"], "maxProperties": 1}, single | {"not": {"required": ["ipAddresses"]}}]
    return _closed(release, properties=properties | {"ipAddresses": several}, oneOf=alternatives)


@cache
def request(release: str, name: str) -> Draft202012Validator:
    """The validator of the request body of a `session`, `extension`, `assignment`, `device` or `profiles` request."""
    device = {"device": _device(release)}
    sink = _SINK | ({"maxLength": 2048} if RELEASES[release].closed else {})
    events = {"sink": sink, "sinkCredential": _credential(release), "qosProfile": _PROFILE}
    flow = {
        "applicationServer": _server(release),
        "devicePorts": _ports(release),
        "applicationServerPorts": _ports(release),
    }
    status = {"enum": ["ACTIVE", "INACTIVE", "DEPRECATED"]}
    bodies = {
        "session": (device | events | flow | {"duration": _SECONDS}, ["applicationServer", "qosProfile", "duration"]),
        "extension": ({"requestedAdditionalDuration": _SECONDS}, ["requestedAdditionalDuration"]),
        "assignment": (device | events, ["qosProfile"]),
        "device": (device, []),
        "profiles": (device | {"name": _PROFILE, "status": status}, []),
    }
    properties, required = bodies[name]
    schema = _closed(release, properties=properties, required=required)
    return Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)


def check(release: str, name: str, body: Any) -> None:  # noqa: ANN401 - whatever was sent
    """Refuse what is not as the schema says."""
    errors = sorted(request(release, name).iter_errors(body), key=lambda error: error.json_path)
    if not errors:
        return
    credential = body.get("sinkCredential") if isinstance(body, dict) else None
    if isinstance(credential, dict) and all(error.json_path.startswith("$.sinkCredential") for error in errors):
        if credential.get("credentialType") == "PRIVATE_KEY_JWT" and RELEASES[release].closed:
            raise Refused(422, "PRIVATE_KEY_JWT_NOT_CONFIGURED", "No key was shared")
        if credential.get("credentialType") in ("PLAIN", "REFRESHTOKEN"):
            raise Refused(400, "INVALID_CREDENTIAL", "Only access tokens are supported")
        if {error.json_path for error in errors} == {"$.sinkCredential.accessTokenType"}:
            raise Refused(400, "INVALID_TOKEN", "Only bearer tokens are supported")
    if {error.json_path for error in errors} == {"$.sink"}:
        raise Refused(400, "INVALID_SINK", "sink is not an https address")
    raise Refused(400, "INVALID_ARGUMENT", f"{errors[0].json_path} is not valid")
