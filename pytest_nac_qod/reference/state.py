"""Sessions and assignments, and what becomes of them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from pytest_nac_qod.foundation.jsontypes import JsonObject

Status = Literal["REQUESTED", "AVAILABLE", "UNAVAILABLE"]
Info = Literal["DURATION_EXPIRED", "NETWORK_TERMINATED", "DELETE_REQUESTED"]


@dataclass(slots=True, kw_only=True, eq=False, weakref_slot=True)
class ServedResource:
    """What a client has asked of the network.

    Attributes:
        api: whose resource it is.
        path: under which it can be read.
        id_name: name of its id in answers and events.
        client: that created it.
        device: name of the device in the world.
        device_echo: the device as it comes back; None when none does.
        sent: the body that created it, without the credential.
        credential: of the sink; never shown.
        info: why it is over, or is going to be.
        deaf: the sink answered 410 and wants no more events.
    """

    id: str
    api: str
    path: str
    id_name: str
    client: str
    device: str
    device_echo: JsonObject | None
    sent: JsonObject
    credential: JsonObject | None
    created: datetime
    status: Status = "REQUESTED"
    info: Info | None = None
    started: datetime | None = None
    ended: datetime | None = None
    deaf: bool = False

    def begin(self, now: datetime) -> None:
        """The network provides it from now on."""
        self.status, self.started = "AVAILABLE", now

    def end(self, now: datetime, info: Info) -> None:
        """It is over."""
        self.status, self.info, self.ended = "UNAVAILABLE", info, now


@dataclass(slots=True, kw_only=True, eq=False)
class Session(ServedResource):
    """A QoS session: a profile for the flows between a device and an application server, for a time.

    Attributes:
        duration: granted, in seconds; grows with extensions.
    """

    duration: int

    @property
    def expires(self) -> datetime | None:
        """When it is due to end; None before it began."""
        return self.started + timedelta(seconds=self.duration) if self.started else None


@dataclass(slots=True, kw_only=True, eq=False)
class Assignment(ServedResource):
    """A profile for all traffic of a device, until it is revoked; older releases call it a provisioning."""


def effective_duration(session: Session) -> int:
    """Seconds for which a session that has ended was provided, at least 1; those granted if it never was."""
    if session.started is None or session.ended is None:
        return session.duration
    return max(1, int((session.ended - session.started).total_seconds()))
