"""A limit to the requests of a run, and pauses for a target that asks for them."""

import os
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from pytest_nac_qod.foundation.ticking import elapsed

_WORKERS = "PYTEST_XDIST_WORKER_COUNT"
_FIRST_PAUSE, _LONGEST_PAUSE = 0.25, 8.0  # seconds, doubled in between


@dataclass(slots=True, eq=False)
class Pace:
    """Lets requests pass one after another, as an event hook of httpx; parallel workers share the rate evenly.

    Attributes:
        rate: requests a second at most, for all workers together.
        clock: seconds.
    """

    rate: float
    clock: Callable[[], float] = elapsed
    sleep: Callable[[float], None] = time.sleep
    workers: int = field(default_factory=lambda: int(os.environ.get(_WORKERS, "1")))
    _next: float = field(default=0.0, init=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, init=False)

    def __call__(self, _: object) -> None:
        """Wait until the next request may be sent."""
        with self._lock:
            now = self.clock()
            turn = max(now, self._next)
            self._next = turn + self.workers / self.rate
        if turn > now:
            self.sleep(turn - now)


def pause_before(attempt: int, told: str | None = None, now: datetime | None = None) -> float:
    """Seconds to wait before a request is sent again.

    Args:
        attempt: how often it has been sent again already.
        told: the Retry-After header (RFC 9110 section 10.2.3), seconds or a date; what is neither is passed over.
        now: the present, aware.
    """
    usual = min(_FIRST_PAUSE * 2.0**attempt, _LONGEST_PAUSE)
    if told is None:
        return usual
    if told.strip().isascii() and told.strip().isdigit():
        return max(float(told.strip()[:9]), usual)
    try:
        date = parsedate_to_datetime(told)
    except (TypeError, ValueError, IndexError, OverflowError):
        return usual
    date = date if date.tzinfo else date.replace(tzinfo=UTC)
    return max((date - (now or datetime.now(UTC))).total_seconds(), usual)
