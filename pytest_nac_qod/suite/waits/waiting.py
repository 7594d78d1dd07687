"""Waiting for what a target does by itself: how often to look, how long, and when nothing more is to come."""

from collections.abc import Callable, Iterator, Sequence
from typing import Final

from pytest_nac_qod.foundation.ticking import elapsed
from pytest_nac_qod.suite.case import Case
from pytest_nac_qod.target import Target
from pytest_nac_qod.wire.sink import Event, Subscription

_LOOK: Final = 0.5  # seconds between two looks at what other cases have learned
_QUIET: Final = 2.0  # seconds at least without an event, after which none is to come
_HEARD: Final = 1.0  # seconds after which an answer has reached whom it is for
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


def looks(case: Case, *facts: str) -> Iterator[None]:
    """A turn for each look at something that has to come: until nothing more can, or the target's budget is used up.

    With one of the `facts` that this run knows there is one look and no more.
    """
    polling, start = case.target.polling, elapsed()
    yield
    while (left := start + polling.budget - elapsed()) > 0 and case.run.learned.keys().isdisjoint(facts):
        last = settle(case)
        if not last:
            case.run.pause(min(polling.interval, left))
        yield
        if last:
            return


def learn(case: Case, fact: str, cause: str) -> str:
    """Note what was waited for in vain, so that no later case waits for it again.

    What has been seen once in this run is no such fact, nor is anything on a target that need not be waited for.

    Args:
        case: the case that waited.
        fact: what no case should wait for any more; empty for none.
        cause: what to say of it.

    Returns:
        What to say: the cause of whoever learned it first.
    """
    if not fact or fact in case.run.seen or knows(case.target):
        return cause
    return case.run.learned.setdefault(fact, cause)


def see(case: Case, fact: str) -> None:
    """Note that what somebody may have waited for in vain comes after all."""
    case.run.seen.add(fact)
    case.run.learned.pop(fact, None)


def quiet(case: Case) -> None:
    """Let all come that may still come: for twice as long as an event was awaited in this run, 2 seconds at least."""
    if settle(case):
        return
    run, polling = case.run, case.target.polling
    window = min(polling.budget, max(_QUIET, 2 * run.moments.get("awaited", 0.0)))
    while (left := run.moments.get("stirred", 0.0) + window - elapsed()) > 0:
        run.pause(left)


def hear(case: Case) -> None:
    """Let what a sink has just answered reach the target, which may be on its way to say the next thing."""
    if not settle(case):
        case.run.pause(min(_HEARD, case.target.polling.budget))


def events(
    case: Case,
    subscription: Subscription,
    reached: Callable[[Sequence[Event]], bool] = lambda _: False,
    *,
    fact: str = "",
    more: float = 0.0,
) -> Sequence[Event]:
    """The events at a sink once `reached` is true of them, else when nothing more can come or the budget is used up.

    Args:
        case: the case that waits.
        subscription: where they come to.
        reached: whether they are what is waited for.
        fact: nobody waits once this run knows it.
        more: seconds on top of the budget, until what is to be told happens.
    """
    if settle(case):
        return subscription.events()
    began, moments = elapsed(), case.run.moments
    until = began + case.target.polling.budget + more
    while (left := until - elapsed()) > 0 and fact not in case.run.learned:
        if reached(case.run.wait(subscription, reached, min(left, _LOOK))):
            moments["awaited"] = max(moments.get("awaited", 0.0), elapsed() - began)
            break
    return subscription.events()
