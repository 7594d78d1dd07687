"""Sessions as the target shows them, each by itself, in lists and at its sink: held against the model."""

from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from pytest_nac_qod.catalogue import Outcome, Row, rules
from pytest_nac_qod.checks import answer as checks
from pytest_nac_qod.checks import session as session_checks
from pytest_nac_qod.checks.rules import same
from pytest_nac_qod.foundation.jsontypes import Json, JsonObject
from pytest_nac_qod.generated.model import THREE_LEGGED, Model, ModelSession, State
from pytest_nac_qod.generated.shown import Known, event_of, expected_of, matched
from pytest_nac_qod.suite import sinks
from pytest_nac_qod.suite.case import Case
from pytest_nac_qod.suite.deliveries import distinct
from pytest_nac_qod.suite.doubts import clocks
from pytest_nac_qod.suite.waits import waiting
from pytest_nac_qod.verdicts import Broken, Violation
from pytest_nac_qod.wire.client import Answer
from pytest_nac_qod.wire.exchange import Exchange

REFUSED = (Outcome(403), Outcome(404))  # that another client gets to hear; releases differ
# rules of the catalogue that say more than the model
DISJOINT, GONE = "nac_disjoint_flow_is_accepted", "nac_get_after_delete_is_404"
_OTHER = "second_client"
_ONCE = "nac_events_are_sent_once"
_EVENTS = "#/paths/~1sessions/post/callbacks/notifications"


@dataclass(slots=True)
class Witness:
    """What is judged of one example.

    Attributes:
        steps: what was done, in words.
        near: roles of the devices that the last step was about.
        listed: the states of a device's sessions when a client last listed them, by their roles.
    """

    case: Case
    model: Model = field(init=False)
    known: dict[int, Known] = field(default_factory=dict)
    steps: list[str] = field(default_factory=list)
    near: set[str] = field(default_factory=set)
    listed: dict[tuple[str, str], list[State]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        flows = self.rule(DISJOINT).severity == "must"
        self.model = Model(self.case.target.profiles["default"].max_duration, flows=flows)

    def agree(self) -> None:
        """The sessions of the devices at hand are as the model has them: each by itself, in lists, and at its sink."""
        for session in self.model.sessions if self.case.serves("getSession") else ():
            if session.device not in self.near:
                continue
            known, readable = self.known[session.number], session.readable(self.model.now)
            accepted = [Outcome(200)] + [Outcome(404)] * (readable is not True)
            rule = GONE if session.deleted else ""
            path = {"sessionId": known.id}
            answer = self.send("getSession", accepted, rule=rule, token=session.client, path=path)
            if answer.status == 200:
                self.shows(answer.exchange, answer.body, session)
            self._told(answer.exchange, session)
            other = _OTHER in self.case.target.tokens and session.usable(_OTHER) is False
            if other and known.hidden_as != session.state:
                known.hidden_as = session.state
                self.send("getSession", list(REFUSED), token=_OTHER, path={"sessionId": known.id})
        for device in sorted(self.near):
            for client in (THREE_LEGGED,) if device == THREE_LEGGED else ("two_legged", "second_client"):
                if client in self.case.target.tokens and self.case.serves("retrieveSessionsByDevice"):
                    self._list_if_new(client, device)
        self.near = set()

    def _list_if_new(self, client: str, device: str) -> None:
        """List, unless the client has no session of the device and none has changed since it was shown the list."""
        near = [session for session in self.model.sessions if session.device == device]
        states = [session.state for session in near]
        if any(session.client == client for session in near) or self.listed.get((client, device)) != states:
            self.listed[client, device] = states
            self._list(client, device)

    def _list(self, client: str, device: str) -> None:
        body = {} if device == THREE_LEGGED else {"device": self.case.target.devices[device]}
        answer = self.send("retrieveSessionsByDevice", [Outcome(200)], token=client, body=body)
        listed = [item for item in answer.body if isinstance(item, dict)] if isinstance(answer.body, list) else []
        ids = [item.get("sessionId") for item in listed]
        for session in self.model.sessions:
            known = self.known[session.number]
            there, mine = ids.count(known.id), session.usable(client) is not False and session.device == device
            readable = session.readable(self.model.now) if mine else False
            least, most = int(readable is True and session.status == "AVAILABLE"), int(readable is not False)
            if not least <= there <= most:
                times = "once" if least else "once or not at all" if most else "not at all"
                expected = f"session #{session.number} listed {times} for {client} and {device}"
                self.wrong(answer.exchange, "/responses/200", expected, f"{there} times", path="$")
            for item in listed:
                if item.get("sessionId") == known.id and mine:
                    self.shows(answer.exchange, item, session)
        unknown = [identifier for identifier in ids if identifier not in {known.id for known in self.known.values()}]
        if unknown and device != THREE_LEGGED:
            expected = "only sessions that were created"
            self.wrong(answer.exchange, "/responses/200", expected, f"session {unknown[0]}", path="$")

    def _told(self, exchange: Exchange, session: ModelSession) -> None:
        place, key = self.known[session.number].place, self.known[session.number].id
        if place is None:
            return
        captured = distinct([sinks.captured(event, self.case) for event in place.events()])
        events = [event_of(notice) for notice in captured]
        left, again = matched(events, [(key, *notice) for notice in session.told])
        whole = waiting.knows(self.case.target)
        if again or (left and whole):
            repeated = not (left and whole) and all(events.count(notice) > 1 for notice in again)
            said = ", ".join(f"{status} {info}".strip() for status, info in session.told)
            actual = ", ".join(f"{status} {info or ''}".strip() for _, status, info in events) or "none"
            clause = f"{self.case.contract.api}{self.case.contract.place(_EVENTS)}"
            expected = f"events of session #{session.number}: {said}"
            self.record(exchange, clause, expected, actual, rule=_ONCE if repeated else "")

    def shows(self, exchange: Exchange, body: Json, session: ModelSession, *, began: bool = True) -> None:
        """Hold a session as the target shows it against the model."""
        if not isinstance(body, dict):
            return  # its schema has said so
        known, profile = self.known[session.number], self.case.target.profiles["default"]
        shown = checks.body_of(exchange.response) if exchange.response else None
        if isinstance(shown, dict):
            body = shown  # redacted
        context = session_checks.SessionContext(
            contract=self.case.contract,
            resource=self.case.resource,
            session=body,
            sent=known.sent,
            now=exchange.answered,
            shortest=profile.min_duration,
            longest=profile.max_duration,
            doubtful=partial(clocks.doubtful, self.case, look=False),
        )
        if began:
            self._follow(body, session, known)
        violations = session_checks.all_of(context)
        violations += [
            context.violation(name, repr(value), body.get(name), basis)
            for name, value, basis in expected_of(body, session, known, began=began)
            if not same(body.get(name), value)
        ]
        self.case.record(exchange, [self._after(violation) for violation in violations])

    def _follow(self, body: JsonObject, session: ModelSession, known: Known) -> None:
        """Let the model have what is for the target to say: that the network ended a session, and what is granted."""
        told = (body.get("qosStatus"), body.get("statusInfo"))
        if session.status == "AVAILABLE" and told == ("UNAVAILABLE", "NETWORK_TERMINATED"):
            self.model.terminate(session)
        duration: Json = body.get("duration")
        if not known.settled and session.status == "AVAILABLE" and isinstance(duration, int):
            session.duration = duration
        known.settled = True
        known.started = known.started or body.get("startedAt")

    def send(self, operation: str, accepted: list[Outcome], *, rule: str = "", **call: Any) -> Answer[Any]:  # noqa: ANN401 - as Case.call
        """The answer, judged; where a rule of the catalogue is about it, by what that accepts, and as heavily."""
        answer = self.case.call(operation, role="judged", **call)
        exchange, contract = answer.exchange, self.case.contract
        wrong = checks.outcome(exchange, contract, accepted)
        if not wrong and rule:
            row = self.rule(rule)
            wrong = [breach.weakened(row.severity) for breach in checks.outcome(exchange, contract, row.accepted)]
        wrong += checks.common(exchange, contract)
        recorded = self.case.record(exchange, [self._after(violation) for violation in wrong])
        if any(breach.severity == "must" for breach in recorded):
            raise Broken(wrong[0].actual)
        return answer

    def rule(self, key: str) -> Row:
        """The row of a rule of the catalogue."""
        return next(row for row in rules(self.case.row.release) if row.id == key)

    def wrong(self, exchange: Exchange, part: str, expected: str, actual: str, path: str) -> None:
        """Remember a breach of a part of the operation that the exchange is about."""
        clause = f"{self.case.contract.api}{self.case.contract.operations[exchange.operation].pointer}{part}"
        self.record(exchange, clause, expected, actual, path)

    def record(  # noqa: PLR0913 - what a violation is made of
        self, exchange: Exchange, clause: str, expected: str, actual: str, path: str = "", *, rule: str = ""
    ) -> None:
        """Remember a breach, as heavy as the rule of the catalogue that is about it, if one is."""
        strength = self.rule(rule).severity if rule else "must"
        violation = Violation(clause=clause, expected=expected, actual=actual, path=path, severity=strength)
        self.case.record(exchange, [self._after(violation)])

    def _after(self, violation: Violation) -> Violation:
        return replace(violation, actual=f"{violation.actual}; after: {'; '.join(self.steps) or 'nothing'}")
