"""What the plugin and the command cost before anything is sent: medians of several starts, in turns.

python -m bench.startup

Processor time is printed beside the time that passes, since it is the same on a busy machine. Both pytest runs load no
plugin but those named to them, so that what others cost is in neither.
"""

import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx

from bench.written import Cost
from pytest_nac_qod.reference import ReferenceServer

ROUNDS = 7
_PYTEST = ("-m", "pytest", "-q", "-p", "no:cacheprovider")
_CHECK = ("-m", "pytest_nac_qod", "check")
_FIRST = ("--scenario", "qos_profiles_retrieveQoSProfiles_01*")
COMMANDS: Mapping[str, Sequence[str]] = {
    "pytest on one empty test": _PYTEST,
    "the same with the plugin": (*_PYTEST, "-p", "pytest_nac_qod.plugin"),
    "nac-qod --help": ("-m", "pytest_nac_qod", "--help"),
    "nac-qod check --list": (*_CHECK, "--list"),
    "nac-qod check, one case of a server that is there": (*_CHECK, "--api", "qos-profiles", *_FIRST),
}


def start(command: Sequence[str], folder: Path, token: str) -> Cost:
    """Run a Python command once."""
    environment = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "QOD_TOKEN": token}
    before, begin = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run(
        [sys.executable, *command],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    if done.returncode not in (0, 1):  # 1: the case may well find something
        raise SystemExit(f"{' '.join(command)}: {done.stdout}{done.stderr}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Cost(time.perf_counter() - begin, spent)


def medians(rounds: int = ROUNDS) -> dict[str, Cost]:
    """What each command costs; each round starts all of them, so that a busy minute falls on all alike."""
    taken: dict[str, list[Cost]] = {name: [] for name in COMMANDS}
    with TemporaryDirectory() as name, ReferenceServer() as server:
        folder = Path(name)
        token = server.target().tokens["two_legged"].resolve(httpx.Client())
        (folder / "test_nothing.py").write_text("def test_nothing() -> None:\n    pass\n", encoding="utf-8")
        for _ in range(rounds):
            for label, command in COMMANDS.items():
                sent = ("--url", server.url) if "qos-profiles" in command else ()
                taken[label].append(start((*command, *sent), folder, token))
    return {
        label: Cost(*(statistics.median(cost[at] for cost in costs) for at in range(2)))
        for label, costs in taken.items()
    }


def main() -> None:
    """Measure and print; what the plugin adds to a pytest run comes last, as a ratio of processor time."""
    costs = medians()
    for label, cost in costs.items():
        print(f"{label}: {cost.wall * 1000:.0f} ms, {cost.processor * 1000:.0f} ms of processor time")
    bare, plugin = (cost.processor for cost in list(costs.values())[:2])
    print(f"ratio: {plugin / bare:.2f}")


if __name__ == "__main__":
    main()
