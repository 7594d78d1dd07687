"""Flows that mitmproxy saved: typed netstrings, one for each flow.

Read here and not by mitmproxy, which cannot be installed beside current versions of what this package needs.
"""

from collections.abc import Callable, Iterator
from typing import IO, Any

from pytest_nac_qod.traffic.reading import RecordingError, parts
from pytest_nac_qod.traffic.seen import Seen
from pytest_nac_qod.wire.redaction import Redactor

_DIGITS = 12  # of a length
_PIECE = 1 << 20  # bytes
_DEFAULT_PORTS = {"http": 80, "https": 443}


def read(name: str, stream: IO[bytes], redactor: Redactor) -> Iterator[Seen]:
    """The HTTP flows; those of other protocols are passed over.

    Raises:
        RecordingError: it ends within a flow, or a flow is none that is known.
    """
    number = 0
    while (saved := _next(name, stream, number)) is not None:
        number += 1
        try:
            item = _value(*saved)
            if item.get("type") != "http" or item.get("websocket"):
                continue
            raw = _raw(item)
        except (*parts.NONE, OSError) as error:  # OSError: a time beyond what the machine knows
            raise RecordingError(
                f"{name}: flow {number}: {type(error).__name__}: {error}; save it as HAR with mitmproxy's save.har"
            ) from None
        yield parts.seen(raw, redactor, name)


def _next(name: str, stream: IO[bytes], number: int) -> tuple[bytes, bytes] | None:
    """Content and type of the next flow; None at the end."""
    length = b""
    while (digit := stream.read(1)) not in (b":", b""):
        length += digit
        if not digit.isdigit() or len(length) > _DIGITS:
            raise RecordingError(f"{name}: no flow after flow {number}; save it again")
    if not length and not digit:
        return None
    content = b"".join(_pieces(stream, int(length or b"0")))
    kind = stream.read(1)
    if len(content) != int(length or b"0") or not kind:
        raise RecordingError(f"{name}: ends within flow {number + 1}; save it again")
    return content, kind


def _pieces(stream: IO[bytes], size: int) -> Iterator[bytes]:
    """So many bytes, or what there is of them; no more room is taken than they need, whatever size is claimed."""
    while size > 0 and (piece := stream.read(min(size, _PIECE))):
        size -= len(piece)
        yield piece


def _value(content: bytes, kind: bytes) -> Any:  # noqa: ANN401 - as above
    """The value that a typed netstring stands for."""
    if kind not in _KINDS:
        raise ValueError(f"unknown type {kind!r} of a typed netstring")
    return _KINDS[kind](content)


def _object(content: bytes) -> dict[str, Any]:
    items = list(_values(content))
    return {_text(key): value for key, value in zip(items[::2], items[1::2], strict=True)}


def _values(content: bytes) -> Iterator[Any]:
    at = 0
    while at < len(content):
        colon = content.index(b":", at, at + _DIGITS + 1)
        if not content[at:colon].isdigit():
            raise ValueError("a length that is none in a typed netstring")
        end = colon + 1 + int(content[at:colon])
        yield _value(content[colon + 1 : end], content[end : end + 1])
        at = end + 1


_KINDS: dict[bytes, Callable[[bytes], Any]] = {
    b",": bytes,
    b";": lambda content: content.decode("utf-8", "surrogateescape"),
    b"#": int,
    b"^": float,
    b"!": lambda content: content == b"true",
    b"~": lambda _: None,
    b"]": lambda content: list(_values(content)),
    b"}": _object,
}


def _text(value: Any) -> str:  # noqa: ANN401 - as above
    return value.decode("utf-8", "surrogateescape") if isinstance(value, bytes) else str(value)


def _raw(flow: dict[str, Any]) -> parts.Raw:
    request, response = flow["request"], flow.get("response")
    started = request["timestamp_start"]
    ended = (response or request).get("timestamp_end")
    headers = _headers(request["headers"])
    told, undecodable = parts.decoded(response["headers"], response.get("content")) if response else ("", "")
    asked, _ = parts.decoded(request["headers"], request.get("content"))
    return parts.Raw(
        method=_text(request["method"]),
        url=_url(request),
        request_headers=headers,
        asked=asked,
        status=parts.answered(response["status_code"]) if response else 0,
        response_headers=_headers(response["headers"]) if response else [],
        told=told,
        undecodable=undecodable,
        started=parts.moment(started),
        seconds=None if ended is None else parts.lasted(ended - started),
        error=str((flow.get("error") or {}).get("msg", "")),
    )


def _headers(pairs: Any) -> list[tuple[str, str]]:  # noqa: ANN401 - as above
    return [(name.decode("latin-1"), value.decode("latin-1")) for name, value in pairs]


def _url(request: dict[str, Any]) -> str:
    """The URL, by the name that the client asked for (HTTP/2) rather than by the address where mitmproxy sent it."""
    scheme, host, port = _text(request["scheme"]), _text(request["host"]), int(request["port"])
    reached = host if port == _DEFAULT_PORTS.get(scheme) else f"{host}:{port}"
    place = _text(request.get("authority") or "").removesuffix(f":{_DEFAULT_PORTS.get(scheme)}") or reached
    return f"{scheme}://{place}{_text(request['path'])}"
