"""Checks on the record of a whole run: what must never happen, or not twice, to any session or assignment.

Each is a function of the exchanges and the events of one API, whoever sent the requests, and of its contract. Both are
in any order; an event is an exchange whose request the target sent. What a check finds is the exchange that shows it,
and the violation.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from pytest_nac_qod.checks.answer import body_of, quoted
from pytest_nac_qod.checks.event import same
from pytest_nac_qod.contracts import Contract
from pytest_nac_qod.foundation.jsontypes import JsonObject
from pytest_nac_qod.verdicts import Violation
from pytest_nac_qod.wire.exchange import Exchange
from pytest_nac_qod.wire.resources import Resource, resource_of

Noted = tuple[Exchange, Violation]
Check = Callable[[Sequence[Exchange], Sequence[Exchange], Contract], Iterator[Noted]]
REDACTED = "<redacted:"  # begins what stands for a secret in a record


@dataclass(slots=True)
class Trace:
    """What the record tells of one session or assignment.

    Attributes:
        created: its creation.
        again: creations that were answered with the same id.
        deletions: that the target carried out.
        events: about it, each once, as they came.
    """

    created: Exchange
    again: list[Exchange] = field(default_factory=list)
    deletions: list[Exchange] = field(default_factory=list)
    events: list[Exchange] = field(default_factory=list)

    @property
    def sink(self) -> str | None:
        """Where its events were to go; None when nobody asked for them."""
        sink = _object(body_of(self.created.request)).get("sink")
        return sink if isinstance(sink, str) else None

    @property
    def gone(self) -> datetime | None:
        """When it had been deleted, by our clock; None when it was not."""
        return min(map(_over, self.deletions), default=None)


def lives(exchanges: Sequence[Exchange], events: Sequence[Exchange], contract: Contract) -> dict[str, Trace]:
    """What the record tells of each session or assignment, by its id."""
    resource = resource_of(contract)
    known: dict[str, Trace] = {}
    if resource is None:
        return known
    deletion = (resource.delete, "DELETE", resource.deleted)
    for exchange in sorted(exchanges, key=_sent):
        status = exchange.response.status if exchange.response else 0
        key = _shown(exchange).get(resource.id)
        if exchange.operation == resource.create and status == resource.created and isinstance(key, str):
            if key in known:
                known[key].again.append(exchange)
            else:
                known[key] = Trace(exchange)
        elif (exchange.operation, exchange.request.method, status) == deletion:
            deleted = known.get(exchange.request.url.partition("?")[0].rstrip("/").rpartition("/")[2])
            if deleted:
                deleted.deletions.append(exchange)
    for event in sorted(events, key=_sent):
        life = known.get(str(data(event).get(resource.id)))
        if life and not any(same(event, other) for other in life.events):
            life.events.append(event)
    return known


def told_twice(exchanges: Sequence[Exchange], events: Sequence[Exchange], contract: Contract) -> Iterator[Noted]:
    """Each change of status is told by one event; the same event may be sent again with its id."""
    for key, life in lives(exchanges, events, contract).items():
        seen: dict[str, Exchange] = {}
        for event in life.events:
            status = told(event, resource_of(contract))
            if status in seen:
                yield event, _wrong(f"one event that tells {key} {status}", f"another one, {_reason(event)}")
            seen[status] = event


def out_of_order(exchanges: Sequence[Exchange], events: Sequence[Exchange], contract: Contract) -> Iterator[Noted]:
    """Nothing of a session or an assignment is told after its end."""
    for key, life in lives(exchanges, events, contract).items():
        statuses = [told(event, resource_of(contract)) for event in life.events]
        ended = statuses.index("UNAVAILABLE") if "UNAVAILABLE" in statuses else len(statuses)
        for event, status in zip(life.events[ended:], statuses[ended:], strict=True):
            if status == "AVAILABLE":
                yield event, _wrong(f"{key} told AVAILABLE, then UNAVAILABLE", "UNAVAILABLE, then AVAILABLE")


def without_sink(exchanges: Sequence[Exchange], events: Sequence[Exchange], contract: Contract) -> Iterator[Noted]:
    """What was created without a sink is told nowhere, and all else at its own sink only."""
    for key, life in lives(exchanges, events, contract).items():
        for event in life.events:
            if life.sink is None:
                yield event, _wrong(f"no event of {key}, which has no sink", f"{told(event, resource_of(contract))}")
            elif not _leads_to(life.sink, event.request.url):
                yield event, _wrong(f"events of {key} at its own sink only", "one at another sink")


def told_after_gone(exchanges: Sequence[Exchange], events: Sequence[Exchange], contract: Contract) -> Iterator[Noted]:
    """A sink that answered 410 is told of no other change; of the same one it may have been told on the way."""
    del exchanges
    gone: dict[str, set[str]] = {}
    for event in sorted(events, key=_sent):
        told_before, status = gone.setdefault(event.request.url, set()), told(event, resource_of(contract))
        if told_before and status not in told_before:
            yield event, _wrong("no event after the 410", f"{status} {_reason(event)}")
        if event.response and event.response.status == 410:
            told_before.add(status)


def reused_ids(exchanges: Sequence[Exchange], events: Sequence[Exchange], contract: Contract) -> Iterator[Noted]:
    """A new session or assignment never gets the id of one that was deleted."""
    resource = resource_of(contract)
    for key, life in lives(exchanges, events, contract).items():
        for exchange in life.again:
            if resource and life.gone and _sent(exchange) >= life.gone:
                yield exchange, _wrong(f"$.{resource.id} never used before", quoted(key), f"$.{resource.id}")


def back_again(exchanges: Sequence[Exchange], events: Sequence[Exchange], contract: Contract) -> Iterator[Noted]:
    """What was deleted is shown as AVAILABLE no more, by itself or in a list, to whoever asks after that."""
    resource, known = resource_of(contract), lives(exchanges, events, contract)
    if resource is None:
        return
    for exchange in exchanges:
        body = body_of(exchange.response) if exchange.response else None
        for item in map(_object, body if isinstance(body, list) else [body]):
            key = item.get(resource.id)
            life = known.get(key) if isinstance(key, str) else None
            late = life is not None and not life.again and life.gone is not None and _sent(exchange) >= life.gone
            if late and exchange.operation != resource.create and item.get(resource.status) == "AVAILABLE":
                yield exchange, _wrong(f"{key} not AVAILABLE after its deletion", "AVAILABLE", f"$.{resource.status}")


def secrets_told(exchanges: Sequence[Exchange], events: Sequence[Exchange], contract: Contract) -> Iterator[Noted]:
    """No event has a secret in its body, such as the access token of the sink."""
    del exchanges, contract
    for event in events:
        if REDACTED in event.request.body:
            yield event, _wrong("event without the access token in its body", "it is there")


def data(event: Exchange) -> JsonObject:
    """The data of an event; empty when it has none."""
    return _object(_object(body_of(event.request)).get("data"))


def told(event: Exchange, resource: Resource | None) -> str:
    """The status that an event tells; empty when it tells none."""
    payload = data(event)
    status = payload.get(resource.status if resource else "qosStatus") or payload.get("qosStatus")
    return status if isinstance(status, str) else ""


def _reason(event: Exchange) -> str:
    return str(data(event).get("statusInfo") or "")


def _leads_to(sink: str, url: str) -> bool:
    """Whether an event that came to this place, a path or an address, was sent to the sink."""
    return sink.rstrip("/").rpartition("/")[2] == url.rstrip("/").rpartition("/")[2]


def _shown(exchange: Exchange) -> JsonObject:
    return _object(body_of(exchange.response)) if exchange.response else {}


def _object(value: object) -> JsonObject:
    return value if isinstance(value, dict) else {}


def _sent(exchange: Exchange) -> datetime:
    return datetime.fromisoformat(exchange.started)


def _over(exchange: Exchange) -> datetime:
    return _sent(exchange) + timedelta(seconds=exchange.seconds)


def _wrong(expected: str, actual: str, path: str = "") -> Violation:
    return Violation(clause="", expected=expected, actual=actual.strip(), path=path)
