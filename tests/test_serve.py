"""nac-qod serve as its user sees it."""

import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from pytest_nac_qod import contracts
from pytest_nac_qod.cli import parser
from pytest_nac_qod.foundation.exits import EXIT_USAGE
from pytest_nac_qod.reference import ReferenceServer
from pytest_nac_qod.target.file import load_target

COMMAND = [sys.executable, "-m", "pytest_nac_qod", "serve"]


@contextmanager
def running(*command: str) -> Iterator[subprocess.Popen[str]]:
    """A process that does not outlive the test."""
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


@pytest.mark.parametrize("release", contracts.RELEASES)
def test_tells_where_each_api_is_and_writes_a_target_for_all(release: str, tmp_path: Path) -> None:
    port, file = free_port(), tmp_path / "target.toml"
    with running(*COMMAND, "--release", release, "--port", str(port), "--write-target", str(file)) as server:
        assert server.stdout
        apis = contracts.apis(release)
        lines = [server.stdout.readline() for _ in range(len(apis) + 2)]
        assert lines == [
            *(f"{api} {release} at http://127.0.0.1:{port}{path}\n" for api, path in base_paths(release).items()),
            f"nac-qod check --target {file}\n",
            f"Ctrl-C stops it, or kill {server.pid}\n",
        ]
        target = load_target(file)
    assert target.release == release
    assert tuple(target.apis) == apis
    assert {"private_key_jwt", "over_quota", "second_client"} <= set(target.tokens)
    assert {"mismatched", "restricted", "without_profiles", "asynchronous"} <= set(target.devices)
    assert {"deprecated", "restricted", "inactive"} <= set(target.profiles)


def base_paths(release: str) -> dict[str, str]:
    return {api: contracts.contract(release, api).base_path for api in contracts.apis(release)}


@pytest.mark.parametrize(
    ("options", "sink", "status"),
    [
        ((), "https://10.0.0.7/x", 400),
        (("--private-sinks",), "https://10.0.0.7/x", 201),
        (("--private-sinks",), "https://[fd00::7]/x", 201),
        (("--private-sinks",), "https://169.254.169.254/x", 400),
        (("--private-sinks",), "https://0.0.0.0/x", 400),
    ],
)
def test_sinks_at_private_addresses_are_called_where_the_user_says_so(
    options: tuple[str, ...], sink: str, status: int
) -> None:
    given = ReferenceServer(private_sinks=parser().parse_args(["serve", *options]).private_sinks)
    for again in range(2):  # a reset changes nothing
        with given as server, httpx.Client(timeout=120) as http:
            target = server.target()
            http.headers["Authorization"] = f"Bearer {target.tokens['two_legged'].resolve(http)}"
            body = {
                "device": target.devices["default"],
                "applicationServer": target.application_servers["default"],
                "qosProfile": target.profiles["default"].name,
                "duration": 60,
                "sink": sink,
            }
            assert http.post(f"{server.base_url()}/sessions", json=body).status_code == status, again
            server.reset()


def test_unknown_release(tmp_path: Path) -> None:
    done = subprocess.run(
        [*COMMAND, "--release", "r9.9"], capture_output=True, text=True, check=False, cwd=tmp_path, timeout=600
    )
    known = ", ".join(contracts.RELEASES)
    assert done.stderr == f"nac-qod: no contracts of release 'r9.9'; there are {known}\n"
    assert done.returncode == EXIT_USAGE


def test_interrupted_server_ends_in_silence() -> None:
    port = free_port()
    # Started by a job in the background, the tests ignore Ctrl-C, and so would a server that inherits it.
    heeding = "import runpy, signal; signal.signal(2, signal.default_int_handler); "
    heeding += "runpy.run_module('pytest_nac_qod', run_name='__main__')"
    command = [sys.executable, "-X", "dev", "-W", "error", "-c", heeding, "serve", "--port", str(port)]
    with running(*command) as server:
        assert server.stdout
        assert server.stderr
        server.stdout.readline()
        assert httpx.get(f"http://127.0.0.1:{port}/").status_code == 404
        server.send_signal(2)
        assert server.wait(20) == 0
        assert [line for line in server.stderr if not line.startswith("Executing ")] == []


@contextmanager
def served(release: str, file: Path) -> Iterator[None]:
    """`nac-qod serve` that has written its target file."""
    with running(*COMMAND, "--release", release, "--port", "0", "--write-target", str(file)) as server:
        assert server.stdout
        assert any(line == f"nac-qod check --target {file}\n" for line in server.stdout)
        yield


@pytest.mark.slow
@pytest.mark.parametrize("release", contracts.RELEASES)
def test_what_it_writes_is_a_target_without_a_failure(release: str, tmp_path: Path) -> None:
    quiet = ("--", "-p", "no:cacheprovider", "-p", "no:randomly", "-p", "no:xdist", "-q")
    examples = "1" if release == contracts.CURRENT else "0"
    check = [sys.executable, "-m", "pytest_nac_qod", "check", "--target", "t.toml", "--max-examples", examples, *quiet]
    with served(release, tmp_path / "t.toml"):
        done = subprocess.run(check, capture_output=True, text=True, check=False, cwd=tmp_path, timeout=900)
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    assert "FAIL" not in done.stdout
    assert "\nnothing required is broken (" in done.stdout
