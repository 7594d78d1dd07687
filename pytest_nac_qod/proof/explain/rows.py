"""What is told of a scenario or a rule."""

from collections.abc import Mapping, Sequence

from pytest_nac_qod import contracts
from pytest_nac_qod.catalogue import Lenient, Row, RowCase, generated_rules, listed, readings, rows
from pytest_nac_qod.catalogue.basis import Basis
from pytest_nac_qod.proof.explain.facts import Explanation, Fact, varying
from pytest_nac_qod.proof.explain.samples import Sample, breakers, sample_of
from pytest_nac_qod.proof.explain.tables import remedy

WEIGHT = {
    "must": "must: a breach fails the case",
    "should": "should: a breach warns",
    "may": "may: a breach leaves a note",
}


def named_rows(releases: Sequence[str] = ()) -> Mapping[str, Mapping[str, Row]]:
    """Each scenario and rule by its id, and then by those of the releases that have it; of all by default."""
    by_id: dict[str, dict[str, Row]] = {}
    for release in releases or contracts.releases():
        for row in (*rows(release), *generated_rules(release)):
            by_id.setdefault(row.id, {})[release] = row
    return by_id


def explained(by_release: Mapping[str, Row], case: str = "", *, shown: bool = True) -> Explanation:
    """What is required, why, what is accepted, and how to mend what breaks it.

    Args:
        by_release: the row in each release that has it.
        case: of an outline, where only that is asked for.
        shown: run it on a server that breaks it, and show what happens.
    """
    release = contracts.CURRENT if contracts.CURRENT in by_release else [*by_release][-1]
    row = by_release[release]
    name = f"{row.id} [{case}]" if case else row.id
    facts = [
        *varying("operation", {key: f"{item.api} {item.operation}" for key, item in by_release.items()}),
        ("releases", ", ".join(by_release)),
        ("requires", row.purpose.requirement),
        *_basis(by_release, case),
        *varying("accepted", {key: listed(item.accepted) for key, item in by_release.items()}),
        *_readings(by_release),
        *([("needs", ", ".join(row.purpose.needs))] if row.purpose.needs else []),
        *([] if case or row.cases == ("",) else [("cases", ", ".join(row.cases))]),
        ("mend", remedy(row)),
        *_samples(row, release, case, shown=shown),
        ("run", f"nac-qod check --release {release} --scenario {row.id}"),
    ]
    return Explanation(name, row.kind, tuple(facts))


def _basis(by_release: Mapping[str, Row], case: str) -> list[Fact]:
    bases = {release: RowCase(row, case).basis for release, row in by_release.items()}
    return [
        *varying("strength", {release: WEIGHT[basis.strength] for release, basis in bases.items()}),
        *varying("basis", {release: _where(basis) for release, basis in bases.items()}),
        *varying("says", {release: _says(basis) for release, basis in bases.items()}),
    ]


def _where(basis: Basis) -> str:
    return f'{basis.where} "{basis.keyword}"' if basis.keyword else basis.where


def _says(basis: Basis) -> str:
    """What the words say; a scenario rests on its own steps, which its requirement tells."""
    return "" if basis.key == basis.where else basis.says


def _readings(by_release: Mapping[str, Row]) -> list[Fact]:
    tolerated = {release: "; ".join(_tolerated(item) for item in row.lenient) for release, row in by_release.items()}
    keys = dict.fromkeys(
        key
        for row in by_release.values()
        for key in (
            *(reading.key for reading in row.readings),
            *(item.reason for item in (*row.lenient, *row.inapplicable)),
        )
    )
    told = [f"{key}: {readings()[key].texts} Judged: {readings()[key].decision}" for key in keys]
    return [*varying("tolerated", tolerated), *(("reading", text) for text in told)]


def _tolerated(item: Lenient) -> str:
    return f"{item.outcome or f'{item.path} {item.value}'}, with a warning"


def _samples(row: Row, release: str, case: str, *, shown: bool) -> list[Fact]:
    """Faults that break the row, and what it looks like."""
    known = [item for item in breakers(release).get(row.id, ()) if case in ("", item.case.case)]
    facts: list[Fact] = [("broken by", f"{item.fault}: {item.breaks}") for item in known[:_MOST]]
    if len(known) > _MOST:
        facts.append(("broken by", f"and {len(known) - _MOST} more faults: nac-qod faults --run tells"))
    sample = sample_of(release, known) if shown else None
    return [*facts, *(_told(sample) if sample else [])]


_MOST = 3  # faults that are told of


def _told(sample: Sample) -> list[Fact]:
    return [
        ("sample", f"nac-qod check --release {sample.release} --scenario {sample.row} --fault {sample.fault}"),
        ("expected", sample.expected),
        ("actual", sample.actual),
        ("clause", sample.clause),
        *(("again", line) for line in sample.curl),
    ]
