"""Cases that run ahead of pytest: threads run them, and pytest takes each as it ends.

pytest itself is not safe for threads: set-up and teardown are a stack of the session, and PYTEST_CURRENT_TEST is one
variable. So no part of it ever sees another thread. The function of a test is called by a crew, with a case of its own;
pytest then sets the test up, is handed what it came to, and reports, in the main thread.

Only `nac-qod check` registers this plugin.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial

import pytest

from pytest_nac_qod.catalogue import RowCase
from pytest_nac_qod.jobs.crew import Crew, Finished
from pytest_nac_qod.jobs.work import Turn, Work, alone, at_a_time, overlap, waits, where
from pytest_nac_qod.run.needs import require
from pytest_nac_qod.run.plan import plan_for
from pytest_nac_qod.suite import Case
from pytest_nac_qod.suite.run import Run
from pytest_nac_qod.target import Target
from pytest_nac_qod.target.places import places

Show = Callable[[list[str]], None]


@dataclass(slots=True, eq=False)
class JobLoop:
    """A pytest plugin that runs cases at several places of the target.

    Attributes:
        show: told the names of the cases that are running, now and then.
        jobs: cases that send requests at a time; 1 where they run one after the other.
        items: tests that are still to be reported.
        crew: runs them, once there is a run.
    """

    show: Show = lambda _: None
    jobs: int = 1
    items: dict[str, pytest.Item] = field(default_factory=dict)
    crew: Crew | None = None
    _together: bool = False

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool | None:
        """Run the tests in the order in which their cases end."""
        if not self._overlaps(session):
            return None
        self.items = {item.nodeid: item for item in _soon_first(session.items)}
        order = self._order()
        current = next(order)
        following = next(order, None)
        while current is not None:
            current.config.hook.pytest_runtest_protocol(item=current, nextitem=following)
            if session.shouldfail:
                raise session.Failed(session.shouldfail)
            if session.shouldstop:
                raise session.Interrupted(session.shouldstop)
            if following is None:
                break
            current, following = following, next(order, None)
        return True

    @pytest.hookimpl(tryfirst=True)
    def pytest_pyfunc_call(self, pyfuncitem: pytest.Function) -> bool | None:
        """Let the test end as its case has."""
        ended = self.crew.ended.get(pyfuncitem.nodeid) if self.crew else None
        if ended is None:
            return None
        if ended.error is not None:
            raise ended.error
        return True

    def ended(self, item: pytest.Item, run: Run) -> Finished | None:
        """How the case of a test ended, once it has; None where cases run one after the other."""
        if not self._together:
            return None
        if self.crew is None:
            self.crew = self._crew(item.session.items, run)
            self.crew.start()
        crew = self.crew
        key = crew.await_end(lambda: item.nodeid if item.nodeid in crew.ended else None, self._meanwhile)
        return crew.ended[key]

    def stop(self) -> None:
        """End all cases where they are."""
        if self.crew is not None:
            self.crew.stop()

    def _overlaps(self, session: pytest.Session) -> bool:
        """Whether there is anything to be gained; workers of pytest-xdist have one place each."""
        config = session.config
        options = ("numprocesses", "usepdb", "collectonly", "trace")
        if hasattr(config, "workerinput") or any(config.getoption(name, None) for name in options):
            return False
        if session.testsfailed or not session.items or not all(map(row_case, session.items)):
            return False
        plan = plan_for(config)
        if plan.target is not None and overlap(plan.target):
            self.jobs = at_a_time(plan.target, plan.effort.jobs, limited=plan.settings.rate is not None)
            self._together = True
        return self._together

    def _order(self) -> Iterator[pytest.Item]:
        """Two tests to begin with, and then whichever has ended."""
        first = list(self.items)[:2]
        for key in first:
            yield self.items.pop(key)
        while self.items:
            assert self.crew is not None  # noqa: S101 - the first test has made it
            yield self.items.pop(self.crew.await_end(self._done, self._meanwhile))

    def _done(self) -> str | None:
        ended = self.crew.ended if self.crew else {}
        return next((key for key in ended if key in self.items), None)

    def _meanwhile(self) -> None:
        if self.crew is not None:
            self.show([str(work.row_case) for work in list(self.crew.running.values())])

    def _crew(self, items: list[pytest.Item], run: Run) -> Crew:
        there = places(run.target)
        work = [_work(item, case, there) for item in items if (case := row_case(item))]
        ordered = sorted(work, key=lambda each: not waits(each.row_case))
        return Crew(run, there, self.jobs, partial(_check, run), ordered)


def row_case(item: pytest.Item) -> RowCase | None:
    """The case of the catalogue that a test is about."""
    callspec = getattr(item, "callspec", None)
    case = callspec.params.get("case") if callspec else None
    return case if isinstance(case, RowCase) else None


def loop_of(config: pytest.Config) -> JobLoop | None:
    """The plugin, where it is registered."""
    return next((plugin for plugin in config.pluginmanager.get_plugins() if isinstance(plugin, JobLoop)), None)


def _work(item: pytest.Item, case: RowCase, there: Sequence[Target]) -> Work:
    assert isinstance(item, pytest.Function)  # noqa: S101 - it has a case
    turn = Turn.ALONE if alone(case, there[0]) else Turn.TOGETHER
    return Work(item.nodeid, case, item.obj, frozenset({0}) if turn is Turn.ALONE else where(case, there), turn)


def _check(run: Run, case: Case) -> None:
    require(run.target, case.row)


def _soon_first(items: list[pytest.Item]) -> list[pytest.Item]:
    """The tests with those in front that do not wait, since pytest begins with them."""
    return sorted(items, key=lambda item: (case := row_case(item)) is None or waits(case))
