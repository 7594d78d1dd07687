"""What stands in results.json, typed: a case, its violations and its exchanges (results.schema.json)."""

from typing import Literal, NotRequired, TypedDict

from pytest_nac_qod.foundation.jsontypes import Json, JsonObject
from pytest_nac_qod.verdicts import Part, Verdict

Headers = list[list[str]]  # pairs of name and value, as sent


class RequestRecord(TypedDict):
    """A request, redacted."""

    method: str
    url: str
    headers: Headers
    body: str


class ResponseRecord(TypedDict):
    """The answer to it, redacted."""

    status: int
    headers: Headers
    body: str


class ExchangeRecord(TypedDict):
    """One request and its response; `response` is None where none came, and `error` says why."""

    id: str
    operation: str
    role: Literal["setup", "judged", "event", "cleanup"]
    started: str
    seconds: float
    request: RequestRecord
    response: ResponseRecord | None
    error: str | None


class ViolationRecord(TypedDict):
    """One broken requirement; `exchange` is the id of the exchange that shows it, within the case."""

    rule: str
    clause: str
    expected: str
    actual: str
    exchange: str
    severity: NotRequired[str]
    part: NotRequired[Part]
    path: NotRequired[str]
    reason: NotRequired[str]


class CaseRecord(TypedDict):
    """One case of the catalogue and what it came to."""

    id: str
    kind: Literal["scenario", "rule"]
    case: str
    api: str
    operation: str
    release: NotRequired[str]
    requirement: NotRequired[str]
    accepted: NotRequired[list[str]]
    verdict: Verdict
    reason: str
    violations: list[ViolationRecord]
    exchanges: list[ExchangeRecord]
    seconds: float
    causes: NotRequired[list[str]]
    expectation: NotRequired[JsonObject]


__all__ = [
    "CaseRecord",
    "ExchangeRecord",
    "Headers",
    "Json",
    "RequestRecord",
    "ResponseRecord",
    "ViolationRecord",
]
