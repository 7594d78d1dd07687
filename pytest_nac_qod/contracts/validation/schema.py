"""Schemas of an OpenAPI 3.0 document as JSON Schema 2020-12, for one direction of travel."""

from collections.abc import Callable
from functools import partial
from typing import Any, Literal

from pytest_nac_qod.contracts.validation.patterns import in_python
from pytest_nac_qod.foundation.jsontypes import Json, JsonObject

Direction = Literal["request", "response", "event"]

COMPONENTS = "#/components/schemas/"
PLAIN = "#/x-plain/"  # the same schemas without their discriminators, for the allOf of their subtypes


def translated(document: JsonObject, direction: Direction, pattern: Callable[[str], str] = in_python) -> JsonObject:
    """The document with every schema as JSON Schema 2020-12, its patterns as `pattern` writes them.

    Discriminators become conditions that follow their mapping; the subtypes' way back to the base goes to a plain copy,
    so nothing recurs. What is writeOnly is not required in a response or event, what is readOnly not in a request.
    """
    schemas = document.get("components", {}).get("schemas", {})
    translate = partial(_translate, direction=direction, pattern=pattern)
    converted: JsonObject = translate(document)
    converted["x-plain"] = {
        name: {key: value for key, value in translate(schema, plain=True).items() if key != "discriminator"}
        for name, schema in schemas.items()
    }
    for name, schema in schemas.items():
        for target in _mapping(schema).values():
            subtype = target.removeprefix(COMPONENTS)
            if subtype in converted["components"]["schemas"]:
                converted["components"]["schemas"][subtype] = _redirected(
                    converted["components"]["schemas"][subtype], COMPONENTS + name, PLAIN + name
                )
    return converted


def _mapping(schema: Json) -> dict[str, str]:
    discriminator = schema.get("discriminator") if isinstance(schema, dict) else None
    return dict(discriminator.get("mapping", {})) if isinstance(discriminator, dict) else {}


def _redirected(value: Json, old: str, new: str) -> Json:
    if isinstance(value, list):
        return [_redirected(item, old, new) for item in value]
    if not isinstance(value, dict):
        return value
    return {key: new if (key, item) == ("$ref", old) else _redirected(item, old, new) for key, item in value.items()}


def _translate(value: Json, direction: Direction, pattern: Callable[[str], str], *, plain: bool = False) -> Any:  # noqa: ANN401 - as its argument
    if isinstance(value, list):
        return [_translate(item, direction, pattern) for item in value]
    if not isinstance(value, dict):
        return value
    if isinstance(value.get("$ref"), str):
        return {"$ref": value["$ref"]}
    converted = _bounded({key: _translate(item, direction, pattern) for key, item in value.items()})
    if isinstance(converted.get("pattern"), str):
        converted["pattern"] = pattern(converted["pattern"])
    if isinstance(converted.get("required"), list) and isinstance(value.get("properties"), dict):
        converted["required"] = [
            name for name in converted["required"] if not _hidden(value["properties"].get(name), direction)
        ]
    if not plain and _mapping(value):
        converted["allOf"] = [*converted.get("allOf", []), *_conditions(value)]
    return converted


def _bounded(schema: JsonObject) -> JsonObject:
    """`nullable` and the exclusive bounds as 2020-12 writes them."""
    if isinstance(schema.get("nullable"), bool) and schema.pop("nullable") and "type" in schema:
        schema["type"] = [schema["type"], "null"]
        if "enum" in schema:
            schema["enum"] = [*schema["enum"], None]
    for bound, exclusive in (("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum")):
        if schema.get(exclusive) is True:
            schema[exclusive] = schema.pop(bound)
        elif schema.get(exclusive) is False:
            del schema[exclusive]
    return schema


def _hidden(schema: Json, direction: Direction) -> bool:
    return isinstance(schema, dict) and schema.get("readOnly" if direction == "request" else "writeOnly") is True


def _conditions(schema: JsonObject) -> list[JsonObject]:
    name = schema["discriminator"]["propertyName"]
    return [
        {"if": {"required": [name], "properties": {name: {"const": key}}}, "then": {"$ref": target}}
        for key, target in _mapping(schema).items()
    ]
