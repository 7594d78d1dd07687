"""A service written from the published documents alone: routes, tokens, and control by its operator."""

import json
import re
import ssl
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route

from tests.deployments import assignments, profiles, sessions
from tests.deployments.habits import Habits
from tests.deployments.network import Handler, Network, Operations
from tests.deployments.wire import Answer, Asked, Refused, error
from tests.deployments.world import RELEASES


def application(release: str, habits: Habits) -> tuple[Starlette, Network]:
    """The service of one release with these habits, and its network."""
    facts = RELEASES[release]
    network = Network(habits, release)
    served: dict[str, Operations] = {
        "quality-on-demand": sessions.OPERATIONS,
        "qos-profiles": profiles.OPERATIONS,
        facts.provisioning: assignments.operations(facts),
    }
    mounts = [
        Mount(
            habits.prefix + facts.paths[api],
            routes=[
                Route(path + habits.slash, _endpoint(network, f"{method} {path}", scope, handler), methods=[method])
                for (method, path), (scope, handler) in operations.items()
            ],
        )
        for api, operations in served.items()
    ]
    control = Route("/control/{hook}", _control(network), methods=["POST"])
    app = Starlette(routes=[control, *mounts], exception_handlers={HTTPException: _unknown(habits)})
    return app, network


def _endpoint(network: Network, operation: str, scope: str, handler: Handler) -> Callable[..., Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        asked = Asked(
            operation=operation,
            raw=await request.body(),
            headers=dict(request.headers),
            id=request.path_params.get("id", ""),
        )
        network.tick()
        return _sent(_answer(network, asked, scope, handler))

    return endpoint


def _answer(network: Network, asked: Asked, scope: str, handler: Handler) -> Answer:
    for instead in network.habits.before:
        if substitute := instead(asked):
            return substitute
    try:
        _admit(network, asked, scope)
        answer = handler(network, asked)
    except Refused as refusal:
        status, code = network.facts.codes.get(refusal.code, (refusal.status, refusal.code))
        challenge = {"WWW-Authenticate": "Bearer"} if status == 401 else {}
        answer = Answer(status=status, body=error(status, code, refusal.message).body, headers=challenge)
    return _finished(network.habits, asked, answer)


def _admit(network: Network, asked: Asked, scope: str) -> None:
    """Let in whoever has a token with the scope."""
    if not re.fullmatch(network.facts.correlator, asked.headers.get("x-correlator", "")):
        raise Refused(400, "INVALID_ARGUMENT", "x-correlator is not valid")
    kind, _, token = asked.headers.get("authorization", "").partition(" ")
    grant = network.habits.grant(token if kind.lower() == "bearer" else None)
    if grant is None:
        raise Refused(401, "UNAUTHENTICATED", "The access token is missing, not valid or expired")
    if not grant.scoped:
        raise Refused(403, "PERMISSION_DENIED", f"The scope {scope} is missing")
    asked.grant = grant


def _finished(habits: Habits, asked: Asked, answer: Answer) -> Answer:
    """With the correlator, and changed by the habits."""
    if correlator := asked.headers.get("x-correlator"):
        answer.headers["x-correlator"] = correlator
    for change in habits.after:
        answer = change(asked, answer)
    return answer


def _sent(answer: Answer) -> Response:
    if answer.body is None:
        return Response(status_code=answer.status, headers=answer.headers)
    text = answer.body if isinstance(answer.body, str) else json.dumps(answer.body)
    return Response(text, status_code=answer.status, headers={"Content-Type": "application/json"} | answer.headers)


def _unknown(habits: Habits) -> Callable[[Request, Exception], Awaitable[Response]]:
    async def unknown(request: Request, problem: Exception) -> Response:
        assert isinstance(problem, HTTPException)
        code = {404: "NOT_FOUND", 405: "METHOD_NOT_ALLOWED"}.get(problem.status_code, "INVALID_ARGUMENT")
        asked = Asked(operation=f"{request.method} {request.url.path}", raw=b"", headers=dict(request.headers))
        answer = Answer(status=problem.status_code, body=habits.unknown(problem.status_code, code))
        answer.headers.update(problem.headers or {})
        return _sent(_finished(habits, asked, answer))

    return unknown


def _control(network: Network) -> Callable[[Request], Awaitable[Response]]:
    async def control(request: Request) -> Response:
        given: dict[str, Any] = await request.json()
        match request.path_params["hook"]:
            case "trust_sink":
                network.tls = ssl.create_default_context(cadata=given["pem"])
            case "terminate_session":
                network.terminate(given["session_id"])
            case "refuse_next_session":
                network.refusing = True
            case "advance_clock":
                network.advance(float(given["seconds"]))
            case _:
                return Response(status_code=404)
        return Response(status_code=204)

    return control
