"""The figures of a load test, out of what was exchanged: how fast, how much at once, how often wrong."""

import math
from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from pytest_nac_qod.report.records import KneeRecord, LoadRecord, RateRecord, TimesRecord, WindowRecord
from pytest_nac_qod.wire.exchange import Exchange

WINDOWS = 60  # that a load test is divided into at most
_LEVELS = 12  # numbers of requests at once that are told apart
_RISE = 1.1  # by which the load has to grow beyond a level for it to be a knee


@dataclass(slots=True)
class Figures:
    """What is kept of each exchange: when it began, and how long it took."""

    _seconds: defaultdict[str, "array[float]"] = field(default_factory=lambda: defaultdict(lambda: array("d")))
    _began: "array[float]" = field(default_factory=lambda: array("d"))
    _took: "array[float]" = field(default_factory=lambda: array("d"))
    _errors: Counter[str] = field(default_factory=Counter)
    _told: int = 0

    def see(self, exchange: Exchange) -> None:
        """Take in an exchange, or an event."""
        if exchange.operation == "postNotification":
            self._told += 1
            return
        self._began.append(datetime.fromisoformat(exchange.started).timestamp())
        self._took.append(exchange.seconds)
        self._seconds[exchange.operation].append(exchange.seconds)
        if kind := error_kind(exchange):
            self._errors[kind] += 1

    def record(self, seen: Mapping[str, tuple[int, int]], *, users: int, workers: int) -> LoadRecord:
        """The figures as they stand in results.json.

        Args:
            seen: how often each rule could be judged, and how often it was broken.
            users: that were asked for.
            workers: processes that sent requests.
        """
        lasted = max((began + took for began, took in zip(self._began, self._took, strict=True)), default=0.0)
        seconds = lasted - min(self._began, default=0.0)
        shown = windows(self._began, self._took)
        wrong = sum(breaches for _, breaches in seen.values())
        number = len(self._began)
        return {
            "users": users,
            "workers": workers,
            "seconds": round(seconds, 3),
            "requests": number,
            "per_second": round(number / seconds, 1) if seconds else 0.0,
            "wrong": wrong,
            "wrong_per_million": round(1e6 * wrong / number, 1) if number else 0.0,
            "errors": dict(sorted(self._errors.items())),
            "operations": [times(name, seconds) for name, seconds in sorted(self._seconds.items())],
            "windows": shown,
            "knee": knee(shown),
            "races": _rate(seen, "nac_seen_one_of_two_at_once"),
            "histories": _rate(seen, "nac_seen_history_in_some_order"),
            "events": {
                "come": self._told,
                "lost": _rate(seen, "nac_seen_every_change_told"),
                "doubled": _rate(seen, "nac_seen_change_told_once"),
                "reordered": _rate(seen, "nac_seen_changes_told_in_order"),
            },
        }


def error_kind(exchange: Exchange) -> str:
    """What kept a request from being answered, or the status that says that the server could not; empty for neither."""
    if exchange.response is None:
        return (exchange.error or "no answer").partition(":")[0]
    status = exchange.response.status
    return str(status) if status == 429 or status >= 500 else ""


def percentile(ordered: Sequence[float], share: float) -> float:
    """The nearest-rank percentile of ascending values: the least that `share` of them do not exceed."""
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def times(operation: str, seconds: Iterable[float]) -> TimesRecord:
    """The percentiles of one operation."""
    ordered = sorted(seconds)
    p50, p90, p95, p99 = (round(percentile(ordered, share), 6) for share in (0.5, 0.9, 0.95, 0.99))
    return {
        "operation": operation,
        "number": len(ordered),
        "p50": p50,
        "p90": p90,
        "p95": p95,
        "p99": p99,
        "longest": round(ordered[-1], 6),
    }


def windows(began: Sequence[float], took: Sequence[float]) -> list[WindowRecord]:
    """The load and the times in each stretch of time; `at_once` by Little's law, from what was answered in it."""
    if not began:
        return []
    first, last = min(began), max(began)
    width = max(1.0, (last - first) / WINDOWS)
    grouped: defaultdict[int, list[float]] = defaultdict(list)
    for start, seconds in zip(began, took, strict=True):
        grouped[int((start - first) / width)].append(seconds)
    result: list[WindowRecord] = []
    for number in range(max(grouped) + 1):
        ordered = sorted(grouped.get(number, ()))
        long = min(width, max(last - first - number * width, 1.0))
        result.append(
            {
                "at": round(number * width, 3),
                "per_second": round(len(ordered) / long, 2),
                "at_once": round(sum(ordered) / long, 2),
                "p50": round(percentile(ordered, 0.5), 6) if ordered else 0.0,
                "p95": round(percentile(ordered, 0.95), 6) if ordered else 0.0,
            }
        )
    return result


def knee(shown: Sequence[WindowRecord]) -> KneeRecord | None:
    """Where more load begins to cost more than it brings: the power, throughput by time, is greatest (Kleinrock 1979).

    None where the load never went beyond that, so that nobody can tell.
    """
    busy = sorted((item for item in shown if item["at_once"] > 0), key=lambda item: item["at_once"])
    if len(busy) < _LEVELS:
        return None
    size = len(busy) / _LEVELS
    levels = [busy[int(number * size) : int((number + 1) * size)] for number in range(_LEVELS)]
    points = [(_mean(level, "at_once"), _mean(level, "per_second")) for level in levels]
    best = max(points, key=lambda point: point[1] ** 2 / point[0])
    if best[0] * _RISE >= points[-1][0]:
        return None
    return {"at_once": round(best[0], 2), "per_second": round(best[1], 2)}


def _mean(level: Sequence[WindowRecord], name: str) -> float:
    values: list[float] = [item[name] for item in level]  # type: ignore[literal-required] # one of its keys
    return sum(values) / len(values)


def _rate(seen: Mapping[str, tuple[int, int]], rule: str) -> RateRecord:
    """How often a rule was broken, of the times that it could be judged."""
    chances, breaches = seen.get(rule, (0, 0))
    return {"of": chances, "wrong": breaches}
