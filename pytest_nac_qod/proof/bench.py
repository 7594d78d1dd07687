"""Cases run one after the other on an embedded server with chosen overrides, without pytest in between."""

import importlib
import pkgutil
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any

from pytest_nac_qod import contracts
from pytest_nac_qod.catalogue import RowCase
from pytest_nac_qod.reference import ReferenceServer
from pytest_nac_qod.report.records import CaseRecord
from pytest_nac_qod.run.concluding import record
from pytest_nac_qod.run.connecting import listening
from pytest_nac_qod.run.needs import require
from pytest_nac_qod.suite import Case
from pytest_nac_qod.suite.run import Mode, Run
from pytest_nac_qod.suite.sinks import recorded
from pytest_nac_qod.suite.waits import leftovers, waiting
from pytest_nac_qod.verdicts import Broken, CaseEnd, Verdict, Violation, broken_off, judged
from pytest_nac_qod.wire.connections import connection
from pytest_nac_qod.wire.exchange import Exchange
from pytest_nac_qod.wire.ownership.removal import remove
from pytest_nac_qod.wire.redaction import Redactor
from pytest_nac_qod.wire.resources import resource_of

SUITE = "pytest_nac_qod.conformance"


@dataclass(frozen=True, slots=True)
class Ended:
    """What one case came to."""

    row_case: RowCase
    verdict: Verdict
    reason: str
    violations: tuple[Violation, ...]
    exchanges: tuple[Exchange, ...]
    seconds: float


@cache
def tests() -> Mapping[str, Callable[[Case], None]]:
    """The test function of each purpose."""
    functions: dict[str, Callable[[Case], None]] = {}
    package = importlib.import_module(SUITE)
    for module in pkgutil.walk_packages(package.__path__, f"{SUITE}."):
        if module.name.rpartition(".")[2].startswith("test_"):
            for value in vars(importlib.import_module(module.name)).values():
                for mark in getattr(value, "pytestmark", []):
                    if mark.name == "qod_purpose":
                        functions[mark.args[0]] = value
    return functions


@dataclass(slots=True)
class FaultBench:
    """An embedded server, and a run against it."""

    server: ReferenceServer
    run: Run

    def cases(
        self, wanted: Iterable[RowCase], faults: Sequence[str] = (), legal: Sequence[str] = ()
    ) -> Iterator[Ended]:
        """Run each case on a fresh server with these defects and legal behaviours."""
        for row_case in wanted:
            self.server.reset(faults, legal)
            self.run.restarted()
            yield self.one(row_case)

    def exchanges(self, row_case: RowCase) -> list[Exchange]:
        """What one case exchanges with the server as it is, in the order in which it was sent.

        That is all that a run exchanges for it: what it created is deleted at its end, and the events have come.
        """
        case = self.case(row_case)
        self.one(row_case, case)
        waiting.settle(case)
        _clean(case)
        waiting.settle(case)
        calls, events = recorded(case)
        return sorted([*calls, *events], key=lambda exchange: exchange.started)

    def case(self, row_case: RowCase) -> Case:
        """A case that has not been run."""
        return Case(self.run, row_case, self.run.client(row_case.row.api))

    def one(self, row_case: RowCase, case: Case | None = None) -> Ended:
        """Run one case on the server as it is."""
        case = case or self.case(row_case)
        began = time.perf_counter()
        verdict: Verdict = "pass"
        reason = ""
        try:
            require(case.target, row_case.row)
            tests()[row_case.row.purpose.key](case)
            if case.deferred:
                waiting.quiet(case)
                case.finish()
            verdict = judged(case.violations)
        except Broken:
            verdict = broken_off(case.violations)
        except CaseEnd as end:
            verdict, reason = end.verdict, str(end)
        except Exception as error:  # noqa: BLE001 - the harness's own, and so it says
            verdict, reason = "error", f"{type(error).__name__}: {error}"
        seconds = time.perf_counter() - began
        return Ended(row_case, verdict, reason, tuple(case.violations), tuple(case.client.exchanges), seconds)

    def record(self, ended: Ended) -> CaseRecord:
        """What a case came to, as it stands in results.json."""
        return record(
            ended.row_case,
            verdict=ended.verdict,
            reason=ended.reason,
            violations=ended.violations,
            exchanges=ended.exchanges,
            redactor=self.run.redactor,
            seconds=ended.seconds,
        )


def _clean(case: Case) -> None:
    """Delete what a case created, and look once whether it is gone, as a run does between two cases."""
    resource = resource_of(case.contract)
    if resource is None:
        return
    for key in list(case.client.owned):
        send = leftovers.sender(case.run, case.client, case.client.owners.get(key) or "two_legged")
        remove(send, resource, key, budget=0.0, pause=case.run.rest)
        case.client.gone(key)


@contextmanager
def bench(release: str, mode: Mode = "lenient") -> Iterator[FaultBench]:
    """A server of `release` with its sink and connections."""
    with ReferenceServer(release=release) as server:
        target = server.target()
        redactor = Redactor()
        redactor.register_all(target.secrets())
        with (
            listening(target) as sink,
            connection(timeout=target.timeout, inside=True) as http,
            connection(inside=True) as hooked,
        ):
            known: dict[str, Any] = {api: contracts.contract(release, api) for api in target.apis}
            run = Run(target=target, mode=mode, contracts=known, http=http, redactor=redactor, sink=sink, hooked=hooked)
            yield FaultBench(server, run)
