"""What becomes of sessions, as the contract has it: a model in whole seconds, for a state machine to compare with.

It knows nothing of the reference server. Where the contract leaves something open, its answer is None.
"""

from dataclasses import dataclass, field
from typing import Literal

Status = Literal["AVAILABLE", "UNAVAILABLE"]
State = tuple[Status, int, bool]  # status, duration, deleted: what may change what others are shown
BLUR = 5  # seconds around an end in which the model does not say on which side of it the target is
RETENTION = 360  # seconds for which a session that the network ended stays readable, at least
THREE_LEGGED = "three_legged"


@dataclass(frozen=True, slots=True)
class Flow:
    """What a session is for: role of the application server, and its port, None for all."""

    server: str
    port: int | None

    def overlaps(self, other: "Flow") -> bool:
        """Whether a packet can belong to both."""
        return self.server == other.server and (None in (self.port, other.port) or self.port == other.port)


@dataclass(slots=True)
class ModelSession:
    """One session.

    Attributes:
        client: role of the token that created it.
        device: role of its device; that of the token, with a 3-legged one.
        duration: seconds in all.
        begun: when it became AVAILABLE, in seconds of the model.
        ended: when it became UNAVAILABLE.
        told: status and statusInfo of the events that its sink has to get, in order.
    """

    number: int
    client: str
    device: str
    flow: Flow
    duration: int
    begun: int
    status: Status = "AVAILABLE"
    info: str = ""
    ended: int = 0
    deleted: bool = False
    told: list[tuple[Status, str]] = field(default_factory=lambda: [("AVAILABLE", "")])

    @property
    def state(self) -> State:
        """What may change what others are shown of it."""
        return self.status, self.duration, self.deleted

    def end(self, info: str, when: int) -> None:
        """It becomes UNAVAILABLE, and its sink is told."""
        self.status, self.info, self.ended = "UNAVAILABLE", info, when
        self.told.append((self.status, info))

    def taken(self, now: int) -> bool | None:
        """Whether it keeps its flow from others."""
        if self.deleted or self.info == "DURATION_EXPIRED":
            return False
        return True if self.status == "AVAILABLE" or self.recent(now) else None

    def readable(self, now: int) -> bool | None:
        """Whether it can be read; of what was deleted the rules say more."""
        if self.deleted:
            return None
        return True if self.status == "AVAILABLE" or self.recent(now) else None

    def recent(self, now: int) -> bool:
        """Whether the network ended it so lately that it has to be there still."""
        return self.info == "NETWORK_TERMINATED" and now < self.ended + RETENTION - BLUR

    def usable(self, client: str) -> bool | None:
        """Whether the holder of the token of a role may use it."""
        if client == self.client:
            return True
        if client == THREE_LEGGED and self.device != THREE_LEGGED:
            return False
        return None if THREE_LEGGED in (client, self.client) and "second_client" not in (client, self.client) else False


@dataclass(slots=True)
class Model:
    """All sessions, and the time.

    Attributes:
        longest: seconds that a session may last in all; None when not known.
        flows: whether sessions of a device are in each other's way only if their flows overlap; else that is open.
    """

    longest: int | None
    flows: bool = False
    now: int = 0
    sessions: list[ModelSession] = field(default_factory=list)

    def conflict(self, client: str, device: str, flow: Flow) -> bool | None:
        """Whether a new session has to be refused for the sake of one that is there.

        The contract does not say whether that of another client counts.
        """
        near = [
            session for session in self.sessions if session.device == device and session.taken(self.now) is not False
        ]
        overlapping = [session for session in near if session.flow.overlaps(flow)]
        if any(session.client == client and session.taken(self.now) for session in overlapping):
            return True
        return None if (overlapping if self.flows else near) else False

    def create(self, client: str, device: str, flow: Flow, duration: int) -> ModelSession:
        """A session is there, and AVAILABLE."""
        session = ModelSession(len(self.sessions) + 1, client, device, flow, duration, self.now)
        self.sessions.append(session)
        return session

    def extended(self, session: ModelSession, seconds: int) -> int:
        """How long a session lasts that is extended by all that was asked for, up to the longest."""
        longest = session.duration + seconds if self.longest is None else max(self.longest, session.duration)
        return min(session.duration + seconds, longest)

    def delete(self, session: ModelSession) -> None:
        """A session is gone."""
        if session.status == "AVAILABLE":
            session.end("DELETE_REQUESTED", self.now)
        session.deleted = True

    def terminate(self, session: ModelSession) -> None:
        """The network ends a session."""
        session.end("NETWORK_TERMINATED", self.now)

    def advance(self, seconds: int) -> int:
        """Time goes on; returns by how many seconds, a few more if a session would be just at its end."""
        running = [session for session in self.sessions if session.status == "AVAILABLE"]
        ends = [session.begun + session.duration for session in running]
        while any(abs(end - self.now - seconds) <= BLUR for end in ends):
            seconds += BLUR
        self.now += seconds
        for session in running:
            if session.begun + session.duration <= self.now:
                session.end("DURATION_EXPIRED", session.begun + session.duration)
        return seconds

    def left(self, session: ModelSession) -> int:
        """Seconds until the session ends by itself."""
        return session.begun + session.duration - self.now
