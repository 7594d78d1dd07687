"""Where in a document a property is described, for clauses that lead there."""

from collections.abc import Iterator
from functools import cache

from pytest_nac_qod.contracts.contract import Contract
from pytest_nac_qod.foundation.jsontypes import Json


@cache
def property_pointer(contract: Contract, schema: str, *names: str) -> str:
    """Pointer of the property that `names` lead to from the schema at `schema`, through references and allOf.

    Where a name is not described, the pointer of the last schema on the way.
    """
    place = contract.resolved(schema)[0]
    for name in names:
        next_place = next(_described(contract, place, name), None)
        if next_place is None:
            break
        place = next_place
    return place


def _described(contract: Contract, schema: str, name: str) -> Iterator[str]:
    place, node = contract.resolved(schema)
    if name in _mapping(node.get("properties")):
        yield f"{place}/properties/{name}"
    for number, _ in enumerate(node.get("allOf", [])):
        yield from _described(contract, f"{place}/allOf/{number}", name)


def _mapping(value: Json) -> dict[str, Json]:
    return value if isinstance(value, dict) else {}
