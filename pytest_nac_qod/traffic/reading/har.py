"""HAR 1.2, as browsers and proxies write it, and we ourselves; read entry by entry."""

import base64
import re
from collections.abc import Iterator
from typing import IO, Any

from pytest_nac_qod.foundation.jsontypes import JsonObject
from pytest_nac_qod.traffic.reading import RecordingError, parts
from pytest_nac_qod.traffic.seen import Seen
from pytest_nac_qod.wire.exchange import header
from pytest_nac_qod.wire.redaction import Redactor

_OWN = re.compile(r".* \((?:setup|judged|event|cleanup) x\d+\)")  # comment of an entry of a run of our own
_FROM_CACHE = ("_fromCache", "_fetchedViaServiceWorker")  # of Chrome
_FETCHED_FROM = ("Memory Cache", "Disk Cache")  # _fetchType of Safari
_PHASES = ("blocked", "dns", "connect", "send", "wait", "receive")


def read(name: str, stream: IO[bytes], redactor: Redactor) -> Iterator[Seen]:
    """The entries of an archive.

    Raises:
        RecordingError: it is no JSON, or an entry lacks what HAR 1.2 asks for.
    """
    import ijson

    number = 0
    try:
        for entry in ijson.items(stream, "log.entries.item", use_float=True):
            number += 1
            if isinstance(entry, dict) and not _cached(entry):
                yield _entry(name, number, entry, redactor)
    except (ijson.JSONError, UnicodeDecodeError, RecursionError) as error:
        raise RecordingError(
            f"{name}: not valid JSON after entry {number}: {str(error).splitlines()[0]}; save it again"
        ) from None


def _cached(entry: JsonObject) -> bool:
    """Whether an answer came from a cache, so that it is one to an earlier request."""
    cache: Any = entry.get("cache") or {}
    told = any(cache.values()) or set(cache) == {"afterRequest"}  # which Firefox may leave null
    marked = any(entry.get(mark) for mark in _FROM_CACHE) or entry.get("_fetchType") in _FETCHED_FROM
    return told or marked


def _entry(name: str, number: int, entry: JsonObject, redactor: Redactor) -> Seen:
    try:
        raw = _raw(entry)
    except parts.NONE as error:
        what = f"{error.args[0]!r} is missing" if isinstance(error, KeyError) else str(error)
        raise RecordingError(f"{name}: entry {number}: {what}; HAR 1.2 asks for it") from None
    page = entry.get("pageref")
    own = isinstance(page, str) and _OWN.fullmatch(str(entry.get("comment", "")))
    return parts.seen(raw, redactor, f"{name} {page}" if own else name)


def _raw(entry: JsonObject) -> parts.Raw:
    request, response = entry["request"], entry.get("response") or {}  # none while it was under way
    started = parts.aware(entry["startedDateTime"])
    if started is None:
        raise ValueError(f"startedDateTime {entry['startedDateTime']!r} is no time with a zone")
    headers, answered = _headers(request), _headers(response)
    status = parts.answered(response.get("status") or 0)
    told, undecodable = _told(response, answered, status)
    return parts.Raw(
        method=str(request["method"]),
        url=str(request["url"]),
        request_headers=headers,
        asked=_asked(request),
        status=status,
        response_headers=answered,
        told=told,
        undecodable=undecodable,
        started=started,
        seconds=_seconds(entry),
        error=str(response.get("comment") or response.get("_error") or ""),
    )


def _seconds(entry: JsonObject) -> float | None:
    """How long it took; None where neither the entry nor its phases tell."""
    timings: Any = entry.get("timings") or {}
    phases = sum(max(0.0, float(timings.get(phase) or 0)) for phase in _PHASES)
    return parts.lasted(entry.get("time") or None, 1000) or parts.lasted(phases or None, 1000)


def _headers(message: JsonObject) -> list[tuple[str, str]]:
    """Header fields, without those that HTTP/2 has for the request line."""
    pairs = [(str(item["name"]), str(item["value"])) for item in message.get("headers") or ()]
    return [(name, value) for name, value in pairs if not name.startswith(":")]


def _asked(request: JsonObject) -> str | None:
    """The body of a request; None where there was one and it was not kept."""
    posted: Any = request.get("postData")
    if isinstance(posted, dict) and isinstance(posted.get("text"), str):
        if posted.get("encoding") == "base64":
            return parts.text_of(base64.b64decode(posted["text"]))[0]
        return str(posted["text"])
    return None if posted or (request.get("bodySize") or 0) > 0 else ""


def _told(response: JsonObject, headers: list[tuple[str, str]], status: int) -> tuple[str | None, str]:
    """The body of a response, and what keeps it from being text; None where it was not kept."""
    content: Any = response.get("content") or {}
    text = content.get("text")
    if isinstance(text, str) and text:
        if str(content.get("encoding")).lower() == "base64":
            return parts.text_of(base64.b64decode(text))
        return text, ""
    empty = status == 204 or header(headers, "content-length") == "0" or (text == "" and content.get("size") == 0)
    return ("" if empty else None), ""
