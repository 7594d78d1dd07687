"""JSON Lines: an exchange in each line, as `exchanges` of results.json has them.

`started`, `seconds` that it took (or nothing), `request` with `method`, `url`, `headers` and `body`, and `response`
with `status`, `headers` and `body`, or null. Headers are pairs or an object; bodies are texts, or JSON values. `client`
names the API client that sent it, `source` whose clock its times are by; both may be left out.
"""

import json
from collections.abc import Iterator
from typing import IO, Any

from pytest_nac_qod.foundation.jsontypes import Json, JsonObject
from pytest_nac_qod.traffic.reading import RecordingError, parts
from pytest_nac_qod.traffic.seen import Seen
from pytest_nac_qod.wire.redaction import Redactor


def read(name: str, stream: IO[bytes], redactor: Redactor) -> Iterator[Seen]:
    """The exchanges of the lines.

    Raises:
        RecordingError: a line is no JSON object, or lacks something.
    """
    for number, line in enumerate(stream, 1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise RecordingError(
                f"{name}: line {number}: not valid JSON: {error}; write one object in each line"
            ) from None
        try:
            raw = _raw(record)
        except parts.NONE as error:
            what = f"{error.args[0]} is missing" if isinstance(error, KeyError) else str(error)
            raise RecordingError(f"{name}: line {number}: {what}; see nac-qod judge --help") from None
        source = record.get("source") or name
        yield parts.seen(raw, redactor, str(source), redactor.text(str(record.get("client") or "")))


def _raw(record: JsonObject) -> parts.Raw:
    request, response = record["request"], record.get("response")
    started = parts.aware(record["started"])
    if started is None:
        raise ValueError(f"started {record['started']!r} is no time with a zone")
    return parts.Raw(
        method=str(request["method"]),
        url=str(request["url"]),
        request_headers=_pairs(request.get("headers")),
        asked=_text(request.get("body", "")),
        status=parts.answered(response["status"]) if response else 0,
        response_headers=_pairs(response.get("headers")) if response else [],
        told=_text(response.get("body", "")) if response else "",
        started=started,
        seconds=parts.lasted(record.get("seconds")),
        error=str(record.get("error") or ""),
    )


def _pairs(headers: Any) -> list[tuple[str, str]]:  # noqa: ANN401 - whatever stands there
    pairs = headers.items() if isinstance(headers, dict) else headers or ()
    return [(str(name), str(value)) for name, value in pairs]


def _text(body: Json) -> str:
    if body is None:
        return ""
    return body if isinstance(body, str) else json.dumps(body)
