"""A contract as generators of requests need it: bodies in one piece, and with what the target can make use of."""

from collections.abc import Mapping
from typing import Any

from pytest_nac_qod.contracts import Contract, Operation
from pytest_nac_qod.foundation.jsontypes import Json, JsonObject
from pytest_nac_qod.target import Target

USABLE = ("ACCESSTOKEN",)  # the kind of credential that needs nothing but the request
_ANNOTATIONS = frozenset({"description", "example", "examples", "title", "discriminator", "externalDocs"})
_SERVERS: Mapping[str, list[str]] = {
    "ipv4Address": ["198.51.100.10", "198.51.100.0/24"],
    "ipv6Address": ["2001:db8::10", "2001:db8::/64"],
}


def document(
    contract: Contract, target: Target, operation: Operation, *, device: bool = True, closed: bool = False
) -> JsonObject:
    """The contract of one operation with its request body in one piece, tuned to the target.

    References are followed and `allOf` is merged, so that one constraint can be broken at a time. Profiles, durations,
    application servers and kinds of credentials are those that the target can make use of. Headers and security are
    left out: the client sees to them.

    Args:
        contract: stays as it is.
        target: gives profiles and application servers.
        operation: of the contract.
        device: whether requests name a device, always, or never, as with a 3-legged token.
        closed: whether properties that no schema declares are refused.
    """
    _, described = contract.resolved(operation.pointer)
    parameters = [inlined(contract, item) for _, item in contract.parameters(operation.id)]
    entry: JsonObject = {
        "operationId": operation.id,
        "parameters": [item for item in parameters if item["in"] != "header"],
        "responses": {status: {"description": ""} for status in described["responses"]},
    }
    if pointer := contract.request_pointer(operation.id):
        body = _tuned(inlined(contract, {"$ref": pointer}), target, device=device)
        body = _closed(body) if closed else body
        entry["requestBody"] = {"required": True, "content": {"application/json": {"schema": body}}}
    paths = {operation.path: {operation.method.lower(): entry}}
    return {"openapi": "3.0.3", "info": {"title": contract.api, "version": "1"}, "paths": paths}


def inlined(contract: Contract, schema: Json, *, kinds: bool = True) -> Any:  # noqa: ANN401 - a part of a schema
    """The schema without references, `allOf` and what only people read; credentials by each usable kind."""
    if isinstance(schema, list):
        return [inlined(contract, item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        return inlined(contract, contract.resolved(schema["$ref"])[1], kinds=kinds)
    discriminator = schema.get("discriminator")
    if discriminator and kinds:
        return _by_kind(contract, discriminator)
    flattened = {
        name: {key: inlined(contract, value) for key, value in part.items()}
        if name == "properties"
        else inlined(contract, part)
        for name, part in schema.items()
        if name not in _ANNOTATIONS and name != "allOf"
    }
    for part in schema.get("allOf", []):
        flattened = _merged(flattened, inlined(contract, part, kinds=kinds))
    return flattened


def _by_kind(contract: Contract, discriminator: JsonObject) -> JsonObject:
    name, mapping = discriminator["propertyName"], discriminator["mapping"]
    branches = [
        _merged(
            inlined(contract, {"$ref": mapping[kind]}, kinds=False),
            {"properties": {name: {"type": "string", "enum": [kind]}}},
        )
        for kind in mapping
        if kind in USABLE
    ]
    return branches[0] if len(branches) == 1 else {"oneOf": branches}


def _only(value: str) -> JsonObject:
    return {"type": "string", "enum": [value]}


def _merged(first: JsonObject, other: JsonObject) -> JsonObject:
    """Both at once; of a keyword that both have, required and properties are united, else the second counts."""
    united = {**first, **other}
    if "properties" in first and "properties" in other:
        united["properties"] = {**first["properties"], **other["properties"]}
    if "required" in first and "required" in other:
        united["required"] = list(dict.fromkeys([*first["required"], *other["required"]]))
    return united


def _tuned(body: JsonObject, target: Target, *, device: bool) -> JsonObject:
    """The body's schema with what the target can make use of."""
    profile = target.profiles["default"]
    properties: JsonObject = dict(body.get("properties", {}))
    required: list[str] = list(body.get("required", []))
    for name in ("qosProfile", "name"):
        if name in properties:
            properties[name] = {"type": "string", "enum": [profile.name]}
    if "duration" in properties:
        bounds = {"minimum": profile.min_duration, "maximum": profile.max_duration}
        properties["duration"] |= {name: bound for name, bound in bounds.items() if bound is not None}
    if properties.get("sink", {}).get("format") == "url":  # of old releases; JSON Schema has none
        properties["sink"] = {"type": "string", "format": "uri", "pattern": "^https://.+$"}
    if "applicationServer" in properties:
        properties["applicationServer"] = _server(properties["applicationServer"], target)
    if not device:
        properties.pop("device", None)
        required = [name for name in required if name != "device"]
    elif "device" in properties:
        properties["device"] = _device(properties["device"], target)
        required = [*required, "device"] if "device" not in required else required
    return {**body, "properties": properties, **({"required": required} if required else {})}


def _device(schema: JsonObject, target: Target) -> JsonObject:
    """A device by the types of identifiers that the target file declares."""
    known = {name: part for name, part in schema.get("properties", {}).items() if name not in target.not_sent}
    return {**schema, "properties": known}


def _closed(schema: Json) -> Json:
    """The schema with objects that have no properties but those declared."""
    if isinstance(schema, list):
        return [_closed(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    closed = {name: _closed(part) for name, part in schema.items()}
    return {"additionalProperties": False, **closed} if isinstance(closed.get("properties"), dict) else closed


def _server(schema: JsonObject, target: Target) -> JsonObject:
    """Of an application server whose addresses may be nearly any text, those that are addresses."""
    if "oneOf" in schema:
        return {**schema, "oneOf": [_server(branch, target) for branch in schema["oneOf"]]}
    known: dict[str, list[str]] = {name: list(values) for name, values in _SERVERS.items()}
    if not target.embedded:
        known = {}
        for server in target.application_servers.values():
            for name, value in server.items():
                known.setdefault(name, []).append(value)
    properties = {
        name: {"type": "string", "enum": known[name]} if name in known else part
        for name, part in schema.get("properties", {}).items()
        if name in known or name not in _SERVERS
    }
    return {**schema, "properties": properties}
