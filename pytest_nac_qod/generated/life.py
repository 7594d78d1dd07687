"""Steps in the life of sessions: sent to the target, repeated in the model, and compared."""

from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from pytest_nac_qod.catalogue import Outcome, Row, rules
from pytest_nac_qod.checks import answer as checks
from pytest_nac_qod.checks import session as session_checks
from pytest_nac_qod.checks.rules import same
from pytest_nac_qod.foundation.jsontypes import Json, JsonObject
from pytest_nac_qod.generated.examples import deliver
from pytest_nac_qod.generated.model import THREE_LEGGED, Flow, Model, ModelSession
from pytest_nac_qod.generated.shown import Known, event_of, expected_of, matched
from pytest_nac_qod.suite import bodies, clocks, sinks, states, waiting
from pytest_nac_qod.suite.case import Case
from pytest_nac_qod.suite.deliveries import distinct
from pytest_nac_qod.verdicts import Broken, Violation
from pytest_nac_qod.wire.client import Answer
from pytest_nac_qod.wire.exchange import Exchange
from pytest_nac_qod.wire.sink import Subscription

REFUSED = (Outcome(403), Outcome(404))  # that another client gets to hear; releases differ
_DEVICES = {"several": "default"}  # roles that are another spelling of a device
_OTHER = "second_client"
# rules of the catalogue that say more than the model
DISJOINT, GONE, GONE_TWICE = "nac_disjoint_flow_is_accepted", "nac_get_after_delete_is_404", "nac_second_delete_is_404"
NOT_EXTENDED, ADDED = "nac_extend_after_delete_is_404", "nac_extension_adds_what_was_asked_for"
ONCE = "nac_events_are_sent_once"
_EVENTS = "#/paths/~1sessions/post/callbacks/notifications"


@dataclass(slots=True)
class Life:
    """The steps of one example.

    Attributes:
        steps: what was done, in words.
        near: roles of the devices that the last step was about.
    """

    case: Case
    model: Model = field(init=False)
    known: dict[int, Known] = field(default_factory=dict)
    steps: list[str] = field(default_factory=list)
    near: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        flows = self._rule(DISJOINT).severity == "must"
        self.model = Model(self.case.target.profiles["default"].max_duration, flows=flows)

    def create(self, client: str, device: str, flow: Flow, duration: int, *, told: bool) -> None:
        """A client asks for a session."""
        target = self.case.target
        if client not in target.tokens or (device not in target.devices and client != THREE_LEGGED):
            return
        profile = target.profiles["default"]
        bounded = max(profile.min_duration or 1, min(duration, profile.max_duration or duration))
        body = {
            **bodies.creation(target, self.case.resource, device=None if client == THREE_LEGGED else device),
            "duration": bounded,
        }
        body["applicationServer"] = target.application_servers[flow.server]
        if flow.port is not None:
            body["applicationServerPorts"] = {"ports": [flow.port]}
        place = self.case.run.sink.subscribe() if told and self.case.run.sink else None
        if place:
            body["sink"] = place.url
        role = THREE_LEGGED if client == THREE_LEGGED else _DEVICES.get(device, device)
        self._create(client, role, flow, body, place)

    def repeat(self, pick: int) -> None:
        """The client of a session asks for it again."""
        session, known = self._pick(pick)
        body = {name: value for name, value in known.body.items() if name != "sink"}
        self._create(session.client, session.device, session.flow, body, None)

    def _create(self, client: str, device: str, flow: Flow, body: JsonObject, place: Subscription | None) -> None:
        self.near = {device}
        self.steps.append(f"{client} creates {flow.server}:{flow.port or 'any'} for {device}, {body['duration']} s")
        conflict = self.model.conflict(client, device, flow)
        accepted = [Outcome(201)] * (conflict is not True) + [Outcome(409)] * (conflict is not False)
        answer = self._send("createSession", accepted, token=client, body=body)
        if answer.status != 201:
            return
        created: Json = answer.body
        if not isinstance(created, dict) or not isinstance(created.get("sessionId"), str):
            raise Broken("no sessionId")  # its schema has said so
        granted: int = created.get("duration") or body["duration"]
        session = self.model.create(client, device, flow, granted)
        known = Known(created["sessionId"], body, answer.exchange.request.json(), place)
        self.known[session.number] = known
        self._shows(answer.exchange, created, session, began=False)
        if "advance_clock" in self.case.target.hooks:
            self._advance(waiting.SETTLED)
            session.begun = self.model.now
        if not waiting.knows(self.case.target):
            states.await_available(self.case, known.id, token=client)

    def get(self, pick: int, client: str) -> None:
        """A client reads a session."""
        session, known = self._pick(pick)
        client = self._token(session, client)
        if client not in self.case.target.tokens or not self.case.serves("getSession"):
            return
        self.steps.append(f"{client} reads #{session.number}")
        usable, readable = session.usable(client), session.readable(self.model.now)
        accepted = [Outcome(200)] if usable is not False else []
        accepted += [Outcome(404)] if readable is not True else []
        accepted += REFUSED if usable is not True else []
        rule = GONE if session.deleted and usable else ""
        answer = self._send("getSession", accepted, rule=rule, token=client, path={"sessionId": known.id})
        if answer.status == 200:
            self._shows(answer.exchange, answer.body, session)

    def delete(self, pick: int, client: str) -> None:
        """A client deletes a session."""
        session, known = self._pick(pick)
        accepted = self._accepted(session, client, Outcome(204))
        if accepted is None or not self.case.serves("deleteSession"):
            return
        self.steps.append(f"{client} deletes #{session.number}")
        rule = GONE_TWICE if session.deleted and accepted != list(REFUSED) else ""
        token, path = self._token(session, client), {"sessionId": known.id}
        answer = self._send("deleteSession", accepted, rule=rule, token=token, path=path)
        if answer.status == 204:
            self.model.delete(session)
            deliver(self.case)

    def extend(self, pick: int, client: str, seconds: int) -> None:
        """A client extends a session."""
        session, known = self._pick(pick)
        running = session.status == "AVAILABLE"
        accepted = self._accepted(session, client, Outcome(200 if running else 409))
        if accepted is None or not self.case.serves("extendQosSessionDuration"):
            return
        self.steps.append(f"{client} extends #{session.number} by {seconds} s")
        path, body = {"sessionId": known.id}, bodies.extension(seconds)
        token = self._token(session, client)
        rule = NOT_EXTENDED if session.deleted and accepted != list(REFUSED) else ""
        answer = self._send("extendQosSessionDuration", accepted, rule=rule, token=token, path=path, body=body)
        if answer.status == 200 and not session.deleted:
            self._extended(answer, session, seconds)
            self._shows(answer.exchange, answer.body, session)

    def _extended(self, answer: Answer[Any], session: ModelSession, seconds: int) -> None:
        """The session lasts as long as was asked for; a part of it is no breach, but not what was asked for either."""
        wanted = self.model.extended(session, seconds)
        granted: Json = answer.body.get("duration") if isinstance(answer.body, dict) else None
        if isinstance(granted, int) and session.duration <= granted < wanted:
            expected = f"$.duration {wanted} after the extension"
            clause = f"{self.case.contract.api}{self.case.contract.operations[answer.exchange.operation].pointer}"
            self._record(answer.exchange, clause, expected, str(granted), "$.duration", rule=ADDED)
            wanted = granted
        session.duration = wanted

    def wait(self, seconds: int) -> None:
        """Time goes on."""
        moved = self._advance(seconds)
        self.steps.append(f"{moved} s go by")

    def expire(self, pick: int) -> None:
        """Time goes on until a session is over."""
        session, _ = self._pick(pick)
        if session.status == "AVAILABLE":
            self.wait(self.model.left(session) + 1)

    def terminate(self, pick: int) -> None:
        """The network ends a session."""
        session, known = self._pick(pick)
        if session.status == "AVAILABLE":
            self.steps.append(f"the network ends #{session.number}")
            self.case.run.hook("terminate_session", session_id=known.id)
            self.model.terminate(session)
            deliver(self.case)

    def agree(self) -> None:
        """The sessions of the devices at hand are as the model has them: each by itself, in lists, and at its sink."""
        for session in self.model.sessions if self.case.serves("getSession") else ():
            if session.device not in self.near:
                continue
            known, readable = self.known[session.number], session.readable(self.model.now)
            accepted = [Outcome(200)] + [Outcome(404)] * (readable is not True)
            rule = GONE if session.deleted else ""
            path = {"sessionId": known.id}
            answer = self._send("getSession", accepted, rule=rule, token=session.client, path=path)
            if answer.status == 200:
                self._shows(answer.exchange, answer.body, session)
            self._told(answer.exchange, session)
            if session.usable(_OTHER) is False and _OTHER in self.case.target.tokens:
                self._send("getSession", list(REFUSED), token=_OTHER, path={"sessionId": known.id})
        for device in sorted(self.near):
            for client in (THREE_LEGGED,) if device == THREE_LEGGED else ("two_legged", "second_client"):
                if client in self.case.target.tokens and self.case.serves("retrieveSessionsByDevice"):
                    self._list(client, device)
        self.near = set()

    def running(self, pick: int) -> int:
        """Which session is meant: one that is AVAILABLE, if any is."""
        numbers = [place for place, session in enumerate(self.model.sessions) if session.status == "AVAILABLE"]
        return numbers[pick % len(numbers)] if numbers else pick

    def _list(self, client: str, device: str) -> None:
        body = {} if device == THREE_LEGGED else {"device": self.case.target.devices[device]}
        answer = self._send("retrieveSessionsByDevice", [Outcome(200)], token=client, body=body)
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
                self._wrong(answer.exchange, "/responses/200", expected, f"{there} times", path="$")
            for item in listed:
                if item.get("sessionId") == known.id and mine:
                    self._shows(answer.exchange, item, session)
        unknown = [identifier for identifier in ids if identifier not in {known.id for known in self.known.values()}]
        if unknown and device != THREE_LEGGED:
            expected = "only sessions that were created"
            self._wrong(answer.exchange, "/responses/200", expected, f"session {unknown[0]}", path="$")

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
            self._record(exchange, clause, expected, actual, rule=ONCE if repeated else "")

    def _shows(self, exchange: Exchange, body: Json, session: ModelSession, *, began: bool = True) -> None:
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

    def _send(self, operation: str, accepted: list[Outcome], *, rule: str = "", **call: Any) -> Answer[Any]:  # noqa: ANN401 - as Case.call
        """The answer, judged; where a rule of the catalogue is about it, by what that accepts, and as heavily."""
        answer = self.case.call(operation, role="judged", **call)
        exchange, contract = answer.exchange, self.case.contract
        wrong = checks.outcome(exchange, contract, accepted)
        if not wrong and rule:
            row = self._rule(rule)
            wrong = [breach.weakened(row.severity) for breach in checks.outcome(exchange, contract, row.accepted)]
        wrong += checks.common(exchange, contract)
        recorded = self.case.record(exchange, [self._after(violation) for violation in wrong])
        if any(breach.severity == "must" for breach in recorded):
            raise Broken(wrong[0].actual)
        return answer

    def _rule(self, key: str) -> Row:
        return next(row for row in rules(self.case.row.release) if row.id == key)

    def _accepted(self, session: ModelSession, client: str, right: Outcome) -> list[Outcome] | None:
        """The outcomes of a change; None where the contract leaves open whether it may be made."""
        token = self._token(session, client)
        usable, readable = session.usable(token), session.readable(self.model.now)
        if token not in self.case.target.tokens or usable is None:
            return None
        if not usable:
            return list(REFUSED)
        if session.deleted:
            return [Outcome(status) for status in (200, 204, 404, 409)]  # of which the rules know more
        return [right] + [Outcome(404)] * (readable is not True)

    def _token(self, session: ModelSession, client: str) -> str:
        return session.client if client == "owner" else client

    def _pick(self, pick: int) -> tuple[ModelSession, Known]:
        session = self.model.sessions[pick % len(self.model.sessions)]
        self.near = {session.device}
        return session, self.known[session.number]

    def _advance(self, seconds: int) -> int:
        running = [session for session in self.model.sessions if session.status == "AVAILABLE"]
        moved = self.model.advance(seconds)
        self.near |= {session.device for session in running if session.status != "AVAILABLE"}
        self.case.run.hook("advance_clock", seconds=moved)
        return moved

    def _wrong(self, exchange: Exchange, part: str, expected: str, actual: str, path: str) -> None:
        clause = f"{self.case.contract.api}{self.case.contract.operations[exchange.operation].pointer}{part}"
        self._record(exchange, clause, expected, actual, path)

    def _record(  # noqa: PLR0913 - what a violation is made of
        self, exchange: Exchange, clause: str, expected: str, actual: str, path: str = "", *, rule: str = ""
    ) -> None:
        """Remember a breach, as heavy as the rule of the catalogue that is about it, if one is."""
        strength = self._rule(rule).severity if rule else "must"
        violation = Violation(clause=clause, expected=expected, actual=actual, path=path, severity=strength)
        self.case.record(exchange, [self._after(violation)])

    def _after(self, violation: Violation) -> Violation:
        return replace(violation, actual=f"{violation.actual}; after: {'; '.join(self.steps) or 'nothing'}")
