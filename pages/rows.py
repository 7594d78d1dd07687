"""A page for each scenario and rule, and a list of those of each operation."""

from collections.abc import Iterator, Mapping, Sequence

from pages.markdown import block, cell, page, plain, table
from pytest_nac_qod import contracts
from pytest_nac_qod.catalogue import Row
from pytest_nac_qod.proof.explain.facts import Fact
from pytest_nac_qod.proof.explain.rows import explained, named_rows
from pytest_nac_qod.proof.explain.samples import Sample, all_samples
from pytest_nac_qod.traffic.rules import rules as seen_rules

ORPHAN = "---\norphan: true\n---\n\n"  # not in the side bar, which would be longer than any page
_TITLES: Mapping[str, str] = {
    "operation": "Operation", "releases": "Releases", "strength": "Strength", "basis": "Basis", "says": "What it says",
    "accepted": "Accepted outcomes", "tolerated": "Tolerated", "reading": "Contradiction", "needs": "Needs",
    "cases": "Cases", "broken by": "Broken by",
}  # fmt: skip


def pages(*, shown: bool) -> Mapping[str, str]:
    """Each page by its name."""
    rows = named_rows()
    samples = _samples() if shown else {}
    made = {f"rows/{key}.md": _row(versions, samples.get(key)) for key, versions in rows.items()}
    return {**made, "rows/index.md": _index(rows), "reference/traffic-rules.md": _seen()}


def _samples() -> Mapping[str, Sample]:
    """A sample of each row: in the current release, or in the last one that has it."""
    by_row: dict[str, Sample] = {}
    for release in (*(name for name in contracts.RELEASES if name != contracts.CURRENT), contracts.CURRENT):
        wanted = [key for key, versions in named_rows().items() if release == _shown_in(versions)]
        by_row |= all_samples(release, wanted)
    return by_row


def _shown_in(versions: Mapping[str, Row]) -> str:
    return contracts.CURRENT if contracts.CURRENT in versions else [*versions][-1]


def _row(versions: Mapping[str, Row], sample: Sample | None) -> str:
    told = explained(versions, shown=False)
    facts = dict.fromkeys(label for label, _ in told.facts if label in _TITLES)
    rows = [(_TITLES[label], _cell(label, told.facts)) for label in facts]
    row = versions[_shown_in(versions)]
    text = page(
        told.name,
        f"{told.kind.capitalize()}. {plain(row.purpose.requirement)}",
        table(("", ""), rows),
        "## How to mend",
        plain(dict(told.facts)["mend"]),
        *_sample(sample),
        "## Run it",
        block([dict(told.facts)["run"]], "sh"),
    )
    return ORPHAN + text


def _cell(label: str, facts: Sequence[Fact]) -> str:
    return "<br>".join(plain(text) for name, text in facts if name == label)


def _sample(sample: Sample | None) -> Iterator[str]:
    if sample is None:
        return
    yield "## A sample violation"
    yield f"With the fault `{sample.fault}` of the embedded server, in {sample.release}:"
    yield block([f"expected  {sample.expected}", f"actual    {sample.actual}", f"clause    {sample.clause}"])
    if sample.curl:
        yield block(sample.curl, "sh")
    yield block([f"nac-qod check --release {sample.release} --scenario {sample.row} --fault {sample.fault}"], "sh")


def _index(rows: Mapping[str, Mapping[str, Row]]) -> str:
    by_operation: dict[str, list[tuple[str, ...]]] = {}
    for key, versions in rows.items():
        row = versions[_shown_in(versions)]
        cells = (f"[{key}]({key}.md)", plain(row.purpose.requirement), row.severity, ", ".join(versions))
        by_operation.setdefault(f"{row.api} {row.operation}", []).append(cells)
    sections = [
        f"## {name}\n\n{table(('id', 'requires', 'strength', 'releases'), cells)}"
        for name, cells in sorted(by_operation.items())
    ]
    said = f"{len(rows)} scenarios and rules of {len(contracts.RELEASES)} releases; the search finds any of them."
    return page("Scenarios and rules", said, *sections)


def _seen() -> str:
    rules = {key: rule for release in contracts.RELEASES for key, rule in seen_rules(release).items()}
    rows = [(cell(key), plain(rule.requirement), cell(rule.basis), plain(rule.shown_by)) for key, rule in rules.items()]
    return page("Rules for the traffic of others", table(("rule", "requires", "basis", "shown by"), rows))
