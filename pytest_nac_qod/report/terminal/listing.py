"""Scenarios and rules in words, before anything is contacted: what `nac-qod check --list` prints."""

from collections.abc import Iterable, Iterator
from itertools import groupby

from pytest_nac_qod.catalogue import Row, RowCase, listed


def lines(cases: Iterable[RowCase]) -> Iterator[str]:
    """Each row with its requirement, purpose, outcomes and cases; last, how many there are."""
    rows = cases_total = 0
    for row, group in groupby(cases, lambda case: case.row):
        names = [case.case for case in group]
        rows, cases_total = rows + 1, cases_total + len(names)
        yield from _row(row, [name for name in names if name])
    yield f"{rows} scenarios and rules, {cases_total} cases"


def _row(row: Row, cases: list[str]) -> Iterator[str]:
    yield f"{row.id}  {row.api} {row.operation}  {row.release}"
    yield f"      requires  {row.purpose.requirement}"
    yield f"      purpose   {row.purpose.key}"
    yield f"      accepted  {listed(row.accepted)}"
    for lenient in row.lenient:
        yield f"      lenient   {lenient.outcome or f'{lenient.path} {lenient.value}'} ({lenient.reason})"
    if row.clause:
        yield f"      clause    {row.clause}"
        yield f"      strength  {row.severity}"
    if cases:
        yield f"      cases     {', '.join(cases)}"
