"""The rules that traffic shows, as data, and what each of them rests on."""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal

from pytest_nac_qod.catalogue import readings, rows
from pytest_nac_qod.catalogue.basis import Basis, Strength, bases, check_bases
from pytest_nac_qod.contracts import Contract
from pytest_nac_qod.foundation.releases import order
from pytest_nac_qod.wire.resources import Resource, resource_of

About = Literal["answer", "request", "api", "resource", "session", "profile", "event"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenRule:
    """One rule of rules.toml, whose columns these are."""

    id: str
    about: About
    requirement: str
    basis: str
    shown_by: str
    assignment: str = ""
    since: str = ""
    until: str = ""

    def cases(self, contract: Contract) -> Iterator[str]:
        """The operations by which the rule is judged apart; one empty text where it is judged as a whole."""
        resource = resource_of(contract)
        match self.about:
            case "answer":
                yield from contract.operations
            case "request":
                yield from (name for name in contract.operations if contract.request_pointer(name))
            case "api":
                yield ""
            case "profile" if resource is None:
                yield ""
            case "session" if resource is not None and resource.noun == "session":
                yield ""
            case "resource" | "event" if resource is not None:
                yield ""

    def operation(self, contract: Contract, case: str) -> str:
        """The operation that a result of the rule stands under."""
        resource = resource_of(contract)
        return case or (resource.create if resource else next(iter(contract.operations)))

    def basis_of(self, release: str, resource: Resource | None) -> Basis:
        """What a breach rests on in a release."""
        assignment = resource is not None and resource.noun == "assignment"
        return basis(release, (self.assignment if assignment else "") or self.basis)


@cache
def rules(release: str) -> Mapping[str, SeenRule]:
    """The rules of a release by id."""
    content = tomllib.loads(files(__package__).joinpath("rules.toml").read_text(encoding="utf-8"))
    every = (SeenRule(id=key, **entry) for key, entry in content.items())
    return {
        rule.id: rule
        for rule in every
        if order(rule.since or release) <= order(release) <= order(rule.until or release)
    }


def basis(release: str, key: str) -> Basis:
    """An entry of basis.toml or checks.toml by its key."""
    return check_bases(release)[key] if key in check_bases(release) else bases(release)[key]


@cache
def tolerated(release: str) -> Mapping[tuple[str, str], str]:
    """Values that another published text of the release allows: path and value, and why."""
    return {
        (lenient.path, repr(lenient.value)): readings()[lenient.reason].texts
        for row in rows(release)
        for lenient in row.lenient
        if lenient.path and lenient.value is not None
    }


def strength(release: str, key: str) -> Strength:
    """How strong what a check rests on is in a release."""
    return basis(release, key).strength


def clause(where: Basis, contract: Contract, operation: str) -> str:
    """Where the words of a basis stand: `api#/JSON/pointer`, the id of a scenario, or an RFC."""
    resource = resource_of(contract)
    filled = where.where
    if resource is not None:
        event = contract.event_schema or "#"
        for name, pointer in (
            ("{resource}", resource.schema),
            ("{event}", event),
            ("{create}", contract.operations[resource.create].pointer),
            ("{delete}", contract.operations[resource.delete].pointer),
        ):
            filled = filled.replace(name, pointer)
    if filled.startswith("/"):
        filled = contract.operations[operation].pointer + filled
    return f"{contract.api}{contract.place(filled)}" if filled.startswith("#") else filled
