"""How much of each body and header a report keeps, so that it stays small enough to be opened."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, cast

from pytest_nac_qod.foundation.jsontypes import Json, JsonObject
from pytest_nac_qod.report.records import CaseRecord, ExchangeRecord
from pytest_nac_qod.wire.exchange import BODY_LIMIT, HEADERS_LIMIT

PAGE: Final = 13_000_000  # bytes of bodies and headers that the page has room for
ROOM: Final[Mapping[bool, int]] = {
    True: 6_500_000,
    False: 4_000_000,
}  # bytes that results.json has for cases with nothing to tell, others
_STEPS: Final = (BODY_LIMIT, 4_000, 1_000, 250, 60)  # characters of each body and header
_HEADERS: Final = (HEADERS_LIMIT + 1, HEADERS_LIMIT + 1, 50, 20, 10)  # of a message, for each of the steps
_PARTS: Final = (0.5, 0.3, 0.2, 0.1, 0.0)  # of the room, which have to be left for a step
_SHARE: Final = 3  # a case may have this part of the room that is left
_COMMAND: Final = 4_000  # characters of a command but for its body
_URL: Final = 300  # characters
_ESCAPED: Final = 6  # bytes of a character that JSON or the page escape
_LENGTH: Final = re.compile(r"… \((\d+) characters")
_CALM: Final = ("pass", "not_applicable", "not_tested")


@dataclass(slots=True)
class Room:
    """Room in results.json for cases that come one after the other: each may have a part of what the others left.

    A usual run is kept whole. Where a target sends much, the bodies of later cases are cut shorter.

    Attributes:
        whole: bytes for cases with nothing to tell, and for the others, in whose place they do not stand.
        left: of them.
    """

    whole: Mapping[bool, int] = field(default_factory=lambda: ROOM)
    left: dict[bool, int] = field(init=False)

    def __post_init__(self) -> None:
        """Begin with all of it."""
        self.left = dict(self.whole)

    def fitted(self, result: CaseRecord) -> CaseRecord:
        """The result with as much of its bodies and headers as there is room for."""
        calm = result["verdict"] in _CALM
        left = self.left[calm]
        open_to = [part * self.whole[calm] <= left for part in _PARTS]
        steps = [(limit, headers) for limit, headers, may in zip(_STEPS, _HEADERS, open_to, strict=True) if may]
        for limit, headers in (*steps, (0, 0)):
            kept = [_kept(exchange, limit, headers) for exchange in result["exchanges"]]
            size = len(json.dumps(kept))
            if size <= left // _SHARE:
                break
        self.left[calm] = max(0, left - size)
        return {**result, "exchanges": kept}


def _kept(exchange: ExchangeRecord, limit: int, headers: int) -> ExchangeRecord:
    (cut,) = fitted([cast("JsonObject", exchange)], limit, "in all", headers)
    cut["request"]["url"] = _short(cut["request"]["url"], max(limit, _URL), "in all")
    return cast("ExchangeRecord", cut)


def limit_for(results: Sequence[CaseRecord]) -> int:
    """Characters that each body and header may have on the page."""
    sizes = [(len(text), _weight(text)) for result in results for text in _texts(result["exchanges"])]
    fits = (step for step in _STEPS if sum(min(size, step) * weight for size, weight in sizes) <= PAGE)
    return next(fits, _STEPS[-1])


def fitted(
    exchanges: Iterable[Mapping[str, Json]],
    limit: int,
    where: str = "in results.json",
    headers: int = HEADERS_LIMIT + 1,
) -> list[JsonObject]:
    """Exchanges with bodies and headers of `limit` characters at most; what is cut says so.

    Args:
        exchanges: as results.json has them.
        limit: characters.
        where: the text has the length that is told.
        headers: of each message at most.
    """
    return [
        {
            **exchange,
            **{side: _cut(exchange[side], limit, where, headers) for side in ("request", "response") if exchange[side]},
        }
        for exchange in exchanges
    ]


def whole(commands: Sequence[str], limit: int) -> Sequence[str]:
    """Commands that do the same again, unless they are far longer than a body may be: half of one is of no use."""
    return commands if sum(map(len, commands)) <= limit + _COMMAND else []


def _cut(message: JsonObject, limit: int, where: str, headers: int) -> JsonObject:
    kept = [[_short(text, limit, where) for text in header] for header in message["headers"][:headers]]
    kept += [["…", "more headers"]] if len(message["headers"]) > headers else []
    return {**message, "headers": kept, "body": _short(message["body"], limit, where)}


def _short(text: str, limit: int, where: str) -> str:
    if len(text) <= limit:
        return text
    told = _LENGTH.search(text, len(text) - 60)  # it was cut before
    return f"{text[:limit]}… ({told[1] if told else len(text)} characters {where})"


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
