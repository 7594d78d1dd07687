"""Faults: named defects, each of which replaces exactly one decision."""

import difflib
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib import import_module
from importlib.resources import files
from typing import Any, Literal

from pytest_nac_qod.catalogue.selectors import Selector
from pytest_nac_qod.foundation.problems import UnusableError
from pytest_nac_qod.reference.decisions import Decisions

Override = Callable[[Any], Callable[..., Any]]
_GENERATED = "generated"


class UnknownFaultError(UnusableError):
    """A fault that does not exist; the message names near ones."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A named defect.

    Attributes:
        breaks: the requirement that it breaks, in words.
        decision: the one that it replaces.
        override: makes the wrong decision from the right one.
        fails: select the cases that must fail because of it, and no others; as heavily as what they rest on.
        warns: those that only warn, although what they rest on is heavier: it is a check within them that warns.
        mode: in which they fail; what only the strict mode calls a failure is a warning otherwise.
    """

    name: str
    breaks: str
    decision: str
    override: Override
    fails: tuple[Selector, ...]
    mode: Literal["lenient", "strict"] = "lenient"
    warns: tuple[Selector, ...] = ()

    def applied(self, decisions: Decisions) -> Decisions:
        """These decisions, one of them wrong."""
        wrong: Any = self.override(getattr(decisions, self.decision))
        return replace(decisions, **{self.decision: wrong})


@cache
def faults() -> Mapping[str, Fault]:
    """Every fault that a scenario or a written rule finds, by name: those of each *.toml beside its module."""
    found: dict[str, Fault] = {}
    for module in sorted(_modules() - {_GENERATED}):
        found |= _faults(module)
    return found


@cache
def generated_faults() -> Mapping[str, Fault]:
    """Faults that only generated requests find, by name; of the rules that must fail, each selects one that does."""
    return _faults(_GENERATED)


def _modules() -> set[str]:
    names = (entry.name for entry in files(__package__).iterdir())
    return {name.removesuffix(".toml") for name in names if name.endswith(".toml")}


def _faults(module: str) -> dict[str, Fault]:
    overrides: Mapping[str, tuple[str, Override]] = import_module(f"{__package__}.{module}").OVERRIDES
    content = tomllib.loads(files(__package__).joinpath(f"{module}.toml").read_text(encoding="utf-8"))
    return {
        name: Fault(
            name,
            entry["breaks"],
            *overrides[name],
            tuple(Selector.of(one) for one in entry.get("fails", [])),
            entry.get("mode", "lenient"),
            tuple(Selector.of(one) for one in entry.get("warns", [])),
        )
        for name, entry in content.items()
    }


def named(name: str) -> Fault:
    """The fault of that name.

    Raises:
        UnknownFaultError: there is none.
    """
    known = {**faults(), **generated_faults()}
    if name not in known:
        near = difflib.get_close_matches(name, known, n=3)
        hint = f"did you mean {' or '.join(near)}?" if near else "nac-qod faults lists all of them"
        raise UnknownFaultError(f"unknown fault {name!r}; {hint}")
    return known[name]
