"""What the outside sees: sessions, assignments, profiles, events, errors."""

from collections.abc import Callable, Collection
from datetime import datetime
from uuid import uuid4

from pytest_nac_qod.foundation.jsontypes import JsonObject
from pytest_nac_qod.reference.offers import OfferedProfile
from pytest_nac_qod.reference.refusals import Refusal
from pytest_nac_qod.reference.state import Assignment, ServedResource, Session, effective_duration

_TIMES = ("startedAt", "expiresAt", "time")
_ECHOED = ("applicationServer", "devicePorts", "applicationServerPorts", "qosProfile", "sink")


def rfc3339(moment: datetime) -> str:
    """A time in UTC with milliseconds."""
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def respelt(shown: JsonObject, spell: Callable[[str], str]) -> JsonObject:
    """What is shown, its times spelt otherwise."""
    times = {name: spell(shown[name]) for name in _TIMES if isinstance(shown.get(name), str)}
    return {name: times.get(name, value) for name, value in shown.items()}


def device_view(resource: ServedResource) -> JsonObject | None:
    """The device as it comes back; None when none was sent."""
    return resource.device_echo


def echo(resource: ServedResource) -> JsonObject:
    """What comes back as it was sent."""
    return {name: resource.sent[name] for name in _ECHOED if name in resource.sent}


def times(session: Session) -> JsonObject:
    """Duration and times as the status has them."""
    if session.status == "REQUESTED":
        return {"duration": session.duration}
    begun = {"startedAt": rfc3339(session.started)} if session.started else {}
    ends = session.ended or session.expires
    over = {"expiresAt": rfc3339(ends)} if ends else {}
    duration = effective_duration(session) if session.status == "UNAVAILABLE" else session.duration
    return {"duration": duration, **begun, **over}


def assignment_times(assignment: Assignment) -> JsonObject:
    """When the assignment became AVAILABLE, if it did."""
    return {"startedAt": rfc3339(assignment.started)} if assignment.started else {}


def status_view(session: Session) -> JsonObject:
    """The status, and why an UNAVAILABLE session is so."""
    return {session.id_name: session.id, "qosStatus": session.status, **_info(session)}


def assignment_status(assignment: Assignment) -> JsonObject:
    """The status, and why an assignment is UNAVAILABLE, or is going to be."""
    return {assignment.id_name: assignment.id, "status": assignment.status, **_info(assignment)}


def _info(resource: ServedResource) -> JsonObject:
    return {"statusInfo": resource.info} if resource.info else {}


def profile_view(profile: OfferedProfile, known: Collection[str]) -> JsonObject:
    """A profile, as far as the release knows its properties."""
    return {name: value for name, value in profile.attributes.items() if name in known}


def error_view(refusal: Refusal) -> JsonObject:
    """An error object."""
    return {"status": refusal.status, "code": refusal.code, "message": refusal.message}


def event_view(resource: ServedResource, event_type: str, now: datetime, data: JsonObject) -> JsonObject:
    """A CloudEvent 1.0 about a session or an assignment."""
    return {
        "id": str(uuid4()),
        "source": resource.path,
        "specversion": "1.0",
        "type": event_type,
        "time": rfc3339(now),
        "datacontenttype": "application/json",
        "data": data,
    }


def event_headers(resource: ServedResource) -> dict[str, str]:
    """Headers of an event."""
    headers = {"Content-Type": "application/cloudevents+json"}
    if token := (resource.credential or {}).get("accessToken"):
        headers["Authorization"] = f"Bearer {token}"
    return headers
