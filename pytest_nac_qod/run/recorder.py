"""Gathers the results of conformance tests, wherever they ran, and hands them to the report; stdlib and pytest only."""

from __future__ import annotations

import os
import re
import signal
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pytest

from pytest_nac_qod.foundation.exits import EXIT_UNJUDGED
from pytest_nac_qod.foundation.values import written
from pytest_nac_qod.run import settings

if TYPE_CHECKING:
    from pytest_nac_qod.report.fitting import Room
    from pytest_nac_qod.report.journal import Journal
    from pytest_nac_qod.report.records import About, CaseRecord, ResultsDocument
    from pytest_nac_qod.run.remains.account import Settled

PURPOSE = "qod_purpose"  # the marker of a conformance test
ENDED = (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED, pytest.ExitCode.NO_TESTS_COLLECTED)


@dataclass(slots=True, eq=False)
class Recorder:
    """One for each pytest run; does nothing unless a report carries a conformance result, or a run is resumed.

    Attributes:
        results: entries of results.json, those of an interrupted run first, in the order in which the tests ended.
        about: suite, release, mode and target, as the first result told them.
        stale, ending: a line for each expectation of a cause that is none any more, and that expires within a week.
        others_failed: a test that is no conformance test failed.
        crashed: a test left no result, since the process that it ran in ended.
        unfinished: what to say of a run that did not come to its end, or was of a part only.
        collected: API, id and case of what is to be run; None where workers collect.
        started: when the run began.
        xdist: workers have told which tests there are.
        earlier: entries of the ledger that are not of this run.
        settled: what was created at the target, deleted, and left; None while the run goes on, and without a target.
        told: the account has been printed.
        unwritten: which file could not be written, and why.
        terminated: what SIGTERM did before the run.
        begun: a first result has come.
        room: for bodies and headers in results.json, from the first result on.
        journal: where results go as they come; None without a folder to report to.
    """

    config: pytest.Config
    results: list[CaseRecord] = field(default_factory=list)
    about: About = field(default_factory=lambda: cast("About", {}))
    others_failed: bool = False
    stale: list[str] = field(default_factory=list)
    ending: list[str] = field(default_factory=list)
    crashed: bool = False
    unfinished: str = ""
    collected: frozenset[tuple[str, str, str]] | None = None
    started: datetime = field(default_factory=lambda: datetime.now(UTC))
    room: Room = field(init=False)
    journal: Journal | None = None
    xdist: bool = False
    earlier: frozenset[str] = frozenset()
    settled: Settled | None = None
    told: bool = False
    unwritten: str = ""
    terminated: Any = None
    begun: bool = False

    def pytest_sessionstart(self) -> None:
        """Take over what an interrupted run has found."""
        given = settings.read_settings(self.config)
        if folder := given.resume:
            from pytest_nac_qod.run import resuming

            before = resuming.earlier(folder)
            self.results.extend(before.results)
            self.about = before.about
            self.started = datetime.fromisoformat(before.about["run"]["started"])
            self._clean(folder)
        if given.target or given.url:
            from pytest_nac_qod.run.remains.account import entries, interruptible

            self.earlier = entries(self._ledger())
            self.terminated = interruptible()

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Learn which cases are to be run, and say what the reader has to know before they are."""
        if any(item.get_closest_marker(PURPOSE) for item in session.items):
            from pytest_nac_qod.run.plan import plan_for

            for note in plan_for(self.config).notes:
                self._write(note)
        rows = [item.callspec.params.get("case") for item in session.items if hasattr(item, "callspec")]
        self.collected = frozenset((case.row.api, case.row.id, case.case) for case in rows if hasattr(case, "row"))
        self._say_what_is_left_out(item.name for item in session.items if item.get_closest_marker("qod_purpose"))

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_node_collection_finished(self, ids: Sequence[str]) -> None:
        """The same when workers run the tests; each of them has all."""
        if not self.xdist:
            self.xdist = True
            self._say_what_is_left_out(ids)

    def _say_what_is_left_out(self, names: Iterable[str]) -> None:
        chosen = {match[1] for name in names if (match := re.search(r"\[(.*)\]$", name))}
        if chosen:
            from pytest_nac_qod.run.needs import left_out
            from pytest_nac_qod.run.plan import plan_for

            if line := left_out(case for case in plan_for(self.config).cases if str(case) in chosen):
                self._write(line)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Keep the result that a report carries."""
        result: CaseRecord | None = getattr(report, "qod_result", None)
        if result is None:
            self.others_failed = self.others_failed or report.failed
            self.crashed = self.crashed or report.when not in ("setup", "call", "teardown")
            return
        if not self.begun:
            self.begun = True
            with self._noted():
                self._begin(report.__dict__["qod_about"])
        self.results.append(result := self.room.fitted(result))
        if self.journal is not None:
            self.journal.about["run"]["ended"] = written(datetime.now(UTC))
            with self._noted():
                self.journal.add(result)

    @pytest.hookimpl(wrapper=True, trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> Generator[None]:
        """After the last teardown, settle the account, write results.json and set the exit status."""
        try:
            return (yield)
        finally:
            self._settle()
            self._conclude(session, exitstatus)

    def pytest_unconfigure(self) -> None:
        """Put SIGTERM back to what it was; a run that was given up has no summary, but an account all the same."""
        self._tell_account()
        if self.terminated is not None:
            signal.signal(signal.SIGTERM, self.terminated)

    def _ledger(self) -> Path:
        from pytest_nac_qod.run.connecting import LEDGER

        return (settings.read_settings(self.config).report or Path()) / LEDGER

    def _settle(self) -> None:
        """Delete at the target what the cases could not."""
        given = settings.read_settings(self.config)
        if not (given.target or given.url) or not (self.results or self._ledger().exists()):
            return
        from pytest_nac_qod.run.plan import plan_for
        from pytest_nac_qod.run.remains.account import settle

        plan = plan_for(self.config)
        if plan.target is not None:
            self.settled = settle(plan.target, self._ledger(), self.earlier, plan.redactor)

    @contextmanager
    def _noted(self) -> Iterator[None]:
        """Go on without files that cannot be written, and say so at the end."""
        try:
            yield
        except OSError as error:
            self.journal = None
            self.unwritten = f"{error.filename or 'report'}: cannot be written: {error.strerror or error}"

    def _conclude(self, session: pytest.Session, exitstatus: int) -> None:
        """Write results.json and set the exit status: 0, 1, or 3 when the run could not judge."""
        if not self.results:
            return
        from pytest_nac_qod.report import journal, results
        from pytest_nac_qod.run.known import causes as known_causes
        from pytest_nac_qod.run.known import expectations
        from pytest_nac_qod.run.plan import plan_for
        from pytest_nac_qod.verdicts import exit_status

        ended = exitstatus in ENDED and not (session.shouldfail or session.shouldstop or self.crashed)
        plan = plan_for(self.config)
        order = {(case.row.api, case.row.id, case.case): place for place, case in enumerate(plan.cases)}
        ordered = sorted(self.results, key=lambda result: order.get(journal.key(result), len(order)))
        today = expectations.today()
        self.results, self.stale = known_causes.settle(ordered, plan.expectations, plan.release, today)
        self.ending = list(expectations.ending(plan.expectations, today))
        left_out = self._left_out(ended=ended)
        complete = ended and not left_out
        self.about = self._described(self.about, left_out)
        document = results.document(self.about, self.results, complete=complete)
        folder = settings.read_settings(self.config).report
        if not complete:
            hint = f"; nac-qod check --resume {folder} finishes it" if folder else ""
            part = f"a part only, {left_out} selected cases were left out"
            self.unfinished = f"{part if ended else 'the run did not come to its end'}{hint}"
        if folder:
            with self._noted():
                self._report(document, folder)
                journal.close(folder, self.journal, complete=complete)
        status = 1 if self.others_failed or self.stale else exit_status(document["summary"])
        status = status or (EXIT_UNJUDGED if self.unwritten else 0)
        if exitstatus in ENDED or (status and self.config.getoption("maxfail")):
            session.exitstatus = status

    def _report(self, document: ResultsDocument, folder: Path) -> None:
        from pytest_nac_qod.report import writing
        from pytest_nac_qod.report.signing import attestation

        sign = settings.read_settings(self.config).sign
        writing.write(document, folder, attestation.private_key(sign) if sign else None)

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Show the verdict table."""
        if self.results:
            from pytest_nac_qod.report.terminal import closing, github

            closing.show(terminalreporter, self.about, self.results, unfinished=self.unfinished)
            for line in [*(f"stale: {line}" for line in self.stale), *github.with_warnings(self.ending, os.environ)]:
                terminalreporter.line(line)
            if self.unwritten:
                terminalreporter.line(self.unwritten)
            elif folder := settings.read_settings(self.config).report:
                terminalreporter.line(f"report: {folder / 'report.html'}")
            github.tell(self.about, self.results, self.unfinished, os.environ, terminalreporter.line)
        self._tell_account()

    def _tell_account(self) -> None:
        """Say once what was created, deleted, and is left."""
        if self.settled is not None and not self.told:
            self.told = True
            self._write(self.settled.line(self._cleanup()))

    def _cleanup(self) -> str:
        """The command that deletes what is left."""
        target = settings.read_settings(self.config).target
        return f"nac-qod cleanup --target {target or 'FILE'} --ledger {self._ledger()}"

    def _clean(self, folder: Path) -> None:
        """Delete what the interrupted run left on the target, so that it stands in no case's way."""
        from pytest_nac_qod.run.connecting import LEDGER
        from pytest_nac_qod.run.plan import plan_for
        from pytest_nac_qod.run.remains.cleaning import clean_if_reached

        target = plan_for(self.config).target
        if target is not None and (folder / LEDGER).is_file():
            clean_if_reached(target, folder / LEDGER, self._say)

    def _say(self, line: str) -> None:
        self._write(f"left by the interrupted run: {line}")

    def _write(self, line: str) -> None:
        reporter: pytest.TerminalReporter | None = self.config.pluginmanager.get_plugin("terminalreporter")
        if reporter is not None:
            reporter.write_line(line)

    def _begin(self, about: About) -> None:
        from pytest_nac_qod.report.fitting import Room

        self.about, self.room = about, Room()
        self.results = [self.room.fitted(result) for result in self.results]
        options = settings.read_settings(self.config)
        if options.report:
            from pytest_nac_qod.report import journal, writing
            from pytest_nac_qod.run import resuming

            writing.clear(options.report)
            self.journal = journal.Journal(options.report, resuming.kept(asdict(options)))
            self.journal.begin(self._described(about, self._left_out(ended=False)), self.results)

    def _left_out(self, *, ended: bool) -> int:
        """Number of selected cases that are neither done nor to be done; 0 while workers still may do them."""
        from pytest_nac_qod.report.journal import key
        from pytest_nac_qod.run.plan import plan_for

        if self.collected is None and not ended:
            return 0
        seen = (self.collected or frozenset()) | {key(result) for result in self.results}
        return sum((case.row.api, case.row.id, case.case) not in seen for case in plan_for(self.config).cases)

    def _described(self, about: About, left_out: int) -> About:
        from pytest_nac_qod.run.describing import circumstances

        run = circumstances(self.config, self.started, datetime.now(UTC), left_out)
        if self.settled:
            run["account"] = self.settled.to_dict()
        return {**about, "run": run}
