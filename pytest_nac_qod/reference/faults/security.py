"""Defects of security."""

import base64
import binascii
import itertools
import json
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import unquote
from uuid import UUID

from starlette.requests import Request

from pytest_nac_qod.foundation.jsontypes import Json
from pytest_nac_qod.reference.faults.answers import changed, returning
from pytest_nac_qod.reference.oauth import Issuer, bearer
from pytest_nac_qod.reference.refusals import Refusal
from pytest_nac_qod.reference.world import Grant
from pytest_nac_qod.target import UNKNOWN_DEVICE

Override = Callable[[Any], Callable[..., Any]]

_ALL = Grant("application", ("*",))
_DEEP = 1_000
_LARGE = 100_000  # bytes
_TRACE = 'Traceback (most recent call last):\n  File "/srv/qod/app.py", line 42, in create\n    raise error'
_counted = itertools.count(1)


def _careless(right: Callable[..., Grant]) -> Callable[..., Grant]:
    """Look at a token's form, and at its first signs."""

    def wrong(issuer: Issuer, header: str | None) -> Grant:
        token = bearer(header)
        longer = next((issuer.grant(known) for known in issuer.grants if known[:-1] == token), None)
        return longer or (_ALL if token.endswith(".") and token.count(".") == 2 else right(issuer, header))

    return wrong


def _any_audience(right: Callable[..., Grant]) -> Callable[..., Grant]:
    def wrong(issuer: Issuer, header: str | None) -> Grant:
        grant = issuer.grant(bearer(header))
        return grant if grant and grant.for_others else right(issuer, header)

    return wrong


def _unescaped(_: Callable[[str], dict[str, str]]) -> Callable[[str], dict[str, str]]:
    def wrong(correlator: str) -> dict[str, str]:
        lines = [line.partition(":") for line in unquote(correlator).split("\r\n")[1:]]
        return {name: value.strip() for name, _, value in lines if name}

    return wrong


def _device_first(right: Callable[[Request], str | None]) -> Callable[[Request], str | None]:
    """Look for the device before the token; the body has been read by then."""
    unknown = json.dumps(UNKNOWN_DEVICE["phoneNumber"]).encode()

    def wrong(request: Request) -> str | None:
        header = right(request)
        if header is None and unknown in getattr(request, "_body", b""):
            raise Refusal(404, "IDENTIFIER_NOT_FOUND")
        return header

    return wrong


def _any_scheme(right: Callable[[Request], str | None]) -> Callable[[Request], str | None]:
    def wrong(request: Request) -> str | None:
        header = right(request)
        scheme, _, rest = (header or "").partition(" ")
        return header if not header or (rest and scheme.lower() == "bearer") else f"Bearer {_inside(rest or scheme)}"

    return wrong


def _inside(text: str) -> str:
    try:
        return base64.b64decode(text, validate=True).decode().partition(":")[2] or text
    except (binascii.Error, ValueError):
        return text


def _from_query(right: Callable[[Request], str | None]) -> Callable[[Request], str | None]:
    def wrong(request: Request) -> str | None:
        token = request.query_params.get("access_token")
        return f"Bearer {token}" if token else right(request)

    return wrong


def _from_cookie(right: Callable[[Request], str | None]) -> Callable[[Request], str | None]:
    def wrong(request: Request) -> str | None:
        token = request.cookies.get("access_token")
        return f"Bearer {token}" if token else right(request)

    return wrong


def _with(**more: str) -> Override:
    """Answers with these headers too."""
    named = {name.replace("_", "-"): value for name, value in more.items()}

    def override(right: Callable[..., tuple[dict[str, str], bytes]]) -> Callable[..., tuple[dict[str, str], bytes]]:
        def wrong(*arguments: Any) -> tuple[dict[str, str], bytes]:  # noqa: ANN401 - of the decision
            headers, content = right(*arguments)
            return {**headers, **named}, content

        return wrong

    return override


def _crashing(over: Callable[[bytes], bool]) -> Override:
    """Fail over such bodies."""

    def override(right: Callable[..., Json]) -> Callable[..., Json]:
        def wrong(raw: bytes, media: str | None) -> Json:
            if over(raw):
                raise Refusal(500, "INTERNAL")
            return right(raw, media)

        return wrong

    return override


def _counting(right: Callable[[str], str]) -> Callable[[str], str]:  # noqa: ARG001 - as every override
    start = UUID("5f0c3a1e-7b64-4c1d-9a2f-000000000000").int
    return lambda _: str(UUID(int=start + next(_counted)))


def _overridden(right: Callable[[Request], str]) -> Callable[[Request], str]:
    return lambda request: request.headers.get("x-http-method-override") or right(request)


def _startled(right: Callable[[str], str]) -> Callable[[str], str]:
    def wrong(text: str) -> str:
        if any(sign in text for sign in "%'<\0"):
            raise Refusal(500, "INTERNAL")
        return right(text)

    return wrong


OVERRIDES: Mapping[str, tuple[str, Override]] = {
    "unsigned_token_accepted": ("authenticate", _careless),
    "other_schemes_accepted": ("presented", _any_scheme),
    "token_in_query_accepted": ("presented", _from_query),
    "token_in_cookie_accepted": ("presented", _from_cookie),
    "requests_traced": ("traced", returning(True)),  # noqa: FBT003 - the decision's value
    "stack_trace_shown": ("error_view", changed(message=_TRACE)),
    "versions_shown": ("written", _with(Server="nginx/1.18.0")),
    "every_origin_let_in": (
        "written",
        _with(Access_Control_Allow_Origin="https://nac-qod.invalid", Access_Control_Allow_Credentials="true"),
    ),
    "deep_bodies_crash": ("body", _crashing(lambda raw: raw.count(b"{") > _DEEP)),
    "large_bodies_crash": ("body", _crashing(lambda raw: len(raw) > _LARGE)),
    "ids_counted": ("issued_id", _counting),
    "method_overridden": ("method", _overridden),
    "odd_ids_crash": ("session_id", _startled),
    "inner_sinks_accepted": ("outer_sink", returning(None)),
    "tokens_for_others_accepted": ("authenticate", _any_audience),
    "correlators_unescaped": ("split", _unescaped),
    "strangers_told_of_devices": ("presented", _device_first),
    "sinks_not_verified": ("verified", returning(False)),  # noqa: FBT003 - the decision's value
    "sinks_followed": ("followed", lambda _: lambda location: location),
}
