"""Generated rules beside the plain schemathesis command line: same server, same machine, same seconds.

python -m bench.generated --published ../shared/published
"""

import argparse
import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.counting import Counting
from pytest_nac_qod import catalogue
from pytest_nac_qod.reference.faults import faults, generated_faults
from tests import schemathesis_cli
from tests.generated_runs import Embedded, Silent, cases, embedded

RELEASE, API = "r3.2", "quality-on-demand"
ORDER = ("accepts_valid", "refuses_broken", "refuses_wrong", "_contract", "session_life")


@dataclass(slots=True)
class Side:
    """What one of the two has come to.

    Attributes:
        valid: requests that follow the contract.
        accepted: those of them that were answered 2xx.
        seconds: to the first finding, for each fault that was found.
    """

    name: str
    valid: int
    accepted: int
    seconds: list[float]

    def row(self, faults_tried: int) -> str:
        """A row of the table."""
        median = f"{statistics.median(self.seconds):.1f} s" if self.seconds else "none found"
        share = f"{self.accepted / self.valid:.0%} of {self.valid:,}" if self.valid else "none sent"
        return f"| {self.name} | {share} | {len(self.seconds)} of {faults_tried} | {median} |"


def ours(server: Embedded, fault: str | None, budget: float) -> float | None:
    """Seconds until a generated rule finds the fault; None if none does within the budget."""
    begin = time.perf_counter()
    for pattern in ORDER:
        for row_case in cases(RELEASE, API, pattern):
            if time.perf_counter() - begin > budget:
                return None
            if server.case(row_case, fault).violations:
                return time.perf_counter() - begin
    return None


def theirs(server: Embedded, fault: str | None, budget: float, document: Path) -> dict[schemathesis_cli.Alarm, float]:
    """What the command line reports within the budget, and after how many seconds."""
    server.server.reset(faults=[fault] if fault else [])
    token = server.run.token("two_legged")
    with TemporaryDirectory() as folder:
        limits = ("--max-time", f"{budget:g}")
        return schemathesis_cli.run(document, server.run.target.apis[API], token, Path(folder), limits)


def compare(names: Sequence[str], budget: float, document: Path) -> list[str]:
    """The lines of the table."""
    with embedded(RELEASE, wrap=Counting) as server:
        counting = server.server.app
        assert isinstance(counting, Counting)  # noqa: S101 - made so
        for row_case in cases(RELEASE, API, "accepts_valid"):
            server.case(row_case)
        own = Side("generated rules", *counting.taken(), [])
        courier = server.server.service.courier
        server.server.service.courier = Silent()  # generated sinks are anywhere
        theirs(server, None, budget, document)
        plain = Side("schemathesis run", *counting.taken(), [])
        for name in names:
            server.server.service.courier = courier
            if (seconds := ours(server, name, budget)) is not None:
                own.seconds.append(seconds)
            server.server.service.courier = Silent()
            found = theirs(server, name, budget, document)
            if new := [seconds for alarm, seconds in found.items() if not schemathesis_cli.excused(alarm, RELEASE)]:
                plain.seconds.append(min(new))
            print(f"{name}: {len(own.seconds)} and {len(plain.seconds)} found", flush=True)
        server.server.service.courier = courier
    head = f"| within {budget:g} s | valid requests answered 2xx | faults found | median time to the first finding |"
    return [head, "|---|---|---|---|", *(side.row(len(names)) for side in (own, plain))]


def main() -> None:
    """Parse the command line, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--published", type=Path, required=True, help="folder with the published documents")
    parser.add_argument("--seconds", type=float, default=12, help="budget for each fault and side (default 12)")
    parser.add_argument("--every", type=int, default=1, help="try each N-th fault only (default: all)")
    given = parser.parse_args()
    of_api = list(catalogue.cases(RELEASE, (API,)))
    known = [name for name, fault in faults().items() if any(one.selects(c) for one in fault.fails for c in of_api)]
    names = [*known, *generated_faults()][:: given.every]
    print("\n".join(compare(names, given.seconds, given.published / RELEASE / f"{API}.yaml")))


if __name__ == "__main__":
    main()
