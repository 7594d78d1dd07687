"""The embedded network: sessions and assignments, their life in time, and what it tells about them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import chain

from pytest_nac_qod.reference.clock import Clock, Due, Timeline
from pytest_nac_qod.reference.decisions import Decisions
from pytest_nac_qod.reference.offers import OfferedProfile
from pytest_nac_qod.reference.register import Register
from pytest_nac_qod.reference.state import Assignment, Info, ServedResource, Session, Status
from pytest_nac_qod.reference.world import World

Announce = Callable[[ServedResource], None]


def _silent(resource: ServedResource) -> None:
    """Tell nobody."""


@dataclass(slots=True)
class Network:
    """Sessions and assignments by id, and what is due to happen to them.

    Attributes:
        issued: every id that was given out though it is none as the release writes them.
        refusing: how many of the next ones the network will fail to provide.
        limited: operations whose rate limit is reached.
        announce: gets each one whose change is worth an event.
    """

    world: World
    decisions: Decisions
    clock: Clock = field(default_factory=Clock)
    timeline: Timeline = field(default_factory=Timeline)
    sessions: Register = field(default_factory=Register)
    assignments: dict[str, Assignment] = field(default_factory=dict)
    issued: set[str] = field(default_factory=set)
    limited: set[str] = field(default_factory=set)
    refusing: int = 0
    announce: Announce = _silent
    _expiries: dict[str, Due] = field(default_factory=dict)

    def settle(self) -> None:
        """Carry out all that is due by now."""
        self.timeline.run(self.clock)

    def provide(self, resource: ServedResource) -> None:
        """Begin with what was asked for after a while or at once, or fail to."""
        work = self._fail if self.refusing else self._begin
        self.refusing = max(0, self.refusing - 1)
        if delay := self.decisions.delay(self.world):
            self._after(delay, lambda: work(resource))
        else:
            work(resource)

    def extend(self, session: Session, additional: int, profile: OfferedProfile) -> None:
        """Make a session longer."""
        self.decisions.extensible(session)
        for longer in self.decisions.extended(session, self.sessions.values()):
            longer.duration = self.decisions.extended_duration(longer, additional, profile)
            self._plan_expiry(longer)

    def delete(self, resource: ServedResource) -> None:
        """Release it at its client's request."""
        before = resource.status
        if before != "UNAVAILABLE":
            resource.end(self.clock.now(), "DELETE_REQUESTED")
        self._tell(resource, before)
        others = self.decisions.taken_along(resource, chain(self.sessions.values(), self.assignments.values()))
        for gone in [*([resource] if self.decisions.deleted(resource) else []), *others]:
            self._forget(gone)

    def delete_later(self, assignment: Assignment) -> None:
        """Release it after a while; asked again meanwhile, it takes no longer."""
        if assignment.info != "DELETE_REQUESTED":
            assignment.info = "DELETE_REQUESTED"
            self._after(self.world.network_delay, lambda: self.delete(assignment))

    def terminate(self, resource_id: str) -> None:
        """The network ends a session or an assignment; raises KeyError when there is none."""
        self._finish(self.sessions.get(resource_id) or self.assignments[resource_id], "NETWORK_TERMINATED")

    def _begin(self, resource: ServedResource) -> None:
        if resource.status == "REQUESTED":
            resource.begin(self.clock.now())
            self._tell(resource, "REQUESTED")
            if isinstance(resource, Session):
                self._plan_expiry(resource)

    def _fail(self, resource: ServedResource) -> None:
        self._finish(resource, "NETWORK_TERMINATED")

    def _plan_expiry(self, session: Session) -> None:
        self.timeline.call_off(self._expiries.pop(session.id, None))
        if due := self.decisions.due(session):
            self._expiries[session.id] = self.timeline.at(due, lambda: self._expire(session))

    def _expire(self, session: Session) -> None:
        self._expiries.pop(session.id, None)
        due = self.decisions.due(session)
        if due and due <= self.clock.now():  # else it was extended
            self._finish(session, "DURATION_EXPIRED")

    def _finish(self, resource: ServedResource, info: Info) -> None:
        before = resource.status
        if before == "UNAVAILABLE":
            return
        now = self.clock.now()
        due = self.decisions.due(resource) if isinstance(resource, Session) else None
        resource.end(due if info == "DURATION_EXPIRED" and due else now, info)
        self._tell(resource, before)
        self._after(self.decisions.retained(self.world), lambda: self._forget(resource))

    def _forget(self, resource: ServedResource) -> None:
        self.timeline.call_off(self._expiries.pop(resource.id, None))
        self.sessions.drop(resource.id)
        self.assignments.pop(resource.id, None)

    def _tell(self, resource: ServedResource, before: Status) -> None:
        for _ in range(self.decisions.notifies(resource, before)):
            self.announce(resource)

    def _after(self, seconds: float, action: Callable[[], None]) -> None:
        self.timeline.at(self.clock.now() + timedelta(seconds=seconds), action)
