"""Twenty secrets, each in another place, against servers that take everything and that give everything back."""

import base64
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from starlette.types import Receive, Scope, Send

from pytest_nac_qod.wire.serving import serve
from tests.support.commands import ROOT

TARGET = """release = "r3.2"
timeout = 5.0
[apis]
quality-on-demand = "{root}/quality-on-demand/v1"
[tokens.two_legged]
value = "{two_legged}"
[tokens.second_client]
env = "OF_SECOND"
[tokens.without_scope]
value = "{without_scope}"
[tokens.expired]
env = "OF_EXPIRED"
[tokens.three_legged]
value = "{three_legged}"
[tokens.other_audience]
value = "{other_audience}"
[tokens.over_quota]
token_url = "{root}/token?key={token_address}"
client_id = "of-quota"
client_secret_env = "OF_QUOTA"
[tokens.private_key_jwt]
token_url = "{root}/token"
client_id = "of-key"
private_key = "key.pem"
auth_method = "private_key_jwt"
[headers]
X-RapidAPI-Key = "{header}"
X-Plain = {{ env = "OF_HEADER" }}
[devices.default]
phoneNumber = "+123456789"
[devices.three_legged]
phoneNumber = "+123456780"
[devices.not_found]
phoneNumber = "+123456781"
[profiles.default]
name = "QOS_L"
[polling]
budget = 0.3
interval = 0.05
[sink]
url = "https://127.0.0.1:1/x?key={sink_address}"
[hooks]
reset = "{root}/reset?key={hook_address}"
advance_clock = "{root}/advance?signature={hook_path}"
terminate_session = ["false", "--password={command}"]
"""
IN_FILE = (
    "two_legged", "without_scope", "three_legged", "other_audience", "token_address", "header", "sink_address",
    "hook_address", "hook_path", "command",
)  # fmt: skip
IN_ENVIRONMENT = {
    "second": "OF_SECOND", "expired": "OF_EXPIRED", "quota": "OF_QUOTA", "plain header": "OF_HEADER",
    "token": "QOD_TOKEN", "password": "DEPLOY_PASSWORD", "key": "RAPIDAPI_KEY",
}  # fmt: skip
OTHERS = ("issued token", "private key", "proxy")  # and the credential of each sink, which the run makes up
FORMS = (str, quote, lambda text: base64.b64encode(text.encode()).decode().rstrip("="), lambda text: text[:-1] + "%")


def made_up() -> dict[str, str]:
    """A secret for each place; a file's name tells nothing of it."""
    names = (*IN_FILE, *IN_ENVIRONMENT, *OTHERS)
    return {name: f"plant{number:02}-{os.urandom(8).hex()}" for number, name in enumerate(names)}


@dataclass(slots=True)
class Server:
    """Takes everything, or gives back everything that came, however it is written.

    Attributes:
        credentials: access tokens of sinks that it was told.
    """

    gives_back: bool
    token: str
    credentials: set[str] = field(default_factory=set)
    made: int = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        content, more = b"", True
        while more:
            message = await receive()
            content, more = content + message.get("body", b""), message.get("more_body", False)
        status, body = self._answer(scope, content)
        headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
        if self.gives_back:
            headers += [(b"x-was-" + name, value) for name, value in scope["headers"]]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    def _answer(self, scope: Scope, content: bytes) -> tuple[int, bytes]:
        method, path = scope["method"], scope["path"]
        if path == "/token":
            return 200, json.dumps({"access_token": self.token, "token_type": "Bearer", "expires_in": 3600}).encode()
        if not path.startswith("/quality-on-demand/"):
            return 200, b"{}"
        try:
            asked = json.loads(content)
        except (ValueError, RecursionError):
            asked = {}
        asked = asked if isinstance(asked, dict) else {}
        credential = asked.get("sinkCredential")
        if isinstance(credential, dict) and isinstance(credential.get("accessToken"), str):
            self.credentials.add(credential["accessToken"])
        if self.gives_back:
            return self._echo(scope, content)
        self.made += 1
        session = {**asked, "sessionId": f"5f0c3a1e-7b64-4c1d-9a2f-{self.made:012}", "qosStatus": "AVAILABLE"}
        if method == "DELETE":
            return 204, b""
        if path.endswith("/retrieve-sessions"):
            return 200, b"[]"
        return (201 if method == "POST" else 200), json.dumps(session).encode()

    def _echo(self, scope: Scope, content: bytes) -> tuple[int, bytes]:
        whole = [f"{name.decode('latin-1')}: {value.decode('latin-1')}" for name, value in scope["headers"]]
        text = "\n".join([*whole, scope["query_string"].decode(), content.decode("utf-8", "replace")])
        forms = [form(word) for word in text.replace("Bearer", " ").split() for form in (str, quote)]
        known = {"status": 400, "code": "INVALID_ARGUMENT", "message": " ".join(forms)[:8_000]}
        return 400, json.dumps(known | {"seen": text[:8_000]}).encode()


@contextmanager
def planted(folder: Path, *, gives_back: bool) -> Iterator[tuple[dict[str, str], dict[str, str], Server]]:
    """A server, its target file with all secrets, and the environment with the others."""
    secrets = made_up()
    server = Server(gives_back, secrets["issued token"])
    pem = ec.generate_private_key(ec.SECP256R1()).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "key.pem").write_bytes(pem)
    secrets["private key"] = pem.decode().splitlines()[1]
    serving = serve(server)
    try:
        root = f"http://127.0.0.1:{serving.port}"
        (folder / "target.toml").write_text(TARGET.format(root=root, **secrets), encoding="utf-8")
        (folder / "tmp").mkdir()
        environment = {variable: secrets[name] for name, variable in IN_ENVIRONMENT.items()}
        proxies = {"HTTPS_PROXY": f"http://me:{secrets['proxy']}@127.0.0.1:1"}
        base = {**os.environ, "PYTHONPATH": str(ROOT), "TMPDIR": str(folder / "tmp")}
        yield secrets, {**base, **environment, **proxies}, server
    finally:
        serving.stop()


def ran(folder: Path, environment: dict[str, str], *words: str) -> tuple[str, set[str]]:
    """What a command printed, and the command lines of it and what it started, as others on the machine see them."""
    command = [sys.executable, "-m", "pytest_nac_qod", *words]
    seen: set[str] = set()
    with (folder / "tmp-out").open("wb") as printed:
        process = subprocess.Popen(command, stdout=printed, stderr=subprocess.STDOUT, cwd=folder, env=environment)
        while process.poll() is None:
            seen |= set(lines_of(process.pid))
            with suppress(subprocess.TimeoutExpired):
                process.wait(0.2)
    text = (folder / "tmp-out").read_text(encoding="utf-8")
    (folder / "tmp-out").unlink()
    assert "Traceback" not in text
    return text, seen


def lines_of(parent: int) -> Iterator[str]:
    """Command lines of a process and its children; the words of a hook are the user's own."""
    for place in Path("/proc").glob("[0-9]*"):
        try:
            words = (place / "cmdline").read_text(encoding="utf-8").split("\0")
            above = (place / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()[1]
        except OSError:
            continue
        if str(parent) in (above, place.name) and words[0] != "false":
            yield " ".join(words)


def betrayed(secrets: dict[str, str], text: str) -> set[str]:
    return {name for name, secret in secrets.items() if any(form(secret) in text for form in FORMS)}


@pytest.mark.parametrize("gives_back", [False, True], ids=["takes everything", "gives everything back"])
def test_twenty_secrets_stay_where_they_are(tmp_path: Path, gives_back: bool) -> None:  # noqa: FBT001
    with planted(tmp_path, gives_back=gives_back) as (secrets, environment, server):
        assert len(secrets) >= 20
        target = ("--target", "target.toml")
        chosen = ("--api", "quality-on-demand", "--max-examples", "0")
        commands = [
            ("check", *target, "--report", "out", *chosen, "--", "-vv", "--showlocals", "-p", "no:cacheprovider"),
            ("check", *target, "--dry-run", *chosen, "--scenario", "*createSession_0*"),
            ("preflight", *target, "-v"),
            ("report", "out", "--output", "again"),
            ("expectations", "--from", "out/results.json"),
            ("cleanup", *target, "--ledger", "out/nac-qod-ledger.jsonl"),
        ]
        for words in commands:
            text, seen = ran(tmp_path, environment, *words)
            known = secrets | {f"credential {number}": value for number, value in enumerate(server.credentials)}
            assert betrayed(known, text) == set(), (words, text[:3_000])
            assert betrayed(known, "\n".join(seen)) == set(), words
        assert server.credentials
    files = [path for path in tmp_path.rglob("*") if path.is_file() and path.name not in ("target.toml", "key.pem")]
    assert {path.name for path in files} > {"results.json", "report.html", "junit.xml"}
    for path in files:
        assert betrayed(known, path.read_text(encoding="utf-8", errors="replace")) == set(), path
    assert not [path for path in (tmp_path / "tmp").rglob("*") if path.is_file()]
