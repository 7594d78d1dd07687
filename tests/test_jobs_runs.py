"""Runs whose cases overlap: with the verdicts of a serial run, and nothing left behind."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
import tomli_w

from pytest_nac_qod.wire.serving import serve
from tests.deployments import running, server
from tests.deployments.habits import habits
from tests.deployments.network import Network
from tests.deployments.world import POOL
from tests.support.commands import WORKERS

ROOT = Path(__file__).parents[1]
SOME = ("nac_get_*", "nac_flow_*", "nac_session_lasts_*", "quality_on_demand_getSession_*")


@dataclass(frozen=True, slots=True)
class Ran:
    """What a run came to."""

    status: int
    text: str
    verdicts: dict[str, str]


@dataclass(frozen=True, slots=True)
class Bench:
    """The independent server, and a target file for it with a pool of devices."""

    folder: Path
    network: Network

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "pytest_nac_qod", "check", "--target", "target.toml", "--max-examples", "0"]
        chosen = [word for glob in SOME for word in ("--scenario", glob)]
        return subprocess.Popen(
            [*command, "--report", "out", *chosen, *arguments],
            cwd=self.folder,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def run(self, *arguments: str) -> Ran:
        return self.end(self.start(*arguments))

    def end(self, process: subprocess.Popen[str]) -> Ran:
        text, _ = process.communicate(timeout=300)
        report = self.folder / "out" / "results.json"
        results = json.loads(report.read_text(encoding="utf-8"))["results"] if report.exists() else []
        return Ran(process.returncode, text, {f"{each['id']} {each['case']}": each["verdict"] for each in results})

    def left(self) -> list[str]:
        return [record.id for record in self.network.records.values() if record.occupies]


@contextmanager
def bench(folder: Path, *, pool: int = 3, delay: float = 0.05) -> Iterator[Bench]:
    """The server with some habits, and a pool of so many devices beside the default one."""
    deployment = running.Deployment(name="pooled", about="", hooks=["trust_sink"])
    app, network = server.application("r3.2", replace(habits([]), delay=delay))
    served = serve(app)
    content = running.target(deployment, f"http://127.0.0.1:{served.port}")
    content["devices"]["pool"] = [dict(device) for device in POOL[:pool]]
    (folder / "target.toml").write_text(tomli_w.dumps(content), encoding="utf-8")
    try:
        yield Bench(folder, network)
    finally:
        served.stop()


@pytest.mark.slow
def test_the_verdicts_are_those_of_a_serial_run(tmp_path: Path) -> None:
    with bench(tmp_path, pool=0) as at:
        serial = at.run()
    with bench(tmp_path) as at:
        overlapping = at.run("--jobs", "4")
        assert at.left() == []
    assert (serial.status, overlapping.status) == (0, 0), overlapping.text
    assert serial.verdicts == overlapping.verdicts
    assert len(serial.verdicts) > 10
    assert "deleted, 0 left" in overlapping.text


@pytest.mark.slow
def test_generated_rules_overlap(tmp_path: Path) -> None:
    globs = ("nac_generated_*_session_contract*", "nac_generated_*_session_accepts_valid", "nac_generated_session_life")
    with bench(tmp_path) as at:
        overlapping = at.run("--jobs", "4", "--max-examples", "9", *(word for g in globs for word in ("--scenario", g)))
        assert at.left() == []
    generated = {key: verdict for key, verdict in overlapping.verdicts.items() if "_generated_" in key}
    assert len(generated) > 10
    assert set(generated.values()) == {"pass"}, overlapping.text


@pytest.mark.slow
def test_workers_have_devices_of_their_own(tmp_path: Path) -> None:
    with bench(tmp_path) as at:
        serial = at.run()
        dealt = at.run("--", *WORKERS)
        assert at.left() == []
    assert dealt.status == 0, dealt.text
    assert serial.verdicts == dealt.verdicts


def test_more_workers_than_devices_are_refused_in_one_line(tmp_path: Path) -> None:
    with bench(tmp_path, pool=0) as at:
        done = at.run("--", *WORKERS)
    assert (done.status, done.text.strip().splitlines()) == (
        2,
        [
            (
                "ERROR: -n 2: each worker needs a device of its own, and the target file has one device; "
                "add [[devices.pool]], or give -n 1"
            )
        ],
    )


def test_an_interrupted_run_leaves_nothing(tmp_path: Path) -> None:
    with bench(tmp_path, delay=30.0) as at:
        process = at.start("--scenario", "nac_started_at_*", "--scenario", "nac_extension_*")
        until = time.monotonic() + 120
        while len(at.left()) < 2 and time.monotonic() < until:  # so many cases wait for AVAILABLE
            time.sleep(0.01)
        assert len(at.left()) >= 2
        process.send_signal(signal.SIGINT)
        done = at.end(process)
        assert at.left() == []
    assert done.status == 3, done.text
    assert "Traceback" not in done.text
    assert " 0 left" in done.text


def test_a_pool_that_is_no_pool_is_refused(tmp_path: Path) -> None:
    with bench(tmp_path) as at:
        content = (tmp_path / "target.toml").read_text(encoding="utf-8")
        (tmp_path / "target.toml").write_text(content.replace("+34600000006", "+34600000001"), encoding="utf-8")
        done = at.run()
    assert done.status == 2
    assert "devices.pool[1].phoneNumber: that of devices.second; each device of the pool is one of its own" in done.text
