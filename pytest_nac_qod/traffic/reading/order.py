"""Recordings in the order of time: some tools save an exchange when its answer has come, or page by page."""

from collections.abc import Iterable, Iterator
from heapq import heappop, heappush, merge
from pathlib import Path

from pytest_nac_qod.traffic.reading import read
from pytest_nac_qod.traffic.seen import Seen, seconds_of
from pytest_nac_qod.wire.redaction import Redactor

_HELD, _CHARACTERS = 2_000, 20_000_000  # exchanges that are held back at most, and characters of their bodies


def together(paths: Iterable[Path], redactor: Redactor) -> Iterator[Seen]:
    """The exchanges of several recordings as one traffic.

    Raises:
        RecordingError: one of them cannot be read.
    """
    yield from merge(*(in_order(read(path, redactor)) for path in paths), key=_began)


def in_order(traffic: Iterable[Seen]) -> Iterator[Seen]:
    """Exchanges by the time at which they were sent, as far as so many of them can be held back as fit into memory."""
    held: list[tuple[float, int, Seen]] = []
    size = 0
    for number, seen in enumerate(traffic):
        heappush(held, (_began(seen), number, seen))
        size += _size(seen)
        while len(held) > _HELD or (size > _CHARACTERS and len(held) > 1):
            size -= _size(held[0][-1])
            yield heappop(held)[-1]
    while held:
        yield heappop(held)[-1]


def _began(seen: Seen) -> float:
    return seconds_of(seen.exchange)


def _size(seen: Seen) -> int:
    exchange = seen.exchange
    return len(exchange.request.body) + (len(exchange.response.body) if exchange.response else 0)
