"""The verdict table that ends a run on the terminal."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from pytest_nac_qod.foundation.visible import one_line
from pytest_nac_qod.report import parts, standard
from pytest_nac_qod.report.records import About, CaseRecord
from pytest_nac_qod.report.results import summary
from pytest_nac_qod.report.terminal import painting
from pytest_nac_qod.report.terminal.failure import title
from pytest_nac_qod.report.terminal.headline import not_installed, notes
from pytest_nac_qod.verdicts import NOT_INSTALLED, VERDICTS, exit_status
from pytest_nac_qod.wire.clock import described

_ALWAYS = ("pass", "fail", "warn")
_CONCLUSIONS = {
    0: "nothing required is broken",
    1: "a requirement is broken",
    3: "the run could not judge: an error, an inconclusive case, or nothing required was executed",
}
_STALE = "nothing required is broken, but a known failure no longer fails"


def lines(
    about: About, results: Sequence[CaseRecord], *, unfinished: str = "", coloured: int | None = None
) -> Iterator[str]:
    """The table line by line: a row for each operation, a column for each verdict that occurred, and the conclusion.

    Args:
        about: release, mode, target and, for a part of the suite, the run.
        results: one entry for each case.
        unfinished: what to say of a run that did not come to its end.
        coloured: width in characters of the terminal that shows it in colours; None for plain text.
    """
    yield f"{one_line(about['target']['name'])}  {standard.short(about)}  {about['mode']}"
    yield from standard.sentences(about)
    if ahead := about["target"].get("clock_ahead"):
        yield described(ahead)
    yield ""
    table = rows(results)
    yield from _plain(table) if coloured is None else painting.table(table, coloured)
    yield ""
    for result in results:
        if result["verdict"] == "stale":
            yield f"stale: {title(result)}: {result['reason']}"
    if noted := notes(results):
        yield f"notes: {noted} {'case' if noted == 1 else 'cases'} with what is unusual and nothing published forbids"
    yield conclusion(results, unfinished)
    if part := parts.said(about.get("run", {}).get("part")):
        yield f"part: {one_line(part)}"


def _plain(table: Sequence[Sequence[str]]) -> Iterator[str]:
    widths = [max(len(cell) for cell in column) for column in zip(*table, strict=True)]
    for name, *cells in table:
        numbers = "  ".join(cell.rjust(width) for cell, width in zip(cells, widths[1:], strict=True))
        yield f"{name.ljust(widths[0])}  {numbers}"


def rows(results: Sequence[CaseRecord]) -> list[tuple[str, ...]]:
    """The cells: names of the columns, an operation in each row, and all of them in the last."""
    total = summary(results)
    shown = [verdict for verdict in VERDICTS if total[verdict] or verdict in _ALWAYS]
    return [("operation", *shown), *_rows(results, shown), ("all", *(str(total[verdict]) for verdict in shown))]


def conclusion(results: Sequence[CaseRecord], unfinished: str = "") -> str:
    """How the run ended, in one line."""
    total = summary(results)
    status = exit_status(total)
    broken = _STALE if total["stale"] and not total["fail"] else _CONCLUSIONS[status]
    said = [broken] if status or not unfinished else []
    lacking = not_installed(results)
    left = f"; {lacking} of them not tested: what generates their requests is {NOT_INSTALLED}" if lacking else ""
    return f"{'; '.join([*said, *filter(None, [unfinished])])} ({len(results)} cases{left})"


def _rows(results: Sequence[CaseRecord], shown: Iterable[str]) -> Iterator[tuple[str, ...]]:
    counted: Counter[tuple[str, str]] = Counter((_operation(result), result["verdict"]) for result in results)
    for operation in sorted({_operation(result) for result in results}):
        yield (operation, *(str(counted[operation, verdict]) for verdict in shown))


def _operation(result: CaseRecord) -> str:
    return f"{result['api']} {result['operation']}"
