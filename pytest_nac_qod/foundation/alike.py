"""Names that somebody may have meant; stdlib only."""

import difflib
from collections.abc import Iterable

_WIDE = 3  # characters that are enough to be looked for within names
_SURE = 0.8  # of 1, where a misspelling is beyond doubt


def alike(name: str, known: Iterable[str], most: int = 3) -> list[str]:
    """Of these names those that `name` is a part of, in whatever case; else those that it, or a part, misspells."""
    by_folded = {other.casefold(): other for other in known}
    folded = name.casefold()
    near = sorted((other for other in by_folded if len(folded) >= _WIDE and folded in other), key=len)
    near = near or difflib.get_close_matches(folded, by_folded, most, _SURE)
    near = near or _misspelt_part(folded, by_folded, most) or difflib.get_close_matches(folded, by_folded, most)
    return [by_folded[other] for other in near[:most]]


def _misspelt_part(name: str, known: Iterable[str], most: int) -> list[str]:
    """Names that have `name` but for a misspelling among their words, which underscores divide."""
    words = name.count("_") + 1
    parts: dict[str, str] = {}
    for other in known:
        split = other.split("_")
        for start in range(len(split) - words + 1):
            parts.setdefault("_".join(split[start : start + words]), other)
    return list(dict.fromkeys(parts[part] for part in difflib.get_close_matches(name, parts, most, _SURE)))


def meant(name: str, known: Iterable[str], otherwise: str, most: int = 3) -> str:
    """`did you mean A or B?`, or what to do where nothing is like it."""
    near = alike(name, known, most)
    return f"did you mean {' or '.join(near)}?" if near else otherwise
