"""Matches the parts of two documents by where they are used, since names of components may differ."""

from collections.abc import Iterable, Iterator
from typing import Any

from pytest_nac_qod.contracts.pointers import escaped, resolved
from pytest_nac_qod.foundation.jsontypes import Json, JsonObject

_Pair = tuple[str, str]


def counterparts(release: JsonObject, own: JsonObject, operations: Iterable[_Pair]) -> dict[str, str]:
    """Pointers into `own` by pointers into `release`, references followed.

    Args:
        release: the document whose parts are looked for.
        own: the document that they are looked for in.
        operations: pointers of the same operation in both.
    """
    pointers: dict[str, str] = {}
    seen: set[_Pair] = set()
    waiting = list(operations)[::-1]
    while waiting:
        here, there = waiting.pop()
        try:
            (place, part), (other_place, other) = resolved(release, here), resolved(own, there)
        except (KeyError, IndexError, TypeError):
            continue
        if (place, other_place) in seen:
            continue
        seen.add((place, other_place))
        pointers.setdefault(place, other_place)
        waiting.extend(reversed([*_children(release, own, (place, other_place), part, other)]))
    return pointers


def located(pointers: dict[str, str], pointer: str) -> str | None:
    """Where `pointer` leads in the other document; None where that does not have it."""
    place, rest = pointer, ""
    while place not in pointers:
        place, slash, last = place.rpartition("/")
        if not slash:
            return None
        rest = f"/{last}{rest}"
    return pointers[place] + rest


def _children(release: JsonObject, own: JsonObject, places: _Pair, part: Json, other: Json) -> Iterator[_Pair]:
    here, there = places
    if isinstance(part, list) and isinstance(other, list):
        if len(part) == len(other):
            yield from ((f"{here}/{number}", f"{there}/{number}") for number in range(len(part)))
    elif isinstance(part, dict) and isinstance(other, dict):
        for key, its in {**_only_keys(part, other, here), **_keys(part, other)}.items():
            if key == "parameters":
                yield from _parameters(release, own, (f"{here}/{key}", f"{there}/{its}"))
            elif key == "mapping":
                yield from ((part[key][kind], other[its][kind]) for kind in part[key].keys() & other[its].keys())
            else:
                yield f"{here}/{escaped(key)}", f"{there}/{escaped(its)}"
        its_properties = dict(_properties(own, there))
        for name, place in _properties(release, here):
            if name in its_properties:
                yield place, its_properties[name]


def _keys(part: JsonObject, other: JsonObject) -> dict[str, str]:
    """The keys of both, whatever their case, as that of headers."""
    folded = {str(key).lower(): key for key in other}
    return {key: key if key in other else folded[str(key).lower()] for key in part if str(key).lower() in folded}


def _only_keys(part: JsonObject, other: JsonObject, place: str) -> dict[str, str]:
    """The only callback of both, and its only address, whatever they are called."""
    about_callbacks = place.rpartition("/")[2] == "callbacks" or place.split("/")[-2] == "callbacks"
    return {next(iter(part)): next(iter(other))} if about_callbacks and len(part) == len(other) == 1 else {}


def _parameters(release: JsonObject, own: JsonObject, places: _Pair) -> Iterator[_Pair]:
    """Parameters by place and name; path parameters by their order."""
    its = dict(_named(own, places[1]))
    yield from ((pointer, its[name]) for name, pointer in _named(release, places[0]) if name in its)


def _named(document: JsonObject, place: str) -> Iterator[tuple[tuple[str, str], str]]:
    in_path = 0
    for number, _ in enumerate(resolved(document, place)[1]):
        parameter = resolved(document, f"{place}/{number}")[1]
        name = str(parameter["name"]).lower()
        if parameter["in"] == "path":
            name, in_path = str(in_path), in_path + 1
        yield (parameter["in"], name), f"{place}/{number}"


def _properties(document: JsonObject, place: str) -> Iterator[tuple[str, str]]:
    """Names and pointers of the properties of a schema, those that it gets by allOf included."""
    schema: Any = resolved(document, place)[1]
    properties, parts = schema.get("properties"), schema.get("allOf")
    if isinstance(properties, dict):
        yield from ((name, f"{place}/properties/{escaped(name)}") for name in properties)
    for number in range(len(parts) if isinstance(parts, list) else 0):
        inner = resolved(document, f"{place}/allOf/{number}")[0]
        if inner != place:
            yield from _properties(document, inner)
