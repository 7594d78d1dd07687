"""Texts as Markdown that MyST reads without a warning."""

import re
from collections.abc import Iterable, Sequence

_SPECIAL = re.compile(r"([\\*<\[\]|])")


def plain(text: str) -> str:
    """`text` as it is, apart from code between backticks."""
    parts = re.split(r"(`[^`]+`)", " ".join(text.split()))
    return "".join(part if place % 2 else _SPECIAL.sub(r"\\\1", part) for place, part in enumerate(parts))


def code(text: str) -> str:
    """`text` as code within a line."""
    return f"`{text.replace('`', chr(39))}`" if text else ""


def block(lines: Iterable[str], language: str = "text") -> str:
    """Lines as a block of code."""
    return "\n".join([f"```{language}", *lines, "```"])


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table; the cells are Markdown already, and stay within their column."""
    body = [f"| {' | '.join(cells)} |" for cells in rows]
    return "\n".join([f"| {' | '.join(head)} |", f"|{'---|' * len(head)}", *body])


def cell(text: str) -> str:
    """Code in a cell of a table, where a bar would end the cell."""
    return code(text.replace("|", "\\|"))


def page(title: str, *parts: str) -> str:
    """A page of these parts."""
    return "\n\n".join([f"# {title}", *(part for part in parts if part)]) + "\n"
