"""Where a value meets the constraints of its schema."""

from collections.abc import Iterator
from dataclasses import dataclass

from pytest_nac_qod.contracts import Contract
from pytest_nac_qod.foundation.jsontypes import Json, JsonObject
from pytest_nac_qod.strategies.breaking import MANY, broken

Steps = tuple[str | int, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Site:
    """One constraint at one place of a value.

    Attributes:
        steps: names and indices that lead to the place.
        missing: for `required`, the name that is to be missing.
        clause: JSON pointer of the constraint in the contract.
        nested: whether it stands in one of several alternatives, so that a validator names those instead.
        schema: that has the keyword.
    """

    steps: Steps
    keyword: str
    clause: str
    schema: JsonObject
    missing: str = ""
    nested: bool = False

    @property
    def path(self) -> str:
        """JSONPath of what is wrong."""
        return path_of((*self.steps, self.missing) if self.missing else self.steps)

    @property
    def large(self) -> bool:
        """Whether breaking it takes more than a person would look at."""
        return self.keyword == "maxItems" and self.schema["maxItems"] > MANY

    def values(self, part: Json) -> list[Json]:
        """Values that break the constraint in the place of `part`."""
        if self.keyword == "required":
            return [{name: value for name, value in part.items() if name != self.missing}]
        return broken(self.keyword, self.schema, part)


def sites(contract: Contract, pointer: str, value: Json) -> list[Site]:
    """Every constraint that `value`, which follows the schema at `pointer`, can be made to break."""
    candidates = _sites(contract, pointer, value, (), set(), nested=False)
    return [site for site in candidates if breaking(contract, pointer, value, site)]


def breaking(contract: Contract, pointer: str, value: Json, site: Site) -> list[Json]:
    """What breaks the constraint in its place in `value`; nothing that another alternative of the schema lets pass."""
    values = site.values(at(value, site.steps))
    if not site.nested:
        return values
    return [bad for bad in values if contract.validate(put(value, site.steps, bad), pointer, direction="request")]


def at(value: Json, steps: Steps) -> Json:
    """What stands there."""
    for step in steps:
        value = value[step]
    return value


def put(value: Json, steps: Steps, new: Json) -> Json:
    """A copy of `value` with `new` in that place.

    >>> put({"a": [1, 2]}, ("a", 1), 3)
    {'a': [1, 3]}
    """
    if not steps:
        return new
    head, *rest = steps
    if isinstance(value, list):
        return [put(item, tuple(rest), new) if index == head else item for index, item in enumerate(value)]
    return {**value, head: put(value.get(head, {}), tuple(rest), new)}


def path_of(steps: Steps) -> str:
    """JSONPath, as the contract's judgement writes it.

    >>> path_of(("devicePorts", "ports", 0))
    '$.devicePorts.ports[0]'
    """
    return "$" + "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in steps)


def _sites(  # noqa: PLR0913 - what a walk carries along
    contract: Contract, pointer: str, value: Json, steps: Steps, seen: set[tuple[str, Steps]], *, nested: bool
) -> Iterator[Site]:
    place, schema = contract.resolved(pointer)
    if (place, steps) in seen or schema.get("readOnly"):
        return
    seen.add((place, steps))
    for keyword in schema:
        site = Site(steps=steps, keyword=keyword, clause=f"{place}/{keyword}", schema=schema, nested=nested)
        if keyword == "required":
            for name in schema["required"]:
                if isinstance(value, dict) and name in value:
                    yield Site(
                        steps=steps, keyword=keyword, clause=site.clause, schema=schema, missing=name, nested=nested
                    )
        else:
            yield site
    for pointer_on, part, way, inside in _on(contract, place, schema, value, steps):
        yield from _sites(contract, pointer_on, part, way, seen, nested=nested or inside)


def _on(
    contract: Contract, place: str, schema: JsonObject, value: Json, steps: Steps
) -> Iterator[tuple[str, Json, Steps, bool]]:
    """Where to go on: pointer, value, its steps, and whether it is one of several alternatives."""
    for index in range(len(schema.get("allOf", []))):
        yield f"{place}/allOf/{index}", value, steps, False
    for keyword in ("anyOf", "oneOf"):
        for index, branch in enumerate(schema.get(keyword, [])):
            there = f"{place}/{keyword}/{index}"
            if set(branch) != {"required"} and not contract.validate(value, there, direction="request"):
                yield there, value, steps, True
    if isinstance(value, dict):
        mapping = schema.get("discriminator", {})
        if target := mapping.get("mapping", {}).get(value.get(mapping.get("propertyName"))):
            yield target, value, steps, False
        for name in schema.get("properties", {}):
            if name in value:
                yield f"{place}/properties/{name}", value[name], (*steps, name), False
    if isinstance(value, list) and value and "items" in schema:
        yield f"{place}/items", value[0], (*steps, 0), False
