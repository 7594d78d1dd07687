"""The embedded server behind something that spoils its answers, and runs of the suite against it."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import httpx
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pytest_nac_qod.foundation.jsontypes import JsonObject
from pytest_nac_qod.reference import ReferenceServer
from pytest_nac_qod.target import Polling
from pytest_nac_qod.target.file import render_target
from tests.support.commands import ROOT
from tests.support.target_runs import deployment

RELEASE = "r3.2"
OTHER_SERVER: JsonObject = {"ipv4Address": "203.0.113.77"}  # RFC 5737; of a customer


@dataclass(slots=True)
class Asked:
    """A request, and how many like it came before."""

    method: str
    path: str
    body: bytes
    number: int

    @property
    def creates(self) -> bool:
        return self.method == "POST" and self.path.endswith("/sessions")

    @property
    def deletes(self) -> bool:
        return self.method == "DELETE"


@dataclass(slots=True)
class Spoiled:
    """What comes instead of the server's answer.

    Attributes:
        carried_out: the request reaches the server all the same.
        lost: the connection is closed before the body has come.
        change: what becomes of the server's body; its status stays.
        sent: what becomes of the request's body before it is carried out.
    """

    status: int = 500
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()
    carried_out: bool = False
    lost: bool = False
    change: Callable[[bytes], bytes] | None = None
    sent: Callable[[bytes], bytes] | None = None


Spoil = Callable[[Asked], Spoiled | None]


@dataclass(slots=True)
class Spoiler:
    """Spoils answers of an application.

    Attributes:
        seen: method and raw path of all that came.
        failed: what went wrong here, and not where it should.
    """

    app: ASGIApp
    spoil: Spoil
    seen: list[tuple[str, str]] = field(default_factory=list)
    counted: dict[tuple[str, str], int] = field(default_factory=dict)
    failed: list[Exception] = field(default_factory=list)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or "/quality-on-demand/" not in scope["path"]:
            await self.app(scope, receive, send)
            return
        raw = scope["raw_path"].decode()
        self.seen.append((scope["method"], raw))
        content = b""
        while True:
            message = await receive()
            content += message.get("body", b"")
            if not message.get("more_body"):
                break
        kind = scope["method"], "" if scope["method"] != "POST" else scope["path"]
        number = self.counted[kind] = self.counted.get(kind, 0) + 1
        spoiled = self.spoil(Asked(scope["method"], scope["path"], content, number))

        async def again() -> Message:
            sent = spoiled.sent(content) if spoiled and spoiled.sent else content
            return {"type": "http.request", "body": sent, "more_body": False}

        if spoiled is None:
            await self.app(scope, again, send)
            return
        status, headers, body = spoiled.status, list(spoiled.headers), spoiled.body
        if spoiled.carried_out:
            answered: list[Message] = []

            async def keep(message: Message) -> None:
                answered.append(message)

            await self.app(scope, again, keep)
            if spoiled.change:
                status, body = answered[0]["status"], self._changed(spoiled.change, answered[1]["body"])
        headers = [("content-type", "application/json"), *headers]
        length = len(body) + (10 if spoiled.lost else 0)
        raw_headers = [(name.encode(), value.encode()) for name, value in [*headers, ("content-length", str(length))]]
        await send({"type": "http.response.start", "status": status, "headers": raw_headers})
        await send({"type": "http.response.body", "body": body, "more_body": spoiled.lost})

    def _changed(self, change: Callable[[bytes], bytes], body: bytes) -> bytes:
        try:
            return change(body)
        except Exception as error:
            self.failed.append(error)
            raise


@dataclass(slots=True)
class Done:
    """A run that ended."""

    status: int
    text: str
    document: JsonObject
    ledger: bool

    @property
    def account(self) -> JsonObject:
        found: JsonObject = self.document["run"]["account"]
        return found

    def verdicts(self) -> list[str]:
        return [result["verdict"] for result in self.document["results"]]

    def reasons(self) -> set[str]:
        return {result["reason"] for result in self.document["results"] if result["reason"]}


@dataclass(slots=True)
class Bench:
    """A spoiled server, and a folder with a target file for it."""

    server: ReferenceServer
    spoiler: Spoiler
    folder: Path

    @property
    def there(self) -> set[str]:
        """Ids of all sessions at the server that have not ended."""
        sessions = self.server.service.network.sessions
        return {key for key, session in sessions.items() if session.status != "UNAVAILABLE"}

    def pooled(self) -> None:
        """Have several devices in the target file, so that cases can run at the same time."""
        target = replace(self.server.target(), hooks={}, polling=Polling(interval=0.05, budget=4.0))
        (self.folder / "target.toml").write_text(render_target(target), encoding="utf-8")

    def command(self, *arguments: str) -> list[str]:
        quiet = ("--", "-q", "-p", "no:cacheprovider", "-p", "no:hypothesispytest")
        given = ("--target", "target.toml", "--report", "out", "--max-examples", "0", "--api", "quality-on-demand")
        return [sys.executable, "-m", "pytest_nac_qod", "check", *given, *arguments, *quiet]

    def start(self, *arguments: str, more: tuple[str, ...] = (), **how: Any) -> subprocess.Popen[str]:  # noqa: ANN401
        pipe = subprocess.PIPE
        return subprocess.Popen(
            [*self.command(*arguments), *more],
            stdout=pipe,
            stderr=pipe,
            text=True,
            cwd=self.folder,
            env={**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{self.folder}"},
            **how,
        )

    def end(self, process: subprocess.Popen[str]) -> Done:
        out, err = process.communicate(timeout=300)
        results = self.folder / "out" / "results.json"
        document = json.loads(results.read_text(encoding="utf-8")) if results.is_file() else {"results": []}
        ledger = (self.folder / "out" / "nac-qod-ledger.jsonl").exists()
        return Done(process.returncode, out + err, document, ledger)

    def check(self, *scenarios: str, more: tuple[str, ...] = (), **how: Any) -> Done:  # noqa: ANN401
        chosen = [part for scenario in scenarios for part in ("--scenario", scenario)]
        return self.end(self.start(*chosen, more=more, **how))

    def cleanup(self, *arguments: str, answer: str = "") -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "pytest_nac_qod", "cleanup", "--target", "target.toml"]
        ledger = ("--ledger", "out/nac-qod-ledger.jsonl")
        return subprocess.run(
            [*command, *ledger, *arguments],
            capture_output=True,
            text=True,
            check=False,
            cwd=self.folder,
            timeout=120,
            input=answer,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )


def nothing(_: Asked) -> Spoiled | None:
    """Spoils no answer."""
    return None


@contextmanager
def bench(folder: Path, spoil: Spoil = nothing, *, budget: float = 4.0, timeout: float = 10.0) -> Iterator[Bench]:
    """A server whose answers are spoiled, and a target file without hooks."""
    spoilers: list[Spoiler] = []

    def wrap(app: ASGIApp) -> ASGIApp:
        spoilers.append(Spoiler(app, spoil))
        return spoilers[0]

    with deployment(release=RELEASE, wrap=wrap) as server:
        target = replace(server.target(), hooks={}, polling=Polling(interval=0.05, budget=budget), timeout=timeout)
        (folder / "target.toml").write_text(render_target(replace(target, pool=())), encoding="utf-8")
        yield Bench(server, spoilers[0], folder)
        assert not spoilers[0].failed


def customer(bench: Bench, device: str = "default") -> str:
    """A session that somebody else created with the credentials of our client, for one of our devices."""
    target = bench.server.target()
    with httpx.Client(base_url=target.apis["quality-on-demand"]) as http:
        token = target.tokens["two_legged"].resolve(http)
        body = {
            "device": target.devices[device],
            "applicationServer": OTHER_SERVER,
            "qosProfile": target.profiles["default"].name,
            "duration": 3600,
        }
        answer = http.post("/sessions", json=body, headers={"Authorization": f"Bearer {token}"})
        assert answer.status_code == 201, answer.text
        return str(answer.json()["sessionId"])
