"""Names of releases, an `r` and a version, with what leads to it behind a hyphen; their order; the current one."""

import re
import tomllib
from functools import cache
from pathlib import Path

CURRENT: str = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))["current"]
"""The release that is meant where nobody names one."""

_NAME = re.compile(r"r([0-9]{1,9}(?:\.[0-9]{1,9})*)(?:-([A-Za-z0-9.-]+))?")


def is_release(name: str) -> bool:
    """Whether `name` can be that of a release."""
    return _NAME.fullmatch(name) is not None


@cache  # a list of rows asks a million times
def order(release: str) -> tuple[int, ...]:
    """Sorts releases as versions, oldest first; what leads to a release comes before it.

    Raises:
        ValueError: that is no name of a release.
    """
    match = _NAME.fullmatch(release)
    if match is None:
        raise ValueError(f"{release!r} is no name of a release: r, a version, and perhaps a hyphen and more")
    numbers = tuple(map(int, match[1].split(".")))
    return (*numbers, -1, *map(int, re.findall(r"[0-9]{1,9}", match[2]))) if match[2] else (*numbers, 0)
