"""The embedded server as an ASGI application."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from urllib.parse import parse_qsl

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from pytest_nac_qod.contracts import Contract, Operation
from pytest_nac_qod.jsontypes import Json, JsonObject
from pytest_nac_qod.reference import control, dialects, requests
from pytest_nac_qod.reference.events import Courier, Delivery
from pytest_nac_qod.reference.network import Network
from pytest_nac_qod.reference.oauth import Issuer, OAuthError
from pytest_nac_qod.reference.operations import OPERATIONS, Call
from pytest_nac_qod.reference.refusals import Refusal
from pytest_nac_qod.reference.state import Session

CORRELATOR = "x-correlator"
_CODES = {404: "NOT_FOUND", 405: "METHOD_NOT_ALLOWED"}


@dataclass(slots=True)
class Service:
    """What the routes share; `network` is replaced when the server is reset."""

    contract: Contract
    network: Network
    issuer: Issuer
    courier: Courier

    def announce(self, session: Session) -> None:
        """Send the event of a session's change to its sink, if it has one."""
        decide = self.network.decisions
        if sink := decide.sink(session):
            types = self.contract.document["components"]["schemas"]["CloudEvent"]["properties"]["type"]["enum"]
            now = self.network.clock.now()
            event = decide.event_view(session, types[0], self.contract.base_path, now, decide.event_data(session))
            self.courier.send(session, Delivery(sink, decide.event_headers(session), event))


def application(service: Service, reset: control.Reset) -> Starlette:
    """The API, its token endpoint, and the controls that a test has."""
    contract = service.contract
    routes = [
        Route(contract.base_path + operation.path, _endpoint(service, operation), methods=[operation.method])
        for operation in contract.operations.values()
    ]

    async def token(request: Request) -> Response:
        form = dict(parse_qsl((await request.body()).decode("utf-8", "replace")))
        try:
            return JSONResponse(service.issuer.token(form, request.headers.get("authorization")))
        except OAuthError as error:
            return JSONResponse({"error": error.code}, error.status)

    async def unrouted(request: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else 404
        return _refusal(service, Refusal(status, _CODES.get(status, "NOT_FOUND")), request, "")

    found = Starlette(
        routes=[*routes, Route("/oauth2/token", token, methods=["POST"]), *control.routes(service, reset)],
        exception_handlers={404: unrouted, 405: unrouted},
    )
    found.router.routes += dialects.routes(found, contract.base_path, lambda: service.network)
    return found


def _endpoint(service: Service, operation: Operation) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        raw = await request.body()
        service.network.settle()
        try:
            status, found = OPERATIONS[operation.id](_call(service, operation, request, raw))
            status, found = service.network.decisions.succeeded(status, found, operation.id)
        except Refusal as refusal:
            return _refusal(service, refusal, request, operation.id)
        return _answer(service, status, found, request)

    return endpoint


def _call(service: Service, operation: Operation, request: Request, raw: bytes) -> Call:
    """The request, checked from the outside in: who, how often, which session, what."""
    decide = service.network.decisions
    grant = decide.authenticate(service.issuer, request.headers.get("authorization"))
    for scope in operation.scopes:
        decide.authorise(grant, scope)
    decide.correlator(request.headers.get(CORRELATOR), service.contract)
    if operation.id in service.network.limited:
        raise Refusal(429, "TOO_MANY_REQUESTS")
    given = request.path_params.get("sessionId")
    session_id = decide.session_id(given) if given is not None else ""
    return Call(
        network=service.network,
        contract=service.contract,
        grant=grant,
        session_id=session_id,
        body=_body(service, operation, request, raw),
    )


def _body(service: Service, operation: Operation, request: Request, raw: bytes) -> JsonObject:
    if service.contract.request_pointer(operation.id) is None:
        return {}
    decide = service.network.decisions
    found: Json = decide.body(raw, request.headers.get("content-type"))
    decide.credential_kind(found)
    requests.schema(found, service.contract, operation.id, decide.tolerated)
    decide.semantics(found)
    body: JsonObject = found
    return body


def _refusal(service: Service, refusal: Refusal, request: Request, operation: str) -> Response:
    decide = service.network.decisions
    refusal = decide.refused(refusal, operation)
    return _answer(service, refusal.status, decide.error_view(refusal), request)


def _answer(service: Service, status: int, found: Json, request: Request) -> Response:
    decide = service.network.decisions
    headers: dict[str, str] = {}
    correlator = request.headers.get(CORRELATOR)
    if correlator and not _illegal(correlator, service.contract):
        echo = decide.echoed(correlator, status)
        headers = {CORRELATOR: echo} if echo is not None else {}
    if found is None:
        return Response(status_code=status, headers=headers)
    content = json.dumps(found).encode()
    return Response(content, status, {**headers, "Content-Type": decide.media_type(status)})


def _illegal(correlator: str, contract: Contract) -> bool:
    try:
        requests.correlator(correlator, contract)
    except Refusal:
        return True
    return False
