"""What would spoil a run is found before it, in seconds, and nothing is created on the way."""

import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from pytest_nac_qod.cli import main
from pytest_nac_qod.preflight.finding import Finding, Job, together
from pytest_nac_qod.reference import ReferenceServer
from pytest_nac_qod.run.needs import require
from pytest_nac_qod.run.plan import plan
from pytest_nac_qod.run.settings import settings
from pytest_nac_qod.target import target_from_url
from pytest_nac_qod.target.file import render_target
from pytest_nac_qod.verdicts import CaseEnd
from tests.support.preflights import preflight, starting

SCOPES = frozenset({"quality-on-demand:sessions:create", "quality-on-demand:sessions:read"})
BASE = "is the base URL that of the API?"
NOW = datetime(2026, 5, 2, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def server() -> Iterator[ReferenceServer]:
    with ReferenceServer() as reference:
        yield reference


def test_a_target_that_is_ready(server: ReferenceServer, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, lines = preflight(tmp_path, server.target(), capsys)
    assert status == 0, lines
    assert {line[:4] for line in lines} <= {"ok  ", "skip"}
    assert starting(lines, "devices.default") == ["ok    devices.default: known, without sessions"]
    assert starting(lines, "devices.not_found") == [
        "ok    devices.not_found: answered 404 IDENTIFIER_NOT_FOUND, as it should be"
    ]
    assert starting(lines, "hooks.reset")[0].endswith("accepts connections")
    assert starting(lines, "clock") == ["ok    clock: the target's clock agrees with ours"]
    assert starting(lines, "sink")[0].startswith("ok    sink: the target is told to trust the receiver")
    assert lines[-1].startswith("ok    coverage: ")
    (said,) = starting(lines, "generated rules")
    assert said == (
        "ok    generated rules: 118 cases, each with up to 50 examples, most of which create something, and "
        "for polling.budget (2 s) at most; --max-examples N tries fewer, 0 none"
    )
    assert starting(lines, "tokens.two_legged")[0].startswith("ok    tokens.two_legged: obtained; valid until 2")
    assert not server.call(lambda: list(server.service.network.sessions))
    for secret in server.target().secrets().values():
        assert not any(secret in line for line in lines)


def test_what_is_missing_is_told_with_what_to_add(
    server: ReferenceServer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    whole = server.target()
    target = replace(
        whole,
        tokens={"two_legged": whole.tokens["two_legged"]},
        hooks={},
        devices={name: whole.devices[name] for name in ("default", "idle", "not_found")},
    )
    text = render_target(target) + '\n[unsupported]\nthree_legged_tokens = "no consent service"\n'
    status, lines = preflight(tmp_path, text, capsys, "--api", "quality-on-demand", "-v")
    assert status == 0
    said = starting(lines, "coverage")
    cases = plan(settings({"target": tmp_path / "target.toml", "api": ["quality-on-demand"]})).cases
    expired = [str(case) for case in cases if "tokens.expired" in case.row.purpose.needs]
    line = (
        f"warn  coverage: {len(expired)} cases not_tested: the target file has no tokens.expired; add [tokens.expired]"
    )
    place = lines.index(line)
    assert lines[place + 1 : place + 1 + len(expired)] == [f"      {case}" for case in expired]
    assert any(
        "not_applicable: the target file declares three_legged_tokens absent: no consent" in message for message in said
    )
    brief = starting(preflight(tmp_path, text, capsys, "--api", "quality-on-demand")[1], "coverage")
    assert len(brief) == 3
    assert brief[0].endswith("more reasons, shown by -v")
    assert brief[-1] == said[-1]
    lacking = 0
    for case in cases:
        try:
            require(replace(target, unsupported={"three_legged_tokens": "x"}), case.row)
        except CaseEnd:
            lacking += 1
    assert said[-1] == f"ok    coverage: {len(cases) - lacking} of {len(cases)} cases can be run"


def test_without_generated_rules_nothing_is_said_of_them(
    server: ReferenceServer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, lines = preflight(tmp_path, server.target(), capsys, "--max-examples", "0")
    assert status == 0
    assert starting(lines, "generated rules") == []


def test_what_does_not_answer_takes_seconds(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/quality-on-demand/v1"
        started = time.monotonic()
        status, lines = preflight(tmp_path, replace(target_from_url(url, "t0ken", release="r3.2")), capsys)
        assert time.monotonic() - started < 60  # and not for ever
    assert status == 1
    assert lines[0] == f"fail  apis.quality-on-demand: {url} gave no answer (ReadTimeout); is the service up?"
    assert starting(lines, "devices.default") == [
        "skip  devices.default: not looked up, since apis.quality-on-demand cannot be used"
    ]


def test_a_check_that_hangs_holds_up_nobody() -> None:
    never = threading.Event()
    jobs = [
        Job("slow", lambda: [Finding("ok", "slow", str(never.wait()))]),
        Job("broken", lambda: [Finding("ok", "broken", str(1 // 0))]),
        Job("quick", lambda: [Finding("ok", "quick", "there")]),
    ]
    assert list(together(jobs, 1.0)) == [
        Finding("fail", "slow", "no answer within 1 s"),
        Finding("fail", "broken", "could not be checked: ZeroDivisionError: integer division or modulo by zero"),
        Finding("ok", "quick", "there"),
    ]
    never.set()


def test_nobody_is_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    url = f"http://127.0.0.1:{port}/quality-on-demand/v1"
    status, lines = preflight(tmp_path, target_from_url(url, "t0ken", release="r3.2"), capsys)
    assert status == 1
    assert lines[0].startswith(f"fail  apis.quality-on-demand: {url} cannot be reached: ")
    assert lines[0].endswith("is the address right?")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "nac-qod: preflight looks at a target; give --target or --url"),
        (["--target", "no.toml"], "nac-qod: no.toml: no such file; nac-qod init no.toml writes one to fill in"),
        (["--url", "host"], "nac-qod: --url: host: expected an address with http:// or https://"),
    ],
)
def test_unusable_input_is_told_at_once(
    arguments: list[str],
    said: str,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("QOD_TOKEN", "token-of-a-test")
    assert main(["preflight", *arguments]) == 2
    assert capsys.readouterr().err.splitlines() == [said]


def test_devices_in_the_wrong_role(server: ReferenceServer, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    whole = server.target()
    devices = {"default": whole.devices["not_found"], "not_found": whole.devices["idle"]}
    status, lines = preflight(tmp_path, replace(whole, devices=devices), capsys)
    assert status == 1
    hint = "is it the right device for this role?"
    assert starting(lines, "devices.default") == [
        f"fail  devices.default: answered 404 IDENTIFIER_NOT_FOUND, expected 200; {hint}"
    ]
    assert starting(lines, "devices.not_found") == [f"warn  devices.not_found: answered 200, expected 404; {hint}"]


def test_a_device_with_sessions(server: ReferenceServer, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = server.target()
    with httpx.Client(base_url=target.apis["quality-on-demand"]) as http:
        http.headers["Authorization"] = f"Bearer {target.tokens['two_legged'].resolve(http)}"
        body = {
            "device": target.devices["default"],
            "applicationServer": target.application_servers["default"],
            "qosProfile": "QOS_L",
            "duration": 60,
        }
        assert http.post("/sessions", json=body).status_code == 201
    _, lines = preflight(tmp_path, target, capsys)
    server.reset()
    assert starting(lines, "devices.default") == [
        "warn  devices.default: has 1 sessions already; a run needs a device without sessions"
    ]


def test_hooks_are_looked_for_and_not_called(
    server: ReferenceServer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = render_target(replace(server.target(), hooks={}))
    text += 'reset = ["no-such-command"]\nadvance_clock = ["touch", "called"]\n'
    status, lines = preflight(tmp_path, text, capsys)
    assert status == 1
    assert starting(lines, "hooks.reset") == [
        "fail  hooks.reset: no-such-command: no such command; install it, or give its path"
    ]
    assert starting(lines, "hooks.advance_clock") == ["ok    hooks.advance_clock: touch is there"]
    assert not Path("called").exists()


def test_a_token_that_cannot_be_had(
    server: ReferenceServer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    whole = server.target()
    text = render_target(replace(whole, tokens={"two_legged": whole.tokens["two_legged"]}))
    secret = whole.secrets()["tokens.two_legged.client_secret"]
    status, lines = preflight(tmp_path, text.replace(secret, "not-the-secret"), capsys)
    assert status == 1
    assert starting(lines, "tokens.two_legged") == [
        (
            f"fail  tokens.two_legged: {server.url}/oauth2/token answered 401 (invalid_client); "
            "check client_id, client_secret and scope"
        )
    ]
    assert starting(lines, "devices.default") == [
        "skip  devices.default: not looked up, since tokens.two_legged cannot be used"
    ]
