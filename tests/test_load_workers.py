"""Workers of a load test: one that is killed, some that are slow, and what two of them bring."""

import asyncio
import json
import signal
import time
from datetime import datetime
from importlib.util import find_spec
from pathlib import Path

import pytest
from starlette.types import ASGIApp, Receive, Scope, Send

from pytest_nac_qod.load import engine, running
from pytest_nac_qod.load.engine import Size
from pytest_nac_qod.load.plan import LoadPlan
from pytest_nac_qod.load.users import LEDGERS
from pytest_nac_qod.reference import ReferenceServer
from pytest_nac_qod.run.remains.cleaning import clean_target
from pytest_nac_qod.target.file import load_target
from tests.support.crowds import served, sessions

__all__ = ["served"]
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(find_spec("locust") is None, reason="needs Locust"),
]


def test_what_a_killed_worker_left_is_deleted(served: tuple[ReferenceServer, Path]) -> None:
    server, folder = served
    size = Size(users=8, spawn_rate=8, seconds=25, workers=2)
    with engine.started(size, folder / "plan.json", folder) as locust:
        victim = locust.workers[0]
        until = time.monotonic() + 120
        while sessions(server) < 3:
            assert time.monotonic() < until
            time.sleep(0.05)
        victim.send_signal(signal.SIGKILL)
        locust.wait(engine.longest(size))
        assert locust.lost == 1
    target = load_target(folder / "target.toml")
    assert [line for path in folder.glob(LEDGERS) for line in clean_target(target, path, print)] == []
    assert sessions(server) == 0


def delayed(app: ASGIApp) -> ASGIApp:
    async def wrapped(scope: Scope, receive: Receive, send: Send) -> None:
        await asyncio.sleep(0.05)
        await app(scope, receive, send)

    return wrapped


def began(folder: Path, workers: int) -> list[float]:
    """When each request began, from when on all workers sent some; empty before."""
    texts = [path.read_text("utf-8") for path in folder.glob("exchanges-*.jsonl")]
    lines = [[line for line in text.splitlines(keepends=True) if line.endswith("\n")] for text in texts]
    times = [[datetime.fromisoformat(json.loads(line)["started"]).timestamp() for line in each] for each in lines]
    if len(times) < workers or not all(times):
        return []
    first = max(min(each) for each in times)
    return [moment for each in times for moment in each if moment >= first]


def test_workers_that_are_slow_to_begin_are_waited_for(
    served: tuple[ReferenceServer, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    _, folder = served
    slow = "begun = time.perf_counter()\n    while time.perf_counter() < begun + 6:\n        pass"
    code = f"""
import time
from locust import events
from pytest_nac_qod.load.locustfile import QodUser

@events.init.add_listener
def prepare(environment, **_):
    {slow}
"""
    (folder / "slow.py").write_text(code, encoding="utf-8")
    monkeypatch.setattr(engine, "locustfile", lambda: folder / "slow.py")
    with engine.started(Size(users=4, spawn_rate=4, seconds=300, workers=2), folder / "plan.json", folder):
        until = time.monotonic() + 200
        while not began(folder, 2):
            assert time.monotonic() < until
            time.sleep(0.2)


def test_two_workers_send_nearly_twice_as_much_as_one(tmp_path: Path) -> None:
    sent = {}
    server = ReferenceServer()
    server.app = delayed(server.app)
    with server:
        for workers in (1, 2):
            folder = tmp_path / str(workers)
            folder.mkdir()
            running.describe(server, folder / "target.toml")
            LoadPlan(target=str(folder / "target.toml"), folder=str(folder)).write(folder / "plan.json")
            size = Size(users=4 * workers, spawn_rate=8, seconds=300, workers=workers)
            with engine.started(size, folder / "plan.json", folder):
                until = time.monotonic() + 200
                while not (times := began(folder, workers)) or max(times) - min(times) < 12:
                    assert time.monotonic() < until
                    time.sleep(0.2)
            first = min(times) + 2  # all users have begun
            sent[workers] = sum(first <= moment < first + 10 for moment in times)
    assert sent[2] >= 1.7 * sent[1], sent
