"""Time on the embedded server: real time, moved forward at will, and what is due in it."""

import heapq
import itertools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from pytest_nac_qod.foundation.ticking import elapsed

Action = Callable[[], None]
_CALLED_OFF = 100  # plans that may be kept though they are called off


@dataclass(slots=True)
class Clock:
    """Real time plus an offset that only grows; while something due is carried out, the time at which it was due."""

    offset: timedelta = timedelta(0)
    _seen: tuple[datetime, float] | None = field(default=None, init=False)
    _ahead: timedelta = field(default=timedelta(0), init=False)  # of a time that a test has stopped
    _held: datetime | None = field(default=None, init=False)

    def now(self) -> datetime:
        """The time that the server believes it is: that of the process, but it never stands still."""
        if self._held is not None:
            return self._held
        wall, passed = datetime.now(UTC), elapsed()
        if self._seen is not None:
            moved = wall - self._seen[0]
            if moved:
                self._ahead = max(self._ahead - abs(moved), timedelta(0))
            else:
                self._ahead += timedelta(seconds=passed - self._seen[1])
        self._seen = wall, passed
        return wall + self._ahead + self.offset

    @contextmanager
    def held(self, moment: datetime) -> Iterator[None]:
        """Let it be this moment for as long as the block runs."""
        before, self._held = self._held, moment
        try:
            yield
        finally:
            self._held = before

    def advance(self, seconds: float) -> None:
        """Move forward; raises ValueError for less than nothing."""
        if seconds < 0:
            raise ValueError(f"a clock moves forward only, not by {seconds:g} s")
        self.offset += timedelta(seconds=seconds)


@dataclass(slots=True, eq=False)
class Due:
    """Something that is due, until it is called off."""

    action: Action | None


@dataclass(slots=True)
class Timeline:
    """Actions that are due at a time; those of the same time in the order in which they were planned."""

    _planned: list[tuple[datetime, int, Due]] = field(default_factory=list)
    _order: "itertools.count[int]" = field(default_factory=itertools.count)
    _off: int = 0

    def at(self, due: datetime, action: Action) -> Due:
        """Due an action."""
        plan = Due(action)
        heapq.heappush(self._planned, (due, next(self._order), plan))
        return plan

    def call_off(self, plan: Due | None) -> None:
        """Have a planned action not happen; what is called off is not kept until it would have been due."""
        if plan is None or plan.action is None:
            return
        plan.action = None
        self._off += 1
        if self._off > _CALLED_OFF and self._off > len(self._planned) / 2:
            self._planned = [entry for entry in self._planned if entry[2].action]
            heapq.heapify(self._planned)
            self._off = 0

    def next_due(self) -> datetime | None:
        """When the next action is due."""
        return self._planned[0][0] if self._planned else None

    def run(self, clock: Clock) -> None:
        """Carry out all that is due, in order and each at the time at which it was due; an action may plan others."""
        if not self._planned:
            return
        now = clock.now()
        moment = datetime.min.replace(tzinfo=UTC)
        while self._planned and self._planned[0][0] <= now:
            due, _, plan = heapq.heappop(self._planned)
            moment = max(moment, due)  # what was planned too late happens late: time never runs backwards
            action, plan.action = plan.action, None
            if action is None:
                self._off = max(0, self._off - 1)
                continue
            with clock.held(moment):
                action()
