"""Whether a difference asks more of an implementation, or less."""

from typing import Literal

from pytest_nac_qod.contracts.comparison.diff import ABSENT, Difference
from pytest_nac_qod.contracts.comparison.requirements import canonical
from pytest_nac_qod.foundation.jsontypes import Json

Weight = Literal["stricter", "looser", "other"]
WEIGHTS: tuple[Weight, ...] = ("stricter", "looser", "other")

_FLOORS = frozenset({"minimum", "minLength", "minItems", "minProperties", "exclusiveMinimum"})
_CEILINGS = frozenset({"maximum", "maxLength", "maxItems", "maxProperties", "exclusiveMaximum"})
_CONSTRAINTS = frozenset(
    {"pattern", "format", "not", "additionalProperties", "discriminator", "uniqueItems", "type", "items", "multipleOf"}
)
_MORE_TO_SATISFY = frozenset({"properties", "paths", "callbacks"})  # what is under these is one requirement more
_MORE_TO_CHOOSE = frozenset({"responses", "mapping"})  # what is under these is one possibility more
_METHODS = frozenset({"get", "put", "post", "delete", "patch", "head", "options", "trace"})


def weight(difference: Difference) -> Weight:
    """How the second document is, by what it takes of messages: fewer are `stricter`, more are `looser`."""
    *_, holder, key = ["", *difference.pointer.split("/")]
    left, right = difference.values
    if holder in _MORE_TO_SATISFY or key in _METHODS:
        return _by_presence(left, right)
    if holder in _MORE_TO_CHOOSE:
        return _turned(_by_presence(left, right))
    return _of_keyword(key, left, right)


def _of_keyword(key: str, left: Json, right: Json) -> Weight:
    if key in _FLOORS or key in _CEILINGS:
        rising = _by_presence(left, right) if ABSENT in (left, right) else _by_size(left, right)
        return rising if key in _FLOORS or ABSENT in (left, right) else _turned(rising)
    if key == "enum" or (key in ("anyOf", "oneOf") and ABSENT not in (left, right)):
        return _by_presence(left, right) if ABSENT in (left, right) else _turned(_by_content(left, right))
    if key == "required":
        return _by_content(_listed(left), _listed(right))
    if key == "nullable":
        return "looser" if right is True else "stricter"
    return _by_presence(left, right) if key in _CONSTRAINTS or key in ("anyOf", "oneOf") else "other"


def _by_presence(left: Json, right: Json) -> Weight:
    if left is ABSENT:
        return "stricter"
    return "looser" if right is ABSENT else "other"


def _by_size(left: Json, right: Json) -> Weight:
    return "stricter" if right > left else "looser"


def _by_content(left: Json, right: Json) -> Weight:
    """`stricter` when only the second has more, `looser` when only the first has."""
    before, after = (set(map(canonical, _branches(side))) for side in (left, right))
    if before < after:
        return "stricter"
    return "looser" if after < before else "other"


def _branches(value: Json) -> list[Json]:
    """The members; of what allOf has merged, those of the only one."""
    members = value if isinstance(value, list) else [value]
    return members[0] if len(members) == 1 and isinstance(members[0], list) else members


def _listed(value: Json) -> list[Json]:
    """Names that are required; whether something is, as one name or none."""
    if isinstance(value, list):
        return value
    return ["it"] if value is True else []


def _turned(weight: Weight) -> Weight:
    turned: dict[Weight, Weight] = {"stricter": "looser", "looser": "stricter", "other": "other"}
    return turned[weight]
