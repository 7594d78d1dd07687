"""`--dry-run`: what a run would send, and that it sends nothing."""

import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from pytest_nac_qod.proof.rehearsal import rehearse
from pytest_nac_qod.run.plan import plan
from pytest_nac_qod.run.settings import settings

TARGET = """release = "{release}"
[apis]
quality-on-demand = "{root}/quality-on-demand/{version}"
[tokens.two_legged]
token_url = "{root}/token?key=sesame-in-address"
client_id = "me"
client_secret_env = "SESAME"
[tokens.without_scope]
value = "sesame-without-scope"
[devices.default]
phoneNumber = "+34600000001"
[devices.second]
phoneNumber = "+34600000002"
[profiles.default]
name = "GOLD"
min_duration = 30
max_duration = 3600
[sink]
url = "https://sink.example.com/forwarded"
[hooks]
advance_clock = "{root}/advance"
terminate_session = ["end-it", "--password=sesame-of-command", "{{session_id}}"]
"""
VERSIONS = {"r1.3": "v0.11", "r2.2": "v1", "r3.2": "v1", "r4.1": "v1"}


@pytest.fixture
def silent() -> Iterator[socket.socket]:
    """Listens, and has to be left alone."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        listening.setblocking(False)  # noqa: FBT003 - as sockets have it
        yield listening
        with pytest.raises(BlockingIOError):
            listening.accept()


def target(folder: Path, silent: socket.socket, release: str = "r3.2") -> tuple[Path, str]:
    root = f"http://127.0.0.1:{silent.getsockname()[1]}"
    path = folder / "target.toml"
    path.write_text(TARGET.format(release=release, root=root, version=VERSIONS[release]), encoding="utf-8")
    return path, root


def told(path: Path, *scenarios: str, **more: object) -> list[str]:
    return list(rehearse(plan(settings({"target": path, "scenario": scenarios, **more}))))


def asked(lines: list[str], name: str) -> list[str]:
    """The lines of one case."""
    start = next(number for number, line in enumerate(lines) if line.startswith(f"# {name}"))
    return [line for line in lines[start + 1 :] if not line.startswith("# the same")][: _until(lines[start + 1 :])]


def _until(lines: list[str]) -> int:
    kept = [line for line in lines if not line.startswith("# the same")]
    return next(number for number, line in enumerate(kept) if line.startswith("#"))


@pytest.mark.parametrize("release", VERSIONS)
def test_each_request_is_told_and_none_sent(
    tmp_path: Path, silent: socket.socket, release: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SESAME", "sesame-of-mine")
    path, root = target(tmp_path, silent, release)
    lines = told(path, "*getSession_01*", "nac_security_session_survives_method_override")
    base = f"{root}/quality-on-demand/{VERSIONS[release]}"
    creation, *looks, deletion = asked(lines, "quality_on_demand_getSession_01_")
    assert creation.startswith(f'SESSION_ID=$(curl -s -X POST "{base}/sessions" ')
    assert creation.endswith("| jq -r .sessionId)")
    assert '"phoneNumber": "+34600000001"' in creation
    assert '"qosProfile": "GOLD"' in creation
    assert '"Authorization: Bearer <access token of tokens.two_legged>"' in creation
    assert looks
    assert all(line.startswith(f'curl -i -X GET "{base}/sessions/$SESSION_ID" ') for line in looks)
    assert deletion.startswith(f'curl -i -X DELETE "{base}/sessions/$SESSION_ID" ')
    assert lines[0] == "# tokens.two_legged"
    assert lines[1].startswith(f'curl -i -X POST "{root}/token?key=<')
    number = sum(not line.startswith("#") for line in lines) - 1  # but that for a token
    assert lines[-1] == f"# {number} requests, of which none was sent; what the target answers may lead to others"
    assert "sesame" not in "\n".join(lines)


def test_hooks_and_events_are_played(tmp_path: Path, silent: socket.socket, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SESAME", "sesame-of-mine")
    path, root = target(tmp_path, silent)
    lines = told(path, "nac_ended_session_is_unavailable_in_lists", "nac_session_expires_on_time")
    assert "# hooks.terminate_session runs end-it" in lines
    assert any(line.startswith(f'curl -i -X POST "{root}/advance" ') and '{"seconds":' in line for line in lines)
    assert "sesame" not in "\n".join(lines)


def test_what_lacks_something_says_so(tmp_path: Path, silent: socket.socket, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SESAME", "sesame-of-mine")
    path, _ = target(tmp_path, silent)
    (line,) = [line for line in told(path, "*getSession_401.2*") if "401.2" in line]
    assert re.fullmatch(r"# \S+ \(not run: the target file has no tokens\.expired; add \[tokens\.expired\]\)", line)


def test_the_command_leaves_no_file(tmp_path: Path, silent: socket.socket) -> None:
    path, _ = target(tmp_path, silent)
    before = set(tmp_path.iterdir())
    command = [sys.executable, "-m", "pytest_nac_qod", "check", "--target", str(path), "--dry-run", "--report", "out"]
    done = subprocess.run(
        [*command, "--scenario", "*getSession_404*"],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
        env={"SESAME": "sesame-of-mine", "PYTHONPATH": str(Path(__file__).parents[1])},
    )
    assert (done.returncode, done.stderr) == (0, ""), done.stderr
    assert done.stdout.splitlines()[-1].startswith("# ")
    assert "sesame" not in done.stdout
    assert set(tmp_path.iterdir()) == before
