"""How many causes a run names when the embedded server has one defect: a defect is one cause."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from pytest_nac_qod import contracts
from pytest_nac_qod.catalogue import cases
from pytest_nac_qod.proof.bench import FaultBench, bench
from pytest_nac_qod.proof.matrix import Kill, changeable, judged_kill
from pytest_nac_qod.proof.processes import pool
from pytest_nac_qod.reference.faults import named
from pytest_nac_qod.report.causes import Cause, causes
from pytest_nac_qod.report.records import CaseRecord
from pytest_nac_qod.suite.run import Mode

MEAN = 1.3  # causes of a run with one defect, on average
MOST = 3
_HEAVY = ("fail", "error", "inconclusive")
_MILD = ("warn", "note")


@dataclass(frozen=True, slots=True)
class Naming:
    """What a run with one defect failed, and the causes that it named, by their titles."""

    kill: Kill
    titles: tuple[str, ...]


def named_by(workbench: FaultBench, name: str) -> Naming:
    """What a run of all cases names; those that the defect cannot change are taken from a run without it."""
    fault, release = named(name), workbench.run.target.release
    sound = _sound(release, workbench.run.mode)
    ended = list(workbench.cases(changeable(fault, release), [name]))
    changed = {str(end.row_case): workbench.record(end) for end in ended}
    told = causes(list({**sound, **changed}.values()))
    return Naming(judged_kill(release, fault, ended), _titles(told, causes(list(sound.values()))))


def namings(pairs: Iterable[tuple[str, str]], *, workers: int) -> Iterator[Naming]:
    """What each release and fault comes to, in the order given, spread over processes."""
    with pool(workers) as processes:
        yield from processes.map(_pair, list(pairs))


def _pair(pair: tuple[str, str]) -> Naming:
    release, name = pair
    with bench(release, named(name).mode) as workbench:
        return named_by(workbench, name)


@cache
def _sound(release: str, mode: Mode) -> dict[str, CaseRecord]:
    """What each case comes to on a server without any defect."""
    with bench(release, mode) as workbench:
        everything = list(workbench.cases(cases(release, contracts.apis(release))))
        return {str(end.row_case): workbench.record(end) for end in everything}


def _titles(told: list[Cause], usual: list[Cause]) -> tuple[str, ...]:
    """What is broken or, of a defect that breaks nothing required, what is warned of or noted."""
    before = {cause.id for cause in usual}
    fresh = [cause for cause in told if cause.id not in before]
    heavy = [cause.title for cause in fresh if cause.verdict in _HEAVY]
    return tuple(heavy or [cause.title for cause in fresh if cause.verdict in _MILD])
