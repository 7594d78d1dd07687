"""Steps in the life of sessions: sent to the target, and repeated in the model."""

from dataclasses import dataclass
from typing import Any

from pytest_nac_qod.catalogue import Outcome
from pytest_nac_qod.foundation.jsontypes import Json, JsonObject
from pytest_nac_qod.generated.examples import deliver
from pytest_nac_qod.generated.model import THREE_LEGGED, Flow, ModelSession
from pytest_nac_qod.generated.shown import Known
from pytest_nac_qod.generated.witness import GONE, REFUSED, Witness
from pytest_nac_qod.suite import bodies, states
from pytest_nac_qod.suite.waits import waiting
from pytest_nac_qod.verdicts import Broken
from pytest_nac_qod.wire.client import Answer
from pytest_nac_qod.wire.sink import Subscription

_DEVICES = {"several": "default"}  # roles that are another spelling of a device
# rules of the catalogue that say more than the model
GONE_TWICE, NOT_EXTENDED = "nac_second_delete_is_404", "nac_extend_after_delete_is_404"
ADDED = "nac_extension_adds_what_was_asked_for"


@dataclass(slots=True)
class Life(Witness):
    """The steps of one example."""

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
        accepted = [Outcome(self.case.resource.created)] * (conflict is not True) + [Outcome(409)] * (
            conflict is not False
        )
        answer = self.send("createSession", accepted, token=client, body=body)
        if answer.status != self.case.resource.created:
            return
        created: Json = answer.body
        if not isinstance(created, dict) or not isinstance(created.get("sessionId"), str):
            raise Broken("no sessionId")  # its schema has said so
        granted: int = created.get("duration") or body["duration"]
        session = self.model.create(client, device, flow, granted)
        known = Known(created["sessionId"], body, answer.exchange.request.json(), place)
        self.known[session.number] = known
        self.shows(answer.exchange, created, session, began=False)
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
        answer = self.send("getSession", accepted, rule=rule, token=client, path={"sessionId": known.id})
        if answer.status == 200:
            self.shows(answer.exchange, answer.body, session)

    def delete(self, pick: int, client: str) -> None:
        """A client deletes a session."""
        session, known = self._pick(pick)
        accepted = self._accepted(session, client, Outcome(self.case.resource.deleted))
        if accepted is None or not self.case.serves("deleteSession"):
            return
        self.steps.append(f"{client} deletes #{session.number}")
        rule = GONE_TWICE if session.deleted and accepted != list(REFUSED) else ""
        token, path = self._token(session, client), {"sessionId": known.id}
        answer = self.send("deleteSession", accepted, rule=rule, token=token, path=path)
        if answer.status == self.case.resource.deleted:
            self.model.delete(session)
            deliver(self.case)

    def extend(self, pick: int, client: str, seconds: int) -> None:
        """A client extends a session."""
        session, known = self._pick(pick)
        if not self.case.serves("extendQosSessionDuration"):
            return
        running = session.status == "AVAILABLE"
        accepted = self._accepted(session, client, Outcome(self._extension() if running else 409))
        if accepted is None:
            return
        self.steps.append(f"{client} extends #{session.number} by {seconds} s")
        path, body = {"sessionId": known.id}, bodies.extension(seconds)
        token = self._token(session, client)
        rule = NOT_EXTENDED if session.deleted and accepted != list(REFUSED) else ""
        answer = self.send("extendQosSessionDuration", accepted, rule=rule, token=token, path=path, body=body)
        if answer.status == self._extension() and not session.deleted:
            self._extended(answer, session, seconds)
            self.shows(answer.exchange, answer.body, session)

    def _extension(self) -> int:
        """The status of an extension that is granted."""
        return self.case.contract.operations["extendQosSessionDuration"].fine

    def _extended(self, answer: Answer[Any], session: ModelSession, seconds: int) -> None:
        """The session lasts as long as was asked for; a part of it is no breach, but not what was asked for either."""
        wanted = self.model.extended(session, seconds)
        granted: Json = answer.body.get("duration") if isinstance(answer.body, dict) else None
        if isinstance(granted, int) and session.duration <= granted < wanted:
            expected = f"$.duration {wanted} after the extension"
            clause = f"{self.case.contract.api}{self.case.contract.operations[answer.exchange.operation].pointer}"
            self.record(answer.exchange, clause, expected, str(granted), "$.duration", rule=ADDED)
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

    def running(self, pick: int) -> int:
        """Which session is meant: one that is AVAILABLE, if any is."""
        numbers = [place for place, session in enumerate(self.model.sessions) if session.status == "AVAILABLE"]
        return numbers[pick % len(numbers)] if numbers else pick

    def _accepted(self, session: ModelSession, client: str, right: Outcome) -> list[Outcome] | None:
        """The outcomes of a change; None where the contract leaves open whether it may be made."""
        token = self._token(session, client)
        usable, readable = session.usable(token), session.readable(self.model.now)
        if token not in self.case.target.tokens or usable is None:
            return None
        if not usable:
            return list(REFUSED)
        if session.deleted:
            return [
                Outcome(status) for status in (200, 404, 409, self.case.resource.deleted)
            ]  # of which the rules know more
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
