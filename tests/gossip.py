"""A target that gives away all the secrets that it knows."""

import base64
import html
import json
import re
import sys
from urllib.parse import quote, quote_plus

import tomli_w
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

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


def hooks(host: str) -> dict[str, str | list[str]]:
    """Hooks of the target file, secrets in all their parts."""
    refuse = (
        f"http://ops:{secret('hooks.refuse_next_session password')}@{host}/hook/"
        f"{secret('hooks.refuse_next_session path')}?key={secret('hooks.refuse_next_session query')}"
    )
    terminate = [secret("hooks.terminate_session word"), f"--token={secret('hooks.terminate_session option')}"]
    shout = "import sys; sys.exit(' '.join(sys.argv[1:]))"
    return {"refuse_next_session": refuse, "terminate_session": [sys.executable, "-c", shout, *terminate]}


def target(port: int) -> str:
    """Target file for the gossip at this port."""
    host = f"127.0.0.1:{port}"
    user, key = secret("tokens.without_scope.token_url password"), secret("tokens.without_scope.token_url query")
    sink = f"https://me:{secret('sink.url password')}@sink.example.com/?key={secret('sink.url query')}"
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
            "hooks": hooks(host),
            "sink": {"url": sink},
        }
    )
