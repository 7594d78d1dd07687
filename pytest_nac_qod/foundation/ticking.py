"""Time that passes, whatever a test does to the clock.

freezegun and time-machine replace or patch the functions of `time` and `datetime`; a wait for a deadline by those never
ends while the time stands still.
"""

import asyncio
import datetime as dt
import time
from collections.abc import Iterator
from contextlib import contextmanager

_CLOCK = getattr(time, "CLOCK_MONOTONIC", None)
_READ = getattr(time, "clock_gettime", None)


def elapsed() -> float:
    """Seconds since some moment in the past; goes on where time.monotonic is frozen (but not on Windows)."""
    return time.monotonic() if _CLOCK is None or _READ is None else float(_READ(_CLOCK))


@contextmanager
def true_datetime() -> Iterator[None]:
    """Let `datetime.datetime` be Python's own class, where freezegun has put another one."""
    given = dt.datetime
    own = next(kind for kind in given.__mro__ if kind.__module__ == "datetime")
    setattr(dt, "datetime", own)  # noqa: B010 - a plain assignment is an error to mypy
    try:
        yield
    finally:
        setattr(dt, "datetime", given)  # noqa: B010


class Loop(asyncio.SelectorEventLoop):
    """An event loop whose timers are due when the time has really passed."""

    def time(self) -> float:
        """As `elapsed`."""
        return elapsed()
