"""What is to be run, where it can be, and in which company."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from pytest_nac_qod import contracts
from pytest_nac_qod.catalogue import RowCase
from pytest_nac_qod.suite import Case
from pytest_nac_qod.suite.run import OF_ALL
from pytest_nac_qod.target import Target
from pytest_nac_qod.wire.resources import resource_of

MOST: Final = 8  # cases at a time, unless more are asked for
_ROLES: Final = ("devices.", "tokens.")  # what places may lack


class Turn(IntEnum):
    """When a case is run: beside others, or by itself after them."""

    TOGETHER = 0
    ALONE = 1


@dataclass(frozen=True, slots=True)
class Work:
    """One case to run.

    Attributes:
        key: tells it from all others.
        places: numbers of those where it can be run; 0 is the target's own devices.
    """

    key: str
    row_case: RowCase
    test: Callable[[Case], None]
    places: frozenset[int]
    turn: Turn


def where(row_case: RowCase, places: Sequence[Target]) -> frozenset[int]:
    """Where a case finds all that the target has of what it needs or would rather have."""
    purpose, home = row_case.row.purpose, places[0]
    wanted = [need for need in (*purpose.needs, *purpose.prefers) if need.startswith(_ROLES)]
    return frozenset(
        number
        for number, place in enumerate(places)
        if all(any(_has(place, role) for role in need.split("|")) or not _any(home, need) for need in wanted)
    )


def _any(target: Target, need: str) -> bool:
    return any(_has(target, role) for role in need.split("|"))


def _has(target: Target, need: str) -> bool:
    section, _, role = need.partition(".")
    return section in ("devices", "tokens") and role in getattr(target, section)


def alone(row_case: RowCase, target: Target) -> bool:
    """Whether a case is sure to do what all others would feel: with a hook, or by examples that each start anew."""
    given = OF_ALL & target.hooks.keys()
    generated = row_case.row.purpose.key.startswith("generated_")
    wanted = {name.removeprefix("hooks.") for need in row_case.row.purpose.needs for name in need.split("|")}
    return bool(given if generated else given & wanted)


def waits(row_case: RowCase) -> bool:
    """Whether a case is likely to wait for long, so that it had better begin early."""
    return bool({"sink", "hooks.advance_clock|short_session"}.intersection(row_case.row.purpose.needs))


def overlap(target: Target | None) -> bool:
    """Whether cases can run at the same time at a target; None is the embedded server, which starts anew for each."""
    return target is not None and bool(target.pool) and not _outlasting(target)


def at_a_time(target: Target, asked: int | None, *, limited: bool) -> int:
    """How many cases send requests at a time.

    Args:
        target: with its pool of devices.
        asked: what the options ask for; None when they do not.
        limited: whether they limit the rate of requests.
    """
    return asked or (1 if limited else min(MOST, 1 + len(target.pool)))


def _outlasting(target: Target) -> bool:
    """Whether what is created cannot be deleted, so that its end has to be brought about, or waited for."""
    known = (resource_of(contracts.contract(target.release, api)) for api in target.apis)
    return any(resource.delete in target.unserved for resource in known if resource)
