"""Operations and scenarios against each other, a cell for what their cases came to."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from string import digits

from pytest_nac_qod.report.records import CaseRecord, ResultsDocument
from pytest_nac_qod.report.results import release_of

# the worst of several cases stands for all of them
_WORST = ("fail", "stale", "error", "inconclusive", "known", "warn", "not_tested", "not_applicable", "pass")


@dataclass(frozen=True, slots=True)
class Cell:
    """The cases of one scenario.

    Attributes:
        verdict: the worst of them.
        cases: positions in the results, those with the worst verdict first.
        worst: how many have it.
    """

    verdict: str
    cases: tuple[int, ...]
    worst: int


@dataclass(frozen=True, slots=True)
class Matrix:
    """One API in one release: one row per scenario, one column per operation; None if a scenario has no case there."""

    release: str
    api: str
    operations: tuple[str, ...]
    rows: tuple[tuple[str, tuple[Cell | None, ...]], ...]


def matrices(document: ResultsDocument) -> list[Matrix]:
    """A matrix for each API, scenarios named without API and operation."""
    places = list(enumerate(document["results"]))
    apis = dict.fromkeys(_of(result, document) for _, result in places)
    return [
        _matrix(release, api, [(at, case) for at, case in places if _of(case, document) == (release, api)])
        for release, api in apis
    ]


def _of(result: CaseRecord, document: ResultsDocument) -> tuple[str, str]:
    return release_of(document, result), str(result["api"])


def _matrix(release: str, api: str, places: Sequence[tuple[int, CaseRecord]]) -> Matrix:
    operations = tuple(dict.fromkeys(result["operation"] for _, result in places))
    cells: dict[str, dict[str, list[tuple[int, str]]]] = {}
    for at, result in places:
        row = cells.setdefault(short(result), {})
        row.setdefault(result["operation"], []).append((at, result["verdict"]))
    names = sorted(cells, key=_natural)
    return Matrix(
        release,
        api,
        operations,
        tuple((name, tuple(_cell(cells[name].get(operation, [])) for operation in operations)) for name in names),
    )


def _cell(cases: Sequence[tuple[int, str]]) -> Cell | None:
    if not cases:
        return None
    ranked = sorted(cases, key=lambda case: _WORST.index(case[1]))
    worst = ranked[0][1]
    return Cell(worst, tuple(at for at, _ in ranked), sum(verdict == worst for _, verdict in ranked))


def short(result: CaseRecord) -> str:
    """The scenario's id without API and operation, for people: `401.1 no authorization header`."""
    _, separator, rest = result["id"].rpartition(f"_{result['operation']}_")
    name = rest if separator else result["id"].removeprefix("nac_")
    return str(name).replace("_", " ")


def _natural(name: str) -> list[tuple[int, int, str]]:
    """Published scenarios before rules, numbers by their size, of however many digits."""
    parts = re.findall(r"[0-9]+|[^0-9]+", name)
    return [(0, len(bare := part.lstrip("0")), bare) if part[0] in digits else (1, 0, part) for part in parts]
