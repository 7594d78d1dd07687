"""An endpoint on loopback that records what it is sent."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from pytest_nac_qod.foundation.jsontypes import Json, JsonObject
from pytest_nac_qod.foundation.values import whole
from pytest_nac_qod.wire.exchange import NotJsonError, parse_json
from pytest_nac_qod.wire.serving import serve

_DAY = 86400  # seconds
_METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"]


@dataclass(slots=True)
class Endpoint:
    """Where a caller is pointed at.

    Attributes:
        url: base URL; any path under it is answered.
        bodies: of the POST requests since the last `clear`, the JSON value or the text that is none.
    """

    url: str
    bodies: list[Json] = field(default_factory=list)

    def clear(self) -> None:
        """Forget what was sent."""
        self.bodies.clear()


@contextmanager
def recording_endpoint() -> Iterator[Endpoint]:
    """An endpoint that answers each creation with 201 and a session, and keeps the request bodies.

    >>> import httpx
    >>> with recording_endpoint() as endpoint:
    ...     status = httpx.post(f"{endpoint.url}/sessions", json={"qosProfile": "QOS_L", "duration": 60}).status_code
    >>> status, endpoint.bodies
    (201, [{'qosProfile': 'QOS_L', 'duration': 60}])
    """
    endpoint = Endpoint("")

    async def answer(request: Request) -> JSONResponse:
        if request.method != "POST":
            return JSONResponse([])
        raw = (await request.body()).decode(errors="replace")
        try:
            body = parse_json(raw)
        except NotJsonError:
            body = raw
        endpoint.bodies.append(body)
        return JSONResponse(_session(body if isinstance(body, dict) else {}), status_code=201)

    serving = serve(Starlette(routes=[Route("/{path:path}", answer, methods=_METHODS)]))
    endpoint.url = f"http://127.0.0.1:{serving.port}"
    try:
        yield endpoint
    finally:
        serving.stop()


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
