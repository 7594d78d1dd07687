"""What a failure rests on: where the words stand, what they say, and how strong they are."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from pytest_nac_qod.catalogue.names import scenario_name
from pytest_nac_qod.foundation.jsontypes import Json, JsonObject
from pytest_nac_qod.foundation.releases import is_release, order

Strength = Literal["must", "should", "may"]
STRENGTHS: tuple[Strength, ...] = ("must", "should", "may")


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """What a row of the catalogue, or a check within cases, rests on.

    Attributes:
        key: in basis.toml or checks.toml; the id of the scenario for a published one.
        where: `/…` under the row's operation, `#/…` in the row's document, `api#/…` in another one, the id of a
            published scenario, or a section of an RFC or of CloudEvents.
        keyword: words that stand there; empty where the place itself says it all.
        says: what they say, in short.
        strength: `must` fails a case, `should` warns, `may` leaves a note.
        cases: key of the basis of a single case, where it has one of its own.
    """

    key: str
    where: str
    says: str
    strength: Strength
    keyword: str = ""
    cases: Mapping[str, str] = field(default_factory=dict, hash=False)

    @property
    def external(self) -> bool:
        """Whether the words stand in no published document of the release."""
        return self.where.startswith(("RFC ", "CloudEvents "))

    def pointer(self, operation: str) -> str:
        """Where the words stand in a document: `#/…` or `api#/…`; empty when it is none.

        Args:
            operation: pointer of the row's operation, for places under it.
        """
        if self.where.startswith("/"):
            return f"{operation}{self.where}"
        return self.where if "#/" in self.where else ""


def of_release(release: str, value: Json) -> Json:
    """What a column is in `release`: of a table by release, the entry that holds then."""
    if not isinstance(value, dict) or not all(map(is_release, value)):
        return value
    return value[max((first for first in value if order(first) <= order(release)), key=order)]


@cache
def bases(release: str) -> Mapping[str, Basis]:
    """What the rules of `release` rest on, by key."""
    return _read(release, "basis.toml")


@cache
def check_bases(release: str) -> Mapping[str, Basis]:
    """What the checks that are made within cases rest on in `release`, by key."""
    return _read(release, "checks.toml")


def _read(release: str, name: str) -> dict[str, Basis]:
    content = tomllib.loads(files(__package__).joinpath(name).read_text(encoding="utf-8"))
    return {key: _basis(release, key, entry) for key, entry in content.items() if _known(release, entry)}


def _known(release: str, entry: JsonObject) -> bool:
    return order(entry.get("since", release)) <= order(release)


def _basis(release: str, key: str, entry: JsonObject) -> Basis:
    columns: Any = {name: of_release(release, value) for name, value in entry.items() if name != "since"}
    columns["where"] = scenario_name(release, columns["where"])
    basis = Basis(key=key, **columns)
    if basis.strength not in STRENGTHS:
        raise ValueError(f"basis {key}: strength {basis.strength!r} is none of {', '.join(STRENGTHS)}")
    return basis


def heaviest(strengths: Iterable[Strength]) -> Strength:
    """The one that asks for most."""
    return min(strengths, key=STRENGTHS.index)


def weaker(strength: Strength, other: Strength) -> Strength:
    """Of two strengths the one that asks for less."""
    return max(strength, other, key=STRENGTHS.index)
