"""The embedded network: sessions, their life in time, and what it tells about them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

from pytest_nac_qod.jsontypes import JsonObject
from pytest_nac_qod.reference.clock import Clock, Timeline
from pytest_nac_qod.reference.decisions import Decisions
from pytest_nac_qod.reference.refusals import Refusal
from pytest_nac_qod.reference.state import Info, Session, Status
from pytest_nac_qod.reference.world import Grant, Profile, World

Announce = Callable[[Session], None]


def _silent(session: Session) -> None:
    """Tell nobody."""


@dataclass(slots=True)
class Network:
    """Sessions by id, and what is due to happen to them.

    Attributes:
        refusing: how many of the next sessions the network will fail to provide.
        limited: operations whose rate limit is reached.
        announce: gets each session whose change is worth an event.
    """

    world: World
    decisions: Decisions
    clock: Clock = field(default_factory=Clock)
    timeline: Timeline = field(default_factory=Timeline)
    sessions: dict[str, Session] = field(default_factory=dict)
    limited: set[str] = field(default_factory=set)
    refusing: int = 0
    announce: Announce = _silent

    def settle(self) -> None:
        """Carry out all that is due by now."""
        self.timeline.run(self.clock.now())

    def create(self, grant: Grant, device: str, body: JsonObject, duration: int) -> Session:
        """A new session; refuses one whose flow is taken."""
        if any(self.decisions.conflicts(session, device, body) for session in self.sessions.values()):
            raise Refusal(409, "CONFLICT")
        now = self.clock.now()
        session = Session(
            id=self.decisions.issued_id(),
            client=grant.client,
            device=device,
            sent={name: value for name, value in body.items() if name != "sinkCredential"},
            credential=body.get("sinkCredential"),
            duration=duration,
            created=now,
        )
        self.sessions[session.id] = session
        provide = self._fail if self.refusing else self._begin
        self.refusing = max(0, self.refusing - 1)
        self.timeline.at(now + timedelta(seconds=self.world.network_delay), lambda: provide(session))
        return session

    def found(self, session_id: str, grant: Grant) -> Session:
        """The session of that id, if this client may use it."""
        session = self.sessions.get(session_id)
        if session is None:
            raise Refusal(404, "NOT_FOUND")
        self.decisions.may_use(session, grant)
        return session

    def extend(self, session: Session, additional: int, profile: Profile) -> None:
        """Make a session longer."""
        self.decisions.extensible(session)
        session.duration = self.decisions.extended_duration(session, additional, profile)
        self._plan_expiry(session)

    def delete(self, session: Session) -> None:
        """Release a session at its client's request."""
        before = session.status
        if before != "UNAVAILABLE":
            session.end(self.clock.now(), "DELETE_REQUESTED")
        self._tell(session, before)
        if self.decisions.deleted(session):
            del self.sessions[session.id]

    def terminate(self, session_id: str) -> None:
        """The network ends a session; raises KeyError when there is none."""
        self._finish(self.sessions[session_id], "NETWORK_TERMINATED")

    def _begin(self, session: Session) -> None:
        if session.status == "REQUESTED":
            session.begin(self.clock.now())
            self._tell(session, "REQUESTED")
            self._plan_expiry(session)

    def _fail(self, session: Session) -> None:
        self._finish(session, "NETWORK_TERMINATED")

    def _plan_expiry(self, session: Session) -> None:
        if due := self.decisions.due(session):
            self.timeline.at(due, lambda: self._expire(session))

    def _expire(self, session: Session) -> None:
        due = self.decisions.due(session)
        if due and due <= self.clock.now():  # else it was extended
            self._finish(session, "DURATION_EXPIRED")

    def _finish(self, session: Session, info: Info) -> None:
        before = session.status
        if before == "UNAVAILABLE":
            return
        now = self.clock.now()
        due = self.decisions.due(session)
        session.end(due if info == "DURATION_EXPIRED" and due else now, info)
        self._tell(session, before)
        kept = timedelta(seconds=self.decisions.retained(self.world))
        self.timeline.at(now + kept, lambda: self._forget(session))

    def _forget(self, session: Session) -> None:
        self.sessions.pop(session.id, None)

    def _tell(self, session: Session, before: Status) -> None:
        for _ in range(self.decisions.notifies(session, before)):
            self.announce(session)
