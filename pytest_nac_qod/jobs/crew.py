"""Threads that run cases: one for each place of the target, of which so many send requests at a time."""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from time import perf_counter

from _pytest.outcomes import Exit, OutcomeException

from pytest_nac_qod.jobs.work import Turn, Work
from pytest_nac_qod.suite import Case
from pytest_nac_qod.suite.run import HaltedError, NotAloneError, Run
from pytest_nac_qod.suite.waits import leftovers, waiting
from pytest_nac_qod.target import Target

LOOK = 0.2  # seconds after which whoever waits looks whether the run goes on


@dataclass(frozen=True, slots=True)
class Finished:
    """How a case ended: with an error, or without."""

    case: Case
    error: BaseException | None
    seconds: float


@dataclass(slots=True, eq=False)
class Crew:
    """Runs cases at all places until none is left, or it is told to stop.

    Attributes:
        run: what all cases share.
        places: the target as it is at each place.
        jobs: cases that send requests at a time; whoever waits lets others go on.
        check: raises what ends a case before its first step.
        left: what is still to be run, in order.
        ended: how cases have ended, by key, in that order.
        running: cases that have begun and not ended, by key.
        parked: cases that have left something for when nothing more is to come.
    """

    run: Run
    places: Sequence[Target]
    jobs: int
    check: Callable[[Case], None]
    left: list[Work]
    ended: dict[str, Finished] = field(default_factory=dict)
    running: dict[str, Work] = field(default_factory=dict)
    parked: dict[str, Finished] = field(default_factory=dict)
    _threads: list[threading.Thread] = field(default_factory=list)
    _changed: threading.Condition = field(default_factory=threading.Condition)
    _gate: threading.Semaphore = field(init=False)
    _crashed: BaseException | None = None

    def __post_init__(self) -> None:
        self._gate = threading.Semaphore(self.jobs)

    def start(self) -> None:
        """Let the cases begin."""
        for number in range(len(self.places)):
            thread = threading.Thread(target=self._work, args=(number,), name=f"nac-qod-{number}", daemon=True)
            self._threads.append(thread)
            thread.start()

    def stop(self) -> None:
        """End cases where they are, delete what they created, and wait for that."""
        self.run.halt.set()
        with self._changed:
            self._changed.notify_all()
        with suppress(KeyboardInterrupt):  # whoever insists gets what the end of the run makes of it
            for thread in self._threads:
                thread.join()

    def await_end(self, done: Callable[[], str | None], meanwhile: Callable[[], None]) -> str:
        """What `done` tells as soon as it tells anything.

        Args:
            done: key of a case, or None.
            meanwhile: called now and then.

        Raises:
            BaseException: what a case ended the run with.
        """
        with self._changed:
            while True:
                if self._crashed is not None:
                    raise self._crashed
                if (key := done()) is not None:
                    return key
                meanwhile()
                self._changed.wait(LOOK)

    def _work(self, number: int) -> None:
        while (work := self._next(number)) is not None:
            try:
                ended = self._one(work, number)
            except NotAloneError:
                with self._changed:
                    self.running.pop(work.key)
                    self.left.append(replace(work, turn=Turn.ALONE, places=frozenset({0})))
                    self._changed.notify_all()
                continue
            except BaseException as error:  # noqa: BLE001 - the main thread raises it
                with self._changed:
                    self.running.pop(work.key)
                    if not isinstance(error, HaltedError):
                        self._crashed = self._crashed or error
                    self.run.halt.set()
                    self._changed.notify_all()
                return
            with self._changed:
                self.running.pop(work.key)
                if ended.case.deferred and ended.error is None:
                    self.parked[work.key] = ended
                else:
                    self.ended[work.key] = ended
                self._changed.notify_all()
        self._judge_parked()

    def _judge_parked(self) -> None:
        """Let the cases go on that had to wait until nothing more is to come: one wait for all of them."""
        with self._changed:
            parked, self.parked = self.parked, {}
        for key, ended in parked.items():
            error: BaseException | None = None
            try:
                waiting.quiet(ended.case)
                ended.case.finish()
            except HaltedError:
                return
            except Exception as end:  # noqa: BLE001 - told in the main thread
                error = end
            with self._changed:
                self.ended[key] = replace(ended, error=error)
                self._changed.notify_all()

    def _next(self, number: int) -> Work | None:
        """The next case for a place; None when there will be none any more."""
        with self._changed:
            while not self.run.halt.is_set() and (self.left or self.running):
                if (work := self._fitting(number)) is not None:
                    self.left.remove(work)
                    self.running[work.key] = work
                    return work
                self._changed.wait(LOOK)
        return None

    def _fitting(self, number: int) -> Work | None:
        turns = [work.turn for work in (*self.left, *self.running.values())]
        now = min(turns, default=Turn.TOGETHER)
        if now is Turn.ALONE and self.running:
            return None
        fitting = [work for work in self.left if work.turn is now and number in work.places]
        return min(fitting, key=lambda work: len(work.places), default=None)

    def _one(self, work: Work, number: int) -> Finished:
        """Run a case, and delete what it created."""
        run = replace(self.run, target=self.places[number], alone=work.turn is Turn.ALONE, away=self._away, silent=0)
        with self._gate:
            if run.left:
                leftovers.retry(run)
            case = Case(run, work.row_case, run.client(work.row_case.row.api))
            began = perf_counter()
            error: BaseException | None = None
            try:
                self.check(case)
                work.test(case)
            except Exit:
                raise
            except (Exception, OutcomeException) as end:  # noqa: BLE001 - told in the main thread
                error = end
            finally:
                case.clean()
                case.keep()
        return Finished(case, error, perf_counter() - began)

    @contextmanager
    def _away(self) -> Iterator[None]:
        self._gate.release()
        try:
            yield
        finally:
            self._gate.acquire()
