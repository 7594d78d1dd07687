"""Where in a document a property is described, for clauses that lead there."""

from collections.abc import Iterator
from functools import cache

from pytest_nac_qod.contracts.contract import Contract
from pytest_nac_qod.foundation.jsontypes import Json


@cache
def property_pointer(contract: Contract, schema: str, *names: str) -> str:
    """Pointer of the property that `names` lead to from the schema at `schema`, through references and allOf.

    Where several places describe a name, the one that leads furthest; where none does, the last schema on the way.
    """
    return _way(contract, contract.resolved(schema)[0], names)[-1]


def _way(contract: Contract, place: str, names: tuple[str, ...]) -> list[str]:
    """The places from this one on, one for each name that is described."""
    further = [_way(contract, below, names[1:]) for below in _described(contract, place, names[0])] if names else []
    return [place, *max(further, key=len, default=[])]


def _described(contract: Contract, schema: str, name: str) -> Iterator[str]:
    place, node = contract.resolved(schema)
    if name in _mapping(node.get("properties")):
        yield f"{place}/properties/{name}"
    for number, _ in enumerate(node.get("allOf", [])):
        yield from _described(contract, f"{place}/allOf/{number}", name)


def _mapping(value: Json) -> dict[str, Json]:
    return value if isinstance(value, dict) else {}
