"""Standard output and error, whatever they lead to; stdlib only."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import TextIOWrapper


def _streams() -> list[TextIOWrapper]:
    return [stream for stream in (sys.stdout, sys.stderr) if isinstance(stream, TextIOWrapper)]


@contextmanager
def printable() -> Iterator[None]:
    """Meanwhile, characters that the terminal's encoding has not are written as escapes."""
    before = [(stream, stream.errors) for stream in _streams()]
    for stream, _ in before:
        stream.reconfigure(errors="backslashreplace")
    try:
        yield
    finally:
        for stream, errors in before:
            with suppress(OSError, ValueError):
                stream.reconfigure(errors=errors)


def give_up() -> None:
    """Have what cannot be written to lead nowhere, or Python complains when it flushes it at its end."""
    for stream in _streams():
        with suppress(ValueError):
            try:
                stream.flush()
            except OSError:
                nowhere = os.open(os.devnull, os.O_WRONLY)
                os.dup2(nowhere, stream.fileno())
                os.close(nowhere)
