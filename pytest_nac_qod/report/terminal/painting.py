"""Colours for people at a terminal, by rich where it is installed: the words are the same as without."""

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from importlib.util import find_spec
from io import StringIO
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import RenderableType

STYLES = {
    "pass": "green",
    "fail": "bold red",
    "error": "bold red",
    "inconclusive": "magenta",
    "warn": "yellow",
    "note": "cyan",
    "known": "cyan",
    "stale": "yellow",
    "not_applicable": "dim",
    "not_tested": "dim",
}
_VERDICT = re.compile(rf"^(?P<verdict>{'|'.join(STYLES)})(?=  )", re.IGNORECASE)
_LABEL = re.compile(r"^ +(expected|actual|clause|tolerated|seen in|again)(?= )")
_COUNTS = re.compile(rf"\b({'|'.join(STYLES)}) (\d+)\b")
TO_THE_END = "\x1b[K"  # has a terminal take away what stood in the rest of the line


def wanted(*, terminal: bool, markup: bool | None = None) -> bool:
    """Whether what is printed is painted: on a terminal with colours, unless NO_COLOR asks for none.

    Args:
        terminal: whether it goes to one.
        markup: what pytest says of colours, as its own options decide; by default what the environment says.
    """
    plain = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    return terminal and (not plain if markup is None else markup) and find_spec("rich") is not None


def painted(lines: Iterable[str]) -> Iterator[str]:
    """Lines about causes: verdicts in their colours, what is a label less bright."""
    for line in lines:
        verdict, label = _VERDICT.match(line), _LABEL.match(line)
        marks = [(verdict.span(), STYLES[verdict[0].lower()])] if verdict else []
        marks += [(label.span(1), "dim")] if label else []
        yield _line(line, marks)


def counts(line: str) -> str:
    """A line about the progress of a run: each verdict with its count in its colour."""
    return _line(line, [(match.span(), STYLES[match[1]]) for match in _COUNTS.finditer(line)]) + TO_THE_END


def table(rows: Sequence[Sequence[str]], width: int) -> Iterator[str]:
    """The verdict table: columns in their colours where they count something.

    Args:
        rows: names of the columns, then cells; the last row sums up.
        width: of the terminal in characters.
    """
    from rich.table import Table
    from rich.text import Text

    (first, *verdicts), *others = rows
    grid = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    grid.add_column(first, overflow="fold")
    for verdict in verdicts:
        grid.add_column(verdict, justify="right", no_wrap=True)
    for row in others:
        counted = zip(verdicts, row[1:], strict=True)
        cells = [Text(cell, "dim" if cell == "0" else STYLES[verdict]) for verdict, cell in counted]
        grid.add_row(Text(row[0]), *cells, style="bold" if row is others[-1] else "")
    yield from _shown(grid, width).splitlines()


def _line(text: str, marks: Iterable[tuple[tuple[int, int], str]]) -> str:
    """The text with styles from one character to another."""
    from rich.text import Text

    marked = Text(text, end="")
    for (start, end), style in marks:
        marked.stylize(style, start, end)
    return _shown(marked, len(text) + 1)


def _shown(what: "RenderableType", width: int) -> str:
    from rich.console import Console

    told = StringIO()
    console = Console(file=told, force_terminal=True, color_system="standard", width=width, legacy_windows=False)
    console.print(what, soft_wrap=not hasattr(what, "columns"), end="")
    return told.getvalue()
