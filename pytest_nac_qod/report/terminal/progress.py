"""What a long run is doing: one line that is written over on a terminal, a line now and then elsewhere.

Only `nac-qod check` shows it, in place of pytest's dots; stdlib and pytest only.
"""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest

from pytest_nac_qod.report.terminal import painting
from pytest_nac_qod.report.terminal.last_resort import said
from pytest_nac_qod.verdicts import VERDICTS

PAUSE, LONGEST_PAUSE, STEP = 10.0, 60.0, 0.05  # seconds, seconds, share of all cases between two plain lines
_CASE = re.compile(r"\[(.*)\]$")


@dataclass(slots=True, kw_only=True, eq=False)
class Progress:
    """A pytest plugin that counts conformance tests as they start and end.

    Attributes:
        clock: seconds.
        total: number of tests of the run.
        counted: tests that have ended, by verdict.
        running: ids of the cases that have started and not ended, by node id.
    """

    clock: Callable[[], float] = time.monotonic
    total: int = 0
    counted: Counter[str] = field(default_factory=Counter)
    running: dict[str, str] = field(default_factory=dict)
    _reporter: pytest.TerminalReporter | None = field(default=None, init=False)
    _started: float = field(default=0.0, init=False)
    _shown: float = field(default=0.0, init=False)
    _shown_done: int = field(default=0, init=False)

    def pytest_sessionstart(self, session: pytest.Session) -> None:
        """Take the place of pytest's dots and file names, unless more or less than those was asked for."""
        config = session.config
        reporter: pytest.TerminalReporter | None = config.pluginmanager.get_plugin("terminalreporter")
        if reporter is not None and config.option.verbose == 0 and not config.option.collectonly:
            self._reporter = reporter
            reporter.showfspath = False
        self._started = self._shown = self.clock()

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Learn how many tests there are."""
        self.total = len(session.items)
        self._started = self._shown = self.clock()

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_node_collection_finished(self, ids: Sequence[str]) -> None:
        """Learn how many tests there are when workers run them; each of them has all."""
        self.total = len(ids)

    @pytest.hookimpl(tryfirst=True)
    def pytest_report_teststatus(self, report: pytest.TestReport) -> tuple[str, str, str] | None:
        """Count a conformance test without a letter for it."""
        if self._reporter is None or not hasattr(report, "qod_result"):
            return None
        return ("xfailed" if hasattr(report, "wasxfail") else report.outcome), "", ""

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        """A test starts."""
        match = _CASE.search(nodeid)
        self.running[nodeid] = match[1] if match else nodeid.rpartition("::")[2]
        self._show()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """A part of a test has ended."""
        result = getattr(report, "qod_result", None)
        if result is not None:
            self.counted[result["verdict"]] += 1

    def pytest_runtest_logfinish(self, nodeid: str) -> None:
        """A test has ended."""
        self.running.pop(nodeid, None)
        if self.running:
            self._show()

    def show(self, running: Sequence[str]) -> None:
        """Show what is running, where pytest is told of a test only when it has ended."""
        self.running = {name: name for name in running}
        self._show()

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self) -> None:
        """Leave the line to what comes after."""
        if self._reporter is not None and bool(self._reporter.isatty):
            self._reporter.rewrite("", erase=True)
            self._reporter.rewrite("")

    @pytest.hookimpl(tryfirst=True)
    def pytest_internalerror(self, excrepr: Any, excinfo: pytest.ExceptionInfo[BaseException]) -> None:  # noqa: ANN401 - pytest's own
        """Have pytest print one line of an error in itself or a plugin, in place of its traceback."""
        text = said(excinfo.value)
        excrepr.toterminal = lambda writer: writer.line(text)

    def _show(self) -> None:
        if self._reporter is None or not self.total:
            return
        now = self.clock()
        done = self.counted.total()
        text = line(self.counted, self.total, now - self._started, list(self.running.values()))
        if bool(self._reporter.isatty):
            writer = self._reporter.config.get_terminal_writer()
            text = text[: writer.fullwidth - 1]
            if painting.wanted(terminal=True, markup=writer.hasmarkup):
                self._reporter.rewrite(painting.counts(text))
            else:
                self._reporter.rewrite(text, erase=True)
            self._reporter.flush()
        elif now - self._shown >= LONGEST_PAUSE or (
            now - self._shown >= PAUSE and done - self._shown_done >= STEP * self.total
        ):
            self._reporter.write_line(text)
            self._reporter.flush()
            self._shown, self._shown_done = now, done


def line(counted: Counter[str], total: int, seconds: float, running: Sequence[str]) -> str:
    """How far a run is: share, cases, verdicts, time left, and what is running.

    Args:
        counted: cases that have ended, by verdict.
        total: cases in all.
        seconds: since the first case started.
        running: ids of the cases that are running.
    """
    done = counted.total()
    parts = [f"{done / total:4.0%}  {done}/{total}"]
    parts += [f"{verdict} {counted[verdict]}" for verdict in VERDICTS if counted[verdict]]
    if 0 < done < total:
        parts.append(f"{duration(seconds / done * (total - done))} left")
    if running:
        others = f" and {len(running) - 1} more" if len(running) > 1 else ""
        parts.append(f"{running[0]}{others}")
    return "  ".join(parts)


def duration(seconds: float) -> str:
    """A time as people say it: `40 s`, `3 min`, `1 h 20 min`."""
    whole = round(seconds)
    if whole < 90:
        return f"{whole} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 90 else f"{minutes // 60} h {minutes % 60} min"
