"""What the shim does to answers; pure."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import NAMESPACE_OID, uuid5

import httpx

from pytest_nac_qod.foundation.jsontypes import Json


@dataclass(frozen=True, slots=True, kw_only=True)
class Intervention:
    """What the shim does to the answers of one operation.

    Attributes:
        status: answered instead of the target's answer; None leaves it.
        body: answered with `status`.
        headers: answered with `status`.
        without: properties that are taken out of the target's answer.
        copies: how many sessions the target's list gets, each like its first; None leaves it.
        times: how many requests it applies to; 0 for all.
        forwarded: the target carries the request out all the same, and its answer is lost.
    """

    operation: str
    status: int | None = None
    body: Json = None
    headers: Mapping[str, str] = field(default_factory=dict)
    without: tuple[str, ...] = ()
    copies: int | None = None
    times: int = 0
    forwarded: bool = False


def parsed(content: bytes) -> Json:
    """The JSON value of a body; None if it is not JSON."""
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        return None


def changed(action: Intervention, answer: httpx.Response) -> httpx.Response:
    """The target's answer, changed."""
    return _stripped(answer, action.without) if action.copies is None else _multiplied(answer, action.copies)


def made(action: Intervention) -> httpx.Response:
    """The answer instead of the target's."""
    return httpx.Response(action.status or 200, json=action.body, headers=dict(action.headers))


def _multiplied(answer: httpx.Response, count: int) -> httpx.Response:
    body = parsed(answer.content)
    first = body[0] if isinstance(body, list) and body else None
    if not isinstance(first, dict):
        return answer
    more = [{**first, "sessionId": str(uuid5(NAMESPACE_OID, f"{first.get('sessionId')} {n}"))} for n in range(1, count)]
    return _with(answer, [first, *more][:count])


def _stripped(answer: httpx.Response, without: Sequence[str]) -> httpx.Response:
    body = parsed(answer.content)
    kept = {name: value for name, value in body.items() if name not in without} if isinstance(body, dict) else None
    return answer if kept is None else _with(answer, kept)


def _with(answer: httpx.Response, body: Json) -> httpx.Response:
    headers = {name: value for name, value in answer.headers.items() if name != "content-length"}
    return httpx.Response(answer.status_code, json=body, headers=headers)
