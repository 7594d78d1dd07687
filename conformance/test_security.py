"""What an attacker tries: forged tokens, other ways in, requests that crash, and answers that say too much."""

import base64
import ipaddress
import json
from typing import Any
from urllib.parse import quote, urlsplit

import httpx

from pytest_nac_qod.checks import security as checks
from pytest_nac_qod.checks.answer import CORRELATOR
from pytest_nac_qod.foundation.jsontypes import Json
from pytest_nac_qod.suite import Case, bodies, purpose, request, ruling, send, states
from pytest_nac_qod.verdicts import Inconclusive, NotApplicable, NotTested
from pytest_nac_qod.wire.client import Answer
from pytest_nac_qod.wire.exchange import Response

_DEPTH = 5_000
_SIZE = 200_000  # characters
_ORIGIN = "https://nac-qod.invalid"  # RFC 2606
_SAMPLE = 4  # ids
_SMUGGLED = "x-nac-qod-split"


def answered(answer: Answer[Any]) -> Response:
    """The answer as it was recorded."""
    response = answer.exchange.response
    if response is None:
        raise Inconclusive("no answer came")
    return response


def _encoded(part: Json) -> str:
    return base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode()


def _forged(case: Case) -> str:
    """A token that says of itself that nobody signed it, with the claims of the right one where it has some."""
    claims = case.run.token("two_legged").split(".")[1:2]
    if case.name == "cut":
        return case.run.token("two_legged")[:-1]
    return f"{_encoded({'alg': 'none', 'typ': 'JWT'})}.{claims[0] if claims else _encoded({'sub': 'nac-qod'})}."


def refused(case: Case, headers: dict[str, str | None], suffix: str = "") -> None:
    """The row's operation, right but for how it says who calls."""
    path, body = request(case)
    answer = case.call(
        case.row.operation, token=None, path=path, body=body, headers=headers, suffix=suffix, role="judged"
    )
    ruling.accepted(case, answer)


@purpose
def test_forged_token(case: Case) -> None:
    forged = _forged(case)
    case.run.redactor.register("tokens.forged", forged)
    refused(case, {"Authorization": f"Bearer {forged}"})


@purpose
def test_other_scheme(case: Case) -> None:
    token = case.run.token("two_legged")
    basic = base64.b64encode(f"nac-qod:{token}".encode()).decode()
    case.run.redactor.register("tokens.basic", basic)
    refused(case, {"Authorization": {"Basic": f"Basic {basic}", "none": token}[case.name]})


@purpose
def test_token_elsewhere(case: Case) -> None:
    token = case.run.token("two_legged")
    if case.name == "query":
        refused(case, {}, f"?access_token={quote(token, safe='')}")
    else:
        refused(case, {"Cookie": f"access_token={token}"})


@purpose
def test_other_audience(case: Case) -> None:
    path, body = request(case)
    ruling.accepted(case, send(case, token="other_audience", path=path, body=body))


@purpose
def test_correlator_split(case: Case) -> None:
    if case.target.x_correlator == "off":
        raise NotTested('the target file says x_correlator = "off"')
    answer = send(case, headers={CORRELATOR: f"a%0d%0a{_SMUGGLED}: 1"})
    if answer.response.is_server_error:
        ruling.accepted(case, answer)
    came = answered(answer).header(_SMUGGLED)
    ruling.require(
        case, answer.exchange, came is None, expected=f"no header {_SMUGGLED}", actual=f"{_SMUGGLED}: {came}"
    )


@purpose
def test_stranger_told_nothing(case: Case) -> None:
    known, unknown = (
        send(case, token=None, path={}, body={"device": case.target.devices[role]}) for role in ("default", "not_found")
    )
    if httpx.codes.UNAUTHORIZED not in (known.status, unknown.status):
        return  # strangers are let in, which the rules of tokens tell
    ruling.require(
        case,
        unknown.exchange,
        (unknown.status, unknown.code) == (known.status, known.code),
        expected=f"{known.status} {known.code}, as for a device that is known",
        actual=f"{unknown.status} {unknown.code}",
    )


@purpose
def test_trace_refused(case: Case) -> None:
    answer = case.call(case.row.operation, method="TRACE", path=request(case)[0], role="judged")
    ruling.accepted(case, answer)


def crashing(case: Case) -> Answer[Any]:
    """The answer to a body that is cut, which is where parsers fail."""
    return send(case, path=request(case)[0], content=f'{{"device": {{"{identifier(case)}": '.encode())


def identifier(case: Case) -> str:
    """A type of device identifier that the target takes."""
    return min(case.target.identifier_types, key=lambda name: (name != "phoneNumber", name))


@purpose
def test_no_trace_shown(case: Case) -> None:
    answer = crashing(case)
    shown = checks.trace_in(answered(answer))
    ruling.require(case, answer.exchange, not shown, expected="an error without inner workings", actual=shown)


@purpose
def test_no_version_shown(case: Case) -> None:
    answer = crashing(case)
    shown = checks.version_in(answered(answer))
    ruling.require(case, answer.exchange, not shown, expected="headers without product versions", actual=shown)


@purpose
def test_foreign_origin(case: Case) -> None:
    answer = send(case, headers={"Origin": _ORIGIN})
    response = answered(answer)
    allowed, credentials = (response.header(f"access-control-allow-{name}") for name in ("origin", "credentials"))
    ruling.require(
        case,
        answer.exchange,
        not (allowed == _ORIGIN and credentials == "true"),
        expected="no access with credentials for pages of any origin",
        actual=f"Access-Control-Allow-Origin: {allowed} with credentials",
    )


@purpose
def test_deep_body(case: Case) -> None:
    content = b'{"device": ' * _DEPTH + b"1" + b"}" * _DEPTH
    ruling.accepted(case, send(case, path=request(case)[0], content=content))


@purpose
def test_large_body(case: Case) -> None:
    content = json.dumps({"device": {identifier(case): "+" + "1" * _SIZE}}).encode()
    ruling.accepted(case, send(case, path=request(case)[0], content=content))


@purpose
def test_id_is_no_path(case: Case) -> None:
    odd = {"traversal": "..%2Fsessions", "quote": "' OR '1'='1", "null": "a\x00b", "script": "<script>alert(1)"}
    answer = send(case, path={case.resource.id: odd[case.name]}, body=None)
    ruling.accepted(case, answer)


@purpose
def test_ids_not_guessable(case: Case) -> None:
    ids: list[str] = []
    for _ in range(_SAMPLE):
        created = ruling.reached(send(case))
        ids.append(ruling.created_id(case, created))
        case.clean()
        guessable = len(ids) > 1 and checks.guessable(ids[-2], ids[-1])
        expected = "ids that cannot be told from earlier ones"
        ruling.require(
            case, created.exchange, not guessable, expected=expected, actual=f"{ids[-1]} after {ids[-2:][0]}"
        )


@purpose
def test_method_override(case: Case) -> None:
    path = {case.resource.id: states.create_id(case)}
    override: dict[str, str | None] = dict.fromkeys(
        ("X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override"), "DELETE"
    )
    case.call(case.resource.read, path=path, headers=override)
    answer = send(case, path=path, body=None)
    ruling.accepted(case, answer)


@purpose
def test_inner_sink(case: Case) -> None:
    """A sink that only the provider's own network has."""
    sinks = {
        "metadata": "https://169.254.169.254/latest/meta-data/",
        "link-local": "https://[fe80::1]/nac-qod",
        "unspecified": "https://0.0.0.0/nac-qod",
        "private": "https://10.255.255.254/nac-qod",
        "unique-local": "https://[fd00:6e61:63::1]/nac-qod",
    }
    if case.name in ("private", "unique-local") and private_sink(case):
        raise NotApplicable("events come to a private address here")
    body = bodies.creation(case.target, case.resource) | {"sink": sinks[case.name]}
    ruling.accepted(case, send(case, body=body))


def private_sink(case: Case) -> bool:
    """Whether the receiver of this run itself stands at a private address, so that the target has to call one."""
    host = urlsplit(case.run.sink.url).hostname if case.run.sink else ""
    try:
        address = ipaddress.ip_address(host or "")
    except ValueError:  # a name
        return False
    return address.is_private and not address.is_loopback
