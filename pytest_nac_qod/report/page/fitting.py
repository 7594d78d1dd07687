"""How much of each body and header the page shows, so that it stays small enough to be opened."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from pytest_nac_qod.foundation.jsontypes import Json, JsonObject
from pytest_nac_qod.report.records import CaseRecord
from pytest_nac_qod.wire.exchange import BODY_LIMIT

ROOM: Final = 13_000_000  # bytes of bodies and headers in all
_STEPS: Final = (BODY_LIMIT, 4_000, 1_000, 250, 60)  # characters of each
_COMMAND: Final = 4_000  # characters of a command but for its body
_ESCAPED: Final = 6  # bytes of a character that JSON or the page escape


def limit_for(results: Sequence[CaseRecord]) -> int:
    """Characters that each body and header may have."""
    sizes = [(len(text), _weight(text)) for result in results for text in _texts(result["exchanges"])]
    fits = (step for step in _STEPS if sum(min(size, step) * weight for size, weight in sizes) <= ROOM)
    return next(fits, _STEPS[-1])


def fitted(exchanges: Iterable[Mapping[str, Json]], limit: int) -> list[JsonObject]:
    """Exchanges with bodies and headers of `limit` characters at most; what is cut says so."""
    return [
        {**exchange, **{side: _cut(exchange[side], limit) for side in ("request", "response") if exchange[side]}}
        for exchange in exchanges
    ]


def whole(commands: Sequence[str], limit: int) -> Sequence[str]:
    """Commands that do the same again, unless they are far longer than a body may be: half of one is of no use."""
    return commands if sum(map(len, commands)) <= limit + _COMMAND else []


def _cut(message: JsonObject, limit: int) -> JsonObject:
    headers = [[_short(text, limit) for text in header] for header in message["headers"]]
    return {**message, "headers": headers, "body": _short(message["body"], limit)}


def _short(text: str, limit: int) -> str:
    return text if len(text) <= limit else f"{text[:limit]}… ({len(text)} characters; results.json has them)"


def _texts(exchanges: Iterable[Mapping[str, Json]]) -> Iterator[str]:
    for exchange in exchanges:
        for message in filter(None, (exchange["request"], exchange["response"])):
            yield message["body"]
            for header in message["headers"]:
                yield from header


def _weight(text: str) -> float:
    """Bytes of a character of the page, on the average of a text."""
    if not text:
        return 0.0
    escaped = sum(map(text.count, "<>&"))
    return (len(json.dumps(text)) + (_ESCAPED - 1) * escaped) / len(text)
