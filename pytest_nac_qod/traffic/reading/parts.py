"""What every kind of recording has: messages with headers and bodies, whose secrets do not get any further."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import httpx

from pytest_nac_qod.traffic.reading import masks
from pytest_nac_qod.traffic.seen import Seen
from pytest_nac_qod.traffic.tokens import facts_of
from pytest_nac_qod.wire.clock import skew
from pytest_nac_qod.wire.exchange import Exchange, Request, Response, header
from pytest_nac_qod.wire.redaction import Redactor
from pytest_nac_qod.wire.secret_forms import without_userinfo

NONE = (KeyError, TypeError, ValueError, AttributeError, OverflowError, RecursionError)
"""What is raised where a recording has something else than it should."""
_LONGEST, _LAST_STATUS = 86_400 * 365, 999  # seconds of an exchange; three digits (RFC 9110 section 15)
_YEARS = range(1970, 9999)  # so that it has a time in every zone, and a later one
_CUT = " characters in all)"  # ends a body that a results file does not keep in full
_PLAIN = {"", "identity", "gzip", "deflate"}  # encodings that are always known
Pairs = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Raw:
    """An exchange as it was recorded; holds secrets.

    Attributes:
        asked: body of the request; None where it is not known.
        told: body of the response; None where it is not known.
        status: of the response; 0 where none came.
        seconds: that it took; None where nobody noted it.
        undecodable: what keeps the body of the response from being text.
    """

    method: str
    url: str
    request_headers: Pairs
    asked: str | None
    status: int
    response_headers: Pairs
    told: str | None
    started: str
    seconds: float | None
    undecodable: str = ""
    error: str = ""


def seen(raw: Raw, redactor: Redactor, source: str, client: str = "") -> Seen:
    """The exchange as it may be kept."""
    facts = facts_of(raw.request_headers, raw.started)
    cut = any(body is not None and body.endswith(_CUT) for body in (raw.asked, raw.told))
    return Seen(
        exchange=_exchange(raw, redactor),
        source=source,
        client=client or facts.client,
        lapsed=facts.lapsed,
        scopes=facts.scopes,
        asked=raw.asked is not None and not cut and not masks.of_body(raw.asked)[1],
        told=raw.told is not None and not cut and not masks.of_body(raw.told)[1],
        timed=raw.seconds is not None,
        headed=bool(raw.request_headers and (raw.response_headers or not raw.status)),
    )


def _exchange(raw: Raw, redactor: Redactor) -> Exchange:
    """The exchange itself, redacted."""
    seconds = raw.seconds or 0.0
    request = Request(
        method=raw.method.upper(),
        url=redactor.text(without_userinfo(raw.url)),
        headers=redactor.headers(masks.of_headers(raw.request_headers)),
        body=redactor.text(masks.of_body(raw.asked or "")[0]),
    )
    response = None
    if raw.status:
        response = Response(
            status=raw.status,
            headers=redactor.headers(raw.response_headers),
            body=redactor.text(masks.of_body(raw.told or "")[0]),
            undecodable=raw.undecodable,
        )
    return Exchange(
        id="x",
        operation="",
        role="judged",
        request=request,
        response=response,
        error=None if response else redactor.text(raw.error or "no response was recorded"),
        started=raw.started,
        seconds=seconds,
        ahead=_ahead(raw, seconds),
    )


def _ahead(raw: Raw, seconds: float) -> float:
    before = datetime.fromisoformat(raw.started)
    after = before + timedelta(seconds=seconds)
    return skew(header(raw.response_headers, "date"), before, after) or 0.0


def decoded(headers: Sequence[tuple[bytes, bytes]], content: bytes | bytearray | None) -> tuple[str | None, str]:
    """A body, decoded as its Content-Encoding says, and what keeps it from being text.

    None where it was not kept, or is encoded in a way that is not known here.
    """
    if content is None:
        return None, ""
    try:
        message = httpx.Response(200, headers=headers, content=bytes(content))
        text, undecodable = text_of(message.content)
    except httpx.DecodingError:
        return None, ""
    encodings = {item.strip().lower() for item in message.headers.get("content-encoding", "").split(",")}
    return (None, "") if undecodable and encodings - _PLAIN else (text, undecodable)


def text_of(content: bytes) -> tuple[str, str]:
    """A body as text, and what keeps it from being UTF-8; empty when nothing does."""
    try:
        return content.decode("utf-8"), ""
    except UnicodeDecodeError as error:
        return content.decode("utf-8", "replace"), f"byte 0x{content[error.start]:02x} at {error.start} is not UTF-8"


def lasted(time: object, units: int = 1) -> float | None:
    """How long an exchange took, in seconds, from so many `units` to the second.

    None where nobody noted it, and where it is negative, since a clock was set back.

    Raises:
        ValueError: no exchange takes so long.
    """
    if time is None:
        return None
    number = float(time) / units  # type: ignore[arg-type] # which says of itself what it is not
    if not number <= _LONGEST:
        raise ValueError(f"{number:g} s are no time that an exchange takes")
    return number if number >= 0 else None


def answered(status: object) -> int:
    """The status of a response; 0 when there was none.

    Raises:
        ValueError: it is none.
    """
    number = int(status)  # type: ignore[call-overload] # as above
    if number > _LAST_STATUS:
        raise ValueError("status: no status of HTTP")
    return max(0, int(number))


def moment(seconds: float) -> str:
    """A POSIX time as RFC 3339 has it.

    Raises:
        ValueError: it is in no year that RFC 3339 knows.
    """
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def aware(text: object) -> str | None:
    """A time as RFC 3339 has it, with a zone; None for anything else."""
    if not isinstance(text, str):
        return None
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        return None
    return text if time.tzinfo and time.year in _YEARS else None
