"""The embedded server as an ASGI application: all APIs of a release side by side."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from pytest_nac_qod.contracts import Contract, Operation
from pytest_nac_qod.foundation.jsontypes import Json, JsonObject
from pytest_nac_qod.reference import answers, control, defiance, dialects, strictness
from pytest_nac_qod.reference.call import ServerCall
from pytest_nac_qod.reference.client_auth import OAuthError
from pytest_nac_qod.reference.decisions import Decisions
from pytest_nac_qod.reference.events import Courier, Delivery, event_type, token_expired
from pytest_nac_qod.reference.network import Network
from pytest_nac_qod.reference.oauth import Issuer
from pytest_nac_qod.reference.operations import serving
from pytest_nac_qod.reference.refusals import Refusal
from pytest_nac_qod.reference.state import Assignment, ServedResource, Session
from pytest_nac_qod.reference.views import respelt

_CODES = {405: "METHOD_NOT_ALLOWED", 500: "INTERNAL"}
Endpoint = Callable[[Request], Awaitable[Response]]


@dataclass(slots=True)
class Service:
    """What the routes share; `network` is replaced when the server is reset."""

    contracts: Mapping[str, Contract]
    network: Network
    issuer: Issuer
    courier: Courier

    def announce(self, resource: ServedResource) -> None:
        """Send the event of a change to the sink of the session or assignment, if it has one."""
        decide, now = self.network.decisions, self.network.clock.now()
        sink = decide.sink(resource)
        if sink and not token_expired(resource, now):
            kind = event_type(self.contracts[resource.api])
            event = respelt(decide.event_view(resource, kind, now, _event_data(decide, resource)), decide.time_text)
            for _ in range(decide.deliveries(event)):
                self.courier.send(resource, _delivery(decide, resource, sink, event))


def _delivery(decide: Decisions, resource: ServedResource, sink: str, event: JsonObject) -> Delivery:
    return Delivery(
        url=sink,
        headers=decide.event_headers(resource),
        event=event,
        method=decide.event_method(),
        origin=decide.event_origin(),
        verified=decide.verified(),
        followed=decide.followed,
    )


def _event_data(decide: Decisions, resource: ServedResource) -> JsonObject:
    if isinstance(resource, Assignment):
        return decide.assignment_event_data(resource)
    return decide.event_data(resource) if isinstance(resource, Session) else {}


def application(service: Service, reset: control.Reset, key: str) -> Starlette:
    """The APIs, their token endpoint, and the controls that a test with the key has."""

    async def token(request: Request) -> Response:
        form = dict(parse_qsl((await request.body()).decode("utf-8", "replace")))
        try:
            return JSONResponse(service.issuer.token(form, request.headers.get("authorization"), str(request.url)))
        except OAuthError as error:
            said = {"error_description": error.description} if error.description else {}
            return JSONResponse({"error": error.code, **said}, error.status)

    async def unrouted(request: Request, error: Exception) -> Response:
        status, headers = 500, {}
        if isinstance(error, HTTPException):
            status, headers = error.status_code, dict(error.headers or {})
        contract = next(iter(service.contracts.values()))
        refusal = Refusal(status, _CODES.get(status, "NOT_FOUND"))
        result = answers.refusal(service.network, contract, refusal, request, None)
        result.headers.update(headers)
        return result

    result = Starlette(
        routes=[
            *(route for contract in service.contracts.values() for route in _routes(service, contract)),
            Route("/oauth2/token", token, methods=["POST"]),
            *control.routes(service, reset, key),
        ],
        exception_handlers={404: unrouted, 405: unrouted, 500: unrouted},
    )
    sessions = service.contracts["quality-on-demand"].base_path
    result.router.routes += dialects.routes(result, sessions, lambda: service.network)
    return result


def _routes(service: Service, contract: Contract) -> list[Route]:
    """A route for each path of an API, for all its methods; raises ContractError for what nothing serves."""
    by_path: dict[str, dict[str, Operation]] = {}
    for operation in contract.operations.values():
        serving(operation, service.network.world.rules.served)
        by_path.setdefault(operation.path, {})[operation.method] = operation
    endpoints = {contract.base_path + path: _path(service, contract, served) for path, served in by_path.items()}
    answered = {contract.base_path + path: [*served, "OPTIONS"] for path, served in by_path.items()}
    return [  # TRACE apart, since what a path answers is told by Allow
        *(Route(path, endpoint, methods=answered[path]) for path, endpoint in endpoints.items()),
        *(Route(path, endpoint, methods=["TRACE"]) for path, endpoint in endpoints.items()),
    ]


def _path(service: Service, contract: Contract, served: Mapping[str, Operation]) -> Endpoint:
    allowed = ", ".join([*served, *(["HEAD"] if "GET" in served else []), "OPTIONS"])

    async def endpoint(request: Request) -> Response:
        if request.method == "OPTIONS":
            return Response(status_code=204, headers={"Allow": allowed})
        raw = await request.body()
        network = service.network
        if request.method == "TRACE":
            return _traced(network, contract, request, allowed)
        method = network.decisions.method(request)
        operation = served[network.decisions.served_method(method, served)]
        serve = serving(operation, network.world.rules.served)
        network.settle()
        try:
            call = _call(service, contract, operation, request, raw)
            status, body = await network.decisions.performed(serve, call)
            status = status if status in operation.success else operation.success[0]
            status, body = network.decisions.succeeded(status, body, operation.family)
        except Refusal as refusal:
            if network.decisions.carried_out(operation.family, refusal.status):
                with defiance.unbound(network):
                    serve(_call(service, contract, operation, request, raw))
            return answers.refusal(network, contract, refusal, request, operation)
        return answers.answer(network, contract, status, body, request)

    return endpoint


def _traced(network: Network, contract: Contract, request: Request, allowed: str) -> Response:
    if network.decisions.traced():
        sent = b"".join(b"%s: %s\r\n" % header for header in request.headers.raw)
        return Response(sent, media_type="message/http")
    result = answers.refusal(network, contract, Refusal(405, "METHOD_NOT_ALLOWED"), request, None)
    result.headers["Allow"] = allowed
    return result


def _call(service: Service, contract: Contract, operation: Operation, request: Request, raw: bytes) -> ServerCall:
    """The request, checked from the outside in: who, how often, about which resource, what."""
    network = service.network
    decide = network.decisions
    grant = decide.authenticate(service.issuer, decide.presented(request))
    for scope in operation.scopes:
        decide.authorise(grant, scope)
    decide.correlator(request.headers.get(answers.CORRELATOR), contract, network.world.rules)
    decide.within_quota(network.world, grant)
    if operation.id in network.limited:
        raise Refusal(429, "TOO_MANY_REQUESTS")
    return ServerCall(
        network=network,
        contract=contract,
        operation=operation,
        grant=grant,
        key=_key(network, contract, request.path_params),
        body=_body(network, contract, operation, request, raw),
    )


def _key(network: Network, contract: Contract, parameters: Mapping[str, str]) -> str:
    for name, given in parameters.items():
        decide = network.decisions
        if given in network.issued:
            return given
        return decide.profile_name(given, contract) if name == "name" else decide.session_id(given)
    return ""


def _body(network: Network, contract: Contract, operation: Operation, request: Request, raw: bytes) -> JsonObject:
    if contract.request_pointer(operation.id) is None:
        return {}
    decide, rules = network.decisions, network.world.rules
    parsed: Json = decide.body(raw, request.headers.get("content-type"))
    decide.credential_kind(parsed, rules)
    decide.schema(parsed, contract, operation.id, decide.tolerated)
    if decide.strict(rules):
        strictness.declared(parsed, contract, operation.id)
    decide.semantics(parsed, rules)
    body: JsonObject = parsed
    decide.outer_sink(body.get("sink"))
    return body
