"""One request and its response, recorded once."""

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

import httpx

from pytest_nac_qod.foundation.jsontypes import Json, JsonObject
from pytest_nac_qod.foundation.values import TOO_DEEP, no_constant, shallow
from pytest_nac_qod.wire.redaction import Redactor

Headers = tuple[tuple[str, str], ...]
Role = Literal["setup", "judged", "event", "cleanup"]

_LARGE = 100_000  # characters of a body
BODY_LIMIT = 20_000  # characters of a body that a results file keeps
HEADER_LIMIT, HEADERS_LIMIT = 4_000, 100  # characters of a header, and headers, that it keeps


class NotJsonError(ValueError):
    """A body that is not one JSON text as RFC 8259 has it."""


def _no_duplicates(pairs: list[tuple[str, Json]]) -> JsonObject:
    members = dict(pairs)
    if len(members) < len(pairs):
        times = Counter(name for name, _ in pairs)
        raise NotJsonError(f"duplicate name {next(name for name in members if times[name] > 1)!r}")
    return members


def parse_json(text: str) -> Json:
    """Parse `text` strictly: no NaN or Infinity, no duplicate names, nothing behind the value (RFC 8259), nor too deep.

    Raises:
        NotJsonError: saying what is wrong, in words.
    """
    try:
        return shallow(json.loads(text, parse_constant=no_constant, object_pairs_hook=_no_duplicates))
    except NotJsonError:
        raise
    except ValueError as error:
        raise NotJsonError(str(error)) from None
    except RecursionError:
        raise NotJsonError(TOO_DEEP) from None


def header(pairs: Iterable[Sequence[str]], name: str) -> str | None:
    """Value of the header `name`, repeated ones joined with a comma (RFC 9110 section 5.3); None when absent."""
    values = [value for key, value in pairs if key.lower() == name.lower()]
    return ", ".join(values) if values else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """Headers and body text of a request or a response; redacted.

    Attributes:
        undecodable: what keeps the body from being UTF-8; empty when nothing does.
    """

    headers: Headers
    body: str
    undecodable: str = ""

    def header(self, name: str) -> str | None:
        """Value of the header `name`, or None."""
        return header(self.headers, name)

    def json(self) -> Json:
        """The body as JSON; raises NotJsonError."""
        if self.undecodable:
            raise NotJsonError(self.undecodable)
        return parse_json(self.body)


@dataclass(frozen=True, slots=True, kw_only=True)
class Request(Message):
    """What was sent: by us to the target, or by the target to the sink."""

    method: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Response(Message):
    """What came back."""

    status: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """One request and its response, redacted at capture.

    Attributes:
        id: unique within its case, such as `x3`.
        operation: operationId of the contract (`postNotification` for an event).
        role: why it was sent; only `judged` and `event` exchanges are held against the contract.
        response: None when no response came; `error` then says why.
        started: RFC 3339 time at which the request was sent.
        seconds: from request to the end of the response.
        ahead: seconds by which the target's clock was ahead of ours at most, as far as that is known.
    """

    id: str
    operation: str
    role: Role
    request: Request
    response: Response | None
    error: str | None
    started: str
    seconds: float
    ahead: float = 0.0

    @property
    def answered(self) -> datetime:
        """When the response had come, by the target's clock."""
        return datetime.fromisoformat(self.started) + timedelta(seconds=self.seconds + self.ahead)

    def light(self) -> "Exchange":
        """Itself; without the body of the response where that is one that nobody should have to keep."""
        if self.response is None or len(self.response.body) <= _LARGE:
            return self
        return replace(self, response=replace(self.response, body=""))

    def to_dict(self) -> JsonObject:
        """The exchange as it stands in results.json, long bodies cut."""
        return {
            "id": self.id,
            "operation": self.operation,
            "role": self.role,
            "started": self.started,
            "seconds": round(self.seconds, 6),
            "request": {
                "method": self.request.method,
                "url": self.request.url,
                "headers": _kept(self.request.headers),
                "body": _cut(self.request.body),
            },
            "response": self.response
            and {
                "status": self.response.status,
                "headers": _kept(self.response.headers),
                "body": _cut(self.response.body),
            },
            "error": self.error,
        }


def _pairs(headers: httpx.Headers) -> Iterable[tuple[str, str]]:
    return ((name.decode("latin-1"), value.decode("latin-1")) for name, value in headers.raw)


def captured_request(request: httpx.Request, redactor: Redactor) -> Request:
    """The request as it may be kept."""
    return Request(
        method=request.method,
        url=redactor.text(str(request.url)),
        headers=redactor.headers(_pairs(request.headers)),
        body=redactor.text(request.content.decode("utf-8", "replace")),
    )


def captured_response(response: httpx.Response, redactor: Redactor) -> Response:
    """The response as it may be kept."""
    return Response(
        status=response.status_code,
        headers=redactor.headers(_pairs(response.headers)),
        body=redactor.text(response.content.decode("utf-8", "replace")),
        undecodable=_undecodable(response.content),
    )


def _undecodable(content: bytes) -> str:
    """What keeps bytes from being UTF-8; empty when nothing does."""
    try:
        content.decode("utf-8")
    except UnicodeDecodeError as error:
        return f"byte 0x{content[error.start]:02x} at {error.start} is not UTF-8 (RFC 8259 section 8.1)"
    return ""


def _kept(headers: Headers) -> list[list[str]]:
    """Headers as a results file keeps them, long values cut, and too many."""
    kept = [[_cut(name, HEADER_LIMIT), _cut(value, HEADER_LIMIT)] for name, value in headers[:HEADERS_LIMIT]]
    return kept + ([["…", f"{len(headers)} headers in all"]] if len(headers) > HEADERS_LIMIT else [])


def _cut(text: str, limit: int = BODY_LIMIT) -> str:
    return text if len(text) <= limit else f"{text[:limit]}… ({len(text)} characters in all)"
