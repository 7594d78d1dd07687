"""Limits: to the requests of a run, to the pauses between them, to the time of a whole exchange, and to its body."""

import os
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from math import inf
from typing import Any

import httpx

from pytest_nac_qod.foundation.ticking import elapsed

_WORKERS = "PYTEST_XDIST_WORKER_COUNT"
CLOSING = 0.05  # seconds in which a server that closes a connection after an answer has done so
_FIRST_PAUSE, _LONGEST_PAUSE = 0.25, 8.0  # seconds, doubled in between


@dataclass(slots=True, eq=False)
class Pace:
    """Lets requests pass one after another, as an event hook of httpx; parallel workers share the rate evenly.

    Attributes:
        rate: requests a second at most, for all workers together; None for no limit.
        budget: requests in all, for all workers together; None for no limit.
        sent: requests so far, of this worker.
        clock: seconds.
    """

    rate: float | None
    clock: Callable[[], float] = elapsed
    sleep: Callable[[float], None] = time.sleep
    workers: int = field(default_factory=lambda: int(os.environ.get(_WORKERS, "1")))
    budget: int | None = None
    sent: int = 0
    _next: float = field(default=0.0, init=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, init=False)

    def __call__(self, _: object) -> None:
        """Wait until the next request may be sent.

        Raises:
            BudgetError: no more may be.
        """
        with self._lock:
            if self.budget is not None and self.sent * self.workers >= self.budget:
                raise BudgetError(f"the run's budget of {self.budget} requests is used up; --budget raises it")
            self.sent += 1
            if self.rate is None:
                return
            now = self.clock()
            turn = max(now, self._next)
            self._next = turn + self.workers / self.rate
        if turn > now:
            self.sleep(turn - now)


class BudgetError(httpx.RequestError):
    """A request that is not sent, since the run has sent as many as it may."""


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


EXCHANGE = 3.0  # times the timeout of a single wait, after which a whole exchange has to be over
CODINGS = ("gzip", "deflate")  # of bodies
LARGEST_BODY = 10_000_000  # bytes, decompressed
MOST_HELD = 15_000_000  # bytes of bodies that a case keeps
MOST_VALUES = 250_000  # of a JSON body
_BETWEEN = (b",", b"[", b"{")  # what a value follows
_LARGE = 100_000  # bytes; a smaller body is always taken
_PIECE = 4096  # bytes that are decompressed at once
_UNTIL: ContextVar[float] = ContextVar("until", default=inf)  # by `elapsed`


def begin_exchange(timeouts: Mapping[str, float | None]) -> None:
    """Let the exchange that begins now end in time.

    Args:
        timeouts: seconds of single waits, as httpx has them: `read` counts; None for no limit.
    """
    longest = timeouts.get("read")
    _UNTIL.set(inf if longest is None else elapsed() + EXCHANGE * longest)


@dataclass(frozen=True, slots=True)
class Timed:
    """A network stream or backend of httpcore whose waits end with the exchange.

    A wait for each part alone lets a target that sends a byte now and then go on for ever.

    Attributes:
        inner: the stream or backend.
        overdue: the error to raise, of httpcore.
    """

    inner: Any
    overdue: type[Exception]

    def connect_tcp(self, *args: Any, **kwargs: Any) -> "Timed":  # noqa: ANN401 - of httpcore
        """A connection."""
        return Timed(self.inner.connect_tcp(*args, **kwargs), self.overdue)

    def start_tls(self, *args: Any, **kwargs: Any) -> "Timed":  # noqa: ANN401 - of httpcore
        """The same connection, secured."""
        return Timed(self.inner.start_tls(*args, **kwargs), self.overdue)

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Bytes that came, if they came in time."""
        try:
            found: bytes = self.inner.read(max_bytes, self._left(timeout))
        except self.overdue:
            self._left(timeout)  # which of the two limits it was
            raise
        return found

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Send bytes."""
        self.inner.write(buffer, self._left(timeout))

    def _left(self, timeout: float | None) -> float | None:
        left = _UNTIL.get() - elapsed()
        if left <= 0:
            raise self.overdue(f"the answer had no end within {EXCHANGE:g} times the timeout") from None
        return timeout if left == inf or (timeout is not None and timeout < left) else left

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - of httpcore
        return getattr(self.inner, name)


class TooLargeError(httpx.RequestError):
    """An answer with a body that nobody should have to take."""


class LimitedResponse(httpx.Response):
    """An answer whose body has a limit, once it is decompressed."""

    def iter_bytes(self, chunk_size: int | None = None) -> Iterator[bytes]:
        """The body as it comes, decompressed."""
        size = 0
        _check_coding(self.headers)
        for part in super().iter_bytes(chunk_size):
            size += len(part)
            _check_size(size)
            yield part

    async def aiter_bytes(self, chunk_size: int | None = None) -> AsyncIterator[bytes]:
        """The body as it comes, decompressed."""
        size = 0
        _check_coding(self.headers)
        async for part in super().aiter_bytes(chunk_size):
            size += len(part)
            _check_size(size)
            yield part


def _check_coding(headers: httpx.Headers) -> None:
    """One coding that was asked for: a second one on top multiplies what a few bytes can grow to."""
    coding = headers.get("content-encoding", "identity").strip().lower()
    if coding not in ("identity", "", *CODINGS):
        raise httpx.DecodingError(f"Content-Encoding: {coding[:60]}, of which only {', '.join(CODINGS)} were asked for")


def _check_size(size: int) -> None:
    if size > LARGEST_BODY:
        raise TooLargeError(f"the body of the answer is larger than {LARGEST_BODY // 1_000_000} MB")


def too_large(content: bytes, held: Iterable[int]) -> str:
    """Why an answer is refused on top of others, of `held` bytes each, which a case keeps until it is judged.

    They are too large together, or it has too many values, each of which takes fifty bytes or more. Empty if it is not.
    """
    size = len(content)
    if size > _LARGE and sum(map(content.count, _BETWEEN)) > MOST_VALUES:
        return f"the body of the answer has more than {MOST_VALUES:,} values"
    if size > _LARGE and size + sum(held) > MOST_HELD:
        return f"the answers of this case are larger than {MOST_HELD // 1_000_000} MB in all"
    return ""


def pieces(part: bytes) -> Iterator[bytes]:
    """Parts of a body that grow to 4 MB at most when they are decompressed."""
    return (part[start : start + _PIECE] for start in range(0, len(part), _PIECE))
