"""An OpenAPI 3.0 document from the facts of one API in one release."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Literal

from pytest_nac_qod.contracts.facts import api_facts, family, merged
from pytest_nac_qod.jsontypes import Json, JsonObject

_SCHEMAS = "#/components/schemas/"
_CORRELATOR = {"x-correlator": {"$ref": "#/components/headers/x-correlator"}}


def assemble(release: str, api: str) -> JsonObject:
    """The contract of `api` in `release`."""
    shared, own = family(release), api_facts(release, api)
    schemas = merged(shared["schemas"], own["schemas"])
    paths: dict[str, JsonObject] = {}
    for name, facts in own["operations"].items():
        method, path = facts["call"].split()
        paths.setdefault(path, {})[method] = _operation(name, facts, shared["errors"])
    document = {
        "openapi": "3.0.3",
        "info": {"title": api, "version": own["version"]},
        "servers": [
            {"url": f"{{apiRoot}}{own['base']}", "variables": {"apiRoot": {"default": "http://localhost:9091"}}}
        ],
        "paths": paths,
        "components": {
            "securitySchemes": shared["security"],
            "parameters": {"x-correlator": {"name": "x-correlator", "in": "header", "schema": {"$ref": "XCorrelator"}}},
            "headers": {"x-correlator": {"schema": {"$ref": "XCorrelator"}}},
            "schemas": schemas,
        },
    }
    found: JsonObject = _with_pointers(document)
    return _without_unused_schemas(found)


def _operation(name: str, facts: JsonObject, shared_errors: Mapping[int, list[str]]) -> JsonObject:
    codes = {**shared_errors, **facts["errors"]}
    found: JsonObject = {
        "operationId": name,
        "security": [{"openId": [facts["scope"]]}],
        "parameters": [*_path_parameters(facts), {"$ref": "#/components/parameters/x-correlator"}],
        "responses": {
            **{str(status): _success(status, schema) for status, schema in facts["success"].items()},
            **{str(status): _error(status, codes[status]) for status in sorted(codes)},
        },
    }
    if "body" in facts:
        found["requestBody"] = {"required": True, "content": {"application/json": {"schema": {"$ref": facts["body"]}}}}
    if "callback" in facts:
        found["callbacks"] = _callback(facts["callback"])
    return found


def _path_parameters(facts: JsonObject) -> list[JsonObject]:
    return [
        {"name": name, "in": "path", "required": True, "schema": {"$ref": schema}}
        for name, schema in facts.get("path", {}).items()
    ]


def _success(status: int, schema: str | Literal[False]) -> JsonObject:
    found: JsonObject = {"description": HTTPStatus(status).phrase, "headers": _CORRELATOR}
    return {**found, "content": {"application/json": {"schema": {"$ref": schema}}}} if schema else found


def _error(status: int, codes: list[str]) -> JsonObject:
    narrowed = {"type": "object", "properties": {"status": {"enum": [status]}, "code": {"enum": codes}}}
    return {
        "description": HTTPStatus(status).phrase,
        "headers": _CORRELATOR,
        "content": {"application/json": {"schema": {"allOf": [{"$ref": "ErrorInfo"}, narrowed]}}},
    }


def _callback(facts: JsonObject) -> JsonObject:
    operation = {
        "operationId": facts["operation"],
        "parameters": [{"$ref": "#/components/parameters/x-correlator"}],
        "requestBody": {
            "required": True,
            "content": {"application/cloudevents+json": {"schema": {"$ref": facts["event"]}}},
        },
        "responses": {
            "204": _success(204, schema=False),
            **{str(status): _error(status, codes) for status, codes in facts["errors"].items()},
        },
        "security": [{}, {"notificationsBearerAuth": []}],
    }
    return {facts["name"]: {facts["to"]: {"post": operation}}}


def _with_pointers(value: Json) -> Json:
    """References by bare name, in `$ref` and in discriminator mappings, as JSON pointers."""
    if isinstance(value, list):
        return [_with_pointers(item) for item in value]
    if not isinstance(value, dict):
        return value
    if "mapping" in value and "propertyName" in value:
        return {**value, "mapping": {key: _pointer(name) for key, name in value["mapping"].items()}}
    return {key: _pointer(item) if key == "$ref" else _with_pointers(item) for key, item in value.items()}


def _pointer(name: str) -> str:
    return name if name.startswith("#") else _SCHEMAS + name


def _without_unused_schemas(document: JsonObject) -> JsonObject:
    schemas = document["components"]["schemas"]
    used: set[str] = set()
    waiting: list[Json] = [{**document, "components": {**document["components"], "schemas": {}}}]
    while waiting:
        for name in _names(waiting.pop()) - used:
            used.add(name)
            waiting.append(schemas[name])
    kept = {name: schema for name, schema in schemas.items() if name in used}
    return {**document, "components": {**document["components"], "schemas": kept}}


def _names(value: Json) -> set[str]:
    if isinstance(value, str):
        return {value.removeprefix(_SCHEMAS)} if value.startswith(_SCHEMAS) else set()
    items = value if isinstance(value, list) else value.values() if isinstance(value, dict) else ()
    return set().union(*(_names(item) for item in items)) if items else set()
