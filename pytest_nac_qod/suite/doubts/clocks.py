"""Whose clock is wrong, where a time of the target is not what ours says."""

from datetime import timedelta
from typing import Final
from uuid import uuid4

from pytest_nac_qod.checks.session import APART
from pytest_nac_qod.suite.case import Case

_MOVE: Final = 20  # seconds; enough for a Date header to show it


def doubtful(case: Case, off: timedelta, *, look: bool = True) -> bool:
    """Whether a time that is off by so much may be right by the target's clock.

    It may if it is off by minutes, or if Date headers are not of the target's clock, but of a machine on the way; with
    `look` the clock may be moved to see whether they are.
    """
    return off <= APART or not _shown(case, look=look)


def _shown(case: Case, *, look: bool) -> bool:
    """Whether Date headers show the target's clock: they do unless they stay behind when it is moved."""
    clock = case.run.clock
    if case.target.embedded or "advance_clock" not in case.target.hooks or clock.shows_moves:
        return True
    if not look:
        return False
    _look(case)
    case.run.hook("advance_clock", seconds=_MOVE)
    _look(case)
    return clock.shows_moves


def _look(case: Case) -> None:
    """Have an answer, whose Date header the clock learns from."""
    resource = case.resource
    case.call(resource.read, path={resource.id: str(uuid4())})
