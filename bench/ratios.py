"""What the suite costs beside what it is measured by: ratios of processor time, held against those that are pinned.

python -m bench.ratios [--pin]

No time is pinned, since machines differ. A ratio that is a third above the pinned one fails.
"""

import argparse
import time
import tomllib
from collections.abc import Callable, Mapping, MutableMapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import tomli_w

from bench import growth, startup, written
from bench.counting import API, RELEASE, App, Receive, Send
from pytest_nac_qod.suite.effort import Effort
from tests.support.generated_runs import cases, embedded

PINNED = Path(__file__).with_name("ratios.toml")
WORSE = 4 / 3
Ratios = dict[str, float]
_GENERATED = ("create_session_accepts_valid", "session_life")


def starts() -> Ratios:
    """What it takes to start."""
    bare, plugin, brief, listed, first = (cost.processor for cost in startup.medians(rounds=3).values())
    return {
        "pytest with the plugin / without": plugin / bare,
        "nac-qod check --list / --help": listed / brief,
        "nac-qod check of one case / pytest on one empty test": first / bare,
    }


def requests() -> Ratios:
    """What it takes to make and to judge a request."""
    with TemporaryDirectory() as folder:
        judged, sent = written.judged(Path(folder))
    replayed = written.replayed(sent)
    return {
        "written cases / bare replay of their requests": judged.processor / replayed.processor,
        "a generated request, judged / a bare one": generated() * len(sent) / replayed.processor,
    }


def sessions() -> Ratios:
    """What it takes to have many live sessions."""
    few, many = (cost for _, cost in growth.costs((100, 2_000)))
    return {"a creation with 2,000 live sessions / with 100": many / few}


MEASURES: tuple[Callable[[], Ratios], ...] = (starts, requests, sessions)


def generated() -> float:
    """Seconds of processor time for each request of some generated rules."""
    sent: list[str] = []

    def counted(app: App) -> App:
        async def serve(scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
            sent.append(scope["type"])
            await app(scope, receive, send)

        return serve

    with embedded(RELEASE, effort=Effort(15), wrap=counted) as server:
        begin = time.process_time()
        for pattern in _GENERATED:
            for row_case in cases(RELEASE, API, pattern):
                server.case(row_case)
        return (time.process_time() - begin) / sent.count("http")


def worse(now: Mapping[str, float], limits: Mapping[str, float]) -> list[str]:
    """A line for each ratio that is a third above the pinned one, or is not pinned."""
    lines = [f"{name}: not pinned; run python -m bench.ratios --pin" for name in now if name not in limits]
    return lines + [
        f"{name}: {now[name]:.2f}, a third and more above {limit:.2f}; find out what it spends, or pin it anew"
        for name, limit in limits.items()
        if name in now and now[name] > limit * WORSE
    ]


def settled(measure: Callable[[], Ratios], limits: Mapping[str, float], rounds: int = 3) -> Ratios:
    """The ratios, each the best of as many rounds as it takes to show that none is worse: a busy machine only adds."""
    now = measure()
    for _ in range(rounds - 1):
        if not worse(now, limits):
            break
        again = measure()
        now = {name: min(ratio, again[name]) for name, ratio in now.items()}
    return now


def pinned() -> dict[str, float]:
    """The ratios that hold, by name."""
    return tomllib.loads(PINNED.read_text(encoding="utf-8")) if PINNED.exists() else {}


def main() -> None:
    """Measure, print, and fail when one is worse."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pin", action="store_true", help="write the ratios down as those that hold from now on")
    pin = parser.parse_args().pin
    before = pinned()
    now: Ratios = {}
    for measure in MEASURES:
        now |= measure() if pin else settled(measure, before)
    if pin:
        PINNED.write_text(tomli_w.dumps({name: round(ratio, 2) for name, ratio in now.items()}), encoding="utf-8")
    for name, ratio in now.items():
        print(f"{ratio:6.2f}  (pinned {before.get(name, ratio):.2f})  {name}")
    if lines := worse(now, pinned()):
        raise SystemExit("\n".join(lines))


if __name__ == "__main__":
    main()
