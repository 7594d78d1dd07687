"""The judgement of a run: what a person would say is wrong with a target, worst first."""

from collections import Counter
from collections.abc import Iterable, Sequence

from pytest_nac_qod.report.causes.absorbing import absorbed
from pytest_nac_qod.report.causes.broad import BROAD
from pytest_nac_qod.report.causes.evidence import Breach, Evidence
from pytest_nac_qod.report.causes.grouping import grouped
from pytest_nac_qod.report.causes.joining import joined
from pytest_nac_qod.report.causes.model import WORST_FIRST, Cause, general, slug
from pytest_nac_qod.report.records import CaseRecord

__all__ = ["WORST_FIRST", "Cause", "causes", "general", "untested"]

UNTESTED = ("not_tested", "not_applicable")


def causes(results: Sequence[CaseRecord]) -> list[Cause]:
    """What is wrong, worst first and broadest first.

    Broad causes take what they explain; what is left is grouped by what it breaks; and a case that did not reach its
    start joins the cause that says why.
    """
    evidence = Evidence.of(results, WORST_FIRST)
    if not evidence.breaches:  # or all answers would be read for what explains them
        return []
    broad = [*_told(evidence.breaches)]
    left = [breach for breach in evidence.breaches if not _title(breach)]
    for find in BROAD:
        for suspect in find(evidence):
            explained = [breach for breach in left if suspect.explains(breach)]
            if any(breach.violation or breach.verdict == "inconclusive" for breach in explained):
                cause = Cause(id=suspect.id, title=suspect.title)
                for breach in explained:
                    cause.absorb(breach)
                broad.append(cause)
                left = [breach for breach in left if breach not in explained]
    return _named(_sorted(absorbed([*broad, *joined(grouped(left))])))


def _title(breach: Breach) -> str:
    """The cause that a violation names itself; empty for most."""
    return breach.violation.get("cause", "") if breach.violation else ""


def _told(breaches: Iterable[Breach]) -> list[Cause]:
    """The causes that violations name themselves."""
    by_title: dict[tuple[str, str], Cause] = {}
    for breach in breaches:
        if title := _title(breach):
            cause = by_title.setdefault((breach.verdict, title), Cause(id=slug("client", title), title=title))
            cause.absorb(breach)
    return list(by_title.values())


def untested(results: Sequence[CaseRecord]) -> list[Cause]:
    """Why cases were not run, one entry for each reason."""
    by_reason: dict[tuple[str, str], Cause] = {}
    for position, case in enumerate(results):
        if case["verdict"] in UNTESTED:
            reason = general(case["reason"])
            cause = by_reason.setdefault((case["verdict"], reason), Cause(id="", title=reason, verdict=case["verdict"]))
            cause.cases.append(position)
    return sorted(by_reason.values(), key=lambda cause: (UNTESTED.index(cause.verdict), -len(cause.cases)))


def _named(told: list[Cause]) -> list[Cause]:
    """Let no two causes have the same id."""
    taken: Counter[str] = Counter()
    for cause in told:
        mild = f"-{cause.verdict}" if cause.verdict in ("warn", "note") else ""
        name = f"{cause.id}{mild}"
        taken[name] += 1
        cause.id = name if taken[name] == 1 else f"{name}-{taken[name]}"
    return told


def _sorted(unsorted: list[Cause]) -> list[Cause]:
    return sorted(unsorted, key=lambda cause: (WORST_FIRST.index(cause.verdict), -len(cause.cases)))
