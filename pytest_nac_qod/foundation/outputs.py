"""Checks that files can be written, before the work that fills them; stdlib only."""

import tempfile
from pathlib import Path

from pytest_nac_qod.foundation.problems import UnusableError, reason


class OutputError(UnusableError):
    """A place that cannot be written to; the message names it and what to do."""


def check_folder(option: str, folder: Path) -> None:
    """Return when `folder` can be written to, or made; nothing is left behind.

    Raises:
        OutputError: it cannot; the message begins with the option.
    """
    try:
        there = next(
            candidate
            for candidate in (folder.absolute(), *folder.absolute().parents)
            if candidate.exists() or candidate.is_symlink()
        )
    except OSError as error:
        raise OutputError(f"{option}: {folder}: {reason(error)}; give another folder") from None
    if not there.is_dir():
        raise OutputError(f"{option}: {there}: a file, not a folder; give another folder")
    try:
        with tempfile.TemporaryFile(dir=there):
            pass
    except OSError as error:
        raise OutputError(f"{option}: {there}: cannot be written to: {reason(error)}; give another folder") from None


def check_file(option: str, path: Path) -> None:
    """Return when a file can be written at `path`, whose folder has to be there.

    Raises:
        OutputError: it cannot; the message begins with the option.
    """
    if path.is_dir():
        raise OutputError(f"{option}: {path}: a folder; give the name of a file")
    if not path.parent.is_dir():
        raise OutputError(f"{option}: {path}: there is no folder {path.parent}; create it, or give another file")
    if not path.exists():
        check_folder(option, path.parent)
        return
    try:
        with path.open("ab"):
            pass
    except OSError as error:
        raise OutputError(f"{option}: {path}: cannot be written: {reason(error)}; give another file") from None
