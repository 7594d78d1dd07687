"""Waiting for what a target does by itself."""

from typing import Final

from pytest_nac_qod.suite.case import Case

SETTLED: Final = 0.5  # seconds after which the embedded network has done all that it was asked for, as it usually is


def settled(case: Case) -> bool:
    """Whether nothing more is on its way: the embedded server's clock is moved, any other has to be waited for."""
    if not case.target.embedded:
        return False
    case.run.hook("advance_clock", seconds=max(SETTLED, case.target.polling.budget))
    return True
