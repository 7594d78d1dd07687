"""What a breach looks like: a case run on an embedded server with a fault that breaks it."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import get_args

from pytest_nac_qod import contracts
from pytest_nac_qod.catalogue import RowCase, cases, generated_cases
from pytest_nac_qod.proof.bench import FaultBench, bench
from pytest_nac_qod.reference.faults import Fault, faults, generated_faults, named
from pytest_nac_qod.report import curl
from pytest_nac_qod.report.causes.model import general
from pytest_nac_qod.suite.effort import Effort
from pytest_nac_qod.suite.run import Mode

_ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+")
_TRIES = 4  # faults that are tried until one shows what the row is about
_EFFORT = Effort(max_examples=20)  # which shows the same as more in less than half of the time


@dataclass(frozen=True, slots=True)
class Breaker:
    """A fault, and a case of a row that has to fail because of it; `breadth` is how many cases it fails in all."""

    fault: str
    breaks: str
    case: RowCase
    breadth: int


@dataclass(frozen=True, slots=True)
class Sample:
    """A breach of a row as a run of it tells, its address as $QOD_URL."""

    release: str
    row: str
    fault: str
    expected: str
    actual: str
    clause: str
    curl: tuple[str, ...]


@cache
def breakers(release: str) -> Mapping[str, tuple[Breaker, ...]]:
    """The faults that break each row of `release`, by its id; those that break little else first."""
    apis = contracts.apis(release)
    every = [*cases(release, apis), *generated_cases(release, apis)]
    by_row: dict[str, dict[str, Breaker]] = {}
    for fault in (*faults().values(), *generated_faults().values()):
        broken = [case for case in every if _breaks(fault, case)]
        for case in broken:
            breaker = Breaker(fault.name, fault.breaks, case, len(broken))
            by_row.setdefault(case.row.id, {}).setdefault(fault.name, breaker)
    return {row: tuple(sorted(known.values(), key=lambda item: item.breadth)) for row, known in by_row.items()}


def _breaks(fault: Fault, case: RowCase) -> bool:
    return any(selector.selects(case) for selector in (*fault.fails, *fault.warns))


def sample_of(release: str, known: Sequence[Breaker], *, beside: bool = False) -> Sample | None:
    """A sample of the first of these faults that shows what the row is about, or anything beside; else None."""
    return next(_samples(release, known, beside=beside), None)


def _samples(release: str, known: Sequence[Breaker], *, beside: bool) -> Iterator[Sample]:
    for breaker in known[:_TRIES]:
        with bench(release, named(breaker.fault).mode) as workbench:
            sample = sample_on(workbench, breaker, beside=beside)
        if sample is not None:
            yield sample


def sample_on(workbench: FaultBench, breaker: Breaker, *, beside: bool = False) -> Sample | None:
    """Run the case on a server that is up already; None where it does not show what the row is about.

    Args:
        workbench: with the server.
        breaker: the fault and the case.
        beside: anything that is wrong will do, also what the row is not about.
    """
    workbench.run.effort = _EFFORT
    ended = next(workbench.cases([breaker.case], [breaker.fault]))
    record = workbench.record(ended)
    about = [violation for violation in record["violations"] if beside or violation.get("part") != "other"]
    if not about:
        return None
    told = about[0]
    lines = curl.lines(record["exchanges"], told["exchange"])
    return Sample(
        release=breaker.case.row.release,
        row=breaker.case.row.id,
        fault=breaker.fault,
        expected=_plain(told["expected"]),
        actual=_plain(told["actual"]),
        clause=told["clause"],
        curl=tuple(_ADDRESS.sub("$QOD_URL", line) for line in lines),
    )


def _plain(text: str) -> str:
    return _ADDRESS.sub("$QOD_URL", general(text))


def all_samples(release: str, wanted: Iterable[str] = ()) -> Mapping[str, Sample]:
    """A sample of each of these rows of `release`, or of all that a fault breaks, by its id."""
    known = {row: breakers(release)[row][:_TRIES] for row in wanted or breakers(release) if row in breakers(release)}
    shown: dict[str, Sample] = {}
    for mode in get_args(Mode):
        with bench(release, mode) as workbench:
            for breaker in (item for several in known.values() for item in several):
                row = breaker.case.row.id
                if row not in shown and named(breaker.fault).mode == mode:
                    shown |= {row: sample} if (sample := sample_on(workbench, breaker)) else {}
    return {row: shown[row] for row in known if row in shown}
