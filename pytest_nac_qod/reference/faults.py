"""Faults: named defects, each of which replaces exactly one decision."""

import difflib
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import Any

from pytest_nac_qod import catalogue, contracts
from pytest_nac_qod.catalogue.selectors import Selector, selected
from pytest_nac_qod.jsontypes import JsonObject
from pytest_nac_qod.reference import (
    faults_answers,
    faults_generated,
    faults_requests,
    faults_rights,
    faults_rules,
    faults_sessions,
)
from pytest_nac_qod.reference.decisions import Decisions

Override = Callable[[Any], Callable[..., Any]]


class UnknownFaultError(Exception):
    """A fault that does not exist; the message names near ones."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A named defect.

    Attributes:
        breaks: the requirement that it breaks, in words.
        decision: the one that it replaces.
        override: makes the wrong decision from the right one.
        fails: the cases that must fail because of it, and no others, by release: `id` for all cases of a row,
            `id [case]` for one.
        mode: in which they fail; what only the strict mode calls a failure is a warning otherwise.
    """

    name: str
    breaks: str
    decision: str
    override: Override
    fails: Mapping[str, tuple[str, ...]]
    mode: str = "lenient"

    def applied(self, decisions: Decisions) -> Decisions:
        """These decisions, one of them wrong."""
        wrong: Any = self.override(getattr(decisions, self.decision))
        return replace(decisions, **{self.decision: wrong})


@cache
def faults() -> Mapping[str, Fault]:
    """Every fault by its name."""
    overrides = {
        **faults_answers.OVERRIDES,
        **faults_rights.OVERRIDES,
        **faults_sessions.OVERRIDES,
        **faults_requests.OVERRIDES,
        **faults_rules.OVERRIDES,
    }
    also = {name: _selected(entry["fails"])["r3.2"] for name, entry in _read("also.toml").items()}
    found = {
        name: Fault(
            name,
            entry["breaks"],
            *overrides[name],
            {release: (*ids, *also.get(name, ())) for release, ids in entry["fails"].items()},
            entry.get("mode", "lenient"),
        )
        for name, entry in _read("faults.toml").items()
    }
    for name, entry in _read("faults_rules.toml").items():
        fails = _selected(entry["fails"])
        found[name] = Fault(name, entry["breaks"], *overrides[name], fails, entry.get("mode", "lenient"))
    return found


def _selected(selectors: list[JsonObject]) -> Mapping[str, tuple[str, ...]]:
    wanted = [Selector.of(one) for one in selectors]
    return {
        release: tuple(str(case) for case in selected(release, contracts.apis(release), wanted))
        for release in catalogue.releases()
    }


def _read(name: str) -> JsonObject:
    return tomllib.loads(files(__package__).joinpath(name).read_text(encoding="utf-8"))


@cache
def generated_faults() -> Mapping[str, Fault]:
    """Faults that only generated requests find, by name; of the rules that must fail, each is one that does."""
    return {
        name: Fault(name, entry["breaks"], *faults_generated.OVERRIDES[name], {"r3.2": tuple(entry["fails"])})
        for name, entry in _read("faults_generated.toml").items()
    }


def named(name: str) -> Fault:
    """The fault of that name.

    Raises:
        UnknownFaultError: there is none.
    """
    known = {**faults(), **generated_faults()}
    if name not in known:
        near = difflib.get_close_matches(name, known, n=3)
        hint = f"did you mean {' or '.join(near)}?" if near else "see reference/faults.toml for all of them"
        raise UnknownFaultError(f"unknown fault {name!r}; {hint}")
    return known[name]
