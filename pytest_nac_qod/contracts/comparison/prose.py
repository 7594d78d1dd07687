"""What two documents say in words, and where they differ."""

from collections.abc import Iterator
from dataclasses import dataclass

from pytest_nac_qod.contracts.pointers import escaped
from pytest_nac_qod.foundation.jsontypes import Json, JsonObject

_WORDS = frozenset({"description", "summary"})
_SAMPLES = frozenset({"example", "examples"})  # what is in there is data


@dataclass(frozen=True, slots=True)
class Said:
    """A description that was changed; empty where a document has none.

    Attributes:
        pointer: of the description, in the second document if it has it.
        left: text of the first document.
        right: text of the second.
    """

    pointer: str
    left: str
    right: str

    def lines(self) -> list[str]:
        """The lines that only one of the texts has, marked by `-` and `+`."""
        before, after = (
            [line.strip() for line in text.splitlines() if line.strip()] for text in (self.left, self.right)
        )
        gone = [f"  - {line}" for line in before if line not in after]
        new = [f"  + {line}" for line in after if line not in before]
        return [self.pointer, *(gone + new or ["  the same lines in another order"])]


def prose(document: JsonObject) -> dict[str, str]:
    """Each description and summary of the document by its pointer."""
    return dict(_prose(document, "#"))


def changed_prose(left: JsonObject, right: JsonObject) -> list[Said]:
    """What one document says in words and the other does not say there; white space does not matter."""
    before, after = prose(left), prose(right)
    pointers = [*after, *(pointer for pointer in before if pointer not in after)]
    said = [Said(pointer, before.get(pointer, ""), after.get(pointer, "")) for pointer in pointers]
    return [item for item in said if item.left.split() != item.right.split()]


def _prose(node: Json, pointer: str) -> Iterator[tuple[str, str]]:
    if isinstance(node, list):
        for number, item in enumerate(node):
            yield from _prose(item, f"{pointer}/{number}")
    elif isinstance(node, dict):
        named = pointer.rpartition("/")[2] == "properties"  # names there are not keywords
        for key, value in node.items():
            if key in _WORDS and isinstance(value, str) and not named:
                yield f"{pointer}/{key}", value
            elif key not in _SAMPLES or named:
                yield from _prose(value, f"{pointer}/{escaped(key)}")
