"""What the outside sees: sessions, events, errors."""

from datetime import datetime
from uuid import uuid4

from pytest_nac_qod.jsontypes import JsonObject
from pytest_nac_qod.reference.refusals import Refusal
from pytest_nac_qod.reference.state import Session, effective_duration

_ECHOED = ("applicationServer", "devicePorts", "applicationServerPorts", "qosProfile", "sink")
_PREFERENCE = ("phoneNumber", "ipv4Address", "ipv6Address")


def rfc3339(moment: datetime) -> str:
    """A time in UTC with milliseconds."""
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def device_view(session: Session) -> JsonObject | None:
    """One of the identifiers that were sent, as it was sent; None when none was."""
    sent = session.sent.get("device")
    if not sent:
        return None
    name = next(name for name in _PREFERENCE if name in sent)
    return {name: sent[name]}


def echo(session: Session) -> JsonObject:
    """What comes back as it was sent."""
    return {name: session.sent[name] for name in _ECHOED if name in session.sent}


def times(session: Session) -> JsonObject:
    """Duration and times as the status has them."""
    if session.status == "REQUESTED":
        return {"duration": session.duration}
    begun = {"startedAt": rfc3339(session.started)} if session.started else {}
    ends = session.ended or session.expires
    over = {"expiresAt": rfc3339(ends)} if ends else {}
    duration = effective_duration(session) if session.status == "UNAVAILABLE" else session.duration
    return {"duration": duration, **begun, **over}


def status_view(session: Session) -> JsonObject:
    """The status, and why an UNAVAILABLE session is so."""
    info = {"statusInfo": session.info} if session.status == "UNAVAILABLE" else {}
    return {"sessionId": session.id, "qosStatus": session.status, **info}


def error_view(refusal: Refusal) -> JsonObject:
    """An error object."""
    return {"status": refusal.status, "code": refusal.code, "message": refusal.message}


def event_data(session: Session) -> JsonObject:
    """What an event tells of a session."""
    return status_view(session)


def event_view(session: Session, event_type: str, source: str, now: datetime, data: JsonObject) -> JsonObject:
    """A CloudEvent 1.0 about a session."""
    return {
        "id": str(uuid4()),
        "source": f"{source}/sessions/{session.id}",
        "specversion": "1.0",
        "type": event_type,
        "time": rfc3339(now),
        "datacontenttype": "application/json",
        "data": data,
    }


def event_headers(session: Session) -> dict[str, str]:
    """Headers of an event."""
    found = {"Content-Type": "application/cloudevents+json"}
    if token := (session.credential or {}).get("accessToken"):
        found["Authorization"] = f"Bearer {token}"
    return found
