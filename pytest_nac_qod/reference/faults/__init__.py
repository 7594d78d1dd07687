"""Faults: named defects, each of which replaces exactly one decision."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal

from pytest_nac_qod.catalogue.selectors import Selector
from pytest_nac_qod.foundation.problems import UnusableError
from pytest_nac_qod.reference.overrides import NamedOverride, entries, modules, near

_GENERATED = "generated"


class UnknownFaultError(UnusableError):
    """A fault that does not exist; the message names near ones."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault(NamedOverride):
    """A named defect.

    Attributes:
        breaks: the requirement that it breaks, in words.
        fails: select the cases that must fail because of it, and no others; as heavily as what they rest on.
        warns: those that only warn, although what they rest on is heavier: it is a check within them that warns.
        shown_by: the rule of traffic that shows it under load; empty for one that cases fail for.
        mode: in which they fail; what only the strict mode calls a failure is a warning otherwise.
    """

    breaks: str
    fails: tuple[Selector, ...]
    mode: Literal["lenient", "strict"] = "lenient"
    warns: tuple[Selector, ...] = ()
    shown_by: str = ""


@cache
def faults() -> Mapping[str, Fault]:
    """Every fault that a scenario or a written rule finds, by name: those of each *.toml beside its module."""
    by_name: dict[str, Fault] = {}
    for module in modules(__package__):
        by_name |= {} if module == _GENERATED else _faults(module)
    return by_name


@cache
def generated_faults() -> Mapping[str, Fault]:
    """Faults that only generated requests find, by name; of the rules that must fail, each selects one that does."""
    return _faults(_GENERATED)


@cache
def concurrent_faults() -> Mapping[str, Fault]:
    """Faults that show only while requests are under way at the same time, by name: a rule of traffic finds them."""
    return _faults("at_once", f"{__package__}.concurrent")


def _faults(module: str, package: str = __package__ or "") -> dict[str, Fault]:
    return {
        what["name"]: Fault(
            **what,
            breaks=entry["breaks"],
            fails=tuple(Selector.of(table) for table in entry.get("fails", [])),
            mode=entry.get("mode", "lenient"),
            shown_by=entry.get("shown_by", ""),
            warns=tuple(Selector.of(table) for table in entry.get("warns", [])),
        )
        for what, entry in entries(package, module)
    }


def every_fault() -> Mapping[str, Fault]:
    """All of them by name, in the order in which they are listed."""
    return {**faults(), **generated_faults(), **concurrent_faults()}


def named(name: str) -> Fault:
    """The fault of that name.

    Raises:
        UnknownFaultError: there is none.
    """
    known = every_fault()
    if name not in known:
        raise UnknownFaultError(f"unknown fault {name!r}; {near(name, known, 'nac-qod faults')}")
    return known[name]
