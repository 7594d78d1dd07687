"""The behaviour of the contract as small decisions; a fault replaces exactly one of them."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from pytest_nac_qod.contracts import Contract, SchemaError
from pytest_nac_qod.jsontypes import Json, JsonObject
from pytest_nac_qod.reference import devices, flows, requests, views
from pytest_nac_qod.reference.oauth import Issuer, bearer, covers
from pytest_nac_qod.reference.refusals import Refusal
from pytest_nac_qod.reference.state import Session, Status
from pytest_nac_qod.reference.world import Device, Grant, Profile, World


def authenticate(issuer: Issuer, authorization: str | None) -> Grant:
    """What the access token of a request stands for; refuses one that is missing, unknown or expired."""
    grant = issuer.grant(bearer(authorization))
    if grant is None or grant.expires <= time.time():
        raise Refusal(401, "UNAUTHENTICATED")
    return grant


def authorise(grant: Grant, scope: str) -> None:
    """Refuse a token without the scope of the operation."""
    if not covers(grant.scopes, scope):
        raise Refusal(403, "PERMISSION_DENIED")


def profile(world: World, name: str) -> Profile:
    """The profile of that name; refuses one that does not exist."""
    if name not in world.profiles:
        raise Refusal(400, "INVALID_ARGUMENT", "qosProfile does not exist.")
    return world.profiles[name]


def usable_profile(found: Profile) -> None:
    """Refuse a profile that exists but cannot be used at present."""
    if found.status != "ACTIVE":
        raise Refusal(422, "QUALITY_ON_DEMAND.QOS_PROFILE_NOT_APPLICABLE")


def granted_duration(requested: int, found: Profile) -> int:
    """Seconds that are granted; refuses what the profile does not allow."""
    if not found.min_duration <= requested <= found.max_duration:
        raise Refusal(400, "QUALITY_ON_DEMAND.DURATION_OUT_OF_RANGE")
    return requested


def conflicts(session: Session, device: str, sent: JsonObject) -> bool:
    """Whether a session stands in the way of a new one: same device, overlapping flow, and not released."""
    occupied = session.status != "UNAVAILABLE" or session.info == "NETWORK_TERMINATED"
    return occupied and session.device == device and flows.overlap(session.sent, sent)


def may_use(session: Session, grant: Grant) -> None:
    """Refuse a client that did not create the session, and a 3-legged token of another device."""
    if session.client != grant.client or grant.device not in (None, session.device):
        raise Refusal(403, "PERMISSION_DENIED")


def listed(session: Session, grant: Grant, device: Device) -> bool:
    """Whether a session stands in the list of a device."""
    return session.client == grant.client and session.device == device.name


def extensible(session: Session) -> None:
    """Refuse to extend a session that is not AVAILABLE."""
    if session.status != "AVAILABLE":
        raise Refusal(409, "QUALITY_ON_DEMAND.SESSION_EXTENSION_NOT_ALLOWED")


def extended_duration(session: Session, additional: int, found: Profile) -> int:
    """Seconds in all after an extension, capped at the maximum of the profile."""
    return min(session.duration + additional, max(found.max_duration, session.duration))


def issued_id() -> str:
    """The id of a new session."""
    return str(uuid4())


def due(session: Session) -> datetime | None:
    """When a session ends by itself; None before it began."""
    return session.expires


def notifies(session: Session, before: Status) -> int:
    """How many events a change from that status is worth: one.

    None once the session is over, none if it was deleted before it began, and none for a sink that is gone.
    """
    if session.deaf:
        return 0
    return int(before == "AVAILABLE" if session.info == "DELETE_REQUESTED" else before != "UNAVAILABLE")


def sink(session: Session) -> str | None:
    """Where the events of a session go; None when they go nowhere."""
    found: str | None = session.sent.get("sink")
    return found


def deleted(session: Session) -> bool:  # noqa: ARG001 - a fault looks at it
    """Whether a deletion takes the session away."""
    return True


def retained(world: World) -> float:
    """Seconds for which a session that ended by itself can still be read."""
    return world.retention


def tolerated(error: SchemaError) -> bool:  # noqa: ARG001 - a fault looks at it
    """Which broken constraints of a request are let pass: none."""
    return False


def refused(refusal: Refusal, operation: str) -> Refusal:  # noqa: ARG001 - a fault looks at it
    """The refusal that is answered."""
    return refusal


def succeeded(status: int, body: Json, operation: str) -> tuple[int, Json]:  # noqa: ARG001 - a fault looks at it
    """Status and body that are answered when all went well."""
    return status, body


def echoed(correlator: str, status: int) -> str | None:  # noqa: ARG001 - a fault looks at it
    """The x-correlator that goes back with an answer of this status."""
    return correlator


def media_type(status: int) -> str:  # noqa: ARG001 - a fault looks at it
    """Content-Type of an answer with a body."""
    return "application/json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Decisions:
    """Each decision by its name, the right one by default."""

    authenticate: Callable[[Issuer, str | None], Grant] = authenticate
    authorise: Callable[[Grant, str], None] = authorise
    correlator: Callable[[str | None, Contract], str | None] = requests.correlator
    echoed: Callable[[str, int], str | None] = echoed
    media_type: Callable[[int], str] = media_type
    session_id: Callable[[str], str] = requests.session_id
    body: Callable[[bytes, str | None], Json] = requests.body
    credential_kind: Callable[[Json], None] = requests.credential_kind
    tolerated: Callable[[SchemaError], bool] = tolerated
    semantics: Callable[[JsonObject], None] = requests.semantics
    identified: Callable[[World, Grant, JsonObject | None], Device] = devices.identified
    applicable: Callable[[Device], None] = devices.applicable
    profile: Callable[[World, str], Profile] = profile
    usable_profile: Callable[[Profile], None] = usable_profile
    granted_duration: Callable[[int, Profile], int] = granted_duration
    conflicts: Callable[[Session, str, JsonObject], bool] = conflicts
    may_use: Callable[[Session, Grant], None] = may_use
    listed: Callable[[Session, Grant, Device], bool] = listed
    extensible: Callable[[Session], None] = extensible
    extended_duration: Callable[[Session, int, Profile], int] = extended_duration
    device_view: Callable[[Session], JsonObject | None] = views.device_view
    echo: Callable[[Session], JsonObject] = views.echo
    times: Callable[[Session], JsonObject] = views.times
    status_view: Callable[[Session], JsonObject] = views.status_view
    error_view: Callable[[Refusal], JsonObject] = views.error_view
    refused: Callable[[Refusal, str], Refusal] = refused
    succeeded: Callable[[int, Json, str], tuple[int, Json]] = succeeded
    issued_id: Callable[[], str] = issued_id
    due: Callable[[Session], datetime | None] = due
    notifies: Callable[[Session, Status], int] = notifies
    sink: Callable[[Session], str | None] = sink
    event_data: Callable[[Session], JsonObject] = views.event_data
    event_view: Callable[[Session, str, str, datetime, JsonObject], JsonObject] = views.event_view
    event_headers: Callable[[Session], dict[str, str]] = views.event_headers
    deleted: Callable[[Session], bool] = deleted
    retained: Callable[[World], float] = retained
