"""Conformance profiles: named parts of the catalogue that a run can stand for."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from pytest_nac_qod.catalogue import Row

DEFAULT = "full"


@dataclass(frozen=True, slots=True)
class ConformanceProfile:
    """A part of the catalogue: what it stands for in plain words, and what its rows may need of a target file."""

    key: str
    claim: str
    needs: frozenset[str]

    def has(self, row: Row) -> bool:
        """Whether `row` belongs to it: every need is one that the profile allows."""
        return "*" in self.needs or all(self.needs.intersection(need.split("|")) for need in row.purpose.needs)


@cache
def profiles() -> Mapping[str, ConformanceProfile]:
    """Each conformance profile by its key."""
    found = tomllib.loads(files(__package__).joinpath("profiles.toml").read_text(encoding="utf-8"))
    return {key: ConformanceProfile(key, entry["claim"], frozenset(entry["needs"])) for key, entry in found.items()}
