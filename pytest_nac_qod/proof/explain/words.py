"""What is told of causes, verdicts, and the words that rows are made of."""

import re
from collections.abc import Iterator, Mapping

from pytest_nac_qod import contracts
from pytest_nac_qod.catalogue import Row, purposes, readings
from pytest_nac_qod.catalogue.basis import Basis, bases, check_bases
from pytest_nac_qod.proof.explain.facts import Explanation, Fact, varying
from pytest_nac_qod.proof.explain.samples import breakers, sample_of
from pytest_nac_qod.proof.explain.tables import table
from pytest_nac_qod.proof.matrix import must_fail
from pytest_nac_qod.reference.faults import every_fault
from pytest_nac_qod.reference.legal import Legal, legal
from pytest_nac_qod.report.terminal.basis_table import checks_of
from pytest_nac_qod.traffic.rules import rules as seen_rules
from pytest_nac_qod.traffic.rules import strength

_MILD = r"(?:-(?:warn|note))?(?:-\d+)?"  # ends the id of a cause that is milder, or the second of its name


def verdict(name: str) -> Iterator[Explanation]:
    """What a verdict means, how it counts, and what to do."""
    entry = table("verdicts.toml", "pytest_nac_qod").get(name)
    if entry:
        facts = [(label, str(entry[label])) for label in ("means", "counts", "mend")]
        yield Explanation(name, "verdict", tuple(facts))


def cause(name: str) -> Iterator[Explanation]:
    """What a cause means: the kind that its id belongs to."""
    for pattern, entry in table("causes.toml").items():
        if name == pattern or re.fullmatch(_matching(pattern), name):
            facts: list[Fact] = [("kind", pattern)] if name != pattern else []
            facts += [("means", str(entry["means"])), ("mend", str(entry["mend"])), *_shown(entry)]
            yield Explanation(name, "cause", tuple(facts))
            return


def _matching(pattern: str) -> str:
    parts = re.split(r"\{\w+\}", pattern)
    return ".+".join(re.escape(part) for part in parts) + _MILD


def _shown(entry: Mapping[str, object]) -> list[Fact]:
    """A sample of the cause, and how to see it in a run."""
    if "fault" not in entry:
        return []
    fault, row = str(entry["fault"]), str(entry["row"])
    release = contracts.CURRENT
    known = [item for item in breakers(release).get(row, ()) if item.fault == fault]
    facts = [("see it", f"nac-qod check --fault {fault}")]
    sample = sample_of(release, known, beside=True)
    if sample is None:
        return facts
    told = [("sample", sample.row), ("expected", sample.expected), ("actual", sample.actual)]
    return [*facts, *told, *(("again", line) for line in sample.curl)]


def purpose(name: str, rows: Mapping[str, Mapping[str, Row]]) -> Iterator[Explanation]:
    """What a purpose requires, and which rows have it."""
    if name in purposes():
        entry = purposes()[name]
        having = [key for key, by_release in rows.items() if any(r.purpose.key == name for r in by_release.values())]
        facts = [("requires", entry.requirement), ("needs", ", ".join(entry.needs)), *(("row", key) for key in having)]
        yield Explanation(name, "purpose", tuple(facts))


def reading(name: str) -> Iterator[Explanation]:
    """Which published texts disagree, and how the suite judges."""
    if name in readings():
        entry = readings()[name]
        yield Explanation(name, "reading", (("texts", entry.texts), ("judged", entry.decision)))


def basis(name: str, rows: Mapping[str, Mapping[str, Row]]) -> Iterator[Explanation]:
    """Where a requirement is published, how strong it is, and which rows rest on it."""
    for kind, read in (("basis", bases), ("check", check_bases)):
        by_release: dict[str, Basis] = {key: read(key)[name] for key in contracts.releases() if name in read(key)}
        if by_release:
            facts = [
                *varying("strength", {key: entry.strength for key, entry in by_release.items()}),
                *varying("where", {key: _where(key, entry) for key, entry in by_release.items()}),
                *varying("says", {key: entry.says for key, entry in by_release.items()}),
                *(("row", key) for key, versions in rows.items() if _rests(versions, name)),
            ]
            yield Explanation(name, kind, tuple(facts))


def _where(release: str, basis: Basis) -> str:
    """The place and the words there; for a check, the place in each API that has it."""
    if "{" not in basis.where:
        return f"{basis.where} {basis.keyword!r}"
    documents = {api: contracts.contract(release, api) for api in contracts.apis(release)}
    placed = {
        api: entry
        for api, contract in documents.items()
        for entry in checks_of(contract, release)
        if entry.key == basis.key
    }
    return "; ".join(f"{api}{entry.where} {entry.keyword!r}" for api, entry in placed.items())


def _rests(versions: Mapping[str, Row], name: str) -> bool:
    return any(name in (row.basis.key, *row.basis.cases.values()) for row in versions.values())


def seen(name: str) -> Iterator[Explanation]:
    """What a rule for the traffic of others requires, and what has to be seen for it."""
    by_release = {key: seen_rules(key)[name] for key in contracts.releases() if name in seen_rules(key)}
    if by_release:
        rule = next(iter(by_release.values()))
        weights = {key: strength(key, rule.basis) for key in by_release}
        facts = [("requires", rule.requirement), *varying("strength", weights), ("basis", rule.basis)]
        facts += [
            ("seen by", rule.shown_by.replace("{operation}", "the operation")),
            ("run", "nac-qod judge RECORDING"),
        ]
        yield Explanation(name, "rule for traffic", tuple(facts))


def fault(name: str) -> Iterator[Explanation]:
    """What a fault breaks, and how many cases fail because of it."""
    if told := every_fault().get(name):
        counts = {release: len(must_fail(told, release)) for release in contracts.releases()}
        cases = [f"{release}: {count}" for release, count in counts.items() if count]
        facts = [("breaks", told.breaks), ("decision", told.decision)]
        facts += [("fails", f"cases of {', '.join(cases)}")] if cases else []
        facts += [("shown by", told.shown_by)] if told.shown_by else []
        command = "load" if told.shown_by else "check"
        yield Explanation(name, "fault", (*facts, ("see it", f"nac-qod {command} --fault {name}")))


def behaviour(name: str) -> Iterator[Explanation]:
    """What a legal behaviour does, and the words that allow it."""
    by_release: dict[str, Legal] = {key: legal(key)[name] for key in contracts.releases() if name in legal(key)}
    if by_release:
        where = {key: f"{entry.basis.where} {entry.basis.keyword!r}" for key, entry in by_release.items()}
        facts = [("does", next(iter(by_release.values())).does), ("releases", ", ".join(by_release))]
        yield Explanation(name, "legal behaviour", (*facts, *varying("allowed by", where)))
