"""Levels: named parts of the catalogue that a run can stand for."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from pytest_nac_qod.catalogue import Row

DEFAULT = "full"


@dataclass(frozen=True, slots=True)
class Level:
    """A part of the catalogue: what it stands for in plain words, and what its rows may need of a target file."""

    key: str
    claim: str
    needs: frozenset[str]

    def has(self, row: Row) -> bool:
        """Whether `row` belongs to it: every need is one that the level allows."""
        return "*" in self.needs or all(self.needs.intersection(need.split("|")) for need in row.purpose.needs)


@cache
def levels() -> Mapping[str, Level]:
    """Each level by its key."""
    document = tomllib.loads(files(__package__).joinpath("levels.toml").read_text(encoding="utf-8"))
    return {key: Level(key, entry["claim"], frozenset(entry["needs"])) for key, entry in document.items()}
