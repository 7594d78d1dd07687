"""Waiting for what a target does by itself: how often to look, how long, and when nothing more is to come."""

from collections.abc import Callable, Iterator, Sequence
from time import sleep
from typing import Final

from pytest_nac_qod.foundation.ticking import elapsed
from pytest_nac_qod.suite.case import Case
from pytest_nac_qod.target import Target
from pytest_nac_qod.wire.sink import Event, Subscription

SETTLED: Final = 1  # seconds after which the embedded network has done all that it was asked for


def knows(target: Target) -> bool:
    """Whether the target can say that nothing more is on its way.

    Only the embedded server can. The advance_clock of any other moves its clock; it does not promise that the events
    that are due have been delivered by then.
    """
    return target.embedded


def settle(case: Case, seconds: int = SETTLED) -> bool:
    """Let all that is on its way arrive, if the target can do so at once; returns whether it could.

    Args:
        case: the case that waits.
        seconds: by which the clock of the embedded network is moved at least; it may take as long as the budget allows.
    """
    if not knows(case.target):
        return False
    case.run.hook("advance_clock", seconds=max(seconds, case.target.polling.budget))
    return True


def hasten(case: Case) -> None:
    """Move the target's clock on, where it can be moved, so that less has to be waited for."""
    if "advance_clock" in case.target.hooks:
        case.run.hook("advance_clock", seconds=SETTLED)


def looks(case: Case) -> Iterator[None]:
    """A turn for each look at something that has to come: until nothing more can, or the target's budget is used up."""
    polling, start = case.target.polling, elapsed()
    yield
    while elapsed() < start + polling.budget:
        last = settle(case)
        if not last:
            sleep(polling.interval)
        yield
        if last:
            return


def events(
    case: Case, subscription: Subscription, reached: Callable[[Sequence[Event]], bool] = lambda _: False
) -> Sequence[Event]:
    """The events at a sink once `reached` is true of them, else when nothing more can come or the budget is used up."""
    if settle(case):
        return subscription.events()
    return subscription.wait(reached, timeout=case.target.polling.budget)
