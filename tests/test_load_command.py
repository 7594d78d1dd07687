"""nac-qod load: what it refuses, and, slowly, what it does with Locust in processes of its own."""

import os
import signal
import subprocess
import sys
import time
import tomllib
from importlib.util import find_spec
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from pytest_nac_qod.cli import main
from pytest_nac_qod.load import engine
from pytest_nac_qod.load.engine import Size
from pytest_nac_qod.reference import ReferenceServer
from pytest_nac_qod.report.results import read
from pytest_nac_qod.wire.serving import listening_socket
from tests.support.chromium import browser
from tests.support.crowds import served, sessions

__all__ = ["browser", "served"]
ROOT = Path(__file__).parent.parent
pytestmark = pytest.mark.skipif(find_spec("locust") is None, reason="needs Locust")
LIVE = """
release = "r3.2"
[apis]
quality-on-demand = "https://api.example.com/quality-on-demand/v1"
[tokens.two_legged]
value = "t"
[devices.default]
phoneNumber = "+123456789"
[profiles.default]
name = "QOS_L"
[application_servers.default]
ipv4Address = "198.51.100.1"
"""


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--expectations", "FILE", "--users", "1"], "target.toml: not valid TOML: "),
        (["--users", "0"], "argument --users: expected a whole number from 1 to 10000, got '0'"),
        (["--time", "-1"], "argument --time: expected a number above 0, got '-1'"),
        (["--target", "FILE"], "--yes: the target is not on this machine; say that sessions may be created there"),
        (
            ["--target", "FILE", "--yes"],
            "--rate: the target is not on this machine; say how many requests a second it may get",
        ),
        (
            ["--target", "FILE", "--fault", "x"],
            "--fault: is of the embedded server; leave it out, or --target",
        ),
        (["--fault", "creations_at_once"], "unknown fault 'creations_at_once'; did you mean"),
    ],
)
def test_bad_options_get_one_line(
    words: list[str], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "target.toml").write_text(LIVE + "x" * ("--expectations" in words), encoding="utf-8")
    given = [str(tmp_path / "target.toml") if word == "FILE" else word for word in words]
    try:
        status = main(["load", *given])
    except SystemExit as end:
        status = int(end.code or 0)
    assert status == 2
    err = capsys.readouterr().err
    assert said in err
    assert err.count("\n") == 1


def test_a_target_without_what_users_need_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "target.toml").write_text(LIVE.replace("quality-on-demand", "qos-profiles"), encoding="utf-8")
    assert main(["load", "--target", str(tmp_path / "target.toml")]) == 2
    assert "apis.quality-on-demand: users of a load test need it" in capsys.readouterr().err


def test_the_locustfile_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["load", "--locustfile"]) == 0
    assert Path(capsys.readouterr().out.strip()).read_text(encoding="utf-8").startswith('"""The locustfile')


def test_who_installs_all_gets_no_pytest_plugin_of_locust() -> None:
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"]
    assert any(requirement.startswith("locust") for requirement in extras["load"])
    assert "load" not in extras["all"][0].partition("[")[2].rstrip("]").split(",")


def test_nothing_but_the_locustfile_patches_the_process() -> None:
    code = (
        "import sys, pytest_nac_qod.plugin, pytest_nac_qod.commands.traffic.load, pytest_nac_qod.load.running,"
        " pytest_nac_qod.load.users, pytest_nac_qod.load.steps\n"
        "assert not {'gevent', 'locust'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=120)


@pytest.mark.slow
@pytest.mark.parametrize("workers", ["1", "2"])
def test_a_load_test_of_the_embedded_server(workers: str, tmp_path: Path) -> None:
    words = ["--users", "4", "--spawn-rate", "4", "--time", "8", "--workers", workers, "--report", str(tmp_path)]
    run = subprocess.run(
        [sys.executable, "-m", "pytest_nac_qod", "load", *words],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert (run.returncode, run.stderr) == (0, "")
    document = read(tmp_path)
    assert (document.get("kind"), document["complete"]) == ("load", True)
    assert document["load"]["requests"] > 10
    assert document["load"]["workers"] == int(workers)
    assert "requests of 4 users" in run.stdout


@pytest.mark.slow
def test_a_defect_of_concurrency_ends_with_status_1() -> None:
    words = ["--users", "6", "--spawn-rate", "6", "--time", "12", "--fault", "creations_at_once_both_made"]
    run = subprocess.run(
        [sys.executable, "-m", "pytest_nac_qod", "load", *words],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert run.returncode == 1, run.stdout
    assert "nac_seen_one_of_two_at_once" in run.stdout


@pytest.mark.slow
def test_ctrl_c_cleans_up_and_judges(served: tuple[ReferenceServer, Path]) -> None:
    server, folder = served
    words = ["--target", str(folder / "target.toml"), "--users", "4", "--time", "300"]
    with subprocess.Popen(
        [sys.executable, "-m", "pytest_nac_qod", "load", *words], stdout=subprocess.PIPE, text=True
    ) as run:
        until = time.monotonic() + 120
        while sessions(server) < 2:
            assert time.monotonic() < until
            time.sleep(0.05)
        run.send_signal(signal.SIGINT)
        out, _ = run.communicate(timeout=200)
    assert "requests of 4 users" in out
    assert "Incomplete run" in out
    assert run.returncode == 3
    assert sessions(server) == 0


@pytest.mark.slow
def test_plain_locust_runs_the_locustfile(served: tuple[ReferenceServer, Path]) -> None:
    server, folder = served
    words = ["--qod-target", "target.toml", "--headless", "-u", "3", "-r", "3", "-t", "8", "--stop-timeout", "20"]
    environ = {name: value for name, value in os.environ.items() if not name.startswith("LOCUST_")}
    run = subprocess.run(
        [sys.executable, "-m", "locust", "-f", str(engine.locustfile()), *words],
        cwd=folder,
        env=environ,
        capture_output=True,
        text=True,
        timeout=200,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    assert "createSession" in run.stderr  # Locust tells its statistics there
    assert sessions(server) == 0
    assert main(["judge", *map(str, (folder / "nac-qod-load").glob("exchanges-*.jsonl"))]) == 0


@pytest.mark.slow
def test_plain_locust_without_a_target_says_what_to_give(tmp_path: Path) -> None:
    run = subprocess.run(
        [sys.executable, "-m", "locust", "-f", str(engine.locustfile()), "--headless", "-t", "1"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert run.returncode == 2
    assert "--qod-target: give the target file; nac-qod serve --write-target writes one" in run.stderr


@pytest.mark.slow
def test_the_page_is_open_while_it_runs(served: tuple[ReferenceServer, Path], browser: Browser) -> None:
    _, folder = served
    with listening_socket("127.0.0.1", 0) as sock:
        port = sock.getsockname()[1]
    size = Size(users=3, spawn_rate=3, seconds=40)
    with engine.started(size, folder / "plan.json", folder, web=port) as locust:
        page = browser.new_page()
        until = time.monotonic() + 60
        while True:
            try:
                page.goto(f"http://127.0.0.1:{port}/")
                break
            except Exception:  # noqa: BLE001 - not there yet
                assert time.monotonic() < until
                time.sleep(0.2)
        page.get_by_text("createSession").first.wait_for(timeout=60_000)
        page.close()
        locust.stop()
        assert locust.main.returncode is not None


def test_locust_is_an_extra(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None if name == "locust" else object())
    assert main(["load"]) == 2
    assert capsys.readouterr().err == 'nac-qod: nac-qod load needs locust: pip install "pytest-nac-qod[load]"\n'
