"""Results of client cases in words: failures on the terminal, and the matrix of SDKs as Markdown."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from pytest_nac_qod.foundation.visible import one_line
from pytest_nac_qod.sdk.cases import ClientCase, client_cases
from pytest_nac_qod.sdk.causes import ClientCause, causes
from pytest_nac_qod.sdk.running import CaseResult
from pytest_nac_qod.verdicts import VERDICTS

_INDENT = "      "
_SHOWN = 3  # findings of one case
_MARKS: Mapping[str, str] = {
    "pass": "✓",
    "fail": "**✗**",
    "known": "✗",
    "warn": "(✓)",
    "stale": "**stale**",
    "not_applicable": "n/a",
    "inconclusive": "?",
}


def lines(result: CaseResult, client: str) -> Iterator[str]:
    """One result: a line when it passed, else what was expected, what happened, and the call that shows it.

    What the client said is made visible: it has no line breaks, escape sequences or controls of its own here.
    """
    return map(one_line, _lines(result, client))


def _lines(result: CaseResult, client: str) -> Iterator[str]:
    yield f"{result.verdict.upper():5} {result.case.id}  {client}"
    if result.reason:
        yield f"{_INDENT}reason    {result.reason}"
    for finding in result.findings[:_SHOWN]:
        yield f"{_INDENT}expected  {finding.violation.expected}"
        yield f"{_INDENT}actual    {finding.violation.actual}"
        yield f"{_INDENT}clause    {finding.violation.clause}"
        yield f"{_INDENT}again     {finding.again}"
    if (more := len(result.findings) - _SHOWN) > 0:
        yield f"{_INDENT}          and {more} more like these"


def report(results: Sequence[CaseResult], client: str, *, verbose: bool = False) -> Iterator[str]:
    """What is not right, one cause after the other, the broadest first; then the number of cases for each verdict.

    A cause is shown with the case that shows it best, and the ids of the others.
    """
    told = causes(results)
    for result in results:
        if result.verdict != "fail" and (verbose or result.verdict not in ("pass", "not_applicable")):
            yield from lines(result, client)
    shown: set[int] = set()
    for cause in told:
        best = _best(results, cause)
        if best not in shown:
            yield from lines(results[best], client)
        others = [results[case].case.id for case in cause.cases if case != best]
        if others:
            count = f"{len(cause.cases)} cases"
            yield one_line(f"{_INDENT}cause     {cause.title}: {count}, also {', '.join(others)}")
        shown |= {best, *cause.cases}
    failed = sum(result.verdict == "fail" for result in results)
    number = f"; {len(told)} cause{'' if len(told) == 1 else 's'}" if failed > 1 else ""
    yield f"{one_line(client)}: {counts(results)}{number}"


def _best(results: Sequence[CaseResult], cause: ClientCause) -> int:
    """Position of the case that shows a cause best: one that is about it, not one that came to a stop because of it."""

    def distance(place: tuple[int, int]) -> tuple[bool, bool]:
        finding = results[place[0]].findings[place[1]]
        return next(iter(finding.because), "") != cause.title, finding.violation.expected.endswith("succeeds")

    return min(cause.findings, key=distance)[0]


def summary(results: Iterable[CaseResult]) -> Counter[str]:
    """Number of cases for each verdict."""
    return Counter(result.verdict for result in results)


def counts(results: Iterable[CaseResult]) -> str:
    """Number of cases for each verdict that occurred, in words."""
    counted = summary(results)
    return ", ".join(f"{counted[verdict]} {verdict}" for verdict in VERDICTS if counted[verdict])


def matrix(columns: Mapping[str, Sequence[CaseResult]]) -> Iterator[str]:
    """The table: a row for each case, a column for each client; then each defect with a call that shows it."""
    cells = {name: {result.case.id: result for result in results} for name, results in columns.items()}
    yield f"| case | {' | '.join(columns)} |"
    yield f"|---|{':-:|' * len(columns)}"
    for case in client_cases():
        marks = [_mark(cells[name].get(case)) for name in columns]
        if any(marks):
            yield f"| {case} | {' | '.join(marks)} |"
    yield ""
    verdicts = {result.verdict for results in columns.values() for result in results}
    yield (
        "✓ passes, ✗ fails as our expectations for that version list it, n/a: the client has no such call or order"
        + (", (✓) goes against a recommendation" if "warn" in verdicts else "")
        + (", ? could not be judged." if "inconclusive" in verdicts else ".")
    )
    yield ""
    for case in client_cases():
        failed = {name: cells[name][case] for name in columns if case in cells[name] and cells[name][case].findings}
        yield from _defect(case, failed)


def _mark(result: CaseResult | None) -> str:
    return "" if result is None else _MARKS.get(result.verdict, f"**{result.verdict}**")


def _defect(case: str, failed: Mapping[str, CaseResult]) -> Iterator[str]:
    if not failed:
        return
    shown = [name for name in failed if not name.startswith("npm:")] or list(failed)
    first = failed[shown[-1]].findings[0]
    yield f"- `{case}` ({', '.join(failed)}): {client_cases()[case].requires}. `{_code(first.again)}`: expected"
    yield f"  {_text(first.violation.expected)}; {_text(first.violation.actual)}"


def _code(text: str) -> str:
    return one_line(text).replace("`", "'")


def _text(text: str) -> str:
    return one_line(text).replace("|", "\\|").replace("*", "\\*")


def listed() -> Iterable[str]:
    """Every case with what it requires."""
    return (f"{case.id}\n{_INDENT}{case.requires} ({_weight(case)}{case.clause})" for case in client_cases().values())


def _weight(case: ClientCase) -> str:
    return "" if case.severity == "must" else f"{case.severity}: "
