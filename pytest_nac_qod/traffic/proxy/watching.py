"""The proxy on a socket, and a thread that judges what passed when nothing passes."""

import asyncio
import copy
import json
import ssl
import threading
import time
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from starlette.types import Receive, Scope, Send

from pytest_nac_qod import contracts
from pytest_nac_qod.foundation.problems import UnusableError
from pytest_nac_qod.report.records import ResultsDocument
from pytest_nac_qod.traffic import document
from pytest_nac_qod.traffic.court import Court
from pytest_nac_qod.traffic.proxy.passing import Passage
from pytest_nac_qod.traffic.reading import parts
from pytest_nac_qod.wire.field_values import base_problem
from pytest_nac_qod.wire.redaction import Redactor
from pytest_nac_qod.wire.secret_forms import without_userinfo
from pytest_nac_qod.wire.serving import LOOK, Serving, Startable, serve

RESULTS = "/_nac_qod/results"
_QUIET, _LOOK = 0.02, 0.01  # seconds without a request after which there is time to judge, and between looks
_PATIENCE = 10.0  # seconds for connections to be closed
_WAITING = 5000  # exchanges that may wait before there has to be time


@dataclass(slots=True, kw_only=True)
class Watch(Startable):
    """A reverse proxy for one upstream; as a context manager it passes on, and judges, until the end.

    Attributes:
        upstream: http or https URL; the path in it, if any, stands before all paths.
        court: judges; has options of its own.
        trust: whom to trust upstream; None for the usual authorities.
        certificate: files with the certificate chain and its key, to be reached by TLS.
    """

    upstream: str
    court: Court = field(default_factory=Court)
    host: str = "127.0.0.1"
    port: int = 0
    trust: ssl.SSLContext | None = None
    certificate: tuple[Path, Path] | None = None
    _passage: Passage = field(init=False)
    _serving: Serving | None = field(default=None, init=False)
    _waiting: deque[parts.Raw] = field(default_factory=deque, init=False)
    _latest: float = field(default=0.0, init=False)
    _ended: threading.Event = field(default_factory=threading.Event, init=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, init=False)
    _judging: threading.Thread | None = field(default=None, init=False)
    _redactor: Redactor = field(default_factory=Redactor, init=False)

    def __post_init__(self) -> None:
        """Check where everything goes to.

        Raises:
            UnusableError: it is no http or https URL.
        """
        if not self.upstream.lower().startswith(("http://", "https://")):
            raise UnusableError(f"--upstream: {self.upstream!r}: expected an address with http:// or https://")
        if problem := base_problem(self.upstream):
            raise UnusableError(f"--upstream: {without_userinfo(self.upstream)!r}: {problem}")
        self.upstream = self.upstream.rstrip("/")
        self._passage = Passage(self.upstream, self._note, self.trust)

    @property
    def url(self) -> str:
        """Where it listens, without a slash at the end."""
        scheme = "https" if self.certificate else "http"
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{scheme}://{host}:{self.port}"

    def through(self, url: str) -> str:
        """An address of upstream as it is through the proxy."""
        return self.url + url.removeprefix(self.upstream)

    def start(self) -> None:
        """Listen.

        Raises:
            ServingError: the address is not ours, or taken.
        """

        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            await self._app(scope, receive, send)

        self._serving = serve(app, host=self.host, port=self.port, certificate=self.certificate, dated=False)
        self.port = self._serving.port
        self._judging = threading.Thread(target=self._judge, name="nac-qod-judging", daemon=True)
        self._judging.start()

    def stop(self) -> None:
        """Stop listening, and judge what is left."""
        if self._serving is not None:
            serving, self._serving = self._serving, None
            if serving.loop is not None:
                asyncio.run_coroutine_threadsafe(self._passage.close(), serving.loop).result(_PATIENCE)
            serving.stop()
        self._ended.set()
        if self._judging is not None:
            self._judging.join()
            self._judging = None

    def wait(self) -> None:
        """Pass on until interrupted."""
        while not self._ended.wait(LOOK):
            pass

    def results(self) -> ResultsDocument:
        """What has passed came to so far, as in results.json; it goes on."""
        with self._lock:
            self._take_in()
            court = _snapshot(self.court)
        return document.of_court(court, {"upstream": without_userinfo(self.upstream)})

    async def _app(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"] == RESULTS:
            text = json.dumps(await asyncio.get_running_loop().run_in_executor(None, self.results)).encode()
            headers = [(b"content-type", b"application/json"), (b"content-length", str(len(text)).encode())]
            await send({"type": "http.response.start", "status": 200, "headers": headers})
            await send({"type": "http.response.body", "body": text})
        elif scope["type"] == "http":
            await self._passage(scope, receive, send)

    def _note(self, raw: parts.Raw) -> None:
        self._waiting.append(raw)
        self._latest = time.monotonic()

    def _judge(self) -> None:
        while not self._ended.wait(_LOOK):
            idle = not self._passage.flying and time.monotonic() - self._latest > _QUIET
            if self._waiting and (idle or len(self._waiting) > _WAITING):
                with self._lock:
                    self._take_in(most=1)
        with self._lock:
            self._take_in()

    def _take_in(self, most: int | None = None) -> None:
        while self._waiting and most != 0:
            self.court.see(parts.seen(self._waiting.popleft(), self._redactor, ""))
            most = None if most is None else most - 1


def _snapshot(court: Court) -> Court:
    """A court that can be closed while the other one goes on; what never changes is shared."""
    shared: Mapping[int, Any] = {
        id(contract): contract
        for release in contracts.releases()
        for contract in (contracts.contract(release, api) for api in contracts.apis(release))
    }
    own = {id(contract): contract for contract in court.own.values()}
    return copy.deepcopy(court, {**shared, **own})
