"""An OpenAPI 3.0 document from the facts of one API in one release."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Literal

from pytest_nac_qod.contracts.facts import api_facts, family, operation_names
from pytest_nac_qod.contracts.operations import FAMILY
from pytest_nac_qod.contracts.patches import merged
from pytest_nac_qod.foundation.jsontypes import Json, JsonObject

_SCHEMAS = "#/components/schemas/"
_CORRELATOR = {"x-correlator": {"$ref": "#/components/headers/x-correlator"}}
_CORRELATOR_PARAMETER = {"$ref": "#/components/parameters/x-correlator"}


def assemble(release: str, api: str) -> JsonObject:
    """The contract of `api` in `release`."""
    shared, own = family(release), api_facts(release, api)
    security: JsonObject = merged(shared["security"], own.get("security", {}))
    if not any("callback" in facts for facts in own["operations"].values()):
        security = {"openId": security["openId"]}
    families = {name: family_name for family_name, name in operation_names(release, api).items()}
    paths: dict[str, JsonObject] = {}
    for name, facts in own["operations"].items():
        method, path = facts["call"].split()
        called = {FAMILY: families[name]} if families[name] != name else {}
        paths.setdefault(path, {})[method] = {**_operation(name, facts, shared), **called}
    document = {
        "openapi": "3.0.3",
        "info": {"title": api, "version": own["version"]},
        "servers": [
            {"url": f"{{apiRoot}}{own['base']}", "variables": {"apiRoot": {"default": "http://localhost:9091"}}}
        ],
        "paths": paths,
        "components": {
            "securitySchemes": security,
            "parameters": {"x-correlator": {"name": "x-correlator", "in": "header", "schema": {"$ref": "XCorrelator"}}},
            "headers": {"x-correlator": {"schema": {"$ref": "XCorrelator"}}},
            "schemas": merged(shared["schemas"], own["schemas"]),
        },
    }
    contract: JsonObject = _with_pointers(document)
    return _without_unused_schemas(contract)


def _operation(name: str, facts: JsonObject, shared: JsonObject) -> JsonObject:
    usual = {**shared["errors"]["all"], **(shared["errors"]["device"] if facts.get("device") else {})}
    operation: JsonObject = {
        "operationId": name,
        "security": [{"openId": [facts["scope"]]}],
        "parameters": [*_parameters(facts), _CORRELATOR_PARAMETER],
        "responses": {
            **{str(status): _success(status, schema) for status, schema in facts["success"].items()},
            **_errors(shared["codes"], {**usual, **facts.get("errors", {})}),
        },
    }
    if "body" in facts:
        operation["requestBody"] = _body("application/json", facts["body"])
    if "callback" in facts:
        operation["callbacks"] = _callback(facts["callback"], shared)
    return operation


def _parameters(facts: JsonObject) -> list[JsonObject]:
    return [
        {"name": name, "in": place, "required": place == "path", "schema": _schema(schema)}
        for place in ("path", "query")
        for name, schema in facts.get(place, {}).items()
    ]


def _schema(schema: str | JsonObject) -> JsonObject:
    """A schema that facts give by name or in full."""
    return {"$ref": schema} if isinstance(schema, str) else schema


def _body(media_type: str, schema: str | JsonObject) -> JsonObject:
    return {"required": True, "content": {media_type: {"schema": _schema(schema)}}}


def _success(status: int, schema: str | JsonObject | Literal[False]) -> JsonObject:
    response: JsonObject = {"description": HTTPStatus(status).phrase, "headers": _CORRELATOR}
    if schema is False:
        return response
    return {**response, "content": {"application/json": {"schema": _schema(schema)}}}


def _errors(stated_by: Literal["enum", "examples"], codes: Mapping[int, list[str]]) -> JsonObject:
    stated = _enumerated if stated_by == "enum" else _shown
    return {
        str(status): {
            "description": HTTPStatus(status).phrase,
            "headers": _CORRELATOR,
            "content": {"application/json": stated(status, codes[status])},
        }
        for status in sorted(codes)
        if codes[status]
    }


def _enumerated(status: int, codes: list[str]) -> JsonObject:
    narrowed = {"type": "object", "properties": {"status": {"enum": [status]}, "code": {"enum": codes}}}
    return {"schema": {"allOf": [{"$ref": "ErrorInfo"}, narrowed]}}


def _shown(status: int, codes: list[str]) -> JsonObject:
    phrase = HTTPStatus(status).phrase
    examples = {code: {"value": {"status": status, "code": code, "message": phrase}} for code in codes}
    return {"schema": {"$ref": "ErrorInfo"}, "examples": examples}


def _callback(facts: JsonObject, shared: JsonObject) -> JsonObject:
    codes = {**shared["errors"]["all"], **facts["errors"]}
    operation = {
        "operationId": facts["operation"],
        "parameters": [_CORRELATOR_PARAMETER],
        "requestBody": _body("application/cloudevents+json", facts["event"]),
        "responses": {"204": _success(204, schema=False), **_errors(shared["codes"], codes)},
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
