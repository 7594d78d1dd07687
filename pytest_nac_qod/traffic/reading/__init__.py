"""Recordings as exchanges, one after the other: HAR 1.2, mitmproxy flows, JSON Lines; redacted as they are read."""

import re
from collections.abc import Iterator
from io import BufferedReader, FileIO
from pathlib import Path

from pytest_nac_qod.foundation.problems import UnusableError, reason
from pytest_nac_qod.traffic.seen import Seen
from pytest_nac_qod.wire.redaction import Redactor

_HAR = re.compile(rb'\s*\{\s*"log"\s*:')
_FLOWS = re.compile(rb"\d{1,12}:")
_LINES = re.compile(rb"\s*\{")
_BOM = b"\xef\xbb\xbf"
_PEEKED = 1 << 16


class RecordingError(UnusableError):
    """A recording that cannot be read; the message names the file, the place and what to do."""


def read(path: Path, redactor: Redactor) -> Iterator[Seen]:
    """The exchanges of a recording in its order, read as they are asked for.

    Args:
        path: of the file; its kind is told by its first bytes.
        redactor: takes the secrets out.

    Raises:
        RecordingError: there is no such file, or it is no recording that is known.
    """
    try:
        with BufferedReader(FileIO(path), _PEEKED) as stream:
            yield from _read(path, stream, redactor)
    except OSError as error:
        raise RecordingError(f"{path}: cannot be read: {reason(error)}") from None


def _read(path: Path, stream: "BufferedReader[FileIO]", redactor: Redactor) -> Iterator[Seen]:
    from pytest_nac_qod.traffic.reading import flows, har, lines

    start = stream.peek(_PEEKED)[:_PEEKED]
    if start.startswith(_BOM):
        stream.read(len(_BOM))
        start = start[len(_BOM) :]
    if not start.strip():
        return
    if _FLOWS.match(start):
        yield from flows.read(path.name, stream, redactor)
    elif _HAR.match(start):
        yield from har.read(path.name, stream, redactor)
    elif _LINES.match(start):
        yield from lines.read(path.name, stream, redactor)
    else:
        raise RecordingError(
            f"{path}: neither HAR (an object with log) nor mitmproxy flows nor JSON Lines; save it as one of these"
        )
