"""An endpoint on loopback that records what it is sent."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from pytest_nac_qod.foundation.jsontypes import Json, JsonObject
from pytest_nac_qod.foundation.values import whole
from pytest_nac_qod.wire.exchange import NotJsonError, parse_json
from pytest_nac_qod.wire.serving import serve

_DAY = 86400  # seconds
_METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"]


@dataclass(frozen=True, slots=True)
class Received:
    """One request.

    Attributes:
        method: in upper case.
        path: with a slash in front.
        body: the JSON value, or the text that is none.
    """

    method: str
    path: str
    body: Json

    def __str__(self) -> str:
        return f"{self.method} {self.path} {self.body!r}" if self.body != "" else f"{self.method} {self.path}"


@dataclass(slots=True)
class Endpoint:
    """Where a caller is pointed at.

    Attributes:
        url: base URL; any path under it is answered.
        requests: since the last `clear`.
    """

    url: str
    requests: list[Received] = field(default_factory=list)

    @property
    def bodies(self) -> list[Json]:
        """Of the POST requests, the JSON value or the text that is none."""
        return [request.body for request in self.requests if request.method == "POST"]

    def clear(self) -> None:
        """Forget what was sent."""
        self.requests.clear()


@contextmanager
def recording_endpoint() -> Iterator[Endpoint]:
    """An endpoint that answers each creation with 201 and a session, and keeps the requests.

    >>> import httpx
    >>> with recording_endpoint() as endpoint:
    ...     status = httpx.post(f"{endpoint.url}/sessions", json={"qosProfile": "QOS_L", "duration": 60}).status_code
    >>> status, endpoint.bodies
    (201, [{'qosProfile': 'QOS_L', 'duration': 60}])
    """
    endpoint = Endpoint("")
    sessions: dict[str, JsonObject] = {}

    async def answer(request: Request) -> Response:
        raw = (await request.body()).decode(errors="replace")
        try:
            body = parse_json(raw)
        except NotJsonError:
            body = raw
        endpoint.requests.append(Received(request.method, request.url.path, body))
        return _answer(request, body, sessions)

    serving = serve(Starlette(routes=[Route("/{path:path}", answer, methods=_METHODS)]))
    endpoint.url = f"http://127.0.0.1:{serving.port}"
    try:
        yield endpoint
    finally:
        serving.stop()


def _answer(request: Request, body: Json, sessions: dict[str, JsonObject]) -> Response:
    last = request.url.path.rstrip("/").rpartition("/")[2]
    if request.method == "DELETE":
        return Response(status_code=204)
    if request.method != "POST" or last == "retrieve-sessions":
        return JSONResponse(sessions.get(last, []))
    session = _session(body if isinstance(body, dict) else {})
    sessions[session["sessionId"]] = session
    return JSONResponse(session, status_code=201)


def _session(body: JsonObject) -> JsonObject:
    seconds = min(whole(body.get("duration")) or _DAY, _DAY)
    now, name = datetime.now(UTC).replace(microsecond=0), str(uuid4())
    return {
        **{key: value for key, value in body.items() if value is not None and key != "sinkCredential"},
        "sessionId": name,
        "id": name,  # under which SDKs before 4.0 look for it
        "qosStatus": "AVAILABLE",
        "duration": seconds,
        "startedAt": now.isoformat(),
        "expiresAt": (now + timedelta(seconds=seconds)).isoformat(),
    }
