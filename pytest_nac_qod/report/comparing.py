"""Two runs side by side: what got better, and what got worse."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from pytest_nac_qod.foundation.exits import EXIT_BROKEN, EXIT_OK
from pytest_nac_qod.foundation.jsontypes import Json
from pytest_nac_qod.foundation.problems import UnusableError
from pytest_nac_qod.foundation.visible import one_line
from pytest_nac_qod.report.causes import Cause, causes
from pytest_nac_qod.report.journal import key
from pytest_nac_qod.report.records import CaseRecord, ResultsDocument
from pytest_nac_qod.report.results import release_of
from pytest_nac_qod.report.terminal.failure import title

# How well a verdict speaks of the target: whether an entry excuses a failure is not the target's doing.
_STANDING = {"pass": 2, "stale": 2, "warn": 1, "known": 0, "fail": 0}
_GONE = "not run"


class IncomparableError(UnusableError):
    """Two runs that say nothing of each other; the message says why."""


@dataclass(frozen=True, slots=True)
class Change:
    """One case that is not what it was; `not run` where a run has no result for it."""

    title: str
    old: str
    new: str

    def __str__(self) -> str:
        return f"{self.title}: {self.old}, now {self.new}"


@dataclass(frozen=True, slots=True)
class CauseChanges:
    """The causes of failures that only one of the runs names, by their titles.

    Attributes:
        new: that something fails for now.
        gone: that nothing fails for any more.
        reworded: new, of failures that are told already under causes that are gone.
        same: number of causes that both runs name.
    """

    new: list[str] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    reworded: list[str] = field(default_factory=list)
    same: int = 0


@dataclass(frozen=True, slots=True)
class Comparison:
    """The causes and the cases that changed.

    Attributes:
        better: now judged better than before, or judged for the first time and not broken.
        worse: now judged worse, broken at the first look, or not judged any more though it was not broken.
        other: neither, such as a failure that was not looked at again.
        same: number of cases that did not change.
        causes: what cases fail for.
    """

    better: list[Change] = field(default_factory=list)
    worse: list[Change] = field(default_factory=list)
    other: list[Change] = field(default_factory=list)
    same: int = 0
    causes: CauseChanges = field(default_factory=CauseChanges)

    @property
    def status(self) -> int:
        """Exit status: 1 when something got worse, or fails for a new cause."""
        return EXIT_BROKEN if self.worse or self.causes.new else EXIT_OK


def compare(old: ResultsDocument, new: ResultsDocument) -> Comparison:
    """What changed from one results.json to another.

    Raises:
        IncomparableError: they are about different releases or modes.
    """
    for name in ("release", "mode"):
        if old[name] != new[name]:
            raise IncomparableError(
                f"one run has {name} {old[name]}, the other {new[name]}; compare runs with the same one"
            )
    before, after = _by_case(old), _by_case(new)
    lists: dict[str, list[Change]] = {"better": [], "worse": [], "other": []}
    same = 0
    for case in dict.fromkeys((*before, *after)):
        was, now = before.get(case), after.get(case)
        old_verdict, new_verdict = (result["verdict"] if result else _GONE for result in (was, now))
        kind = _kind(old_verdict, new_verdict)
        if kind == "same":
            same += 1
        else:
            lists[kind].append(Change(title(now or was or {}), old_verdict, new_verdict))
    return Comparison(lists["better"], lists["worse"], lists["other"], same, _causes_compared(old, new))


def lines(comparison: Comparison, *, complete: bool = True) -> Iterator[str]:
    """The comparison in words: causes, then cases, what got worse first.

    Args:
        comparison: of two runs.
        complete: whether the newer run came to its end.
    """
    told = comparison.causes
    for heading, titles in (
        ("new causes", told.new),
        ("causes that are gone", told.gone),
        ("causes that are told otherwise", told.reworded),
    ):
        if titles:
            yield f"{heading} ({len(titles)})"
            yield from (f"  {one_line(name)}" for name in titles)
    for heading, changes in (
        ("worse", comparison.worse),
        ("better", comparison.better),
        ("other changes", comparison.other),
    ):
        if changes:
            yield f"{heading} ({len(changes)})"
            yield from (f"  {change}" for change in changes)
    if told != CauseChanges():
        yield f"causes: {len(told.new)} new, {len(told.gone)} gone, {told.same + len(told.reworded)} as before"
    counted = f"{len(comparison.worse)} worse, {len(comparison.better)} better, {len(comparison.other)} other changes"
    yield f"{counted}, {comparison.same} as before"
    if not complete:
        yield "the newer run did not finish"


def _causes_compared(old: ResultsDocument, new: ResultsDocument) -> CauseChanges:
    """What cases failed for, and fail for now."""
    before, after = _by_cause(old), _by_cause(new)
    gone = [cause for name, (cause, _) in before.items() if name not in after]
    told = set().union(*(cases for name, (_, cases) in before.items() if name not in after))
    fresh = [(cause, cases <= told) for name, (cause, cases) in after.items() if name not in before]
    return CauseChanges(
        new=[cause.title for cause, known in fresh if not known],
        gone=[cause.title for cause in gone],
        reworded=[cause.title for cause, known in fresh if known],
        same=len(before.keys() & after.keys()),
    )


def _by_cause(document: ResultsDocument) -> dict[str, tuple[Cause, set[tuple[Json, ...]]]]:
    """Each cause of a failure by its id, known or not, with its cases."""
    results = document["results"]
    return {
        cause.id: (cause, {(release_of(document, results[case]), *key(results[case])) for case in cause.cases})
        for cause in causes(results)
        if cause.verdict in ("fail", "known")
    }


def _by_case(document: ResultsDocument) -> dict[tuple[Json, ...], CaseRecord]:
    results: Iterable[CaseRecord] = document["results"]
    return {(release_of(document, result), *key(result)): result for result in results}


def _kind(old: str, new: str) -> str:
    was, now = _STANDING.get(old), _STANDING.get(new)
    if old == new or (was == now is not None):
        return "same"
    if was is None and now is None:
        return "other"
    if now is None:
        return "worse" if was else "other"
    if was is None:
        return "better" if now else "worse"
    return "better" if now > was else "worse"
