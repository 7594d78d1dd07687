"""compare.html: several runs side by side, of one target at several times or of several targets."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pytest_nac_qod.report.causes import WORST_FIRST, Cause, causes
from pytest_nac_qod.report.journal import key
from pytest_nac_qod.report.page import page
from pytest_nac_qod.report.records import ResultsDocument
from pytest_nac_qod.report.statement import complete, facts
from pytest_nac_qod.report.terminal.failure import title
from pytest_nac_qod.report.terminal.headline import headline
from pytest_nac_qod.verdicts import VERDICTS

FILE = "compare.html"


@dataclass(frozen=True, slots=True)
class Named:
    """A run, and what its column is called."""

    name: str
    document: ResultsDocument


@dataclass(frozen=True, slots=True)
class CauseCell:
    """A cause in one run."""

    verdict: str
    cases: int


def html(runs: Sequence[Named]) -> str:
    """The page: what each run is of, which causes it names, and which cases came to different verdicts."""
    return page.rendered(
        FILE,
        "",
        runs=runs,
        rows=[(label, values) for label, values in _rows(runs) if any(values)],
        causes=_causes(runs),
        cases=_cases(runs),
        symbols=page.SYMBOLS,
    )


def _rows(runs: Sequence[Named]) -> Iterator[tuple[str, list[str]]]:
    """What each run is of, and how it ended."""
    told = [dict(facts(run.document)) for run in runs]
    yield "Target", [run.document["target"]["name"] for run in runs]
    for label in ("Addresses", "Release", "Judged by", "Mode", "Time"):
        yield label, ["; ".join(fact.get(label, [])) for fact in told]
    yield "Came to", [headline(run.document).title for run in runs]
    yield "Complete", [complete(run.document) for run in runs]
    for verdict in VERDICTS:
        yield page.WORDS[verdict], [str(run.document["summary"].get(verdict, "") or "") for run in runs]


def _causes(runs: Sequence[Named]) -> list[tuple[str, list[CauseCell | None]]]:
    """Each cause of any run, worst and most frequent first, with what it is in each of them."""
    told: list[dict[str, Cause]] = [{cause.id: cause for cause in causes(run.document["results"])} for run in runs]
    first = {name: cause for known in reversed(told) for name, cause in known.items()}
    frequent = Counter(name for known in told for name in known)
    order = sorted(first, key=lambda name: (WORST_FIRST.index(first[name].verdict), -frequent[name], name))
    return [(first[name].title, [_cell(known.get(name)) for known in told]) for name in order]


def _cell(cause: Cause | None) -> CauseCell | None:
    return CauseCell(cause.verdict, len(cause.cases)) if cause else None


def _cases(runs: Sequence[Named]) -> list[tuple[str, list[str]]]:
    """Each case that did not come to the same verdict in all runs; an empty verdict where it was not run."""
    known = [{key(case): case for case in run.document["results"]} for run in runs]
    titles = {place: title(case) for cases in reversed(known) for place, case in cases.items()}
    rows = [
        (name, [str(cases[place]["verdict"]) if place in cases else "" for cases in known])
        for place, name in titles.items()
    ]
    return [(name, verdicts) for name, verdicts in rows if len(set(verdicts)) > 1]
