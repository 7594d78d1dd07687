"""Devices for the workers of pytest-xdist: each has a place of its own, and leaves it only for what needs another.

Workers are processes that get whichever case is next, so locks in a common folder keep them out of each other's way.
"""

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Final

import pytest

from pytest_nac_qod.catalogue import RowCase
from pytest_nac_qod.jobs.work import alone, where
from pytest_nac_qod.suite.run import Run
from pytest_nac_qod.target import Target
from pytest_nac_qod.target.places import places
from pytest_nac_qod.wire.certificates import NAMES, make

_WORKER: Final = "PYTEST_XDIST_WORKER"  # gw0, gw1, …


def too_few(target: Target, workers: int) -> str:
    """What to say when there are fewer devices than workers; empty when there are not."""
    devices = len(places(target))
    if target.sink.url and workers > 1:
        return (
            f"-n {workers}: sink.url leads to one receiver of events, and each worker has its own; give --jobs instead"
        )
    if workers <= devices:
        return ""
    has = "one device" if devices == 1 else f"{devices} devices"
    return (
        f"-n {workers}: each worker needs a device of its own, and the target file has {has}; "
        f"add [[devices.pool]], or give -n {devices}"
    )


def one_receiver(target: Target, folder: Path) -> Target:
    """The target with one certificate for the receivers of all workers, so that it can trust them all.

    It is as it is where there are no other workers, and where the target file names a certificate.
    """
    if _WORKER not in os.environ or target.embedded or target.sink.certificate or target.sink.url:
        return target
    place = folder / "nac-qod-sink"
    with _locked(folder / "nac-qod-sink.lock"):
        if not place.exists():
            place.mkdir(mode=0o700)
            make(place, [target.sink.host])
    certificate, key, authority = (place / f"{name}.pem" for name in NAMES)
    return replace(target, sink=replace(target.sink, certificate=certificate, key=key, authority=authority))


@contextmanager
def dealt(run: Run, row_case: RowCase, folder: Path) -> Iterator[Run]:
    """The run at a place that no other worker uses meanwhile; as it is where there are no other workers.

    Args:
        run: at the target's own devices.
        row_case: what is to be run.
        folder: that all workers share.
    """
    worker = os.environ.get(_WORKER)
    if worker is None or run.target.embedded:
        yield run
        return
    there = places(run.target)
    by_itself = alone(row_case, run.target)
    possible = {0} if by_itself else where(row_case, there)
    own = int(worker.removeprefix("gw") or 0) % len(there)
    number = own if own in possible else min(possible)
    with ExitStack() as stack:
        stack.enter_context(_locked(folder / "nac-qod-target.lock", shared=not by_itself))
        stack.enter_context(_locked(folder / f"nac-qod-place-{number}.lock"))
        yield replace(run, target=there[number])


@contextmanager
def _locked(path: Path, *, shared: bool = False) -> Iterator[None]:
    """A lock that other processes heed; gone with the process that has it."""
    try:
        import fcntl  # noqa: PLC0415 - there is none on Windows
    except ImportError:
        raise pytest.UsageError("-n needs file locks, which this system does not have; give --jobs instead") from None
    with path.open("a", encoding="ascii") as file:
        fcntl.flock(file, fcntl.LOCK_SH if shared else fcntl.LOCK_EX)
        yield
