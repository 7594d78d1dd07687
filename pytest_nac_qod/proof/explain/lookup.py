"""Which things an id stands for."""

import re
from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType

from pytest_nac_qod import contracts
from pytest_nac_qod.catalogue import purposes, readings
from pytest_nac_qod.catalogue.basis import bases, check_bases
from pytest_nac_qod.foundation.alike import meant
from pytest_nac_qod.foundation.problems import UnusableError
from pytest_nac_qod.proof.explain import words
from pytest_nac_qod.proof.explain.facts import Explanation
from pytest_nac_qod.proof.explain.rows import explained, named_rows
from pytest_nac_qod.proof.explain.tables import table
from pytest_nac_qod.reference.faults import every_fault
from pytest_nac_qod.reference.legal import names as legal_names
from pytest_nac_qod.traffic.rules import rules as seen_rules

_CASE = re.compile(r"(\S+) \[(.*)\]", re.DOTALL)


class UnknownIdError(UnusableError):
    """An id that stands for nothing; the message names near ones."""


def explanations(
    name: str,
    releases: Iterable[str] = (),
    *,
    more: Mapping[str, Explanation] = MappingProxyType({}),
    shown: bool = True,
) -> list[Explanation]:
    """All that an id stands for.

    Args:
        name: id of a row, or of a case as it is printed; of a cause, a verdict, a purpose, a reading, a fault …
        releases: to tell of; all of them where none is given.
        more: what else has an id, by it.
        shown: run what can be run, to show what a breach looks like.

    Raises:
        UnknownIdError: it stands for nothing.
    """
    if name in more:
        return [more[name]]
    releases = tuple(releases) or contracts.releases()
    told = list(_told(name, releases, shown=shown))
    if not told and (elsewhere := [key for key in contracts.releases() if any(_told(name, (key,), shown=False))]):
        raise UnknownIdError(f"{name!r} is not in {' or '.join(releases)}; it is in {', '.join(elsewhere)}")
    if not told:
        hint = meant(name, (*ids(), *more), "nac-qod check --list lists scenarios and rules")
        raise UnknownIdError(f"nothing has the id {name!r}; {hint}")
    return told


def _told(name: str, releases: tuple[str, ...], *, shown: bool) -> Iterator[Explanation]:
    rows = named_rows(releases)
    match = _CASE.fullmatch(name)
    row, case = match.groups() if match else (name, "")
    if row in rows and (not case or any(case in version.cases for version in rows[row].values())):
        having = {key: version for key, version in rows[row].items() if not case or case in version.cases}
        yield explained(having, case, shown=shown)
    yield from words.verdict(name)
    yield from words.purpose(name, rows)
    yield from words.reading(name)
    yield from words.basis(name, rows)
    yield from words.seen(name)
    yield from words.fault(name)
    yield from words.behaviour(name)
    yield from words.cause(name)


def ids() -> Iterator[str]:
    """Every id that stands for something; kinds of causes with their placeholders."""
    yield from named_rows()
    for known in (purposes(), readings(), every_fault(), legal_names()):
        yield from known
    for release in contracts.releases():
        yield from (*bases(release), *check_bases(release), *seen_rules(release))
    yield from table("verdicts.toml", "pytest_nac_qod")
    yield from table("causes.toml")
