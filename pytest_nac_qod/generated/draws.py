"""Who draws examples: one thread at a time, by the seed alone."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from hypothesis.internal.conjecture import providers

_READ, _CACHE = "_get_local_constants", "CONSTANTS_CACHE"  # of Hypothesis; a version without them reads nothing
_TURN = threading.Lock()  # Hypothesis parses code, which two threads at once may not before CPython 3.11.9 and 3.12.3


@contextmanager
def draws() -> Iterator[None]:
    """Meanwhile, the seed alone decides what is drawn, and no other thread draws."""
    with seed_alone(), _TURN:
        yield


@contextmanager
def others_draw() -> Iterator[None]:
    """Meanwhile, others may draw: requests are sent, and answers judged."""
    _TURN.release()
    try:
        yield
    finally:
        _TURN.acquire()


@dataclass(slots=True)
class _Seed:
    """Who generates by the seed alone at the moment, and what Hypothesis has when nobody does."""

    users: int = 0
    before: dict[str, Any] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)


_SEED = _Seed()


@contextmanager
def seed_alone() -> Iterator[None]:
    """Meanwhile, the seed alone decides what is generated; threads may overlap.

    Else Hypothesis also draws numbers and texts from the source of all modules outside of site-packages, the user's
    own included, takes seconds to read them, and leaves a folder `.hypothesis`.
    """
    with _SEED.lock:
        _SEED.users += 1
        if _SEED.users == 1 and hasattr(providers, _READ) and hasattr(providers, _CACHE):
            _SEED.before = {name: getattr(providers, name) for name in (_READ, _CACHE)}
            none = type(providers._local_constants)()  # noqa: SLF001 - there is no setting for it
            setattr(providers, _READ, lambda: none)
            setattr(providers, _CACHE, type(_SEED.before[_CACHE])(1024))
    try:
        yield
    finally:
        with _SEED.lock:
            _SEED.users -= 1
            if not _SEED.users:
                for name, value in _SEED.before.items():
                    setattr(providers, name, value)
