"""A JSON value beside its schema: which constraints it meets, which it keeps, and which properties it has."""

import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

from pytest_nac_qod.contracts import Contract
from pytest_nac_qod.contracts.pointers import escaped
from pytest_nac_qod.contracts.validation.formats import VALIDATOR, formats
from pytest_nac_qod.contracts.validation.patterns import in_python
from pytest_nac_qod.foundation.jsontypes import Json, JsonObject

Met = tuple[str, str, bool]
"""Path in the value, keyword of the schema, and whether the value keeps it."""
_DEEPEST = 8  # levels of a schema that are looked at
_MOST = 20  # items of a list that are
_ALTERNATIVES = ("oneOf", "anyOf")


@cache
def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(in_python(text))


def _number(value: Json) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


# By keyword: what it is about, and whether it is kept. What is of another kind breaks `type` alone.
_HOLDS: dict[str, tuple[Callable[[Any], bool], Callable[[Any, Any], bool]]] = {
    "type": (lambda _: True, lambda value, wanted: VALIDATOR({"type": wanted}).is_valid(value)),
    "enum": (lambda _: True, lambda value, wanted: value in wanted),
    "pattern": (lambda value: isinstance(value, str), lambda value, wanted: bool(_pattern(wanted).search(value))),
    "format": (lambda value: not isinstance(value, dict | list), formats.conforms),
    "minLength": (lambda value: isinstance(value, str), lambda value, wanted: len(value) >= wanted),
    "maxLength": (lambda value: isinstance(value, str), lambda value, wanted: len(value) <= wanted),
    "minimum": (_number, lambda value, wanted: value >= wanted),
    "maximum": (_number, lambda value, wanted: value <= wanted),
    "minItems": (lambda value: isinstance(value, list), lambda value, wanted: len(value) >= wanted),
    "maxItems": (lambda value: isinstance(value, list), lambda value, wanted: len(value) <= wanted),
    "minProperties": (lambda value: isinstance(value, dict), lambda value, wanted: len(value) >= wanted),
}


def met(contract: Contract, pointer: str, value: Json, path: str = "$") -> Iterator[Met]:
    """The constraints of the schema at `pointer` that a value comes to; of alternatives, those of one that it keeps."""
    place, schema = contract.resolved(pointer)
    if value is None and schema.get("nullable"):
        return
    yield from _own(schema, value, path)
    for number in range(len(schema.get("allOf", []))):
        yield from met(contract, f"{place}/allOf/{number}", value, path)
    for keyword in _ALTERNATIVES:
        if keyword in schema:
            ways = [list(met(contract, f"{place}/{keyword}/{n}", value, path)) for n in range(len(schema[keyword]))]
            kept = next((way for way in ways if all(holds for _, _, holds in way)), None)
            yield path, keyword, kept is not None
            yield from kept or ()
    if isinstance(value, dict):
        for name in schema.get("properties", {}).keys() & value.keys():
            yield from met(contract, f"{place}/properties/{escaped(name)}", value[name], f"{path}.{name}")
    elif isinstance(value, list) and "items" in schema:
        for item in value[:_MOST]:
            yield from met(contract, f"{place}/items", item, f"{path}[*]")


def _own(schema: JsonObject, value: Json, path: str) -> Iterator[Met]:
    for keyword, (about, holds) in _HOLDS.items():
        if keyword in schema and about(value):
            yield path, keyword, holds(value, schema[keyword])
    if isinstance(value, dict):
        yield from ((f"{path}.{name}", "required", name in value) for name in schema.get("required", []))


def stated(contract: Contract, pointer: str, path: str = "$", depth: int = 0) -> Iterator[tuple[str, str]]:
    """Path and keyword of each constraint of the schema at `pointer`."""
    place, schema = contract.resolved(pointer)
    if depth > _DEEPEST:
        return
    yield from ((path, keyword) for keyword in (*_HOLDS, *_ALTERNATIVES) if keyword in schema)
    yield from ((f"{path}.{name}", "required") for name in schema.get("required", []))
    for keyword in ("allOf", *_ALTERNATIVES):
        for number in range(len(schema.get(keyword, []))):
            yield from stated(contract, f"{place}/{keyword}/{number}", path, depth + 1)
    for name in schema.get("properties", {}):
        yield from stated(contract, f"{place}/properties/{escaped(name)}", f"{path}.{name}", depth + 1)
    if "items" in schema:
        yield from stated(contract, f"{place}/items", f"{path}[*]", depth + 1)
