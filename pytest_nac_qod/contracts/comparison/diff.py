"""Two contracts compared by what they require."""

from collections.abc import Iterator
from dataclasses import dataclass

from pytest_nac_qod.contracts.comparison.requirements import canonical, requirements
from pytest_nac_qod.foundation.jsontypes import Json, JsonObject

_ABSENT = object()


@dataclass(frozen=True, slots=True)
class Difference:
    """One requirement that only one document has, or that they state differently.

    Attributes:
        pointer: JSON pointer of the requirement, references followed and allOf merged.
        left: what the first document requires there, as JSON; `absent` when nothing.
        right: the same of the second.
    """

    pointer: str
    left: str
    right: str

    def __str__(self) -> str:
        return f"{self.pointer}\n  - {self.left}\n  + {self.right}"


def diff(left: JsonObject, right: JsonObject) -> list[Difference]:
    """Every difference between what two OpenAPI documents require of an implementation."""
    return list(_differences(requirements(left), requirements(right), "#"))


def _differences(left: Json, right: Json, pointer: str) -> Iterator[Difference]:
    if isinstance(left, dict) and isinstance(right, dict):
        for key in [*left, *(key for key in right if key not in left)]:
            step = str(key).replace("~", "~0").replace("/", "~1")
            yield from _differences(left.get(key, _ABSENT), right.get(key, _ABSENT), f"{pointer}/{step}")
    elif left is _ABSENT or right is _ABSENT or canonical(left) != canonical(right):
        yield Difference(pointer, _shown(left), _shown(right))


def _shown(value: Json) -> str:
    return "absent" if value is _ABSENT else canonical(value)
