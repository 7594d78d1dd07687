"""TOML that somebody else wrote."""

import re
import tomllib
from typing import Final

from pytest_nac_qod.foundation.jsontypes import Json, JsonObject
from pytest_nac_qod.foundation.values import countable

_LARGEST: Final = 2_000_000  # characters; each million takes a second to read
_PARTS: Final = 200  # of a dotted key; reading takes their square in time and memory
_PART = r"[\w\"'-]+"
_DEEP = re.compile(rf"(?<![\w\"'-])(?:{_PART}[ \t]*\.[ \t]*){{{_PARTS}}}")


def parsed(text: str) -> JsonObject:
    """What a TOML document says.

    Raises:
        ValueError: it is none, or has a number of too many digits, a key of too many parts, or is too deep or large.
    """
    if len(text) > _LARGEST:
        raise ValueError(f"{len(text):,} characters; {_LARGEST:,} at most are read")
    if deep := _DEEP.search(text):
        raise ValueError(f"a key of more than {_PARTS} parts (line {text.count(chr(10), 0, deep.start()) + 1})")
    try:
        content = tomllib.loads(text)
        _check(content)
    except RecursionError:
        raise ValueError("too deep") from None
    return content


def _check(value: Json) -> None:
    if isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            _check(item)
    countable(value)
