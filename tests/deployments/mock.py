"""A mock without state: it shows what the document shows, whatever came before."""

from collections.abc import Awaitable, Callable
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.deployments.world import RELEASES

SESSION: dict[str, Any] = {
    "sessionId": "5a0f9c1e-6f2d-4b7a-9a55-0c8a3f1f7d10",
    "applicationServer": {"ipv4Address": "198.51.100.10"},
    "qosProfile": "QOS_GOLD",
    "duration": 3600,
    "qosStatus": "AVAILABLE",
    "startedAt": "2024-06-01T12:00:00Z",
    "expiresAt": "2024-06-01T13:00:00Z",
}


def application() -> Starlette:
    """The mock, for quality-on-demand alone."""
    base = RELEASES["r3.2"].paths["quality-on-demand"]
    answers = {
        ("POST", "/sessions"): (201, SESSION),
        ("GET", "/sessions/{id}"): (200, SESSION),
        ("DELETE", "/sessions/{id}"): (204, None),
        ("POST", "/sessions/{id}/extend"): (200, SESSION),
        ("POST", "/retrieve-sessions"): (200, [SESSION]),
    }
    routes = [
        Route(base + path, _endpoint(status, body), methods=[method])
        for (method, path), (status, body) in answers.items()
    ]
    return Starlette(routes=routes)


def _endpoint(status: int, body: Any) -> Callable[[Request], Awaitable[Response]]:  # noqa: ANN401 - JSON
    async def endpoint(request: Request) -> Response:
        correlator = request.headers.get("x-correlator")
        headers = {"x-correlator": correlator} if correlator else {}
        return JSONResponse(body, status, headers) if body is not None else Response(None, status, headers)

    return endpoint
