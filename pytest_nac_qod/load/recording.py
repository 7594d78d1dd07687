"""What users exchanged, on disk as it happens, and read again in the order in which it was sent."""

import heapq
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from os import SEEK_END
from pathlib import Path
from typing import IO

from pytest_nac_qod.traffic.reading import read
from pytest_nac_qod.traffic.seen import Seen
from pytest_nac_qod.wire.exchange import Exchange
from pytest_nac_qod.wire.redaction import Redactor
from pytest_nac_qod.wire.sink import Event

CLOCK = "load"  # whose clock all times are by
_LONGEST_LINE = 1 << 20  # bytes
_EXCHANGES, _EVENTS = "exchanges-*.jsonl", "events.jsonl"


@dataclass(slots=True)
class LoadRecorder:
    """Writes a line for each exchange, which is there once `note` returns, whatever becomes of the process."""

    path: Path
    _file: IO[str] = field(init=False)

    def __post_init__(self) -> None:
        self._file = self.path.open("a", encoding="utf-8", buffering=1)

    def note(self, exchange: Exchange, client: str) -> None:
        """Write an exchange, sent with the token of a client."""
        self._file.write(json.dumps({**exchange.to_dict(), "client": client, "source": CLOCK}) + "\n")

    def event(self, event: Event, redactor: Redactor) -> None:
        """Write an event as it came to the sink."""
        request = {
            "method": event.method,
            "url": f"https://sink{event.path}",
            "headers": redactor.headers(event.headers),
            "body": redactor.text(event.body.decode("utf-8", "replace")),
        }
        started = event.received_at.isoformat().replace("+00:00", "Z")
        line = {"started": started, "seconds": 0.0, "request": request, "response": {"status": 204}, "source": CLOCK}
        self._file.write(json.dumps(line) + "\n")

    def close(self) -> None:
        """Write no more."""
        self._file.close()


def of_process(folder: Path, number: int) -> LoadRecorder:
    """The recorder of the process with this id."""
    return LoadRecorder(folder / _EXCHANGES.replace("*", str(number)))


def of_sink(folder: Path) -> LoadRecorder:
    """The recorder of the sink."""
    return LoadRecorder(folder / _EVENTS)


def recorded(folder: Path, longest: float) -> Iterator[Seen]:
    """All that was exchanged, in the order in which it was sent; in memory is what `longest` seconds had in them."""
    redactor = Redactor()
    files = [*sorted(folder.glob(_EXCHANGES)), *folder.glob(_EVENTS)]
    yield from heapq.merge(*(in_order(_whole(path, redactor), longest) for path in files), key=_began)


def in_order(written: Iterable[Seen], longest: float) -> Iterator[Seen]:
    """Exchanges by their beginning, out of those written at their end; none takes more than `longest` seconds."""
    waiting: list[tuple[datetime, int, Seen]] = []
    for number, seen in enumerate(written):
        began = _began(seen)
        heapq.heappush(waiting, (began, number, seen))
        sure = began + timedelta(seconds=seen.exchange.seconds - longest)
        while waiting[0][0] < sure:
            yield heapq.heappop(waiting)[2]
    while waiting:
        yield heapq.heappop(waiting)[2]


def _began(seen: Seen) -> datetime:
    return datetime.fromisoformat(seen.exchange.started)


def _whole(path: Path, redactor: Redactor) -> Iterator[Seen]:
    """The lines of a file, but for one that a killed process did not finish."""
    with path.open("r+b") as file:
        size = file.seek(0, SEEK_END)
        file.seek(max(0, size - _LONGEST_LINE))
        torn = len(file.read().rpartition(b"\n")[2])
        file.truncate(size - torn)
    yield from read(path, redactor)
