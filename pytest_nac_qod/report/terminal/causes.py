"""What is wrong with a target, on the terminal: an entry for each cause, worst first."""

from collections.abc import Iterator, Sequence

from pytest_nac_qod.foundation.visible import one_line
from pytest_nac_qod.report import curl
from pytest_nac_qod.report.causes import Cause, causes
from pytest_nac_qod.report.records import CaseRecord
from pytest_nac_qod.report.terminal.headline import broken

_INDENT = "      "
_BRIEF = ("warn", "known", "note")  # verdicts of causes that get a line each
_ACTUAL = 2  # ways of going wrong that an entry shows


def lines(results: Sequence[CaseRecord], *, verbose: bool = False) -> Iterator[str]:
    """How many causes there are, and each with a sample; nothing where all is well.

    Args:
        results: of a run.
        verbose: tell what is milder, too, beside something that is wrong.
    """
    all_causes = causes(results)
    if not all_causes:
        return
    yield counted(all_causes)
    if any(result["verdict"] == "fail" for result in results):
        yield broken(results)
    wrong = any(cause.verdict not in _BRIEF for cause in all_causes)
    hidden = [cause for cause in all_causes if cause.verdict in _BRIEF] if wrong and not verbose else []
    for cause in all_causes:
        if cause.verdict not in _BRIEF:
            yield ""
            yield from (one_line(line) for line in entry(cause, results))
            yield ""
        elif cause not in hidden:
            yield one_line(f"{cause.verdict.upper()}  {cause.title}  ({_number(len(cause.cases), 'case')})")
    if hidden:
        yield f"{_number(len(hidden), 'milder one')} beside: -v tells {'it' if len(hidden) == 1 else 'them'}"


def counted(all_causes: Sequence[Cause]) -> str:
    """`2 causes in 11 cases`; those that only warn are counted apart."""
    wrong = [cause for cause in all_causes if cause.verdict not in ("warn", "note")]
    warnings = sum(cause.verdict == "warn" for cause in all_causes)
    cases = len({position for cause in wrong for position in cause.cases})
    said = [f"{_number(len(wrong), 'cause')} in {_number(cases, 'case')}"] if wrong else []
    return ", ".join([*said, *([_number(warnings, "warning")] if warnings else [])])


def entry(cause: Cause, results: Sequence[CaseRecord]) -> Iterator[str]:
    """A cause in a few lines: what is wrong, where it says so, and how to see it again."""
    yield f"{cause.verdict.upper()}  {cause.title}  ({_number(len(cause.cases), 'case')})"
    first = results[cause.example[0] if cause.example else cause.cases[0]]
    name = f"{first['id']} [{first['case']}]" if first["case"] else first["id"]
    if cause.expected:
        yield f"{_INDENT}expected  {cause.expected}"
        for actual in cause.actual[:_ACTUAL]:
            yield f"{_INDENT}actual    {actual}"
        yield f"{_INDENT}clause    {cause.clauses[0]}{_more(len(cause.clauses) - 1)}"
    if cause.reason:
        yield f"{_INDENT}tolerated {cause.reason}"
    yield f"{_INDENT}seen in   {name}{_more(len(cause.cases) - 1)}"
    if cause.example:
        for text in curl.lines(first["exchanges"], cause.example[1]):
            yield f"{_INDENT}again     {text}"


def _more(number: int) -> str:
    return f" and {number} more" if number else ""


def _number(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
