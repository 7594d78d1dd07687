"""From the end of a test to a verdict."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any, cast

import pytest

from pytest_nac_qod import __version__
from pytest_nac_qod.catalogue import RowCase
from pytest_nac_qod.foundation.visible import one_line, visible
from pytest_nac_qod.report.records import About, CaseRecord, ExchangeRecord, TargetRecord
from pytest_nac_qod.report.terminal import failure
from pytest_nac_qod.run.known import expectations
from pytest_nac_qod.run.needs import require
from pytest_nac_qod.run.plan import plan_for
from pytest_nac_qod.suite.case import Case
from pytest_nac_qod.suite.waits import waiting
from pytest_nac_qod.verdicts import Broken, CaseEnd, Inconclusive, NotServed, Verdict, Violation, broken_off, judged
from pytest_nac_qod.wire.exchange import Exchange
from pytest_nac_qod.wire.redaction import Redactor

SECONDS = pytest.StashKey[float]()  # that a test took which ran ahead of pytest
_OUTCOMES: dict[str, str] = {
    "pass": "passed",
    "warn": "passed",
    "not_applicable": "skipped",
    "not_tested": "skipped",
    "known": "skipped",
}


def check_needs(item: pytest.Function) -> None:
    """End the test here when the target file lacks what it needs, or declares it absent."""
    case = _case(item)
    assert case is not None  # noqa: S101 - the fixture has been made
    require(case.target, case.row)


def finish(item: pytest.Function) -> None:
    """Judge what the case has left for when nothing more is to come; unless it ran ahead, and that was done."""
    case = _case(item)
    if case is not None and case.deferred:
        waiting.quiet(case)
        case.finish()


def conclude(item: pytest.Item, call: pytest.CallInfo[None], report: pytest.TestReport) -> None:
    """Give the report of a conformance test its verdict, its result and its text."""
    redactor = plan_for(item.config).redactor
    report.sections = [(name, visible(redactor.text(printed))) for name, printed in report.sections]
    if report.when == "teardown" or (report.when == "setup" and report.passed):
        return
    if call.excinfo is not None and call.excinfo.errisinstance((KeyboardInterrupt, pytest.exit.Exception)):
        return
    verdict, reason = _verdict(item, call)
    plan = plan_for(item.config)
    listed = expectations.covering(plan.expectations, item.callspec.params["case"])  # type: ignore[attr-defined] # see _result
    if listed:
        verdict, reason = expectations.applied(verdict, reason, listed, expectations.today())
    result = _result(item, verdict, redactor, reason, item.stash.get(SECONDS, call.duration))
    if listed and verdict in ("known", "stale"):
        result["expectation"] = listed.to_dict()
    outcome: Any = _OUTCOMES.get(verdict, "failed")
    report.outcome = outcome
    text = failure.text(result, plan.release)
    report.longrepr = {
        "passed": None,
        "failed": text,
        "skipped": (str(item.path), item.location[1] or 0, one_line(f"{verdict}: {result['reason']}")),
    }[outcome]
    if verdict == "known":
        report.wasxfail = one_line(result["reason"])
    case = _case(item)
    report.__dict__["qod_result"] = result
    about: About = {
        "suite": {"name": "pytest-nac-qod", "version": __version__},
        "release": plan.release,
        "mode": plan.mode,
        "target": redactor.value(described(case)),
    }
    if plan.judged_by:
        about["judged_by"] = list(plan.judged_by)
    report.__dict__["qod_about"] = about


def _case(item: pytest.Item) -> Case | None:
    case = item.funcargs.get("case") if isinstance(item, pytest.Function) else None
    return case if isinstance(case, Case) else None


def described(case: Case | None) -> TargetRecord:
    """The target as a report may name it: no token, no header value."""
    if case is None:
        return {"name": "unknown", "apis": {}}
    target = case.target
    description: TargetRecord = {"name": target.name, "apis": dict(target.apis), "embedded": target.embedded}
    ahead = case.run.clock.first
    return {**description, "clock_ahead": round(ahead, 1)} if ahead else description


def _verdict(item: pytest.Item, call: pytest.CallInfo[None]) -> tuple[Verdict, str]:
    if call.excinfo is None:
        case = _case(item)
        return judged(case.violations if case else ()), ""
    error = call.excinfo.value
    if isinstance(error, Broken):
        return broken_off(case.violations if (case := _case(item)) else ()), ""
    if isinstance(error, NotServed) and (case := _case(item)) and case.violations:
        return judged(case.violations), ""
    if isinstance(error, Inconclusive) and (case := _case(item)) and judged(case.violations) == "fail":
        return "fail", ""  # the rest could not be seen, but this could
    if isinstance(error, CaseEnd):
        return error.verdict, str(error)
    where = call.excinfo.traceback[-1]
    return "error", f"{type(error).__name__}: {error} ({Path(where.path).name}:{where.lineno + 1})"


def _result(item: pytest.Item, verdict: Verdict, redactor: Redactor, reason: str, seconds: float) -> CaseRecord:
    row_case = item.callspec.params["case"]  # type: ignore[attr-defined] # parametrised by collecting.parametrize
    case = _case(item)
    return record(
        row_case,
        verdict=verdict,
        reason=reason,
        violations=case.violations if case else (),
        exchanges=case.client.exchanges if case else (),
        redactor=redactor,
        seconds=seconds,
    )


def record(  # noqa: PLR0913 - all that results.json says of a case
    row_case: RowCase,
    *,
    verdict: Verdict,
    reason: str,
    violations: Iterable[Violation],
    exchanges: Iterable[Exchange],
    redactor: Redactor,
    seconds: float,
) -> CaseRecord:
    """A case as it stands in results.json."""
    return {
        "id": row_case.row.id,
        "kind": row_case.row.kind,
        "case": row_case.case,
        "api": row_case.row.api,
        "operation": row_case.row.operation,
        "release": row_case.row.release,
        "requirement": row_case.row.purpose.requirement,
        "accepted": [str(outcome) for outcome in row_case.row.accepted],
        "verdict": verdict,
        "reason": redactor.text(reason),
        "violations": [redactor.value(violation.to_dict()) for violation in violations],
        "exchanges": [cast("ExchangeRecord", exchange.to_dict()) for exchange in exchanges],
        "seconds": round(seconds, 6),
    }
