"""A sink of one case: where its events go, and what they have to say."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final
from uuid import uuid4

from pytest_nac_qod.checks import event as checks
from pytest_nac_qod.checks.answer import body_of
from pytest_nac_qod.foundation.jsontypes import JsonObject
from pytest_nac_qod.suite import bodies, states
from pytest_nac_qod.suite.case import Case
from pytest_nac_qod.suite.waits import waiting
from pytest_nac_qod.verdicts import Broken, CaseEnd, Inconclusive, NotTested, Violation
from pytest_nac_qod.wire.exchange import Exchange, Request, Response
from pytest_nac_qod.wire.ownership.removal import ENDED, LIVING
from pytest_nac_qod.wire.sink import Event, Subscription

_STATES = (*LIVING, ENDED)
UNREACHABLE = "https://sink.example.com/qod-events"  # for scenarios that need a sink in the request but no event
_FIRST: Final = datetime.min.replace(tzinfo=UTC)


def url(case: Case) -> str:
    """A sink for a request whose events are not looked at."""
    return case.run.sink.subscribe().url if case.run.sink else UNREACHABLE


def token(case: Case) -> str:
    """A fresh access token for a sink, known to the redactor, in both cases so that a change of them shows."""
    secret = f"Sink-{uuid4().hex}.~_Z"
    case.run.redactor.register(f"sink-{secret[5:13]}", secret)
    return secret


def captured(event: Event, case: Case, place: Subscription | None = None) -> Exchange:
    """A delivery as an exchange: the target's request to the sink, and what that answered."""
    redactor = case.run.redactor
    return Exchange(
        id=f"x{len(case.client.exchanges) + 1}",
        operation="postNotification",
        role="event",
        request=Request(
            method=event.method,
            url=event.path,
            headers=redactor.headers(event.headers),
            body=redactor.text(event.body.decode("utf-8", "replace")),
        ),
        response=Response(status=place.status if place else 204, headers=(), body=""),
        error=None,
        started=event.received_at.isoformat().replace("+00:00", "Z"),
        seconds=0.0,
    )


def recorded(case: Case) -> tuple[Sequence[Exchange], Sequence[Exchange]]:
    """The exchanges of all cases with the API of this one, and all events since, in the order in which they came."""
    ours = [exchange for exchange in case.client.exchanges if exchange.role != "event"]
    exchanges = [*case.run.record.get(case.contract.api, ()), *ours]
    since = min((datetime.fromisoformat(exchange.started) for exchange in exchanges), default=_FIRST)
    places = case.run.sink.subscriptions() if case.run.sink else ()
    came = [(event, place) for place in places for event in place.events() if event.received_at >= since]
    events = [captured(event, case, place) for event, place in came]
    return exchanges, sorted(events, key=lambda event: event.started)


@dataclass(slots=True)
class Listener:
    """Waits for the events of one session and judges them."""

    case: Case
    subscription: Subscription
    secret: str
    seen: list[Exchange] = field(default_factory=list)

    @classmethod
    def of(cls, case: Case) -> "Listener":
        """A listener with a sink and a credential of its own.

        Raises:
            NotTested: the target could not reach the sink.
        """
        if case.run.sink is None:
            raise NotTested("the target cannot reach the sink; add [sink] url, a public address forwarded to it")
        return cls(case, case.run.sink.subscribe(), token(case))

    def creation(self, device: str = "default") -> JsonObject:
        """Body of a creation whose events come here, for the device of a role of the target file."""
        body = bodies.creation(self.case.target, self.case.resource, device=device)
        return {**body, "sink": self.subscription.url, "sinkCredential": bodies.credential(self.secret)}

    def expect(self, key: str, *, status: Sequence[str], info: str = "") -> Exchange:
        """The event that says that this session or assignment reached one of these statuses, judged in full.

        Raises:
            Broken: it did not come within the budget of the target file.
            Inconclusive: neither did it, nor was there anything to tell, since the status is still REQUESTED.
        """
        asked = self.case.client.exchanges[-1]
        self._await(status, states.fact(self.case, "AVAILABLE") if "AVAILABLE" in status else "")
        if not self.seen and not self._unreached(key, status):
            self._await(status, self.expected)  # from when the status was reached at the latest
        event = next((item for item in self.seen if self._status_of(item) in status), None)
        event = event or next((item for item in self.seen if self._status_of(item) not in _STATES), None)
        if event is None:  # what tells of another change is right as it is
            raise self._missing(asked, key, status)
        contract = self.case.contract
        self.case.record(
            event,
            [
                *checks.method(event, contract),
                *checks.media_type(event, contract),
                *checks.credential(event, contract, token=self.case.run.redactor.text(self.secret)),
                *checks.body(event, contract),
                *checks.data(event, contract, key=key, status=status, info=info),
            ],
        )
        return event

    @property
    def fact(self) -> str:
        """What the run knows once an event was waited for in vain and none has come for any case."""
        return f"{self.case.contract.api} event"

    @property
    def expected(self) -> str:
        """What it knows once a case has failed for the lack of events."""
        return f"{self.fact} expected"

    def arrived(self, reached: Callable[[Sequence[Event]], bool], *, fact: str = "") -> Sequence[Event]:
        """The events once `reached` is true of them, or once no more can come, within the budget of the target file."""
        events = waiting.events(self.case, self.subscription, reached, fact=fact)
        if events:
            for known in (self.fact, self.expected):
                waiting.see(self.case, known)
        return events

    def require_hope(self) -> None:
        """Note that an event was expected in vain, which is held against the target once.

        Raises:
            Inconclusive: an earlier case has done so.
        """
        noun, budget = self.case.resource.noun, self.case.target.polling.budget
        if said := self.in_vain(self.expected, f"no event: none came of any {noun} within {budget:g} s"):
            raise Inconclusive(said)

    def in_vain(self, fact: str, cause: str) -> str:
        """What earlier cases said of events that they waited for in vain; empty when this is the first."""
        known = self.case.run.learned.get(fact, "")
        waiting.learn(self.case, fact, cause)
        return known

    def expect_unique_ids(self, event: Exchange) -> None:
        """No other event of the run, of those that still come too, has the id of `event`."""

        def check() -> None:
            others = [item for item in recorded(self.case)[1] if item.request != event.request]
            self.case.record(event, checks.unique_id(event, others, self.case.contract))

        self.case.later(check)

    def _capture(self, events: Sequence[Event]) -> None:
        for event in events[len(self.seen) :]:
            exchange = captured(event, self.case)
            self.seen.append(exchange)
            self.case.client.exchanges.append(exchange)

    def _await(self, status: Sequence[str], fact: str = "") -> None:
        self._capture(self.arrived(lambda events: any(self._status(event) in status for event in events), fact=fact))

    def _missing(self, asked: Exchange, key: str, status: Sequence[str]) -> CaseEnd:
        budget = self.case.target.polling.budget
        if self._unreached(key, status):
            cause = f"{self.case.resource.noun} still REQUESTED after {budget:g} s, never AVAILABLE"
            said = waiting.learn(self.case, states.fact(self.case, "AVAILABLE"), cause)
            return Inconclusive(f"no event: {said}")
        self.require_hope()
        violation = Violation(
            clause=checks.callback_clause(self.case.contract),
            expected=f"an event with $.data.{self._property} {' or '.join(status)} at the sink within {budget:g} s",
            actual=f"no event but of {', '.join(told)}" if (told := self._told()) else "no event",
            basis="event_sent",
        )
        self.case.record(asked, [violation])
        return Broken("no event")

    def _told(self) -> list[str]:
        return [status for item in self.seen if (status := self._status_of(item))]

    def _unreached(self, key: str, status: Sequence[str]) -> bool:
        """Whether there is nothing to tell yet, as what was created is still REQUESTED."""
        resource = self.case.resource
        if "AVAILABLE" not in status or not self.case.serves(resource.read):
            return False
        shown = self.case.call(resource.read, path={resource.id: key}).body
        return isinstance(shown, dict) and shown.get(resource.status) == "REQUESTED"

    @property
    def _property(self) -> str:
        return self.case.resource.status

    def _status(self, event: Event) -> str | None:
        return _told(event.body.decode("utf-8", "replace"), self._property)

    def _status_of(self, exchange: Exchange) -> str | None:
        return _told(exchange.request.body, self._property)


def _told(text: str, name: str) -> str | None:
    body = body_of(Request(method="POST", url="", headers=(), body=text))
    data = body.get("data") if isinstance(body, dict) else None
    status = data.get(name) if isinstance(data, dict) else None
    return status if isinstance(status, str) else None
