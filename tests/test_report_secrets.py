"""Secrets planted in every place that they could leak from, and looked for in all that a run leaves behind."""

import base64
import html
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, quote_plus

import pytest
import tomli_w
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from pytest_nac_qod.wire.serving import serve

API = "quality-on-demand"
SESSION = "1c7ea402-4bd0-4b7a-9c07-3d5d2a6e0f11"
ISSUED = "the token issued for tokens.without_scope"
# place: whether the target knows the secret and gives it away in each of its answers
PLACES = {
    "tokens.two_legged.value": True,
    "tokens.second_client.env": True,
    "tokens.three_legged.value": True,
    "tokens.without_scope.client_secret": True,
    ISSUED: True,
    "tokens.without_scope.token_url password": True,
    "tokens.without_scope.token_url query": True,
    "tokens.expired.client_secret_env": True,
    "headers.X-Text": True,
    "headers.X-Variable.env": True,
    "hooks.refuse_next_session password": True,
    "hooks.refuse_next_session query": True,
    "hooks.refuse_next_session path": False,
    "hooks.terminate_session word": False,
    "hooks.terminate_session option": False,
    "sink.url password": True,
    "sink.url query": True,
    "AWS_SECRET_ACCESS_KEY": True,
    "GITHUB_TOKEN": True,
    "QOD_SIGN_PASSPHRASE": True,
}


def core(place: str) -> str:
    """What is unmistakable in the secret of a place."""
    return f"planted{list(PLACES).index(place):02}x9f3Q"


def secret(place: str) -> str:
    """Of an address or header only what may stand there; elsewhere with all that encodings change."""
    plain = re.search(r"hooks|sink|token_url|headers|tokens\.(two|second|three)|issued", place)
    return core(place) if plain else f'é"{core(place)}/+&<\\ü'


def encoded(text: str) -> list[str]:
    """A text in the forms in which a server may give it away."""
    raw = text.encode()
    return [
        text,
        json.dumps(text),
        json.dumps(json.dumps({"said": text})),
        "".join(f"\\u{ord(character):04x}" for character in text),
        quote(text, safe=""),
        quote(text),
        quote_plus(text),
        "".join(f"%{byte:02x}" for byte in raw),
        html.escape(text),
        raw.hex(),
        *(base64.b64encode(b"client:"[:start] + raw).decode() for start in range(4)),
        base64.urlsafe_b64encode(b"x:" + raw).decode().rstrip("="),
        f"Basic {base64.b64encode(b'id:' + raw).decode()}",
    ]


class Gossip:
    """A target that tells in every answer all that it knows, in all forms, and what it was sent."""

    def __init__(self) -> None:
        self.credentials: set[str] = set()
        self.known = {place for place, told in PLACES.items() if told} - {ISSUED}
        routes = [
            Route("/token", self.token, methods=["POST"]),
            Route("/hook/{rest:path}", lambda _: Response(status_code=500), methods=["POST"]),
            Route("/{rest:path}", self.answer, methods=["GET", "POST", "DELETE"]),
        ]
        self.app = Starlette(routes=routes)

    async def token(self, request: Request) -> Response:
        form = (await request.body()).decode()
        if "scope=bad" in form:
            return JSONResponse({"error": f"bad {secret('tokens.expired.client_secret_env')}"}, status_code=401)
        self.known.add(ISSUED)
        return JSONResponse({"access_token": secret(ISSUED), "expires_in": 600})

    async def answer(self, request: Request) -> Response:
        text = (await request.body()).decode("utf-8", "replace")
        try:
            sent = json.loads(text)
        except ValueError:
            sent = {}
        sent = sent if isinstance(sent, dict) else {}
        credential = sent.get("sinkCredential")
        token = credential.get("accessToken") if isinstance(credential, dict) else None
        if isinstance(token, str) and len(token) > 8:
            self.credentials.add(token)
        body = {
            **sent,
            "sessionId": SESSION,
            "qosStatus": "AVAILABLE",
            "code": secret("tokens.two_legged.value"),
            "message": " ".join(form for place in sorted(self.known) for form in encoded(secret(place))),
            "headers": dict(request.headers),
            "echo": [form for text in (text, request.headers.get("authorization", "")) for form in encoded(text)],
        }
        headers = {
            "X-Echo": quote(request.headers.get("authorization", "")),
            "X-Raw": request.headers.get("authorization", ""),
            "WWW-Authenticate": f'Bearer error_description="no {secret("tokens.two_legged.value")}"',
            "Location": f"/elsewhere?access_token={secret('tokens.two_legged.value')}",
            "Set-Cookie": f"s={secret('tokens.second_client.env')}",
        }
        status = 201 if request.method == "POST" and request.url.path.endswith("/sessions") else 400
        if request.method == "GET":
            status = 200
        return JSONResponse(body, status_code=status, headers=headers)


def target(port: int) -> str:
    host, python = f"127.0.0.1:{port}", sys.executable
    shout = "import sys; sys.exit(' '.join(sys.argv[1:]))"
    user, key = secret("tokens.without_scope.token_url password"), secret("tokens.without_scope.token_url query")
    refuse = (
        f"http://ops:{secret('hooks.refuse_next_session password')}@{host}/hook/"
        f"{secret('hooks.refuse_next_session path')}?key={secret('hooks.refuse_next_session query')}"
    )
    sink = f"https://me:{secret('sink.url password')}@sink.example.com/?key={secret('sink.url query')}"
    terminate = [secret("hooks.terminate_session word"), f"--token={secret('hooks.terminate_session option')}"]
    return tomli_w.dumps(
        {
            "name": "gossip",
            "apis": {API: f"http://{host}/{API}/v1"},
            "timeout": 5,
            "polling": {"interval": 0.05, "budget": 0.2},
            "tokens": {
                "two_legged": {"value": secret("tokens.two_legged.value")},
                "second_client": {"env": "SECOND_CLIENT"},
                "three_legged": {"value": secret("tokens.three_legged.value")},
                "without_scope": {
                    "token_url": f"http://me:{user}@{host}/token?key={key}",
                    "client_id": "me",
                    "client_secret": secret("tokens.without_scope.client_secret"),
                },
                "expired": {
                    "token_url": f"http://{host}/token",
                    "client_id": "me",
                    "client_secret_env": "EXPIRED",
                    "scope": "bad",
                },
            },
            "headers": {"X-Text": secret("headers.X-Text"), "X-Variable": {"env": "VARIABLE"}},
            "devices": {"default": {"phoneNumber": "+123456789"}, "idle": {"phoneNumber": "+123456781"}},
            "profiles": {"default": {"name": "QOS_L", "min_duration": 1, "max_duration": 86400}},
            "hooks": {
                "refuse_next_session": refuse,
                "terminate_session": [python, "-c", shout, *terminate],
            },
            "sink": {"url": sink},
        }
    )


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
    found: dict[str, str] = {}
    for name, options in (("one", []), ("two", ["--scenario", "*unavailable*"])):
        if name == "two":
            gossip.known -= {ISSUED, *(place for place in PLACES if place.startswith("hooks.refuse"))}
        command = [
            "check",
            "--target",
            f"{name}.toml",
            "--report",
            f"out-{name}",
            "--max-examples",
            "0",
            *options,
            "--",
            "-v",
            "-rA",
        ]
        done = subprocess.run(
            [sys.executable, "-m", "pytest_nac_qod", *command, "-p", "no:randomly", "--log-level=DEBUG"],
            cwd=folder,
            env=os.environ | variables,
            capture_output=True,
            check=False,
            timeout=300,
        )
        assert done.returncode in (1, 3), done.stdout.decode() + done.stderr.decode()
        found[f"{name} stdout"], found[f"{name} stderr"] = done.stdout.decode(), done.stderr.decode()
        found |= {f"{name} {path.name}": path.read_text("utf-8") for path in (folder / f"out-{name}").iterdir()}
    done = subprocess.run(
        [sys.executable, "-m", "pytest_nac_qod", "preflight", "--target", "one.toml"],
        cwd=folder,
        env=os.environ | variables,
        capture_output=True,
        check=False,
        timeout=300,
    )
    found["preflight stdout"], found["preflight stderr"] = done.stdout.decode(), done.stderr.decode()
    serving.stop()
    return found, gossip.credentials


def plain(text: str) -> Iterator[str]:
    """A text, and whatever in it can be decoded."""
    yield text
    yield re.sub(r"\\+u([0-9a-fA-F]{4})", lambda found: chr(int(found[1], 16)), text)
    yield re.sub(r"%([0-9a-fA-F]{2})", lambda found: chr(int(found[1], 16)), text)
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
