"""The dialects as facts."""

import sys
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """One way of speaking of sessions before CAMARA 1.0.

    Attributes:
        path: where it is served, without a slash at the end.
        sink: whether a create names its sink in two properties of the body or in an object of its own.
        times: whether startedAt and expiresAt are seconds since 1970 or RFC 3339.
        absent: paths in a create where null or an empty object counts as not given; everywhere else it is refused.
        token: fewest and most characters of notificationAuthToken, where a document says so.
    """

    name: str
    path: str
    sink: Literal["flat", "webhook"]
    times: Literal["epoch", "rfc3339"]
    absent: Sequence[str] = ()
    token: Sequence[int] = (0, sys.maxsize)


@cache
def dialects() -> Mapping[str, Dialect]:
    """The dialects of dialects.toml by name."""
    content = tomllib.loads(files(__package__).joinpath("dialects.toml").read_text(encoding="utf-8"))
    return {name: Dialect(name=name, **entry) for name, entry in content.items()}


def dialect_of(path: str) -> Dialect | None:
    """The dialect that the path of a request belongs to; None for CAMARA releases."""
    matching = [dialect for dialect in dialects().values() if path.startswith(f"{dialect.path}/")]
    return max(matching, key=lambda dialect: len(dialect.path), default=None)
