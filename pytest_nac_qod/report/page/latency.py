"""How long the target took to answer, operation by operation."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import quantiles

from pytest_nac_qod.report.records import CaseRecord

WIDTH = 1000  # units of the plot across
_LANES = 11  # heights at which marks stand, so that equal times do not hide each other
_UNITS = ((1.0, 1, "s"), (1e-3, 1000, "ms"), (0.0, 1_000_000, "µs"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Distribution:
    """Times of one operation, in seconds.

    Attributes:
        seconds: of each answered exchange, ascending.
        quartiles: first, median, third.
    """

    api: str
    operation: str
    seconds: tuple[float, ...]
    quartiles: tuple[float, float, float]
    p95: float


@dataclass(frozen=True, slots=True)
class Scale:
    """A logarithmic axis from `low` to `high` seconds."""

    low: float
    high: float

    def at(self, seconds: float) -> float:
        """Position in percent of the width."""
        span = math.log10(self.high / self.low)
        return round(100 * math.log10(min(max(seconds, self.low), self.high) / self.low) / span, 2)

    def ticks(self) -> list[float]:
        """Each power of ten from low to high."""
        return [10.0**power for power in range(round(math.log10(self.low)), round(math.log10(self.high)) + 1)]


def distributions(results: Sequence[CaseRecord]) -> list[Distribution]:
    """One for each operation that was answered, in the order in which the results name them first."""
    durations: dict[tuple[str, str], list[float]] = {}
    for result in results:
        for exchange in result["exchanges"]:
            if exchange["role"] != "event" and exchange["response"] is not None:
                durations.setdefault((result["api"], exchange["operation"]), []).append(exchange["seconds"])
    return [_distribution(api, operation, sorted(seconds)) for (api, operation), seconds in durations.items()]


def _distribution(api: str, operation: str, seconds: list[float]) -> Distribution:
    several = seconds if len(seconds) > 1 else seconds * 2
    first, median, third = quantiles(several, n=4, method="inclusive")
    p95 = quantiles(several, n=20, method="inclusive")[-1]
    return Distribution(api=api, operation=operation, seconds=tuple(seconds), quartiles=(first, median, third), p95=p95)


def scale(plotted: Sequence[Distribution]) -> Scale:
    """The axis that all distributions share, whole powers of ten."""
    low = max(min(item.seconds[0] for item in plotted), 1e-6)
    high = max(*(item.seconds[-1] for item in plotted), low)
    bottom = math.floor(math.log10(low))
    return Scale(10.0**bottom, 10.0 ** max(math.ceil(math.log10(high)), bottom + 1))


def marks(distribution: Distribution, axis: Scale) -> str:
    """Path data with a mark for each exchange in a box of WIDTH by 10 * _LANES, those that coincide drawn once."""
    places = {
        (round(axis.at(seconds) * WIDTH / 100), 10 * (number * 7 % _LANES) + 5)
        for number, seconds in enumerate(distribution.seconds)
    }
    return "".join(f"M{x} {y}h0" for x, y in sorted(places))


def duration(seconds: float) -> str:
    """A time in words: `3.2 ms`."""
    factor, unit = next((factor, unit) for least, factor, unit in _UNITS if seconds >= least)
    return f"{seconds * factor:.3g} {unit}"
