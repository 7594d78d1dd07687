"""Two contracts compared by what they require."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from pytest_nac_qod.contracts.comparison.requirements import Reduced, canonical, requirements
from pytest_nac_qod.contracts.pointers import escaped
from pytest_nac_qod.foundation.jsontypes import Json, JsonObject

ABSENT: Final = object()
"""Stands for what a document does not require."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One requirement that only one document has, or that they state differently.

    Attributes:
        pointer: JSON pointer of the requirement, references followed and allOf merged.
        left: what the first document requires there, as JSON; `absent` when nothing.
        right: the same of the second.
        origin: where it is written, if that is in a component: its name and the way in it, such as `Port/minimum`.
        values: what both require as it is, `ABSENT` when nothing.
    """

    pointer: str
    left: str
    right: str
    origin: str = ""
    values: tuple[Json, Json] = (None, None)

    def __str__(self) -> str:
        return f"{self.pointer}\n  - {self.left}\n  + {self.right}"


def diff(left: JsonObject, right: JsonObject) -> list[Difference]:
    """Every difference between what two OpenAPI documents require of an implementation."""
    return list(_differences(requirements(left), requirements(right), "#"))


def _differences(left: Json, right: Json, pointer: str, origin: str = "") -> Iterator[Difference]:
    if isinstance(left, dict) and isinstance(right, dict):
        for key in [*left, *(key for key in right if key not in left)]:
            step, written = escaped(key), _written(left, right, key)
            place = f"{written}/{step}" if written else ""
            yield from _differences(left.get(key, ABSENT), right.get(key, ABSENT), f"{pointer}/{step}", place)
    elif left is ABSENT or right is ABSENT or canonical(left) != canonical(right):
        yield Difference(pointer, _shown(left), _shown(right), origin, (left, right))


def _written(left: JsonObject, right: JsonObject, key: str) -> str:
    """Where the key is written: by the names of the second document, if it has the key."""
    sides = [side.origins.get(key, "") for side in (right, left) if isinstance(side, Reduced) and key in side]
    return next(iter(sides), "")


def _shown(value: Json) -> str:
    return "absent" if value is ABSENT else canonical(value)
