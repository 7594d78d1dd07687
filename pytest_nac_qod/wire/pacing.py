"""A limit to the requests of a run."""

import os
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from pytest_nac_qod.foundation.ticking import elapsed

_WORKERS = "PYTEST_XDIST_WORKER_COUNT"


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
