"""JSON pointers (RFC 6901) into a document, references followed."""

from typing import Any

from pytest_nac_qod.foundation.jsontypes import Json


def escaped(step: object) -> str:
    """One step of a pointer."""
    return str(step).replace("~", "~0").replace("/", "~1")


def resolved(document: Json, pointer: str) -> tuple[str, Any]:
    """The pointer and the value that `pointer` leads to; references on the way and at its end are followed.

    Raises:
        KeyError, IndexError: it leads nowhere.
    """
    place, node = "#", document
    for part in pointer.removeprefix("#").split("/")[1:]:
        key = part.replace("~1", "/").replace("~0", "~")
        node = node[int(key)] if isinstance(node, list) else node[key]
        place, node = followed(document, f"{place}/{part}", node)
    return place, node


def followed(document: Json, pointer: str, node: Json) -> tuple[str, Any]:
    """`pointer` and `node`, or where `node` leads to if it is a reference."""
    if isinstance(node, dict) and isinstance(node.get("$ref"), str):
        return resolved(document, node["$ref"])
    return pointer, node
