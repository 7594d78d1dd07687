"""Sessions, and what becomes of them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from pytest_nac_qod.jsontypes import JsonObject

Status = Literal["REQUESTED", "AVAILABLE", "UNAVAILABLE"]
Info = Literal["DURATION_EXPIRED", "NETWORK_TERMINATED", "DELETE_REQUESTED"]


@dataclass(slots=True, kw_only=True, eq=False, weakref_slot=True)
class Session:
    """A QoS session.

    Attributes:
        client: that created it.
        device: name of the device in the world.
        sent: the body that created it, without the credential.
        credential: of the sink; never shown.
        duration: granted, in seconds; grows with extensions.
        deaf: the sink answered 410 and wants no more events.
    """

    id: str
    client: str
    device: str
    sent: JsonObject
    credential: JsonObject | None
    duration: int
    created: datetime
    status: Status = "REQUESTED"
    info: Info | None = None
    started: datetime | None = None
    ended: datetime | None = None
    deaf: bool = False

    @property
    def expires(self) -> datetime | None:
        """When it is due to end; None before it began."""
        return self.started + timedelta(seconds=self.duration) if self.started else None

    def begin(self, now: datetime) -> None:
        """The network provides it from now on."""
        self.status, self.started = "AVAILABLE", now

    def end(self, now: datetime, info: Info) -> None:
        """It is over."""
        self.status, self.info, self.ended = "UNAVAILABLE", info, now


def effective_duration(session: Session) -> int:
    """Seconds for which a session that has ended was provided, at least 1; those granted if it never was."""
    if session.started is None or session.ended is None:
        return session.duration
    return max(1, int((session.ended - session.started).total_seconds()))
