"""The folder of the user's cache in which things are kept that take long to get or to compute."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import gettempdir

_STORAGE = "HYPOTHESIS_STORAGE_DIRECTORY"


def folder() -> Path:
    """`nac-qod` in the user's cache (XDG Base Directory Specification); it may not exist yet."""
    base = os.environ.get("XDG_CACHE_HOME")
    try:
        return (Path(base) if base else Path.home() / ".cache") / "nac-qod"
    except RuntimeError:  # a user without a home
        return Path(gettempdir()) / "nac-qod"


@contextmanager
def tables_of_hypothesis() -> Iterator[None]:
    """Meanwhile, Hypothesis keeps its tables of characters in the cache, or it leaves a folder `.hypothesis` here."""
    given = _STORAGE in os.environ
    os.environ.setdefault(_STORAGE, str(folder() / "hypothesis"))
    try:
        yield
    finally:
        if not given:
            os.environ.pop(_STORAGE, None)
