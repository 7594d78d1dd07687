"""Runs of the suite against hostile targets, as a table: `python -m bench.hostile`."""

import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.hostile.relay import RAW, WHOLE, relay_bench
from tests.hostile.test_interrupted import INTERRUPTED
from tests.hostile.test_left_behind import CLEAN, CREATION, READ
from tests.hostile.test_trouble import ENDLESS, LEGAL, talking
from tests.hostile.trouble import Bench, Done, Spoiler, bench, nothing
from tests.test_unusable_targets import SAME, serving

HEAD = ("hostile target", "exit status", "verdicts", "seconds", "MB", "left behind")


def names() -> list[str]:
    """Each hostile target."""
    spoiled = [f"server: {name}" for name in CLEAN]
    same = [f"the same to everything: {name}" for name in SAME]
    raw = [f"server: answers with {name}" for name in WHOLE]
    endless = [f"endless {name}" for name in ENDLESS]
    legal = [f"the same to everything: {name}" for name in LEGAL]
    return [*spoiled, *raw, *same, *endless, *legal, *(f"interrupted: {name}" for name in INTERRUPTED)]


def row(name: str) -> list[str]:
    """What a run against it comes to."""
    kind, _, what = name.partition(": ")
    with tempfile.TemporaryDirectory(prefix="nac-qod-") as place:
        folder = Path(place)
        if what.removeprefix("answers with ") in RAW:
            with relay_bench(folder, what.removeprefix("answers with ")) as target:
                done, seconds = _timed(target)
                left = len(target.there)
        elif kind in ("server", "interrupted"):
            with bench(folder, CLEAN[what][0] if kind == "server" else nothing) as target:
                done, seconds = _timed(target, INTERRUPTED.get(what, _whole))
                left = len(target.there)
        else:
            done, seconds = _alone(name, folder)
            left = 0
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1000
    verdicts = ", ".join(sorted(set(done.verdicts()))) or "not judged"
    return [name, str(done.status), verdicts, f"{seconds:.0f}", str(peak), str(left)]


def _whole(target: Bench) -> Done:
    return target.check(CREATION, READ)


def _timed(target: Bench, run: Callable[[Bench], Done] = _whole) -> tuple[Done, float]:
    started = time.monotonic()
    return run(target), time.monotonic() - started


def _alone(name: str, folder: Path) -> tuple[Done, float]:
    """A run against a server that has nothing of ours."""
    what = name.partition(": ")[2]
    answer = LEGAL.get(what)
    talk = ENDLESS.get(name.removeprefix("endless ")) or (lambda peer: peer.sendall(answer) if answer else None)
    with serving(lambda _: SAME[what][0]()) if what in SAME else talking(talk) as url:
        (folder / "target.toml").write_text(
            f'timeout = 1.0\n[apis]\nquality-on-demand = "{url}"\n[tokens.two_legged]\nvalue = "t"\n'
            '[devices.default]\nphoneNumber = "+123456789"\n[profiles.default]\nname = "QOS_L"\n',
            encoding="utf-8",
        )
        return _timed(Bench(server=None, spoiler=Spoiler(None, nothing), folder=folder))  # type: ignore[arg-type] # none


def table() -> Iterator[str]:
    """Lines of Markdown; each run is started from a process of its own, whose memory is measured."""
    yield f"| {' | '.join(HEAD)} |"
    yield "|" + "---|" * len(HEAD)
    for name in names():
        command = [sys.executable, "-m", "bench.hostile", name]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        yield f"| {' | '.join(json.loads(done.stdout))} |"


if __name__ == "__main__":
    if sys.argv[1:]:
        print(json.dumps(row(sys.argv[1])))
    else:
        for line in table():
            print(line, flush=True)
