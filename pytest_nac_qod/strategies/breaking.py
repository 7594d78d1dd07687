"""For each keyword of JSON Schema, values that break it, simplest first, and as little else as can be."""

import re
from collections.abc import Callable, Iterator
from itertools import combinations
from typing import Any

from pytest_nac_qod.contracts.validation.formats import formats
from pytest_nac_qod.contracts.validation.patterns import in_python
from pytest_nac_qod.foundation.jsontypes import Json, JsonObject

MANY = 1000  # elements beyond which a list is too large to look at
_BOTH_FORMS = {"ipv4Address": "198.51.100.1", "ipAddresses": ["198.51.100.1"]}  # of an application server
_SAMPLES: dict[str, Json] = {"string": "1", "integer": 1, "boolean": True, "object": {}, "array": [], "null": None}
_FORMATS: dict[str, list[Json]] = {
    "date-time": ["2099-01-01T00:00:00", "2099-01-01", "2099-13-01T00:00:00Z", "tomorrow", "2099-01-01T00:00:00Z\n"],
    "int32": [2**31],
    "int64": [2**63],
    "ipv4": ["256.0.0.1", "198.51.100", "198.51.100.0/24", "2001:db8::1", "host.example.com"],
    "ipv6": ["2001:db8:::1", "2001:db8::/64", "198.51.100.1", "host.example.com"],
    "uri": ["https://exa mple.com/", "not a uri", "/events"],
    "uri-reference": ["https://exa mple.com/", "not a reference"],
    "url": ["https://exa mple.com/", "not a url", "/events"],
    "uuid": [
        "not-a-uuid",
        "3fa85f6457174562b3fc2c963f66afa6",
        "3fa85f64-5717-4562-b3fc-2c963f66afa",
        "3fa85f64-5717-4562-b3fc-2c963f66af_6",
    ],
}


def broken(keyword: str, schema: JsonObject, part: Json) -> list[Json]:
    """Values for the place of `part` that break this keyword of the schema; none where nothing can.

    Args:
        keyword: of `schema`.
        schema: with its references followed.
        part: a value that follows it.
    """
    return list(_BREAKING[keyword](schema[keyword], schema, part)) if keyword in _BREAKING else []


def _type(kind: str, schema: JsonObject, _: Json) -> Iterator[Json]:
    for name, sample in _SAMPLES.items():
        fits = name == kind or (kind == "number" and name == "integer") or (name == "null" and schema.get("nullable"))
        if not fits:
            yield sample
    if kind == "integer":
        yield 1.5


def _enum(allowed: list[Json], _: JsonObject, part: Json) -> Iterator[Json]:
    candidates = ["NO_SUCH_VALUE", str(part).lower(), f"{part} ", ""] if isinstance(part, str) else [-1, 0]
    yield from (value for value in candidates if value not in allowed)


def _format(name: str, _schema: JsonObject, _part: Json) -> Iterator[Json]:
    if name in formats.checkers:
        yield from _FORMATS.get(name, [])


def _pattern(pattern: str, _: JsonObject, part: str) -> Iterator[Json]:
    regex = re.compile(in_python(pattern))
    candidates = [part.replace("https:", "http:", 1), f"{part}!", part[1:], f" {part}", f"{part}\n", f"{part}é", ""]
    yield from (value for value in dict.fromkeys(candidates) if not regex.search(value))


def _min_length(least: int, _: JsonObject, part: str) -> Iterator[Json]:
    if least:
        yield part[: least - 1]


def _max_length(most: int, _: JsonObject, part: str) -> Iterator[Json]:
    yield part + part[-1] * (most + 1 - len(part))


def _minimum(least: int, schema: JsonObject, _: Json) -> Iterator[Json]:
    edge = least if schema.get("exclusiveMinimum") else least - 1
    yield from (edge, edge - 100)


def _maximum(most: int, schema: JsonObject, _: Json) -> Iterator[Json]:
    edge = most if schema.get("exclusiveMaximum") else most + 1
    yield from (edge, edge + 100)


def _min_items(least: int, _: JsonObject, part: list[Json]) -> Iterator[Json]:
    if least:
        yield part[: least - 1]


def _max_items(most: int, _: JsonObject, part: list[Json]) -> Iterator[Json]:
    yield [_another(part[0], number) for number in range(most + 1)]


def _another(item: Json, number: int) -> Json:
    """Values that differ, of the kind of `item`, as far as the contracts need it."""
    if isinstance(item, str) and item.count(".") == 3:
        return f"198.51.100.{number + 1}"
    return f"2001:db8::{number + 1:x}" if isinstance(item, str) and "::" in item else item


def _unique_items(wanted: bool, _: JsonObject, part: list[Json]) -> Iterator[Json]:  # noqa: FBT001 - the keyword's value
    if wanted:
        yield [part[0], part[0]]


def _min_properties(least: int, _: JsonObject, part: JsonObject) -> Iterator[Json]:
    if least:
        yield dict(list(part.items())[: least - 1])


def _max_properties(most: int, _: JsonObject, part: JsonObject) -> Iterator[Json]:
    yield part | {f"nacQodUnknown{number}": 1 for number in range(most + 1 - len(part))}


def _additional_properties(allowed: Json, _: JsonObject, part: JsonObject) -> Iterator[Json]:
    if allowed is False:
        yield part | {"nacQodUnknown": 1}


def _alternatives(branches: list[JsonObject], _: JsonObject, part: Json) -> Iterator[Json]:
    wanted = [set(branch["required"]) for branch in branches if set(branch) == {"required"}]
    if len(wanted) == len(branches):
        for size in range(len(part) - 1, 0, -1):
            for names in combinations(part, size):
                if not any(required <= set(names) for required in wanted):
                    yield {name: part[name] for name in names}
    elif isinstance(part, dict):
        yield from ({}, _BOTH_FORMS)
    else:
        yield from ("host.example.com", "256.0.0.1")


_BREAKING: dict[str, Callable[[Any, JsonObject, Any], Iterator[Json]]] = {
    "additionalProperties": _additional_properties,
    "anyOf": _alternatives,
    "enum": _enum,
    "format": _format,
    "maxItems": _max_items,
    "maxLength": _max_length,
    "maxProperties": _max_properties,
    "maximum": _maximum,
    "minItems": _min_items,
    "minLength": _min_length,
    "minProperties": _min_properties,
    "minimum": _minimum,
    "oneOf": _alternatives,
    "pattern": _pattern,
    "type": _type,
    "uniqueItems": _unique_items,
}
