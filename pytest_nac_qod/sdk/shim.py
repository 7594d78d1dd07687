"""A forwarding shim on loopback between a client and the target: it adds Authorization and records what passes."""

import asyncio
import re
import ssl
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import TracebackType
from typing import Self

import httpx
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pytest_nac_qod.foundation.problems import UnusableError
from pytest_nac_qod.sdk.interventions import Intervention, changed, made, parsed
from pytest_nac_qod.wire.client import GONE
from pytest_nac_qod.wire.connections import async_connection, connection
from pytest_nac_qod.wire.exchange import Exchange, captured_request, captured_response
from pytest_nac_qod.wire.field_values import segment, usable_id
from pytest_nac_qod.wire.ownership.ledger import Ledger
from pytest_nac_qod.wire.redaction import Redactor
from pytest_nac_qod.wire.resources import may_have_created
from pytest_nac_qod.wire.serving import Serving, serve
from pytest_nac_qod.wire.transport.pacing import EXCHANGE

_OWNER = "two_legged"  # role of the token that is added
_METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"]
_OF_ONE_HOP = frozenset(
    {"connection", "content-encoding", "content-length", "host", "keep-alive", "te", "trailer", "transfer-encoding"}
)
_OPERATIONS = (
    ("POST", re.compile(r"/sessions/?$"), "createSession"),
    ("GET", re.compile(r"/sessions/?$"), "retrieveSessionsByDevice"),
    ("POST", re.compile(r"/retrieve-sessions/?$"), "retrieveSessionsByDevice"),
    ("GET", re.compile(r"/sessions/[^/]+$"), "getSession"),
    ("DELETE", re.compile(r"/sessions/[^/]+$"), "deleteSession"),
    ("POST", re.compile(r"/sessions/[^/]+/extend$"), "extendQosSessionDuration"),
)


def operation_of(method: str, path: str) -> str:
    """The operationId of quality-on-demand that a request stands for, in any dialect; empty if there is none."""
    return next((name for verb, shape, name in _OPERATIONS if verb == method and shape.search(path)), "")


_NOWHERE = httpx.Response(404, json={"status": 404, "code": "NOT_FOUND", "message": "The target serves no such path."})


@dataclass(slots=True, kw_only=True)
class Shim:
    """Forwards what it gets, and keeps what passed; as a context manager it listens on loopback.

    Attributes:
        bases: where each path prefix is forwarded to; the longest that fits counts, and the rest of the path is kept.
        token: gives the access token; a client's own Authorization is never replaced.
        headers: sent with each request, such as those of a target file.
        ledger: gets each session that is created through here.
        timeout: seconds to wait for the target.
        verify: whom to trust, as httpx has it.
        exchanges: all that passed, redacted, in order.
        interventions: in force; the first that fits applies.
        sessions: id and address on the target of each session created through here and not deleted yet.
    """

    bases: Mapping[str, str]
    token: Callable[[], str] | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    redactor: Redactor = field(default_factory=Redactor)
    ledger: Ledger | None = None
    timeout: float = 10.0
    verify: ssl.SSLContext | bool = True
    exchanges: list[Exchange] = field(default_factory=list)
    interventions: Sequence[Intervention] = ()
    sessions: dict[str, str] = field(default_factory=dict)
    _used: dict[int, int] = field(default_factory=dict, init=False)
    _http: httpx.AsyncClient | None = field(default=None, init=False)
    _own: httpx.Client | None = field(default=None, init=False)
    _serving: Serving | None = field(default=None, init=False)
    _count: int = field(default=0, init=False)
    _under_way: int = field(default=0, init=False)
    _closing: bool = field(default=False, init=False)
    _changed: threading.Condition = field(default_factory=threading.Condition, init=False)

    @property
    def url(self) -> str:
        """Address without a slash at the end; the paths behind it are the target's."""
        if self._serving is None:
            raise RuntimeError("the shim is not running; use it as a context manager")
        return f"http://127.0.0.1:{self._serving.port}"

    def intervene(self, *interventions: Intervention) -> None:
        """Do these from now on, and no others."""
        self.interventions = interventions
        self._used = {}

    def clear(self) -> None:
        """Forget what passed, and intervene no more."""
        self.exchanges.clear()
        self.intervene()

    def status_of(self, session_id: str) -> str | None:
        """The qosStatus of a session that was created through here, asked of the target; None when it has none."""
        if session_id not in self.sessions:
            return None
        body = parsed(self._direct("GET", self.sessions[session_id]).content)
        return body.get("qosStatus") if isinstance(body, dict) else None

    def delete_sessions(self) -> None:
        """Delete on the target what was created through here and is still there, once no request is under way.

        A client may have answered before its request has landed.
        """
        with self._changed:
            self._changed.wait_for(lambda: not self._under_way, EXCHANGE * self.timeout)
        for session_id, url in list(self.sessions.items()):
            if self._direct("DELETE", url).status_code in (202, *GONE):
                self._gone(session_id)

    def __enter__(self) -> Self:
        self._closing = False
        self._serving = serve(Starlette(routes=[Route("/{path:path}", self._endpoint, methods=_METHODS)]))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._serving:
            with self._changed:
                self._closing = True
            with suppress(httpx.HTTPError, UnusableError):  # the ledger tells what is left
                self.delete_sessions()
            if self._http and self._serving.loop:
                asyncio.run_coroutine_threadsafe(self._http.aclose(), self._serving.loop).result(self.timeout)
            self._http = None
            if self._own:
                self._own.close()
                self._own = None
            self._serving.stop()
            self._serving = None

    def _direct(self, method: str, url: str) -> httpx.Response:
        """A request of our own to the target."""
        if self._own is None:
            self._own = connection(timeout=self.timeout, verify=self.verify)
        return self._own.request(method, url, headers={**self.headers, **self._authorization()})

    def _authorization(self) -> dict[str, str]:
        return {"authorization": f"Bearer {self.token()}"} if self.token else {}

    async def _endpoint(self, request: Request) -> Response:
        with self._changed:
            if self._closing:
                return Response(status_code=503)
            self._under_way += 1
        try:
            return await self._passed(request)
        finally:
            with self._changed:
                self._under_way -= 1
                self._changed.notify_all()

    async def _passed(self, request: Request) -> Response:
        operation = operation_of(request.method, request.url.path)
        address = self._address(request.url.path)
        content = await request.body()
        headers = {name: value for name, value in request.headers.items() if name not in _OF_ONE_HOP}
        query = f"?{request.url.query}" if request.url.query else ""
        # what is kept is what the client sent: Authorization and the target's headers are added behind the record
        sent = httpx.Request(request.method, (address or str(request.url)) + query, headers=headers, content=content)
        started, clock = datetime.now(UTC), time.perf_counter()
        error = None
        try:
            answer = _NOWHERE if address is None else await self._answer(operation, address, sent)
        except (httpx.RequestError, UnusableError) as failure:  # no token, no room for the ledger
            error = self.redactor.text(f"{type(failure).__name__}: {failure}")
            answer = httpx.Response(502, json={"status": 502, "code": "BAD_GATEWAY", "message": "No answer."})
        self._count += 1
        exchange = Exchange(
            id=f"x{self._count}",
            operation=operation,
            role="judged",
            request=captured_request(sent, self.redactor),
            response=None if error else captured_response(answer, self.redactor),
            error=error,
            started=started.isoformat().replace("+00:00", "Z"),
            seconds=time.perf_counter() - clock,
        )
        self.exchanges.append(exchange)
        kept = {name: value for name, value in answer.headers.items() if name not in (*_OF_ONE_HOP, "date")}
        return Response(answer.content, answer.status_code, kept)

    async def _answer(self, operation: str, address: str, sent: httpx.Request) -> httpx.Response:
        action = self._applying(operation)
        if action and action.status is not None and not action.forwarded:
            return made(action)
        entry = None
        if operation == "createSession" and self.ledger:
            entry = self.ledger.intend(operation, address.removesuffix("/sessions"), parsed(sent.content), owner=_OWNER)
        answer = await self._forwarded(sent)
        self._keep_account(operation, address, answer, entry)
        if action is None:
            return answer
        return made(action) if action.status is not None else changed(action, answer)

    def _applying(self, operation: str) -> Intervention | None:
        for number, action in enumerate(self.interventions):
            used = self._used.get(number, 0)
            if action.operation == operation and (not action.times or used < action.times):
                self._used[number] = used + 1
                return action
        return None

    def _address(self, path: str) -> str | None:
        prefix = max((base for base in self.bases if path.startswith(base)), key=len, default=None)
        return None if prefix is None else self.bases[prefix] + path.removeprefix(prefix)

    async def _forwarded(self, sent: httpx.Request) -> httpx.Response:
        added = await run_in_threadpool(self._authorization) if "authorization" not in sent.headers else {}
        if self._http is None:  # made where it is used: in the loop of the server's thread
            self._http = async_connection(timeout=self.timeout, verify=self.verify)
        headers = httpx.Headers({name: value for name, value in sent.headers.items() if name not in _OF_ONE_HOP})
        headers.update({**self.headers, **added})
        return await self._http.request(sent.method, sent.url, headers=headers, content=sent.content)

    def _keep_account(self, operation: str, address: str, answer: httpx.Response, entry: str | None) -> None:
        if operation == "createSession":
            body = parsed(answer.content)
            created = body.get("sessionId") if answer.is_success and isinstance(body, dict) else None
            created = created if usable_id(created) else None
            if created:
                self.sessions[created] = f"{address.rstrip('/')}/{segment(created)}"
            if self.ledger and entry and (created or not may_have_created(answer.status_code)):
                self.ledger.created(entry, created)
        elif operation == "deleteSession" and answer.status_code in (202, *GONE):
            self._gone(address.rpartition("/")[2])

    def _gone(self, session_id: str) -> None:
        self.sessions.pop(session_id, None)
        if self.ledger:
            self.ledger.gone(session_id)
