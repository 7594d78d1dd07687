"""Which cases a defect fails, against which it should."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from pytest_nac_qod import contracts
from pytest_nac_qod.catalogue import RowCase, cases, generated_cases
from pytest_nac_qod.catalogue.basis import heaviest, weaker
from pytest_nac_qod.catalogue.selectors import selected
from pytest_nac_qod.proof.bench import Ended, FaultBench, bench
from pytest_nac_qod.proof.processes import pool
from pytest_nac_qod.proof.touching import touched
from pytest_nac_qod.reference.faults import Fault, generated_faults, named

HARMLESS = frozenset({"pass", "warn", "inconclusive", "not_applicable"})


@dataclass(frozen=True, slots=True)
class Kill:
    """What one defect did in one release; cases as they read.

    Attributes:
        failed: or warned, or noted, as much as what they rest on weighs.
        missed: that it should have failed and did not.
        surplus: that it failed and should not have.
        broken: in which the run itself broke, with the reason.
        mute: failures without clause, expectation or exchange.
    """

    release: str
    fault: str
    failed: tuple[str, ...]
    missed: tuple[str, ...]
    surplus: tuple[str, ...]
    broken: tuple[str, ...]
    mute: tuple[str, ...]
    seconds: float

    @property
    def exact(self) -> bool:
        """It failed just what it breaks, and each failure explains itself."""
        return not (self.missed or self.surplus or self.broken or self.mute)


def must_fail(fault: Fault, release: str) -> tuple[str, ...]:
    """The cases of `release` that the defect has to fail, or to warn of or note, in published order."""
    if found := generated(fault, release):
        return tuple(map(str, found))
    return tuple(str(case) for case in selected(release, contracts.apis(release), (*fault.fails, *fault.warns)))


def generated(fault: Fault, release: str) -> list[RowCase]:
    """The cases of generated rules that find a defect which is proven by these alone; none for any other one."""
    if fault.name not in generated_faults():
        return []
    every = generated_cases(release, contracts.apis(release))
    return [case for case in every if any(selector.selects(case) for selector in fault.fails)]


def warnings(fault: Fault, release: str) -> tuple[str, ...]:
    """The cases among them that only warn, although their rows weigh more."""
    return tuple(str(case) for case in selected(release, contracts.apis(release), fault.warns))


def kill(release: str, name: str) -> Kill:
    """Run the cases of `release` that this defect can change on a server that has it."""
    with bench(release, named(name).mode) as workbench:
        return kill_on(workbench, name)


def kill_on(workbench: FaultBench, name: str) -> Kill:
    """Run the cases that the defect can change on a server that is up already."""
    fault, release = named(name), workbench.run.target.release
    return judged_kill(release, fault, list(workbench.cases(changeable(fault, release), [name])))


def changeable(fault: Fault, release: str) -> list[RowCase]:
    """The written cases that the defect can change; of a defect that generated rules find, the cases of these."""
    written = cases(release, contracts.apis(release))
    return generated(fault, release) or [case for case in written if fault.name in touched(release)[str(case)]]


def judged_kill(release: str, fault: Fault, ended: Sequence[Ended]) -> Kill:
    """What the defect did, given how the cases that were run ended."""
    wanted, warned = must_fail(fault, release), warnings(fault, release)
    failed = [str(result.row_case) for result in ended if _tripped(result, warned)]
    return Kill(
        release=release,
        fault=fault.name,
        failed=tuple(failed),
        missed=tuple(case for case in wanted if case not in failed),
        surplus=tuple(case for case in failed if case not in wanted),
        broken=tuple(f"{result.row_case}: {result.verdict}: {result.reason}" for result in ended if _broke(result)),
        mute=tuple(str(result.row_case) for result in ended if _tripped(result, warned) and not _explains(result)),
        seconds=sum(result.seconds for result in ended),
    )


def _tripped(result: Ended, warned: Collection[str]) -> bool:
    """The case says that something is wrong, as heavily as what it rests on.

    What is tolerated does not count, unless all that is expected of the case is a warning.
    """
    if str(result.row_case) in warned:
        return result.verdict == "warn" and any(violation.severity == "should" for violation in result.violations)
    severities = {violation.severity for violation in result.violations if not violation.reason}
    expected = result.row_case.basis.strength
    return bool(severities) and weaker(expected, heaviest(severities)) == expected


def _broke(result: Ended) -> bool:
    return result.verdict not in HARMLESS and result.verdict != "fail"


def _explains(result: Ended) -> bool:
    """A failure names its rule, clause, expectation and exchange."""
    return bool(result.violations) and all(
        violation.rule == result.row_case.row.id and violation.clause and violation.expected and violation.exchange
        for violation in result.violations
    )


def kills(pairs: Iterable[tuple[str, str]], *, workers: int) -> Iterator[Kill]:
    """The kill of each release and fault, in the order given, spread over processes."""
    with pool(workers) as processes:
        yield from processes.map(_pair, list(pairs))


def _pair(pair: tuple[str, str]) -> Kill:
    return kill(*pair)


def all_pairs(releases: tuple[str, ...], names: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Each release with each of the faults that break something in it."""
    return tuple((release, name) for release in releases for name in names if must_fail(named(name), release))
