"""How a load test looks: curves over time and over load, as shapes in a box."""

from collections.abc import Callable, Sequence

from pytest_nac_qod.foundation.jsontypes import JsonObject
from pytest_nac_qod.report.page.latency import duration
from pytest_nac_qod.report.records import LoadRecord, WindowRecord

WIDTH, HEIGHT = 1000, 200  # units of a plot
_Value = Callable[[WindowRecord], float]


def plots(load: LoadRecord) -> list[JsonObject]:
    """The curves: requests and times over time, and time over load; none where there is nothing to see."""
    windows = load["windows"]
    if len(windows) < 2:
        return []
    seconds = f"{windows[-1]['at']:.0f} s"
    return [
        _curve(
            "Requests a second", windows, lambda item: item["at"], [("all", lambda item: item["per_second"])], seconds
        ),
        _curve(
            "Time to answer",
            windows,
            lambda item: item["at"],
            [("median", lambda item: item["p50"]), ("95 % within", lambda item: item["p95"])],
            seconds,
            unit=duration,
        ),
        _cloud(load),
    ]


def _curve(  # noqa: PLR0913, PLR0917 - what a plot is made of
    title: str,
    windows: Sequence[WindowRecord],
    across: _Value,
    lines: Sequence[tuple[str, _Value]],
    last: str,
    unit: Callable[[float], str] = "{:.0f}".format,
) -> JsonObject:
    wide = max(across(item) for item in windows) or 1.0
    high = max(value(item) for item in windows for _, value in lines) or 1.0
    return {
        "title": title,
        "top": unit(high),
        "last": last,
        "lines": [
            {"name": name, "d": _path([(across(item) / wide, value(item) / high) for item in windows])}
            for name, value in lines
        ],
        "dots": "",
        "knee": None,
        "told": f"{title}: at most {unit(high)}, over {last}",
    }


def _cloud(load: LoadRecord) -> JsonObject:
    """Time by the number of requests at once, with the knee."""
    busy = [item for item in load["windows"] if item["at_once"] > 0]
    wide = max((item["at_once"] for item in busy), default=1.0)
    high = max((item["p95"] for item in busy), default=0.0) or 1.0
    knee = load["knee"]
    dots = "".join("M{:.0f} {:.0f}h0".format(*_place(item["at_once"] / wide, item["p95"] / high)) for item in busy)
    said = f"; knee at {knee['at_once']:g} requests at once" if knee else ""
    return {
        "title": "Time by load",
        "top": duration(high),
        "last": f"{wide:.3g} requests at once",
        "lines": [],
        "dots": dots,
        "knee": round(100 * knee["at_once"] / wide, 2) if knee else None,
        "told": f"95 % within, by requests at once: at most {duration(high)}{said}",
    }


def _path(points: Sequence[tuple[float, float]]) -> str:
    places = [_place(*point) for point in points]
    return "M" + "L".join(f"{x:.0f} {y:.0f}" for x, y in places)


def _place(across: float, up: float) -> tuple[float, float]:
    return WIDTH * across, HEIGHT * (1 - up)


def rows(load: LoadRecord) -> list[JsonObject]:
    """The percentiles of each operation, in words."""
    return [
        {
            "operation": item["operation"],
            "number": item["number"],
            "times": [duration(item[name]) for name in ("p50", "p90", "p95", "p99", "longest")],
        }
        for item in load["operations"]
    ]
