"""What becomes of sessions and assignments."""

from collections.abc import Iterable
from datetime import datetime
from uuid import uuid4

from pytest_nac_qod.foundation.jsontypes import JsonObject
from pytest_nac_qod.reference.offers import OfferedProfile
from pytest_nac_qod.reference.refusals import Refusal
from pytest_nac_qod.reference.register import Register
from pytest_nac_qod.reference.state import Assignment, ServedResource, Session, Status
from pytest_nac_qod.reference.world import World


def rivals(sessions: Register, device: str, sent: JsonObject) -> list[Session]:
    """The sessions that want what a new one wants: same device, overlapping flow."""
    return sessions.sharing(device, sent)


def conflicts(session: Session, device: str, sent: JsonObject) -> bool:  # noqa: ARG001 - a fault looks at them
    """Whether a session that wants the same stands in the way of a new one: it is not released."""
    return session.status != "UNAVAILABLE" or session.info == "NETWORK_TERMINATED"


def assigned(assignment: Assignment, device: str, _: JsonObject) -> bool:
    """Whether an assignment stands in the way of a new one: same device, and not released."""
    released = assignment.status == "UNAVAILABLE" and assignment.info == "DELETE_REQUESTED"
    return assignment.device == device and not released


def extensible(session: Session) -> None:
    """Refuse to extend a session that is not AVAILABLE."""
    if session.status != "AVAILABLE":
        raise Refusal(409, "QUALITY_ON_DEMAND.SESSION_EXTENSION_NOT_ALLOWED")


def extended_duration(session: Session, additional: int, profile: OfferedProfile) -> int:
    """Seconds in all after an extension, capped at the maximum of the profile."""
    return min(session.duration + additional, max(profile.max_duration, session.duration))


def issued_id(api: str) -> str:  # noqa: ARG001 - a fault looks at it
    """The id of a new session or assignment of an API."""
    return str(uuid4())


def delay(world: World) -> float:
    """Seconds from REQUESTED to AVAILABLE; with none of them the answer to the creation says AVAILABLE already."""
    return world.network_delay


def due(session: Session) -> datetime | None:
    """When a session ends by itself; None before it began."""
    return session.expires


def notifies(resource: ServedResource, before: Status) -> int:
    """How many events a change from that status is worth: one.

    None once it is over, none if it was deleted before it began, and none for a sink that is gone.
    """
    if resource.deaf:
        return 0
    return int(before == "AVAILABLE" if resource.info == "DELETE_REQUESTED" else before != "UNAVAILABLE")


def sink(resource: ServedResource) -> str | None:
    """Where the events go; None when they go nowhere."""
    address: str | None = resource.sent.get("sink")
    return address


def deleted(resource: ServedResource) -> bool:  # noqa: ARG001 - a fault looks at it
    """Whether a deletion takes it away."""
    return True


def taken_along(resource: ServedResource, others: Iterable[ServedResource]) -> list[ServedResource]:  # noqa: ARG001 - a fault looks at it
    """What else a deletion takes away: nothing."""
    return []


def extended(session: Session, others: Iterable[Session]) -> list[Session]:  # noqa: ARG001 - a fault looks at it
    """What an extension makes longer: the session that it names."""
    return [session]


def revoked_at_once(assignment: Assignment, world: World) -> bool:
    """Whether an assignment is over when its revocation is answered: all but AVAILABLE ones of some devices."""
    return assignment.status != "AVAILABLE" or world.devices[assignment.device].revocation == "synchronous"


def retained(world: World) -> float:
    """Seconds for which what ended by itself can still be read."""
    return world.retention
