"""Rules on events: each by itself, against what it is about, and all of one session or assignment at the end."""

import json
from collections import OrderedDict
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import combinations, pairwise
from urllib.parse import urlsplit

from pytest_nac_qod.checks import event as checks
from pytest_nac_qod.checks.answer import quoted
from pytest_nac_qod.contracts import Contract
from pytest_nac_qod.foundation.jsontypes import Json
from pytest_nac_qod.foundation.values import moment
from pytest_nac_qod.traffic.answers import sent_token
from pytest_nac_qod.traffic.lives import Course
from pytest_nac_qod.traffic.seen import APART, MASKED, ApiCall, Notice
from pytest_nac_qod.traffic.tally import Tally
from pytest_nac_qod.verdicts import Violation

IDS = 20_000  # ids of events that are remembered
QUIET = timedelta(seconds=10)  # of traffic after a change, after which its event should have come
_REASONS = ("NETWORK_TERMINATED", "DURATION_EXPIRED", "DELETE_REQUESTED")


@dataclass(slots=True)
class Ids:
    """The ids of events, by their source, with what each of them told."""

    _told: OrderedDict[tuple[str, str], str] = field(default_factory=OrderedDict)

    def repeated(self, notice: Notice) -> bool:
        """Whether another event had the id of this one; the same one may be sent again."""
        key = (json.dumps(notice.body.get("source")), json.dumps(notice.id))
        told = json.dumps(notice.body.get("data"), sort_keys=True)
        before = self._told.setdefault(key, told)
        while len(self._told) > IDS:
            self._told.popitem(last=False)
        return before != told


@dataclass(slots=True)
class Sinks:
    """Creations by the path of their sink."""

    _creations: OrderedDict[str, list[ApiCall]] = field(default_factory=OrderedDict)

    def note(self, call: ApiCall) -> None:
        """Remember a creation, however it was answered."""
        sink = call.sent.get("sink")
        if call.role != "create" or not isinstance(sink, str) or not _place(sink):
            return
        kept = self._creations.setdefault(_place(sink), [])
        if len(kept) < 2:  # more of them tell nothing
            kept.append(call)
        while len(self._creations) > IDS:
            self._creations.popitem(last=False)

    def stray(self, notice: Notice, tally: Tally) -> None:
        """Judge an event about what no answer has shown: at a sink of one session alone it is about that one."""
        creations = self._creations.get(_place(notice.exchange.request.url), [])
        if len(creations) != 1 or not creations[0].success or not isinstance(creations[0].body, dict):
            return
        call = creations[0]
        own = call.body.get(call.resource.id) if call.resource else None
        told = quoted(", ".join(notice.subjects))
        wrong = Violation(clause="", expected=f"an event about {quoted(str(own))}", actual=told, path="$.data")
        tally.look("nac_seen_event_to_its_sink", notice, call.contract, [wrong], sure=False)


def look(notice: Notice, contract: Contract, ids: Ids, tally: Tally) -> None:
    """Judge an event by itself."""
    event = notice.exchange
    if notice.seen.headed:
        media = checks.media_type(event, contract)
        tally.look("nac_seen_event_follows_schema", notice, contract, [*media, *checks.body(event, contract)])
    wrong = Violation(
        clause="", expected="event $.id unique for its source", actual=f"{quoted(str(notice.id))} twice", path="$.id"
    )
    if isinstance(notice.id, str) and notice.id:
        tally.look("nac_seen_event_id_is_its_own", notice, contract, [wrong] if ids.repeated(notice) else [])
    shown = Violation(
        clause="", expected="event without accessToken", actual="accessToken", path="$.data.sinkCredential.accessToken"
    )
    tally.look("nac_seen_event_without_token", notice, contract, [shown] if _names(notice.body, "accessToken") else [])
    info = notice.data.get("statusInfo")
    early = info is not None and notice.status in ("REQUESTED", "AVAILABLE")
    reason = Violation(
        clause="",
        expected="event $.data.statusInfo only if UNAVAILABLE",
        actual=quoted(repr(info)),
        path="$.data.statusInfo",
    )
    tally.look("nac_seen_event_reason", notice, contract, [reason] if early else [])


def _names(value: Json, name: str) -> bool:
    """Whether a property of this name stands anywhere in a value."""
    if isinstance(value, dict):
        return name in value or any(_names(item, name) for item in value.values())
    return isinstance(value, list) and any(_names(item, name) for item in value)


def about(notice: Notice, life: Course, contract: Contract, tally: Tally, bearing: Collection[str]) -> None:
    """Judge an event against the creation of what it is about.

    Args:
        notice: the event.
        life: what it is about.
        contract: of its API.
        tally: gets what is found.
        bearing: sources with an Authorization in any request, so that whoever recorded left them there.
    """
    created = life.created
    if created is None:
        return
    sink, token = created.sent.get("sink"), sent_token(created.sent)
    if isinstance(sink, str) and created.seen.asked:
        fits = _place(sink) == _place(notice.exchange.request.url)
        moved = Violation(
            clause="", expected=f"the event at {quoted(sink)}", actual=quoted(notice.exchange.request.url)
        )
        tally.look("nac_seen_event_to_its_sink", notice, contract, [] if fits else [moved], sure=False)
    elif sink is None and created.sent and created.seen.asked:
        unasked = Violation(clause="", expected="no event, since there is no sink", actual="an event")
        tally.look("nac_seen_event_to_its_sink", notice, contract, [unasked])
    known = not (notice.exchange.request.header("authorization") or "").endswith(MASKED)
    if token and notice.seen.headed and known and bearing:
        wrong = checks.credential(notice.exchange, contract, token=token)
        tally.look("nac_seen_event_credential", notice, contract, wrong, sure=notice.seen.source in bearing)
    if notice.time is not None and created.date is not None:
        off = notice.time < created.date - APART
        expected = f"event $.time not before the creation at {created.date.isoformat()}"
        dated = Violation(clause="", expected=expected, actual=str(notice.body.get("time")), path="$.time")
        tally.look("nac_seen_event_time", notice, contract, [dated] if off else [])


def _place(url: str) -> str:
    """The path of an address, which is all that is sure of where an event came to."""
    try:
        return urlsplit(url).path.rstrip("/")
    except ValueError:
        return url


def at_the_end(life: Course, contract: Contract, tally: Tally, *, recorded: bool, quiet: bool) -> None:
    """Judge all events about one session or assignment.

    Args:
        life: with its events.
        contract: of its API.
        tally: gets what is found.
        recorded: whether the traffic has events of the sink at all.
        quiet: whether the traffic goes on long enough after what happened last.
    """
    notices = sorted(_distinct(life.notices), key=lambda notice: notice.arrived)
    if len(notices) > 1:
        for first, second in combinations(notices, 2):
            tally.look("nac_seen_change_told_once", second, contract, _twice(first, second))
        _order(notices, contract, tally)
        _after_the_end(notices, life, contract, tally)
    if life.deleted is not None:
        _reason(notices, life, life.deleted, contract, tally)
    if life.created is not None:
        _unasked(notices, life, contract, tally)
    if recorded and quiet and life.created is not None and isinstance(life.sent.get("sink"), str):
        _untold(notices, life, contract, tally)


def _distinct(notices: list[Notice]) -> list[Notice]:
    """The events, each once: what is sent again with its id is the same event."""
    return list(
        {json.dumps([notice.body.get("source"), notice.id, notice.data]): notice for notice in notices[::-1]}.values()
    )


def _twice(first: Notice, second: Notice) -> Iterator[Violation]:
    if first.status is not None and first.data == second.data:
        told = " ".join(str(part) for part in (first.status, first.data.get("statusInfo")) if part)
        yield Violation(clause="", expected=f"one event that tells {quoted(told)}", actual="two, with ids of their own")


def _order(notices: list[Notice], contract: Contract, tally: Tally) -> None:
    for first, second in pairwise(notices):
        if {first.status, second.status} != {"AVAILABLE", "UNAVAILABLE"}:
            continue
        swapped = first.status == "UNAVAILABLE" and first.at.before(second.at) and not second.at.before(first.at)
        wrong = Violation(clause="", expected="AVAILABLE told before UNAVAILABLE", actual="UNAVAILABLE first")
        tally.look("nac_seen_changes_told_in_order", second, contract, [wrong] if swapped else [])


def _after_the_end(notices: list[Notice], life: Course, contract: Contract, tally: Tally) -> None:
    ends = [notice for notice in notices if notice.status == "UNAVAILABLE"]
    ending = life.ending
    if ending is None or not ends:
        return
    first = ends[0]
    over = first.data.get("statusInfo") != "DELETE_REQUESTED" and first.at.before(ending.begun)
    wrong = Violation(
        clause="", expected="no event of the deletion of what has ended", actual="one that tells UNAVAILABLE"
    )
    later = [end for end in ends[1:] if end.data.get("statusInfo") == "DELETE_REQUESTED"]
    for end in later if over else ():
        tally.look("nac_seen_nothing_told_after_the_end", end, contract, [wrong])
    if over and not later:
        tally.look("nac_seen_nothing_told_after_the_end", first, contract)


def _reason(notices: list[Notice], life: Course, deleted: ApiCall, contract: Contract, tally: Tally) -> None:
    """The event of an end that came after the deletion was asked for says so."""
    for notice in notices:
        late = deleted.over.before(notice.at)
        if notice.status != "UNAVAILABLE" or not late or life.ended is not None:
            continue
        info = notice.data.get("statusInfo")
        wrong = Violation(
            clause="",
            expected="event $.data.statusInfo 'DELETE_REQUESTED'",
            actual=quoted(repr(info)),
            path="$.data.statusInfo",
        )
        off = info in _REASONS and info != "DELETE_REQUESTED"
        tally.look("nac_seen_event_reason", notice, contract, [wrong] if off else [], sure=False)


def _unasked(notices: list[Notice], life: Course, contract: Contract, tally: Tally) -> None:
    """A deletion is told once it was asked for."""
    for notice in notices:
        if notice.data.get("statusInfo") != "DELETE_REQUESTED":
            continue
        call = life.ending
        asked = call is not None and not (call.seen.source == notice.seen.source and notice.arrived < call.started)
        wrong = Violation(
            clause="",
            expected="no event of a deletion that nobody has asked for",
            actual="DELETE_REQUESTED",
            path="$.data.statusInfo",
        )
        tally.look("nac_seen_deletion_was_asked_for", notice, contract, [] if asked else [wrong], sure=False)


def _untold(notices: list[Notice], life: Course, contract: Contract, tally: Tally) -> None:
    """Changes that answers showed and no event told."""
    told = {notice.status for notice in notices}
    created = life.created
    shown = life.latest
    available = (shown is not None and shown.status == "AVAILABLE") or (life.first and life.first.status == "AVAILABLE")
    over = life.ended is not None and moment(life.ended.body.get("startedAt")) is not None
    if created is None or not (available or over or life.deleted):
        return
    wanted = ["AVAILABLE"] if available or over else []
    if over or (life.deleted is not None and available):
        wanted.append("UNAVAILABLE")
    for status in wanted:
        wrong = Violation(clause="", expected=f"an event that tells {status}", actual="none")
        tally.look("nac_seen_every_change_told", created, contract, [] if status in told else [wrong], sure=False)
