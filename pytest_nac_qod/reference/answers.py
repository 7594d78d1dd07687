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
    network: Network, contract: Contract, raised: Refusal, request: Request, operation: Operation | None
) -> Response:
    """An error object; `operation` is None when the request was for none."""
    decide, codes = network.decisions, network.world.rules.codes
    wanted = decide.refused(raised, operation.family if operation else "")
    named = translated(wanted, codes, contract.api, operation)
    return answer(network, contract, named.status, decide.error_view(named), request)


def answer(network: Network, contract: Contract, status: int, body: Json, request: Request) -> Response:
    """A JSON body, or none when `found` is None, with the x-correlator of the request."""
    decide = network.decisions
    correlator = request.headers.get(CORRELATOR, "")
    malformed = correlator and contract.validate(correlator, requests.CORRELATOR, direction="response")
    echo = decide.echoed("" if malformed else correlator, status)
    headers = {**({CORRELATOR: echo} if echo is not None else {}), **decide.split(correlator)}
    if (challenge := decide.challenge(status)) is not None:
        headers["WWW-Authenticate"] = challenge
    content = b""
    if body is not None:
        content = json.dumps(body).encode()
        headers |= {"Content-Type": decide.media_type(status), "Content-Length": str(len(content))}
    return _sent(status, *decide.written(headers, content, status))


def _sent(status: int, headers: dict[str, str], content: bytes) -> Response:
    """An answer with these headers and no others, spelt as they are; with the length of its body if it tells one."""
    response = Response(content, status)
    length = {name: str(len(content)) for name in headers if name.lower() == "content-length"}
    response.raw_headers = [
        (name.encode("latin-1"), value.encode("latin-1")) for name, value in (headers | length).items()
    ]
    return response


def dated(app: ASGIApp, now: Callable[[], datetime]) -> ASGIApp:
    """The application with a Date header in each answer, by the server's own clock (RFC 9110 section 6.6.1)."""

    async def wrapped(scope: Scope, receive: Receive, send: Send) -> None:
        async def send_dated(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)["date"] = format_datetime(now(), usegmt=True)
            await send(message)

        await app(scope, receive, send_dated)

    return wrapped
