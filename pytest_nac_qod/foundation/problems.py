"""The base of all errors that a command turns into a line and exit status 2; stdlib only."""

from typing import Final

LONGEST: Final = 400  # characters of a line
_END: Final = 150  # of them that stand at its end, where it says what to do
MOST: Final = 20  # lines


class UnusableError(Exception):
    """What the user gave cannot be used; a line for each problem, which names file, key or option and what to do.

    A line that shows too much of what was given is cut in its middle, and problems beyond the first twenty are counted.
    """

    def __init__(self, problems: str = "") -> None:
        super().__init__(brief(problems))


def brief(text: str) -> str:
    """Lines of a length that people read."""
    lines = [line if len(line) <= LONGEST else _cut(line) for line in text.splitlines()]
    more = [f"… and {len(lines) - MOST} more problems"] if len(lines) > MOST else []
    return "\n".join([*lines[:MOST], *more])


def _cut(line: str) -> str:
    return f"{line[: LONGEST - _END]} … {line[-_END:]}"


def reason(error: OSError) -> str:
    """What the operating system says, without its number and the path."""
    return error.strerror or str(error)
