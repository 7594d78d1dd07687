"""What is wrong with a request beyond its schema."""

from collections.abc import Iterator

from pytest_nac_qod.contracts import Contract
from pytest_nac_qod.foundation.jsontypes import Json, JsonObject

_COMBINATIONS = ("allOf", "anyOf", "oneOf")


def undeclared(body: Json, pointer: str, contract: Contract) -> Iterator[str]:
    """JSONPaths of the properties that the schema at `pointer` does not declare, at any level of `body`."""
    yield from _undeclared(body, [{"$ref": pointer}], contract, "$")


def _undeclared(value: Json, schemas: list[Json], contract: Contract, path: str) -> Iterator[str]:
    parts = list(_parts(schemas, value, contract, set()))
    if isinstance(value, list):
        items = [part["items"] for part in parts if "items" in part]
        for position, item in enumerate(value):
            yield from _undeclared(item, items, contract, f"{path}[{position}]")
    if not isinstance(value, dict) or not any("properties" in part for part in parts):
        return
    for name, item in value.items():
        subschemas = [part["properties"][name] for part in parts if name in part.get("properties", {})]
        if subschemas:
            yield from _undeclared(item, subschemas, contract, f"{path}.{name}")
        else:
            yield f"{path}.{name}"


def _parts(schemas: list[Json], value: Json, contract: Contract, seen: set[str]) -> Iterator[JsonObject]:
    """All that the schemas are put together from: references, combinations, and the kind that `value` is of."""
    for schema in schemas:
        part = schema
        if "$ref" in schema:
            pointer, part = contract.resolved(schema["$ref"])
            if pointer in seen:
                continue
            seen.add(pointer)
        yield part
        yield from _parts([branch for name in _COMBINATIONS for branch in part.get(name, [])], value, contract, seen)
        yield from _parts(_kind(part, value), value, contract, seen)


def _kind(schema: JsonObject, value: Json) -> list[Json]:
    discriminator: JsonObject = schema.get("discriminator") or {"propertyName": "", "mapping": {}}
    kind = value.get(discriminator["propertyName"]) if isinstance(value, dict) else None
    return [{"$ref": reference} for name, reference in discriminator["mapping"].items() if name == kind]
