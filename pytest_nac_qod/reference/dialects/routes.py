"""The routes of the dialects: each request is translated, answered by the embedded server, and translated back."""

import json
from collections.abc import Awaitable, Callable
from contextlib import suppress
from urllib.parse import quote, unquote

import httpx
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from pytest_nac_qod.foundation.jsontypes import Json
from pytest_nac_qod.reference.dialects import translation
from pytest_nac_qod.reference.dialects.facts import Dialect, dialects
from pytest_nac_qod.reference.network import Network
from pytest_nac_qod.wire.exchange import NotJsonError, parse_json

_PASSED = ("authorization", "content-type", "x-correlator")
Endpoint = Callable[[Request], Awaitable[Response]]
Ask = Callable[[Request, str, str, str, bytes | None], Awaitable[Response]]


def routes(camara: ASGIApp, base_path: str, network: Callable[[], Network]) -> list[Route]:
    """The routes of all dialects.

    Args:
        camara: the application that answers quality-on-demand.
        base_path: of quality-on-demand there.
        network: the one that answers now; its clock foretells times.
    """
    http = httpx.AsyncClient(transport=httpx.ASGITransport(camara), base_url=f"http://dialect{base_path}")
    return [route for dialect in dialects().values() for route in _routes(dialect, _asking(dialect, http, network))]


def _asking(dialect: Dialect, http: httpx.AsyncClient, network: Callable[[], Network]) -> Ask:
    """What passes a request on to the API of the release, and its answer back."""

    async def ask(request: Request, operation: str, method: str, path: str, content: bytes | None) -> Response:
        headers = {name: request.headers[name] for name in _PASSED if name in request.headers}
        if method == "POST":
            headers["content-type"] = request.headers.get("content-type", "application/json")
        answer = await http.request(method, path, content=content, headers=headers)
        body: Json = answer.json() if answer.content else None
        status, shown = translation.answer(answer.status_code, body, operation, dialect, network().clock.now())
        echoed = {name: value for name, value in answer.headers.items() if name == "x-correlator"}
        return Response(status_code=status, headers=echoed) if shown is None else JSONResponse(shown, status, echoed)

    return ask


def _routes(dialect: Dialect, ask: Ask) -> list[Route]:
    async def create(request: Request) -> Response:
        raw = await _translated(request, lambda body: translation.create(body, dialect))
        return await ask(request, "createSession", "POST", "/sessions", raw)

    async def query(request: Request) -> Response:
        given = (part.partition("=") for part in request.url.query.split("&"))
        # RFC 3986: a plus sign is one; these SDKs send phone numbers unescaped
        device = translation.device_of_query({name: unquote(value) for name, _, value in given})
        content = json.dumps({"device": device}).encode()
        return await ask(request, "retrieveSessionsByDevice", "POST", "/retrieve-sessions", content)

    async def retrieve(request: Request) -> Response:
        raw = await _translated(request, translation.retrieval)
        return await ask(request, "retrieveSessionsByDevice", "POST", "/retrieve-sessions", raw)

    async def read(request: Request) -> Response:
        return await ask(request, "getSession", "GET", _session(request), None)

    async def delete(request: Request) -> Response:
        return await ask(request, "deleteSession", "DELETE", _session(request), None)

    async def extend(request: Request) -> Response:
        path = f"{_session(request)}/extend"
        return await ask(request, "extendQosSessionDuration", "POST", path, await request.body())

    served: list[tuple[str, str, Endpoint]] = [
        ("POST", "/sessions", create),
        ("GET", "/sessions", query),
        ("POST", "/retrieve-sessions", retrieve),
        ("GET", "/sessions/{id}", read),
        ("DELETE", "/sessions/{id}", delete),
        ("POST", "/sessions/{id}/extend", extend),
    ]
    return [Route(dialect.path + path, endpoint, methods=[method]) for method, path, endpoint in served]


async def _translated(request: Request, translate: Callable[[Json], Json]) -> bytes:
    """The body in CAMARA's words; what is no JSON passes as it is, to be refused where every body is judged."""
    raw = await request.body()
    with suppress(NotJsonError, UnicodeDecodeError):
        return json.dumps(translate(parse_json(raw.decode()))).encode()
    return raw


def _session(request: Request) -> str:
    return f"/sessions/{quote(request.path_params['id'], safe='')}"
