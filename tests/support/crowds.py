"""The users of a load test as threads of the test, without Locust."""

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from pytest_nac_qod.load import recording, running
from pytest_nac_qod.load.engine import Size
from pytest_nac_qod.load.plan import LoadPlan
from pytest_nac_qod.load.running import LoadOutcome, LoadTest
from pytest_nac_qod.load.sinks import listener
from pytest_nac_qod.load.steps import Load, clear
from pytest_nac_qod.load.users import Crowd
from pytest_nac_qod.reference import ReferenceServer
from pytest_nac_qod.report.records import ResultsDocument
from pytest_nac_qod.target import hooks
from pytest_nac_qod.target.file import load_target
from pytest_nac_qod.wire.redaction import Redactor

SECRET = "sink-of-tests-1234"
Step = Callable[[Load], None]


def at_once(calls: Sequence[Callable[[], Any]]) -> list[Any]:
    with ThreadPoolExecutor(max(1, len(calls))) as pool:
        return [job.result() for job in [pool.submit(call) for call in calls]]


def spent(  # noqa: PLR0913 - what a crowd is
    folder: Path,
    steps: Sequence[Step],
    *,
    users: int = 4,
    times: int = 3,
    release: str = "r3.2",
    faults: tuple[str, ...] = (),
    legal: tuple[str, ...] = (),
) -> ResultsDocument:
    """What came of users that do these steps, all of them at the same time, so many times."""
    with ReferenceServer(release=release, faults=faults, legal=legal) as server:
        running.describe(server, folder / "target.toml")
        target, redactor, recorder = load_target(folder / "target.toml"), Redactor(), recording.of_sink(folder)
        redactor.register("sink.load", SECRET)
        with listener(target, recorder, redactor) as sink:
            hooks.run(target.hooks["trust_sink"], {"pem": sink.ca_pem}, timeout=60)
            plan = LoadPlan(target=str(folder / "target.toml"), folder=str(folder), sink=sink.url, secret=SECRET)
            crowd = Crowd(plan=plan, number=1, tell=lambda _: None)
            loads = [crowd.user(number, time.sleep, at_once) for number in range(users)]

            def spend(load: Load) -> None:
                for number in range(times):
                    steps[(number + load.share.number) % len(steps)](load)
                clear(load)

            at_once([partial(spend, load) for load in loads])
            crowd.close()
            server.clock.advance(1)
            left = server.call(lambda: dict(server.service.network.sessions))
        recorder.close()
    test = LoadTest(size=Size(users=users, spawn_rate=1, seconds=1), target=folder / "target.toml", release=release)
    document = running.judged(test, LoadOutcome([], whole=True), folder, {})
    assert faults or not left
    return document


def broken(document: ResultsDocument) -> dict[str, str]:
    """The rules that were broken, with their verdicts."""
    return {result["id"]: result["verdict"] for result in document["results"] if result["violations"]}


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[ReferenceServer, Path]]:
    with ReferenceServer() as server:
        running.describe(server, tmp_path / "target.toml")
        LoadPlan(target=str(tmp_path / "target.toml"), folder=str(tmp_path)).write(tmp_path / "plan.json")
        yield server, tmp_path


def sessions(server: ReferenceServer) -> int:
    return server.call(lambda: len(server.service.network.sessions))
