"""Rules on requests that are under way at the same time: creations for one flow, and whatever is about one session."""

import json
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import combinations

from pytest_nac_qod.checks.answer import quoted
from pytest_nac_qod.contracts import Contract
from pytest_nac_qod.foundation.values import whole
from pytest_nac_qod.traffic.concurrency.orders import Kind, Op, explained, overlapping, timeless
from pytest_nac_qod.traffic.lives import FLOW, Course, Lives
from pytest_nac_qod.traffic.seen import ApiCall
from pytest_nac_qod.traffic.tally import Tally
from pytest_nac_qod.verdicts import Violation

RACE, ORDER, SUM = "nac_seen_one_of_two_at_once", "nac_seen_history_in_some_order", "nac_seen_extensions_at_once_add_up"
_RACES = 1000  # flows whose latest creations are remembered
_RELEASED = timedelta(seconds=10)  # after a deletion in which its flow may not be free yet
_MOST = 30  # requests about one session; of more, no order is looked for
_KINDS: dict[str, Kind] = {"create": "create", "read": "read", "extend": "extend", "delete": "delete"}


@dataclass(slots=True)
class Race:
    """Creations for one flow, each of which began before another one was over.

    Attributes:
        free: nothing that the traffic shows was in the way of the first one.
    """

    calls: list[ApiCall]
    free: bool


@dataclass(slots=True)
class Races:
    """The latest creations for each flow."""

    _races: OrderedDict[str, Race] = field(default_factory=OrderedDict)
    _released: OrderedDict[str, datetime] = field(default_factory=OrderedDict)
    _kinds: set[frozenset[str]] = field(default_factory=set)
    _by_flow: bool = False  # a device has had two sessions, so that one is in the way of the same flow only

    def see(self, call: ApiCall, lives: Lives, tally: Tally) -> None:
        """Take in a creation of a session."""
        device = call.sent.get("device")
        if call.resource is None or call.resource.noun != "session":
            return
        if not isinstance(device, dict) or not device:  # that of the token, which nobody knows
            self._kinds.add(frozenset())
            return
        self._kinds.add(frozenset(device))
        self._by_flow = self._by_flow or (call.success and any(life.alive(call) for life in lives.for_device(call)))
        flow = _flow(call)
        race = self._races.pop(flow, None)
        if race is not None and any(_at_once(other, call) for other in race.calls):
            race.calls.append(call)
        else:
            if race is not None:
                self._judge(race, lives, tally)
            race = Race([call], free=self._free(call, flow, lives))
        self._races[flow] = race
        while len(self._races) > _RACES:
            self._judge(self._races.popitem(last=False)[1], lives, tally)

    def release(self, life: Course, call: ApiCall) -> None:
        """Note that a session was deleted, or may have been."""
        if life.created is not None:
            flow = _flow(life.created)
            self._released[flow] = max(call.ended, self._released.pop(flow, call.ended))
            while len(self._released) > _RACES:
                self._released.popitem(last=False)

    def close(self, lives: Lives, tally: Tally) -> None:
        """Judge what is left."""
        while self._races:
            self._judge(self._races.popitem(last=False)[1], lives, tally)

    def _free(self, call: ApiCall, flow: str, lives: Lives) -> bool:
        """Whether nothing can be in the way, for all that is known of the device."""
        since = self._released.get(flow)
        if since is not None and call.started < since + _RELEASED:  # whoever's clock that is by
            return False
        return not any(not self._by_flow or _may_share(life, call) for life in lives.for_device(call))

    def _judge(self, race: Race, lives: Lives, tally: Tally) -> None:
        """Exactly one of them is made."""
        if len(race.calls) < 2:
            return
        made = [call for call in race.calls if call.success]
        last = race.calls[-1]
        refused = [call for call in race.calls if call.status == 409]
        if len(made) > 1 and _there_at_once(made, lives):
            wrong = Violation(
                clause="",
                expected="409 CONFLICT for all but one of the creations at once for one flow",
                actual=f"{len(made)} of {len(race.calls)} made",
                path="$.code",
            )
            tally.look(RACE, made[1], made[1].contract, [wrong])
        elif not made and len(refused) == len(race.calls) and race.free and self._comparable(last):
            none = Violation(
                clause="",
                expected="201 for one of the creations at once for one flow that is free",
                actual=f"409 for all {len(refused)}",
                path="$.code",
            )
            tally.look(RACE, last, last.contract, [none], sure=False)
        elif len(made) == 1 and refused:
            tally.look(RACE, last, last.contract)

    def _comparable(self, call: ApiCall) -> bool:
        """Whether every session is of a device whose identifiers can be compared with those of the call."""
        return all(kinds & set(call.sent["device"]) for kinds in self._kinds)


def made(first: ApiCall | None, call: ApiCall) -> bool:
    """Whether an id was given to what was asked for in two ways at the same time."""
    return first is not None and first.seen.source == call.seen.source and first.sent != call.sent


def note(call: ApiCall, life: Course) -> None:
    """Remember a request about a session for the search of an order."""
    kind = _KINDS.get(call.role)
    if kind is None or call.resource is None or call.resource.noun != "session" or len(life.ops) > _MOST:
        return
    if life.created is None or not life.created.same_client(call) or (kind == "extend" and not call.seen.asked):
        life.shared = life.shared or life.created is None or (call.success and kind != "read")
        return
    body = call.body if isinstance(call.body, dict) and call.body.get(call.resource.id) == life.key else {}
    shown = body.get(call.resource.status)
    life.ops.append(
        Op(
            kind=kind,
            began=call.started,
            ended=call.ended,
            status=call.status,
            shown=shown if isinstance(shown, str) else "",
            duration=whole(body.get("duration")),
            added=whole(call.sent.get("requestedAdditionalDuration")) or 0,
        )
    )
    life.last = call
    life.sources.add(call.seen.source)


def at_the_end(life: Course, contract: Contract, tally: Tally) -> None:
    """Look for an order of the requests about a session that explains its answers, where some were sent at once."""
    last = life.last
    whole_story = last is not None and not life.shared and len(life.sources) == 1 and len(life.ops) <= _MOST
    if not whole_story or last is None or life.ops[0].kind != "create" or not overlapping(life.ops):
        return
    if not explained(life.ops):
        sure = not explained(timeless(life.ops))  # else an extension out of sight would explain them
        tally.look(ORDER, last, contract, [_unexplained(life.ops)], sure=sure)
        return
    tally.look(ORDER, last, contract)
    if _extended_at_once(life.ops) and not life.capped:
        tally.look(SUM, last, contract, [] if explained(life.ops, exact=True) else [_lost(life.ops)])


def _unexplained(ops: Sequence[Op]) -> Violation:
    told = ", ".join(str(op) for op in sorted(ops, key=lambda op: op.began))
    expected = "answers that some order of the requests explains"
    return Violation(clause="", expected=expected, actual=quoted(told), path="$.qosStatus")


def _lost(ops: Sequence[Op]) -> Violation:
    told = ", ".join(str(op) for op in sorted(ops, key=lambda op: op.began) if op.kind == "extend")
    expected = "extensions at once that each add what was asked for"
    return Violation(clause="", expected=expected, actual=quoted(told), path="$.duration")


def _extended_at_once(ops: Sequence[Op]) -> bool:
    return overlapping([op for op in ops if op.kind == "extend" and op.status == 200])


def _there_at_once(made: Sequence[ApiCall], lives: Lives) -> bool:
    """Whether two of these creations made sessions of which none had ended when the other one was made."""
    return any(
        one.key != other.key and not one.over_before(second) and not other.over_before(first)
        for (first, one), (second, other) in combinations(_made(made, lives), 2)
    )


def _made(made: Sequence[ApiCall], lives: Lives) -> Iterator[tuple[ApiCall, Course]]:
    for call in made:
        key = call.body.get(call.resource.id) if isinstance(call.body, dict) and call.resource else None
        yield from ((call, life) for life in lives.known(str(key)) if life.created is call)


def _at_once(one: ApiCall, other: ApiCall) -> bool:
    """Whether two requests of one client were under way at the same time, by one clock."""
    apart = one.before(other) or other.before(one)
    return one.seen.source == other.seen.source and not apart and one.same_client(other)


def _flow(call: ApiCall) -> str:
    parts = [call.base_url, call.contract.api, *(call.sent.get(name) for name in FLOW)]
    return json.dumps(parts, sort_keys=True)


def _may_share(life: Course, call: ApiCall) -> bool:
    """Whether a session may share a flow with a creation: only ports, each named, can tell that it does not."""
    one, other = (_ports(sent.get("applicationServerPorts")) for sent in (life.sent, call.sent))
    return one is None or other is None or bool(one & other)


def _ports(ports: object) -> set[int] | None:
    given = ports.get("ports") if isinstance(ports, dict) and "ranges" not in ports else None
    return {port for port in given if isinstance(port, int)} if isinstance(given, list) and given else None
