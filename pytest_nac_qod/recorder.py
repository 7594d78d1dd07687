"""Gathers the results of conformance tests, wherever they ran, and hands them to the report; stdlib and pytest only."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest

from pytest_nac_qod import settings
from pytest_nac_qod.verdicts import exit_status

ENDED = (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED, pytest.ExitCode.NO_TESTS_COLLECTED)


@dataclass(slots=True, eq=False)
class Recorder:
    """One for each pytest run; does nothing unless a report carries a conformance result.

    Attributes:
        results: entries of results.json, in the order in which the tests ended.
        about: suite, release, mode and target, as the first result told them.
        others_failed: a test that is no conformance test failed.
        started: when the run began.
    """

    config: pytest.Config
    results: list[dict[str, Any]] = field(default_factory=list)
    about: dict[str, Any] = field(default_factory=dict)
    others_failed: bool = False
    started: datetime = field(default_factory=lambda: datetime.now(UTC))

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Keep the result that a report carries."""
        result: dict[str, Any] | None = getattr(report, "qod_result", None)
        if result is None:
            self.others_failed = self.others_failed or report.failed
        else:
            self.results.append(result)
            self.about = getattr(report, "qod_about", self.about)

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> None:
        """Write results.json and set the exit status: 0, 1, or 3 when the run could not judge."""
        if not self.results:
            return
        from pytest_nac_qod.report import results
        from pytest_nac_qod.suite.describing import circumstances

        about = self.about | {"run": circumstances(self.config, self.started, datetime.now(UTC))}
        document = results.document(about, self.results, complete=exitstatus in ENDED)
        if folder := settings.read_settings(self.config).report:
            results.write(document, folder)
        if exitstatus in ENDED:
            session.exitstatus = 1 if self.others_failed else exit_status(document["summary"])

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Show the verdict table."""
        if self.results:
            from pytest_nac_qod.report import table

            terminalreporter.section("QoD conformance")
            for line in table.lines(self.about, self.results):
                terminalreporter.line(line)
