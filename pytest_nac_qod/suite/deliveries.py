"""Events as they came to a sink, for rules about when and how often they come."""

from collections.abc import Callable, Sequence

from pytest_nac_qod.checks.answer import body_of
from pytest_nac_qod.checks.event import same
from pytest_nac_qod.foundation.jsontypes import Json, JsonObject
from pytest_nac_qod.suite.sinks import Listener, captured
from pytest_nac_qod.suite.waits import waiting
from pytest_nac_qod.verdicts import Inconclusive
from pytest_nac_qod.wire.exchange import Exchange


def settled(
    listener: Listener,
    enough: Callable[[Sequence[str]], bool] = lambda _: False,
    *,
    fact: str = "",
    more: float = 0.0,
) -> list[Exchange]:
    """All events that came, once no more are on their way, or once what they tell is `enough` to judge by.

    Only the embedded server can say that nothing more comes; any other target has until the end of polling.budget, and
    `more` seconds if what they tell has yet to happen, unless the run knows a `fact` that makes it vain.
    """

    def reached(_: object) -> bool:
        return enough(statuses(distinct(_kept(listener))))

    waiting.events(listener.case, listener.subscription, reached, fact=fact, more=more)
    return distinct(_kept(listener))


def came(listener: Listener) -> list[Exchange]:
    """The events that came so far."""
    return distinct(_kept(listener))


def arrived(listener: Listener, count: int) -> list[Exchange]:
    """The events once there are `count` of them.

    Raises:
        Inconclusive: fewer came within the budget.
    """
    budget = listener.case.target.polling.budget
    listener.arrived(lambda seen: len({event.body for event in seen}) >= count, fact=listener.fact)
    events = distinct(_kept(listener))
    if len(events) < count:
        said = f"{len(events)} of {count} events came within {budget:g} s"
        raise Inconclusive(said if events else listener.in_vain(listener.fact, said) or said)
    return events


def told(event: Exchange) -> JsonObject:
    """The data of an event; empty when it has none."""
    body = body_of(event.request)
    data = body.get("data") if isinstance(body, dict) else None
    return data if isinstance(data, dict) else {}


def statuses(events: Sequence[Exchange]) -> list[str]:
    """What the events tell, in the order in which they came: `AVAILABLE`, `UNAVAILABLE DELETE_REQUESTED`."""
    parts = ((_status(told(event)), told(event).get("statusInfo")) for event in events)
    return [" ".join(part for part in texts if isinstance(part, str)) for texts in parts]


def _status(data: JsonObject) -> Json:
    """The status; an assignment's event may repeat it as qosStatus, which the schema of some releases requires."""
    return data.get("status") or data.get("qosStatus")


def distinct(events: Sequence[Exchange]) -> list[Exchange]:
    """The events, each once: one that is sent again with its id is the same event (CloudEvents)."""
    unique: list[Exchange] = []
    for event in events:
        if not any(same(event, known) for known in unique):
            unique.append(event)
    return unique


def _kept(listener: Listener) -> list[Exchange]:
    """The events as exchanges, each recorded once."""
    for event in listener.subscription.events()[len(listener.seen) :]:
        exchange = captured(event, listener.case)
        listener.seen.append(exchange)
        listener.case.client.exchanges.append(exchange)
    return listener.seen
