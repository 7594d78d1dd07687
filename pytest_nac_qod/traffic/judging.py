"""Judges the traffic of one target by the contracts of one release, exchange by exchange."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from pytest_nac_qod import contracts
from pytest_nac_qod.checks.answer import body_of
from pytest_nac_qod.contracts import Contract
from pytest_nac_qod.foundation.jsontypes import JsonObject
from pytest_nac_qod.report.records import CaseRecord
from pytest_nac_qod.traffic import answers, calls, events, profiles
from pytest_nac_qod.traffic.concurrency import at_once
from pytest_nac_qod.traffic.concurrency.at_once import Races
from pytest_nac_qod.traffic.knowledge import Knowledge
from pytest_nac_qod.traffic.lives import KEPT, Course, Lives
from pytest_nac_qod.traffic.matching import match
from pytest_nac_qod.traffic.seen import ApiCall, Notice, Seen
from pytest_nac_qod.traffic.tally import Tally
from pytest_nac_qod.wire.exchange import Role
from pytest_nac_qod.wire.resources import resource_of

_CLOUD_EVENT = "application/cloudevents+json"


@dataclass(slots=True)
class Judge:
    """One target, one release.

    Attributes:
        release: by which it is judged.
        contracts: of its APIs, by name.
        complete: whether the traffic is all that there was, of every client, until nothing more could come.
        bases: where the APIs stand beside the base paths of their documents.
        operation: operationId of what was taken in last.
    """

    release: str
    contracts: Mapping[str, Contract]
    complete: bool = False
    bases: frozenset[str] = frozenset()
    tally: Tally = field(init=False)
    base_urls: dict[str, str] = field(default_factory=dict)
    number: int = 0
    operation: str = ""
    _lives: Lives = field(init=False)
    _knowledge: Knowledge = field(default_factory=Knowledge)
    _races: Races = field(default_factory=Races)
    _bounds: profiles.Bounds = field(default_factory=profiles.Bounds)
    _ids: events.Ids = field(default_factory=events.Ids)
    _sinks: events.Sinks = field(default_factory=events.Sinks)
    _authorised: bool = False
    _bearing: set[str] = field(default_factory=set)
    _notified: set[str] = field(default_factory=set)
    _last: dict[str, datetime] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Begin with nothing seen."""
        self.tally = Tally(self.release, self.complete)
        self._lives = Lives(self._over)

    def see(self, seen: Seen) -> bool:
        """Take in an exchange; returns whether it is a call of one of the APIs, or an event of one of them."""
        place = match(seen.exchange, self.contracts.values(), self.bases)
        if place is None:
            return self.tell(seen)
        call = ApiCall(
            seen=self._numbered(seen, place.operation.id),
            contract=place.contract,
            operation=place.operation,
            key=place.key,
            base_url=place.base_url,
        )
        self.base_urls.setdefault(place.contract.api, place.base_url)
        if call.token:
            self._authorised = True
        self._note_bearing(seen)
        last = call.ended if seen.timed else call.started
        self._last[seen.source] = max(self._last.get(seen.source, last), last)
        answers.look(call, self.tally, authorised=self._authorised)
        self._sinks.note(call)
        self._knowledge.see(call, self._lives, self.tally)
        if call.resource is None:
            profiles.look(call, self.tally, self._bounds)
        else:
            calls.look(call, self._lives, self._races, self.tally, self._bounds)
        return True

    def tell(self, seen: Seen, *, sole: bool = True) -> bool:
        """Take in an event; returns whether it is one of these APIs.

        Args:
            seen: the delivery.
            sole: whether there is no other target that it may be of; if there is, it has to be about what is known.
        """
        body = event_of(seen)
        if body is None:
            return False
        notice = Notice(seen=self._numbered(seen, "postNotification"), body=body)
        lives = [life for key in notice.subjects for life in self._lives.known(key)]
        contract = self._contract_of(body, lives) if lives or sole else None
        if contract is None:
            return False
        self._notified.add(seen.source)
        self._note_bearing(seen)
        self._last[seen.source] = max(self._last.get(seen.source, notice.arrived), notice.arrived)
        events.look(notice, contract, self._ids, self.tally)
        for life in lives or self._unborn(notice, contract):
            if len(life.notices) < KEPT:
                life.notices.append(notice)
            if notice.status == "UNAVAILABLE":
                life.suspicions.clear()
        return True

    def knows(self, seen: Seen, *, by_type: bool = False) -> bool:
        """Whether an event is about what is known here, or has a type that is known."""
        body = event_of(seen)
        if body is None:
            return False
        if by_type:
            return any(body.get("type") in contract.event_types for contract in self.contracts.values())
        return any(self._lives.known(key) for key in Notice(seen=seen, body=body).subjects)

    def results(self, suffix: str = "") -> Iterable[CaseRecord]:
        """What each rule came to; nothing more can be seen after this."""
        self._races.close(self._lives, self.tally)
        self._lives.close()
        self._bounds.close(self.tally)
        return self.tally.results(self.contracts.values(), suffix)

    def _numbered(self, seen: Seen, operation: str) -> Seen:
        self.number += 1
        self.operation = operation
        role: Role = "event" if operation == "postNotification" else "judged"
        return replace(seen, exchange=replace(seen.exchange, id=f"x{self.number}", operation=operation, role=role))

    def _note_bearing(self, seen: Seen) -> None:
        if seen.exchange.request.header("authorization"):
            self._bearing.add(seen.source)

    def _contract_of(self, body: JsonObject, lives: Iterable[Course]) -> Contract | None:
        """The API that an event is of: that of what it is about, or the one that has its type."""
        for life in lives:
            if life.created is not None:
                return life.created.contract
        with_events = [contract for contract in self.contracts.values() if contract.event_schema]
        typed = [contract for contract in with_events if body.get("type") in contract.event_types]
        data = body.get("data")
        named = [contract for contract in with_events if isinstance(data, dict) and _id_of(contract) in data]
        return next(iter([*typed, *named]), None)

    def _unborn(self, notice: Notice, contract: Contract) -> list[Course]:
        """The life that an event is about that came before the answer to the creation."""
        base_url = self.base_urls.get(contract.api)
        return [self._lives.of(base_url, contract.api, key) for key in notice.subjects if base_url][:1]

    def _over(self, life: Course) -> None:
        """Judge what only the end of a life shows."""
        known = life.created or (life.first.call if life.first else None)
        if known is None:
            for notice in life.notices:
                self._sinks.stray(notice, self.tally)
            return
        for suspicion in (*life.suspicions, *life.doubts):
            self.tally.look(suspicion.rule, suspicion.call, known.contract, [suspicion.violation], sure=False)
        at_once.at_the_end(life, known.contract, self.tally)
        for notice in life.notices:
            events.about(notice, life, known.contract, self.tally, self._bearing)
        end = max(call.ended for call in (known, life.latest and life.latest.call, life.deleted) if call)
        quiet = self.complete or end + events.QUIET <= self._last.get(known.seen.source, end)
        recorded = known.seen.source in self._notified or (self.complete and bool(self._notified))
        events.at_the_end(life, known.contract, self.tally, recorded=recorded, quiet=quiet)


def release_of(known: Iterable[Contract]) -> str:
    """The release whose documents these contracts are, or stand in for; the current one where none is."""
    documents = [(contract.standard or contract).document for contract in known]
    fits = {
        release: sum(contracts.contract(release, api).document in documents for api in contracts.apis(release))
        for release in (contracts.CURRENT, *contracts.releases())
    }
    return max(fits, key=lambda release: fits[release])


def event_of(seen: Seen) -> JsonObject | None:
    """The event that a request delivers; None where it is none."""
    request = seen.exchange.request
    body = body_of(request) if request.method == "POST" and seen.asked and request.body else None
    return body if isinstance(body, dict) and _is_event(seen, body) else None


def _is_event(seen: Seen, body: JsonObject) -> bool:
    media = (seen.exchange.request.header("content-type") or "").partition(";")[0].strip().lower()
    kind = body.get("type")
    return media == _CLOUD_EVENT or "specversion" in body or (isinstance(kind, str) and "camaraproject" in kind)


def _id_of(contract: Contract) -> str:
    resource = resource_of(contract)
    return resource.id if resource else ""
