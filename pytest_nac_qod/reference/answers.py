"""Answers over HTTP."""

import json
from collections.abc import Callable
from datetime import datetime
from email.utils import format_datetime

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pytest_nac_qod.contracts import Contract, Operation
from pytest_nac_qod.foundation.jsontypes import Json
from pytest_nac_qod.reference import requests
from pytest_nac_qod.reference.network import Network
from pytest_nac_qod.reference.refusals import Refusal
from pytest_nac_qod.reference.rules import translated

CORRELATOR = "x-correlator"


def refusal(
    network: Network, contract: Contract, found: Refusal, request: Request, operation: Operation | None
) -> Response:
    """An error object; `operation` is None when the request was for none."""
    decide, codes = network.decisions, network.world.rules.codes
    wanted = decide.refused(found, operation.id if operation else "")
    named = translated(wanted, codes, contract.api, operation)
    return answer(network, contract, named.status, decide.error_view(named), request)


def answer(network: Network, contract: Contract, status: int, found: Json, request: Request) -> Response:
    """A JSON body, or none when `found` is None, with the x-correlator of the request."""
    decide = network.decisions
    headers: dict[str, str] = {}
    correlator = request.headers.get(CORRELATOR)
    if correlator and not contract.validate(correlator, requests.CORRELATOR, direction="response"):
        echo = decide.echoed(correlator, status)
        headers = {CORRELATOR: echo} if echo is not None else {}
    if (challenge := decide.challenge(status)) is not None:
        headers["WWW-Authenticate"] = challenge
    if found is None:
        return Response(status_code=status, headers=headers)
    content = json.dumps(found).encode()
    return Response(content, status, {**headers, "Content-Type": decide.media_type(status)})


def dated(app: ASGIApp, now: Callable[[], datetime]) -> ASGIApp:
    """The application with a Date header in each answer, by the server's own clock (RFC 9110 section 6.6.1)."""

    async def wrapped(scope: Scope, receive: Receive, send: Send) -> None:
        async def send_dated(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)["date"] = format_datetime(now(), usegmt=True)
            await send(message)

        await app(scope, receive, send_dated)

    return wrapped
