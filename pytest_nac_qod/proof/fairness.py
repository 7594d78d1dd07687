"""Which cases a behaviour that the documents allow costs, of which there must be none."""

from collections.abc import Iterator, Sequence
from math import ceil

from pytest_nac_qod import contracts
from pytest_nac_qod.catalogue import RowCase, cases
from pytest_nac_qod.proof.bench import Ended, FaultBench
from pytest_nac_qod.proof.touching import touched_legally
from pytest_nac_qod.reference.legal import named

FAIR = frozenset({"pass", "warn", "not_applicable"})


def concerned(release: str, name: str, most: int | None = None) -> list[RowCase]:
    """The cases of `release` that a legal behaviour can change: all, or evenly from among them, `most` at most."""
    touched = touched_legally(release)
    changeable = [case for case in cases(release, contracts.apis(release)) if name in touched[str(case)]]
    return changeable[:: ceil(len(changeable) / most)] if most and changeable else changeable


def costs(bench: FaultBench, names: Sequence[str], chosen: Sequence[RowCase]) -> Iterator[Ended]:
    """The cases that a server with these behaviours fails, or leaves open."""
    return (ending for ending in bench.cases(chosen, legal=names) if ending.verdict not in FAIR)


def tolerated(name: str, bench: FaultBench) -> bool:
    """Whether the bench's mode has to tolerate the behaviour."""
    return bench.run.mode == "lenient" or not named(name, bench.run.target.release).lenient_only


def lines(ended: Sequence[Ended]) -> list[str]:
    """Each case in a line, and a line more for each of its violations that is not tolerated."""
    return [
        text
        for ending in ended
        for text in (
            f"{ending.row_case}: {ending.verdict} {ending.reason}".strip(),
            *(f"  {wrong.expected}: {wrong.actual}" for wrong in ending.violations if not wrong.reason),
        )
    ]
