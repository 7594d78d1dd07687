"""Names that somebody may have meant; stdlib only."""

import difflib
from collections.abc import Iterable

_WIDE = 3  # characters that are enough to be looked for within names


def alike(name: str, known: Iterable[str], most: int = 3) -> list[str]:
    """Of these names those that `name` is a part of, in whatever case; else those that it is a misspelling of."""
    by_folded = {other.casefold(): other for other in known}
    folded = name.casefold()
    holding = sorted((other for other in by_folded if len(folded) >= _WIDE and folded in other), key=len)
    near = holding or difflib.get_close_matches(folded, by_folded, n=most)
    return [by_folded[other] for other in near[:most]]


def meant(name: str, known: Iterable[str], otherwise: str, most: int = 3) -> str:
    """`did you mean A or B?`, or what to do where nothing is like it."""
    near = alike(name, known, most)
    return f"did you mean {' or '.join(near)}?" if near else otherwise
