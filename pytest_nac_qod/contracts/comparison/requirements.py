"""A contract reduced to what it requires: references followed, allOf merged, prose, examples, names and order gone."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from pytest_nac_qod.foundation.jsontypes import Json, JsonObject

_PROSE = frozenset(
    {"description", "summary", "title", "tags", "externalDocs", "example", "examples", "deprecated", "xml"}
)
_METHODS = frozenset({"get", "put", "post", "delete", "patch", "head", "options", "trace"})
_GREATEST = ("minimum", "minLength", "minItems", "minProperties", "exclusiveMinimum")
_LEAST = ("maximum", "maxLength", "maxItems", "maxProperties", "exclusiveMaximum")
_FLAGS = ("uniqueItems", "readOnly", "writeOnly")


class Reduced(dict[str, Any]):
    """Part of what a schema comes to; equal to a plain object of the same content.

    Attributes:
        origins: for its keys, where the key is written: name of the component and the way in it, such as
            `BaseSessionInfo/properties/sink`; nothing for what is written in an operation.
    """

    __slots__ = ("origins",)

    def __init__(self, content: Mapping[str, Json], origins: Mapping[str, str]) -> None:
        super().__init__(content)
        self.origins = dict(origins)


def requirements(document: JsonObject) -> JsonObject:
    """What `document` requires of an implementation, as a tree that equal requirements make equal.

    Parts that are of schemas are `Reduced`.
    """
    return {
        "info": {"version": document.get("info", {}).get("version")},
        "servers": sorted(_server_path(server) for server in document.get("servers", [])),
        "paths": {path: _path_item(document, item) for path, item in document["paths"].items()},
    }


def _server_path(server: JsonObject) -> str:
    return "/" + str(server["url"]).split("://", 1)[-1].partition("/")[2]


def _path_item(document: JsonObject, item: JsonObject) -> JsonObject:
    item = _followed(document, item)
    shared = item.get("parameters", [])
    return {method: _operation(document, operation, shared) for method, operation in item.items() if method in _METHODS}


def _operation(document: JsonObject, operation: JsonObject, shared: list[JsonObject]) -> JsonObject:
    parameters = [_followed(document, parameter) for parameter in [*shared, *operation.get("parameters", [])]]
    reduced: JsonObject = {
        "operationId": operation.get("operationId"),
        "parameters": {
            f"{parameter['in']} {parameter['name']}": _parameter(document, parameter) for parameter in parameters
        },
        "responses": {
            str(status): _response(document, response) for status, response in operation.get("responses", {}).items()
        },
        "security": _security(document, operation.get("security", document.get("security", []))),
        "callbacks": {
            name: {to: _path_item(document, item) for to, item in _followed(document, callback).items()}
            for name, callback in operation.get("callbacks", {}).items()
        },
    }
    if "requestBody" in operation:
        body = _followed(document, operation["requestBody"])
        reduced["requestBody"] = {"required": body.get("required", False), "content": _content(document, body)}
    return reduced


def _parameter(document: JsonObject, parameter: JsonObject) -> JsonObject:
    kept: JsonObject = {key: parameter[key] for key in ("style", "explode", "allowEmptyValue") if key in parameter}
    schema = _schema(document, parameter.get("schema", {}), ())
    return {**kept, "required": parameter.get("required", False), "schema": schema}


def _response(document: JsonObject, response: JsonObject) -> JsonObject:
    response = _followed(document, response)
    headers = {name: _followed(document, header) for name, header in response.get("headers", {}).items()}
    return {
        "headers": {name.lower(): _parameter(document, header) for name, header in headers.items()},
        "content": _content(document, response),
    }


def _content(document: JsonObject, owner: JsonObject) -> JsonObject:
    return {
        media: {"schema": _schema(document, entry.get("schema", {}), ())}
        for media, entry in owner.get("content", {}).items()
    }


def _security(document: JsonObject, required: Json) -> list[Json]:
    schemes = document.get("components", {}).get("securitySchemes", {})
    alternatives = [
        [{**_without_prose(schemes.get(name, {})), "scopes": sorted(s)} for name, s in alternative.items()]
        for alternative in required
    ]
    return sorted((sorted(alternative, key=canonical) for alternative in alternatives), key=canonical)


def _followed(document: JsonObject, value: JsonObject) -> JsonObject:
    while "$ref" in value:
        value = _at(document, value["$ref"])
    return value


def _at(document: Json, pointer: str) -> Json:
    for part in pointer.removeprefix("#/").split("/"):
        document = document[part.replace("~1", "/").replace("~0", "~")]
    return document


def _without_prose(value: Mapping[str, Json]) -> JsonObject:
    return {key: item for key, item in value.items() if key not in _PROSE and not key.startswith("x-")}


def shape_of(schema: Json) -> Json:
    """What a schema requires by itself: the same for schemas that differ in words, order and how allOf is cut.

    Schemas that it refers to are told by their names.
    """
    return _schema({}, _opaque(schema), ())


def _opaque(node: Json) -> Json:
    if isinstance(node, list):
        return [_opaque(item) for item in node]
    if not isinstance(node, dict):
        return node
    return {
        "reference" if key == "$ref" else key: _opaque(value) for key, value in node.items() if key != "mapping"
    } | ({"mapping": {}, "kinds": canonical(node["mapping"])} if isinstance(node.get("mapping"), dict) else {})


def canonical(value: Json) -> str:
    """A text that is the same for equal values."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False)


def _schema(
    document: JsonObject, schema: Json, way: tuple[str, ...], plain: tuple[str, ...] = (), here: str = ""
) -> Any:  # noqa: ANN401
    """The schema with its references and allOf merged into one.

    Args:
        document: in which references lead.
        schema: what is to be reduced.
        way: references on the way here, so that a recursive schema ends; how far back is kept, the name is not.
        plain: schemas whose discriminator is passed over, since it was followed to get here.
        here: where it is written, as in `Reduced.origins`.
    """
    if not isinstance(schema, dict):
        return schema
    if isinstance(reference := schema.get("$ref"), str):
        if reference in way:
            return {"recursive": len(way) - way.index(reference)}
        target = dict(_at(document, reference))
        if reference in plain:
            target.pop("discriminator", None)
        return _schema(document, target, (*way, reference), plain, reference.rpartition("/")[2])
    own = {key: value for key, value in _without_prose(schema).items() if key != "allOf"}
    reduced = _reduced(document, own, way, plain, here)
    for part in schema.get("allOf", []):
        reduced = _both(reduced, _schema(document, part, way, plain, here))
    return reduced


def _reduced(document: JsonObject, own: JsonObject, way: tuple[str, ...], plain: tuple[str, ...], here: str) -> Reduced:
    def inner(value: Json, step: str = "") -> Json:
        return _schema(document, value, way, here=f"{here}/{step}" if here and step else "")

    def properties(value: JsonObject) -> Reduced:
        place = here and f"{here}/properties"
        reduced = {name: inner(subschema, f"properties/{name}") for name, subschema in value.items()}
        return Reduced(reduced, dict.fromkeys(value, place) if place else {})

    special: dict[str, Callable[[Json], JsonObject]] = {
        "properties": lambda value: {"properties": properties(value)},
        "items": lambda value: {"items": inner(value, "items")},
        "required": lambda value: {"required": sorted(value)},
        "enum": lambda value: {"enum": sorted(value, key=canonical)},
        "anyOf": lambda value: {"anyOf": [sorted(map(inner, value), key=canonical)]},
        "oneOf": lambda value: {"oneOf": [sorted(map(inner, value), key=canonical)]},
        "not": lambda value: {"not": [inner(value)]},
        "pattern": lambda value: {"pattern": [value]},
        "format": lambda value: {"format": [value]},
        "discriminator": lambda value: {"discriminator": _discriminator(document, value, way, plain, here)},
        "additionalProperties": lambda value: _closed(inner(value), own),
    }
    reduced: JsonObject = {}
    for key, value in own.items():
        reduced |= special[key](value) if key in special else {key: value}
    kept = {key: value for key, value in reduced.items() if (key, value) not in (("minItems", 0), ("minLength", 0))}
    return Reduced(kept, dict.fromkeys(kept, here) if here else {})


def _closed(value: Json, own: JsonObject) -> JsonObject:
    """Which names are free of the rule, since that does not follow properties that allOf adds."""
    if value in (True, {}):
        return {}
    return {"additionalProperties": [{"beside": sorted(own.get("properties", {})), "schema": value}]}


def _discriminator(
    document: JsonObject, value: JsonObject, way: tuple[str, ...], plain: tuple[str, ...], here: str
) -> JsonObject:
    mapping = {
        key: _schema(document, {"$ref": target}, way[:-1], (*plain, *way[-1:]))
        for key, target in value.get("mapping", {}).items()
    }
    place = f"{here}/discriminator/mapping" if here else ""
    origins = dict.fromkeys(mapping, place) if place else {}
    return {"propertyName": value["propertyName"], "mapping": Reduced(mapping, origins)}


def _both(left: JsonObject, right: JsonObject) -> Reduced:
    """One schema for what satisfies both."""
    joined = dict(left)
    for key, value in right.items():
        joined[key] = _joined(key, joined[key], value) if key in joined else value
    return Reduced(joined, _origins_of_both(left, right, joined))


def _origins_of_both(left: JsonObject, right: JsonObject, joined: JsonObject) -> dict[str, str]:
    """Where each key is written; of one that both have, only if what comes of it is what one of them says."""
    origins: dict[str, str] = {}
    for side, other in ((right, left), (left, right)):
        if isinstance(side, Reduced):
            told = {key: at for key, at in side.origins.items() if key not in other or joined.get(key) == side[key]}
            origins |= told
    return origins


def _joined(key: str, left: Json, right: Json) -> Json:  # noqa: PLR0911 - one line for each kind of keyword
    if left == right:
        return left
    if key == "properties":
        subschemas = {
            name: _both(left[name], subschema) if name in left else subschema for name, subschema in right.items()
        }
        return Reduced({**left, **subschemas}, {**getattr(right, "origins", {}), **getattr(left, "origins", {})})
    if key == "items":
        return _both(left, right)
    if key == "enum":
        return [item for item in left if item in right]
    if key == "required":
        return sorted({*left, *right})
    if key in _GREATEST or key in _FLAGS:
        return max(left, right)
    if key in _LEAST:
        return min(left, right)
    if key == "nullable":
        return left and right
    if isinstance(left, list) and isinstance(right, list):
        return sorted([*left, *(item for item in right if item not in left)], key=canonical)
    return sorted([left, right], key=canonical)
