"""What scenarios and rules are for, and how contradicting texts are read."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from pytest_nac_qod.foundation.jsontypes import JsonObject


@dataclass(frozen=True, slots=True)
class Reading:
    """Where the published texts disagree, and how this suite judges."""

    key: str
    texts: str
    decision: str


@dataclass(frozen=True, slots=True)
class Purpose:
    """What a group of scenarios is for, in plain words, and the keys of the target file that it needs, or prefers."""

    key: str
    requirement: str
    needs: tuple[str, ...]
    prefers: tuple[str, ...] = ()


NEEDS = ("tokens.two_legged", "devices.default", "profiles.default")  # of a purpose that gives none


def content(name: str) -> JsonObject:
    """A TOML file of this package."""
    return tomllib.loads(files(__package__).joinpath(name).read_text(encoding="utf-8"))


@cache
def purposes() -> Mapping[str, Purpose]:
    """Each purpose by its key."""
    return {
        key: Purpose(
            key,
            entry["requirement"],
            tuple(entry.get("needs", (*NEEDS, *entry.get("also", ())))),
            tuple(entry.get("prefers", ())),
        )
        for name in ("purposes.toml", "rule_purposes.toml", "generated_purposes.toml")
        for key, entry in content(name).items()
    }


def purposes_of_scenarios() -> tuple[str, ...]:
    """Keys of the purposes of published scenarios."""
    return tuple(content("purposes.toml"))


@cache
def readings() -> Mapping[str, Reading]:
    """Each reading of contradicting texts by its key."""
    return {
        key: Reading(key, entry["texts"], entry["decision"])
        for name in ("readings.toml", "rule_readings.toml")
        for key, entry in content(name).items()
    }
