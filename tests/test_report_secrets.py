"""Secrets planted in every place that they could leak from, and looked for in all that a run leaves behind."""

import base64
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from pytest_nac_qod.wire.serving import serve
from tests.gossip import ISSUED, PLACES, Gossip, core, encoded, secret, target

API = "quality-on-demand"
# of each kind one case that comes by the places: creations with and without sinks, every token, both hooks
SOME = ("*unavailable*", "*event*", "*_01_*", "*_401*", "*_403*")


def run(words: list[str], folder: Path, environment: dict[str, str]) -> tuple[int, str, str]:
    """Exit status, output and errors of a command."""
    command = [sys.executable, "-m", "pytest_nac_qod", *words]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, check=False, timeout=300)
    return done.returncode, done.stdout.decode(), done.stderr.decode()


@pytest.fixture(scope="module")
def left_behind(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, str], set[str]]:
    """All that two runs against the gossip left, by file, and the sink credentials that it was sent."""
    gossip, folder = Gossip(), tmp_path_factory.mktemp("secrets")
    serving = serve(gossip.app)
    text = target(serving.port)
    (folder / "one.toml").write_text(text, encoding="utf-8")
    (folder / "two.toml").write_text(re.sub("refuse_next_session = .*", "", text), encoding="utf-8")
    variables = {
        "SECOND_CLIENT": secret("tokens.second_client.env"),
        "EXPIRED": secret("tokens.expired.client_secret_env"),
        "VARIABLE": secret("headers.X-Variable.env"),
        **{name: secret(name) for name in ("AWS_SECRET_ACCESS_KEY", "GITHUB_TOKEN", "QOD_SIGN_PASSPHRASE")},
    }
    environment = os.environ | variables
    left: dict[str, str] = {}
    for name, some in (("one", SOME), ("two", ("*unavailable*",))):
        if name == "two":
            gossip.known -= {ISSUED, *(place for place in PLACES if place.startswith("hooks.refuse"))}
        words = ["check", "--target", f"{name}.toml", "--report", f"out-{name}", "--max-examples", "0"]
        words += [f"--scenario={pattern}" for pattern in some]
        status, left[f"{name} stdout"], left[f"{name} stderr"] = run(
            [*words, "--", "-v", "-rA", "-p", "no:randomly", "--log-level=DEBUG"], folder, environment
        )
        assert status in (1, 3), left[f"{name} stdout"] + left[f"{name} stderr"]
        left |= {f"{name} {path.name}": path.read_text("utf-8") for path in (folder / f"out-{name}").iterdir()}
    words = ["preflight", "--target", "one.toml"]
    _, left["preflight stdout"], left["preflight stderr"] = run(words, folder, environment)
    serving.stop()
    return left, gossip.credentials


def plain(text: str) -> Iterator[str]:
    """A text, and whatever in it can be decoded."""
    yield text
    yield re.sub(r"\\+u([0-9a-fA-F]{4})", lambda match: chr(int(match[1], 16)), text)
    yield re.sub(r"%([0-9a-fA-F]{2})", lambda match: chr(int(match[1], 16)), text)
    for run in set(re.findall(r"(?:[0-9a-fA-F]{2}){8,}", text)):
        yield bytes.fromhex(run).decode("latin-1")
    for run in set(re.findall(r"[A-Za-z0-9+/_-]{12,}", text)):
        for start in range(4):
            piece = run[start:].replace("-", "+").replace("_", "/")
            piece = piece[:-1] if len(piece) % 4 == 1 else piece
            yield base64.b64decode(piece + "=" * (-len(piece) % 4)).decode("latin-1")


def test_the_search_finds_what_is_there() -> None:
    for place in PLACES:
        for form in encoded(secret(place)):
            assert any(core(place) in text for text in plain(f"some {form} text")), (place, form)


def test_nothing_leaks(left_behind: tuple[dict[str, str], set[str]]) -> None:
    files, credentials = left_behind
    assert {"one report.html", "one junit.xml", "one exchanges.har", "one results.json"} < set(files)
    assert len(files["one results.json"]) > 100_000
    assert len(credentials) > 3
    wanted = {place: core(place) for place in PLACES} | {token: token for token in credentials}
    leaks = {
        (name, place)
        for name, text in files.items()
        for shown in plain(text)
        for place, needle in wanted.items()
        if needle in shown
    }
    assert leaks == set()


def test_what_is_hidden_is_named(left_behind: tuple[dict[str, str], set[str]]) -> None:
    files, _ = left_behind
    results = files["one results.json"]
    for label in ("tokens.two_legged", "tokens.without_scope.client_secret", "headers.X-Text", "env.GITHUB_TOKEN"):
        assert f"<redacted:{label}>" in results
    assert "hooks.refuse_next_session: http://127.0.0.1:" in results
    assert "hooks.terminate_session: " in files["two results.json"]
    assert "tokens.expired: http://127.0.0.1:" in results


def test_a_password_in_the_url_is_not_told(tmp_path: Path) -> None:
    url = "http://me:planted-p4ss@127.0.0.1:1/quality-on-demand/v1"
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest_nac_qod",
            "check",
            "--url",
            url,
            "--token",
            "planted-t0ken",
            "--report",
            "out",
            "--max-examples",
            "0",
        ],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )
    said = "take the user name and password out of the address; access is by tokens"
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"ERROR: --url: http://127.0.0.1:1/quality-on-demand/v1: {said}\n\n"
    files = [path.read_text(encoding="utf-8") for path in tmp_path.rglob("*") if path.is_file()]
    assert "planted" not in "".join([done.stdout, done.stderr, *files])
