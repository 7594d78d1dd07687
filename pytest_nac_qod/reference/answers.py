"""Answers over HTTP."""

import json

from starlette.requests import Request
from starlette.responses import Response

from pytest_nac_qod.contracts import Contract, Operation
from pytest_nac_qod.jsontypes import Json
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
    if found is None:
        return Response(status_code=status, headers=headers)
    content = json.dumps(found).encode()
    return Response(content, status, {**headers, "Content-Type": decide.media_type(status)})
