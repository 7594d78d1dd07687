"""Named overrides, each of exactly one decision: faults and legal behaviours, which differ in what is told of them."""

import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from importlib import import_module
from importlib.resources import files
from typing import Any

from pytest_nac_qod.foundation.alike import meant
from pytest_nac_qod.foundation.jsontypes import JsonObject
from pytest_nac_qod.reference.decisions import Decisions

Override = Callable[[Any], Callable[..., Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedOverride:
    """One decision of the embedded server that is taken otherwise.

    Attributes:
        decision: the one that it replaces.
        override: makes the other decision from the usual one.
    """

    name: str
    decision: str
    override: Override

    def applied(self, decisions: Decisions) -> Decisions:
        """These decisions, with this one taken otherwise."""
        other: Any = self.override(getattr(decisions, self.decision))
        return replace(decisions, **{self.decision: other})


def modules(package: str) -> list[str]:
    """The modules of a package that have a table of the same name beside them."""
    names = (entry.name for entry in files(package).iterdir())
    return sorted(name.removesuffix(".toml") for name in names if name.endswith(".toml"))


def entries(package: str, module: str) -> Iterator[tuple[JsonObject, JsonObject]]:
    """What makes up each named override of a module, and what its table says of it."""
    overrides: Mapping[str, tuple[str, Override]] = import_module(f"{package}.{module}").OVERRIDES
    content = tomllib.loads(files(package).joinpath(f"{module}.toml").read_text(encoding="utf-8"))
    for name, entry in content.items():
        decision, override = overrides[name]
        yield {"name": name, "decision": decision, "override": override}, entry


def near(name: str, known: Iterable[str], command: str) -> str:
    """What to do about a name that does not exist: names like it, or the command that lists all."""
    return meant(name, known, f"{command} lists all of them")
