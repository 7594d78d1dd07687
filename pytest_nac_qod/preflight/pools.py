"""What a pool of devices would save: how long a run takes with it, against one that has only its own devices."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Final

from pytest_nac_qod.catalogue import RowCase
from pytest_nac_qod.jobs.work import MOST, alone, overlap, waits, where
from pytest_nac_qod.preflight.finding import Finding
from pytest_nac_qod.run.needs import require
from pytest_nac_qod.target import Target
from pytest_nac_qod.target.places import places
from pytest_nac_qod.verdicts import CaseEnd

_SIZES: Final = (1, 3, 7)  # devices of a pool
_WAITING: Final = 10.0  # how many times as long as others a case takes that waits
_ABOUT: Final = "devices.pool"


def pool(target: Target, cases: Iterable[RowCase]) -> Iterator[Finding]:
    """What the pool of the target saves, and what a larger one would; from where each case can be run, no more."""
    left = runnable(target, cases)
    if not left:
        return
    size = len(target.pool)
    if not overlap(_with_pool(target, 1)):
        text = "of no use: what cases create cannot be deleted, so that they run one after the other"
        yield Finding("ok", _ABOUT, text)
        return
    larger = {number: f"{share(target, left, number):.0%}" for number in _SIZES if number > size}
    if size:
        saved = f"{1 + size} devices, {min(MOST, 1 + size)} cases at a time: a run takes about "
        saved += f"{share(target, left, size):.0%} of the time that it takes with one"
        more = "".join(f", and {percent} with a pool of {number}" for number, percent in larger.items())
        yield Finding("ok", _ABOUT, saved + more)
    else:
        (first, percent), *others = larger.items()
        more = "".join(f", {other} ({number} more)" for number, other in others)
        text = f"with more devices a run takes about {percent} of that time ({first} more){more}"
        yield Finding("ok", _ABOUT, f"none, so that cases run one after the other; {text}")


def share(target: Target, cases: Sequence[RowCase], size: int) -> float:
    """The share of the time of a run with one device that a run takes with a pool of this size."""
    there = places(_with_pool(target, size))
    by_itself = at_home = anywhere = 0.0
    for case in cases:
        cost = _WAITING if waits(case) else 1.0
        if alone(case, target):
            by_itself += cost
        elif len(where(case, there)) == 1:
            at_home += cost
        else:
            anywhere += cost
    overlapping = max(at_home, (at_home + anywhere) / min(MOST, len(there)))
    return (by_itself + overlapping) / (by_itself + at_home + anywhere)


def _with_pool(target: Target, size: int) -> Target:
    """The target with a pool of this size; devices that it lacks are like those that it has."""
    like = target.pool[0] if target.pool else target.devices.get("several", target.devices["default"])
    return replace(target, pool=(target.pool + (like,) * size)[:size])


def runnable(target: Target, cases: Iterable[RowCase]) -> list[RowCase]:
    """The cases for which the target has all that they need."""
    left: list[RowCase] = []
    for case in cases:
        with suppress(CaseEnd):
            require(target, case.row)
            left.append(case)
    return left
