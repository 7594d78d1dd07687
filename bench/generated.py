"""Generated rules beside the plain schemathesis command line: same server, same machine, same seconds.

python -m bench.generated --published ../shared/published
"""

import argparse
import statistics
import sys
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, ClassVar

from bench.counting import API, RELEASE, Counting
from pytest_nac_qod import catalogue
from pytest_nac_qod.reference.faults import faults, generated_faults
from pytest_nac_qod.suite.case import Case
from pytest_nac_qod.verdicts import CaseEnd, Violation
from pytest_nac_qod.wire.client import Answer
from pytest_nac_qod.wire.exchange import Exchange
from tests.support import schemathesis_cli
from tests.support.generated_runs import Embedded, Silent, cases, embedded

ORDER = ("correlator", "refuses_broken", "refuses_wrong", "accepts_valid", "session_life", "_contract")


class _Over(BaseException):
    """The first finding, or the end of the budget."""


class _Brief(Case):
    """A case that ends with the first finding, or with the budget."""

    until: ClassVar[float]

    def call(self, *arguments: Any, **more: Any) -> Answer[Any]:  # noqa: ANN401 - passed on
        """As any case."""
        if time.perf_counter() > self.until:
            raise _Over
        return super().call(*arguments, **more)

    def record(self, exchange: Exchange, violations: Iterable[Violation]) -> list[Violation]:
        """As any case."""
        if super().record(exchange, violations):
            raise _Over
        return []


@dataclass(slots=True)
class Side:
    """What one of the two has come to.

    Attributes:
        valid: requests that follow the contract.
        accepted: those of them that were answered 2xx.
        found: the faults that it found, and after how many seconds.
    """

    name: str
    valid: int
    accepted: int
    found: dict[str, float]

    def row(self, tried: int) -> str:
        """A row of the table."""
        median = f"{statistics.median(self.found.values()):.1f} s" if self.found else "none found"
        share = f"{self.accepted / self.valid:.0%} of {self.valid:,}" if self.valid else "none sent"
        return f"| {self.name} | {share} | {len(self.found)} of {tried} | {median} |"


def ours(server: Embedded, fault: str, budget: float) -> float | None:
    """Seconds until a generated rule finds the fault; None if none does within the budget."""
    begin = time.perf_counter()
    brief = type("Brief", (_Brief,), {"until": begin + budget})
    for pattern in ORDER:
        for row_case in cases(RELEASE, API, pattern):
            try:
                server.case(row_case, fault, kind=brief)
            except _Over:
                seconds = time.perf_counter() - begin
                return seconds if seconds <= budget else None
            except CaseEnd:  # no verdict, so no finding
                continue
    return None


def theirs(server: Embedded, fault: str | None, budget: float, document: Path) -> dict[schemathesis_cli.Alarm, float]:
    """What the command line reports within the budget, and after how many seconds."""
    server.server.reset(faults=[fault] if fault else [])
    token = server.run.token("two_legged")
    with TemporaryDirectory() as folder:
        limits = ("--max-time", f"{budget:g}")
        return schemathesis_cli.run(document, server.run.target.apis[API], token, Path(folder), limits)


def compare(names: Sequence[str], budget: float, document: Path) -> list[str]:
    """The lines of the table, and what only the other one has found."""
    with embedded(RELEASE, wrap=Counting) as server:
        counting = server.server.app
        assert isinstance(counting, Counting)  # noqa: S101 - made so
        for row_case in cases(RELEASE, API, "accepts_valid"):
            server.case(row_case)
        own = Side("generated rules", *counting.taken(), {})
        courier = server.server.service.courier
        server.server.service.courier = Silent()  # generated sinks are anywhere
        theirs(server, None, budget, document)
        plain = Side("schemathesis run", *counting.taken(), {})
        for name in names:
            server.server.service.courier = courier
            if (seconds := ours(server, name, budget)) is not None:
                own.found[name] = seconds
            server.server.service.courier = Silent()
            alarms = theirs(server, name, budget, document)
            if new := [seconds for alarm, seconds in alarms.items() if not schemathesis_cli.excused(alarm, RELEASE)]:
                plain.found[name] = min(new)
            print(f"{name}: {own.found.get(name)} {plain.found.get(name)}", file=sys.stderr, flush=True)
        server.server.service.courier = courier
    alone = [name for name in plain.found if name not in own.found]
    head = f"| within {budget:g} s | valid requests answered 2xx | faults found | median time to the first finding |"
    rows = [head, "|---|---|---|---|", *(side.row(len(names)) for side in (own, plain))]
    return [*rows, "", f"found by schemathesis run alone: {', '.join(alone) or 'none'}"]


def main() -> None:
    """Parse the command line, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--published", type=Path, required=True, help="folder with the published documents")
    parser.add_argument("--seconds", type=float, default=10, help="budget for each fault and side (default 10)")
    parser.add_argument("--every", type=int, default=1, help="try each N-th fault only (default: all)")
    given = parser.parse_args()
    of_api = list(catalogue.cases(RELEASE, (API,)))
    known = [
        name for name, fault in faults().items() if any(selector.selects(c) for selector in fault.fails for c in of_api)
    ]
    names = [*known, *generated_faults()][:: given.every]
    print("\n".join(compare(names, given.seconds, given.published / RELEASE / f"{API}.yaml")))


if __name__ == "__main__":
    main()
