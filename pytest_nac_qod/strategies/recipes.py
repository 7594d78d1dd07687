"""Values made from a few plain choices, put together without strategies inside strategies.

Drawing and shrinking cost by the number of nested strategies, far more than making the values does.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from pytest_nac_qod.foundation.jsontypes import Json, JsonObject


@dataclass(frozen=True, slots=True)
class Recipe:
    """Choices, and what makes a value from what they give."""

    choices: tuple[SearchStrategy[Any], ...]
    make: Callable[..., Json]

    def strategy(self) -> SearchStrategy[Any]:
        """The values."""
        return st.builds(self.make, *self.choices)


def whatever(strategy: SearchStrategy[Any]) -> Recipe:
    """The values of a strategy as they are."""
    return Recipe((strategy,), lambda value: value)


def collected(parts: Mapping[str, Recipe], *, into: Callable[[JsonObject], Json]) -> Recipe:
    """All parts by name, and what is made of them."""
    ends: list[tuple[str, Recipe, int, int]] = []
    choices: list[SearchStrategy[Any]] = []
    for name, part in parts.items():
        ends.append((name, part, len(choices), len(choices) + len(part.choices)))
        choices += part.choices

    def make(*given: Any) -> Json:  # noqa: ANN401 - whatever the choices give
        return into({name: part.make(*given[first:end]) for name, part, first, end in ends})

    return Recipe(tuple(choices), make)
