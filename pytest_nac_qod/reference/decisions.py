"""The behaviour of the contract as small decisions; a fault replaces exactly one of them."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime

import httpx

from pytest_nac_qod.contracts import Contract, SchemaError
from pytest_nac_qod.foundation.jsontypes import Json, JsonObject
from pytest_nac_qod.reference import devices, lifecycle, offering, requests, rights, strictness, views
from pytest_nac_qod.reference.oauth import Issuer
from pytest_nac_qod.reference.offers import Profile
from pytest_nac_qod.reference.refusals import Refusal
from pytest_nac_qod.reference.rules import Rules
from pytest_nac_qod.reference.state import Assignment, Resource, Session, Status
from pytest_nac_qod.reference.world import Device, Grant, World


def tolerated(error: SchemaError) -> bool:  # noqa: ARG001 - a fault looks at it
    """Which broken constraints of a request are let pass: none."""
    return False


def refused(refusal: Refusal, operation: str) -> Refusal:  # noqa: ARG001 - a fault looks at it
    """The refusal that is answered, by the code of r3.2; releases.toml says what other releases call it."""
    return refusal


def succeeded(status: int, body: Json, operation: str) -> tuple[int, Json]:  # noqa: ARG001 - a fault looks at it
    """Status and body that are answered when all went well."""
    return status, body


def echoed(correlator: str, status: int) -> str | None:  # noqa: ARG001 - a fault looks at it
    """The x-correlator that goes back with an answer of this status."""
    return correlator


def challenge(status: int) -> str | None:
    """WWW-Authenticate of an answer of this status (RFC 9110 section 15.5.2)."""
    return "Bearer" if status == httpx.codes.UNAUTHORIZED else None


def carried_out(operation: str, status: int) -> bool:  # noqa: ARG001 - a fault looks at it
    """Whether what was refused with this status is done all the same: never."""
    return False


def media_type(status: int) -> str:  # noqa: ARG001 - a fault looks at it
    """Content-Type of an answer with a body."""
    return "application/json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Decisions:
    """Each decision by its name, the right one by default: about any request, sessions, assignments, profiles."""

    authenticate: Callable[[Issuer, str | None], Grant] = rights.authenticate
    authorise: Callable[[Grant, str], None] = rights.authorise
    within_quota: Callable[[World, Grant], None] = rights.within_quota
    correlator: Callable[[str | None, Contract, Rules], str | None] = requests.correlator
    echoed: Callable[[str, int], str | None] = echoed
    media_type: Callable[[int], str] = media_type
    session_id: Callable[[str], str] = requests.session_id
    profile_name: Callable[[str, Contract], str] = requests.profile_name
    body: Callable[[bytes, str | None], Json] = requests.body
    credential_kind: Callable[[Json, Rules], None] = requests.credential_kind
    tolerated: Callable[[SchemaError], bool] = tolerated
    strict: Callable[[Rules], bool] = strictness.strict
    semantics: Callable[[JsonObject, Rules], None] = requests.semantics
    error_view: Callable[[Refusal], JsonObject] = views.error_view
    refused: Callable[[Refusal, str], Refusal] = refused
    succeeded: Callable[[int, Json, str], tuple[int, Json]] = succeeded
    challenge: Callable[[int], str | None] = challenge
    carried_out: Callable[[str, int], bool] = carried_out

    identified: Callable[[World, Grant, JsonObject | None], Device] = devices.identified
    applicable: Callable[[Device], None] = devices.applicable
    profile: Callable[[World, str], Profile] = offering.profile
    usable_profile: Callable[[Profile], None] = offering.usable_profile
    available: Callable[[Profile, Device | None], bool] = offering.available
    usable_credential: Callable[[World, Grant, JsonObject | None], None] = rights.usable_credential
    may_use: Callable[[Resource, Grant], None] = rights.may_use
    device_view: Callable[[Resource], JsonObject | None] = views.device_view
    deleted: Callable[[Resource], bool] = lifecycle.deleted
    taken_along: Callable[[Resource, list[Resource]], list[Resource]] = lifecycle.taken_along
    retained: Callable[[World], float] = lifecycle.retained
    issued_id: Callable[[str], str] = lifecycle.issued_id
    notifies: Callable[[Resource, Status], int] = lifecycle.notifies
    sink: Callable[[Resource], str | None] = lifecycle.sink
    event_view: Callable[[Resource, str, datetime, JsonObject], JsonObject] = views.event_view
    event_headers: Callable[[Resource], dict[str, str]] = views.event_headers

    granted_duration: Callable[[int, Profile], int] = offering.granted_duration
    conflicts: Callable[[Session, str, JsonObject], bool] = lifecycle.conflicts
    listed: Callable[[Session, Grant, Device], bool] = rights.listed
    due: Callable[[Session], datetime | None] = lifecycle.due
    extensible: Callable[[Session], None] = lifecycle.extensible
    extended: Callable[[Session, list[Session]], list[Session]] = lifecycle.extended
    extended_duration: Callable[[Session, int, Profile], int] = lifecycle.extended_duration
    echo: Callable[[Session], JsonObject] = views.echo
    times: Callable[[Session], JsonObject] = views.times
    status_view: Callable[[Session], JsonObject] = views.status_view
    event_data: Callable[[Session], JsonObject] = views.status_view

    assigned: Callable[[Assignment, str], bool] = lifecycle.assigned
    held: Callable[[Assignment, Device], bool] = rights.held
    revoked_at_once: Callable[[Assignment, World], bool] = lifecycle.revoked_at_once
    assignment_echo: Callable[[Assignment], JsonObject] = views.echo
    assignment_times: Callable[[Assignment], JsonObject] = views.assignment_times
    assignment_status: Callable[[Assignment], JsonObject] = views.assignment_status
    assignment_event_data: Callable[[Assignment], JsonObject] = views.assignment_status

    profile_view: Callable[[Profile, Collection[str]], JsonObject] = views.profile_view
    of_name: Callable[[Profile, str | None], bool] = offering.of_name
    of_status: Callable[[Profile, str | None], bool] = offering.of_status
    listed_profile: Callable[[Profile, Device | None], bool] = offering.available
