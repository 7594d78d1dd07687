"""Compares the figures of two load tests."""

from collections.abc import Iterator
from dataclasses import dataclass

from pytest_nac_qod.foundation.problems import UnusableError
from pytest_nac_qod.report.page.latency import duration
from pytest_nac_qod.report.records import LoadRecord, ResultsDocument

_NOTICED = 0.001  # seconds by which a time has to differ at least


@dataclass(frozen=True, slots=True)
class FigureChange:
    """One figure of both load tests.

    Attributes:
        worse: it got worse by more than the threshold.
        better: it got better by more than that.
    """

    text: str
    worse: bool = False
    better: bool = False


def of_loads(old: ResultsDocument, new: ResultsDocument) -> bool:
    """Whether both are of load tests.

    Raises:
        UnusableError: one is, and the other is not.
    """
    kinds = [document.get("kind", "run") for document in (old, new)]
    if ("load" in kinds) and kinds[0] != kinds[1]:
        raise UnusableError(f"one is of kind {kinds[0]}, the other of kind {kinds[1]}; compare two of the same kind")
    return kinds[0] == "load"


def changes(old: LoadRecord, new: LoadRecord, threshold: float) -> Iterator[FigureChange]:
    """What has changed by more than a share, such as 0.2 for a fifth; what is wrong counts however little it is."""
    yield _change("requests a second", old["per_second"], new["per_second"], threshold, more_is_better=True)
    before = {item["operation"]: item for item in old["operations"]}
    for item in new["operations"]:
        was = before.get(item["operation"], item)
        for name in ("p50", "p95", "p99"):
            first, second = was[name], item[name]
            changed = _change(f"{item['operation']} {name}", first, second, threshold, seconds=True)
            yield changed if abs(first - second) >= _NOTICED else FigureChange(changed.text)
    yield _change("wrong answers for each million", old["wrong_per_million"], new["wrong_per_million"], 0.0)
    yield _change("errors for each million", _errors(old), _errors(new), threshold)


def lines(found: list[FigureChange]) -> Iterator[str]:
    """The changes in words, what got worse first."""
    for heading, chosen in (
        ("worse", [item for item in found if item.worse]),
        ("better", [item for item in found if item.better]),
        ("much the same", [item for item in found if not item.worse and not item.better]),
    ):
        if chosen:
            yield f"figures: {heading} ({len(chosen)})"
            yield from (f"  {item.text}" for item in chosen)


def _errors(load: LoadRecord) -> float:
    return 1e6 * sum(load["errors"].values()) / load["requests"] if load["requests"] else 0.0


def _change(  # noqa: PLR0913 - what makes a change
    title: str, old: float, new: float, threshold: float, *, more_is_better: bool = False, seconds: bool = False
) -> FigureChange:
    first, second = (duration(value) if seconds else f"{value:.4g}" for value in (old, new))
    up, down = new > old * (1 + threshold), new < old * (1 - threshold)
    worse, better = (down, up) if more_is_better else (up, down)
    return FigureChange(f"{title}: {first} before, {second} now", worse=worse, better=better)
