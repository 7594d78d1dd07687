"""A server with 50 ms of latency where sessions take 1 s: its cases one after the other, and overlapping over a pool.

python -m bench.pool [--generated] [--alone]

The wall time counts, since most of it is spent waiting. The cases have to come to the same verdicts on both sides.
"""

import argparse
import asyncio
import json
import logging
import resource
import subprocess
import sys
import time
from collections.abc import MutableMapping
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import tomli_w

from bench.counting import RELEASE, App, Receive, Send
from pytest_nac_qod.wire.serving import serve
from tests.deployments import running, server
from tests.deployments.habits import habits
from tests.deployments.world import POOL

LATENCY, DELAY, DEVICES = 0.05, 1.0, 4


class Run(NamedTuple):
    """Seconds, those of the processor, and verdicts by case."""

    wall: float
    processor: float
    exchanges: int
    verdicts: dict[str, str]


def late(app: App) -> App:
    """The application, each answer `LATENCY` seconds later."""

    async def serving(scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        await asyncio.sleep(LATENCY)
        await app(scope, receive, send)

    return serving


def run(jobs: int, *, generated: bool) -> Run:
    """What a run takes with so many devices and cases at a time."""
    app, _ = server.application(RELEASE, replace(habits([]), delay=DELAY))
    served = serve(late(app))
    words = ["--target", "target.toml", "--report", "out", "--jobs", str(jobs)]
    words += [] if generated else ["--max-examples", "0"]
    with TemporaryDirectory() as name:
        folder = Path(name)
        deployment = running.Deployment(name="pooled", about="", hooks=["trust_sink", "terminate_session"])
        content = running.target(deployment, f"http://127.0.0.1:{served.port}")
        content["devices"]["pool"] = [dict(device) for device in POOL[: jobs - 1]]
        (folder / "target.toml").write_text(tomli_w.dumps(content), encoding="utf-8")
        before, begin = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
        command = [sys.executable, "-m", "pytest_nac_qod", "check", *words]
        subprocess.run(command, cwd=folder, capture_output=True, check=False, timeout=1200)
        wall, after = time.perf_counter() - begin, resource.getrusage(resource.RUSAGE_CHILDREN)
        results = json.loads((folder / "out" / "results.json").read_text(encoding="utf-8"))["results"]
    served.stop()
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    verdicts = {f"{each['id']} {each['case']}": each["verdict"] for each in results}
    return Run(wall, spent, sum(len(each["exchanges"]) for each in results), verdicts)


def main() -> None:
    """Measure and print; how much longer the cases take one after the other comes last."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--generated", action="store_true", help="the generated rules as well")
    parser.add_argument("--alone", action="store_true", help="only the overlapping side")
    options = parser.parse_args()
    logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL + 1)  # the server has a fault or two, which it tells
    sides = {jobs: run(jobs, generated=options.generated) for jobs in (DEVICES, *(() if options.alone else (1,)))}
    for jobs, side in sides.items():
        told = f"{len(side.verdicts)} cases, {side.exchanges} exchanges kept"
        print(f"{jobs} at a time: {side.wall:.1f} s, {side.processor:.1f} s of processor time, {told}", flush=True)
    if options.alone:
        return
    different = [key for key, verdict in sides[1].verdicts.items() if sides[DEVICES].verdicts.get(key) != verdict]
    if different:
        raise SystemExit(f"other verdicts: {', '.join(different)}")
    print(f"ratio: {sides[1].wall / sides[DEVICES].wall:.2f}")


if __name__ == "__main__":
    main()
