"""The behaviour of the contract as small decisions; a fault or a legal behaviour replaces exactly one of them."""

from collections.abc import Awaitable, Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

import httpx
from starlette.requests import Request

from pytest_nac_qod.contracts import Contract, SchemaError
from pytest_nac_qod.foundation.jsontypes import Json, JsonObject
from pytest_nac_qod.reference import devices, guard, lifecycle, offering, requests, rights, strictness, views
from pytest_nac_qod.reference.oauth import Issuer
from pytest_nac_qod.reference.offers import OfferedProfile
from pytest_nac_qod.reference.refusals import Refusal
from pytest_nac_qod.reference.register import Register
from pytest_nac_qod.reference.rules import Rules
from pytest_nac_qod.reference.state import Assignment, ServedResource, Session, Status
from pytest_nac_qod.reference.world import Grant, KnownDevice, World

Headers = dict[str, str]
Asked = TypeVar("Asked")
Told = TypeVar("Told")
Tolerated = Callable[[SchemaError], bool]


def tolerated(error: SchemaError) -> bool:  # noqa: ARG001 - a fault looks at it
    """Which broken constraints of a request are let pass: none."""
    return False


def refused(refusal: Refusal, operation: str) -> Refusal:  # noqa: ARG001 - a fault looks at it
    """The refusal that is answered, by the code of the family; releases.toml says what releases call it otherwise."""
    return refusal


def succeeded(status: int, body: Json, operation: str) -> tuple[int, Json]:  # noqa: ARG001 - a fault looks at it
    """Status and body that are answered when all went well."""
    return status, body


def echoed(correlator: str, status: int) -> str | None:  # noqa: ARG001 - a fault looks at it
    """The x-correlator that goes back with an answer of this status; that of the request is empty if it has none."""
    return correlator or None


def challenge(status: int) -> str | None:
    """WWW-Authenticate of an answer of this status (RFC 9110 section 15.5.2)."""
    return "Bearer" if status == httpx.codes.UNAUTHORIZED else None


def carried_out(operation: str, status: int) -> bool:  # noqa: ARG001 - a fault looks at it
    """Whether what was refused with this status is done all the same: never."""
    return False


async def performed(operate: Callable[[Asked], Told], call: Asked) -> Told:
    """How an operation is carried out: in one go, so that nothing comes between a look and what follows from it."""
    return operate(call)


def served_method(method: str, served: Collection[str]) -> str:  # noqa: ARG001 - a fault looks at it
    """The method of the operation that a request is for, of those served at its path: HEAD is for that of GET."""
    return "GET" if method == "HEAD" else method


def media_type(status: int) -> str:  # noqa: ARG001 - a fault looks at it
    """Content-Type of an answer with a body."""
    return "application/json"


def written(headers: Headers, content: bytes, status: int) -> tuple[Headers, bytes]:  # noqa: ARG001 - as above
    """Headers and body of an answer as they are sent; without Content-Length, the body goes out in chunks."""
    return headers, content


def time_text(text: str) -> str:
    """A time in an answer or an event as it is written."""
    return text


def deliveries(event: JsonObject) -> int:  # noqa: ARG001 - a legal behaviour looks at it
    """How often an event is delivered."""
    return 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Decisions:
    """Each decision by its name, the right one by default: about any request, sessions, assignments, profiles."""

    presented: Callable[[Request], str | None] = guard.presented
    method: Callable[[Request], str] = guard.method
    traced: Callable[[], bool] = guard.traced
    outer_sink: Callable[[str | None], None] = guard.outer_sink
    split: Callable[[str], dict[str, str]] = guard.split
    event_method: Callable[[], str] = guard.event_method
    event_origin: Callable[[], str] = guard.event_origin
    verified: Callable[[], bool] = guard.verified
    followed: Callable[[str | None], str | None] = guard.followed
    authenticate: Callable[[Issuer, str | None], Grant] = rights.authenticate
    authorise: Callable[[Grant, str], None] = rights.authorise
    within_quota: Callable[[World, Grant], None] = rights.within_quota
    correlator: Callable[[str | None, Contract, Rules], str | None] = requests.correlator
    echoed: Callable[[str, int], str | None] = echoed
    served_method: Callable[[str, Collection[str]], str] = served_method
    media_type: Callable[[int], str] = media_type
    written: Callable[[Headers, bytes, int], tuple[Headers, bytes]] = written
    time_text: Callable[[str], str] = time_text
    session_id: Callable[[str], str] = requests.session_id
    profile_name: Callable[[str, Contract], str] = requests.profile_name
    body: Callable[[bytes, str | None], Json] = requests.body
    credential_kind: Callable[[Json, Rules], None] = requests.credential_kind
    schema: Callable[[Json, Contract, str, Tolerated], None] = requests.schema
    tolerated: Tolerated = tolerated
    strict: Callable[[Rules], bool] = strictness.strict
    semantics: Callable[[JsonObject, Rules], None] = requests.semantics
    error_view: Callable[[Refusal], JsonObject] = views.error_view
    refused: Callable[[Refusal, str], Refusal] = refused
    succeeded: Callable[[int, Json, str], tuple[int, Json]] = succeeded
    challenge: Callable[[int], str | None] = challenge
    carried_out: Callable[[str, int], bool] = carried_out
    performed: Callable[[Callable[..., Any], Any], Awaitable[Any]] = performed

    identified: Callable[[World, Grant, JsonObject | None], KnownDevice] = devices.identified
    applicable: Callable[[KnownDevice], None] = devices.applicable
    profile: Callable[[World, str], OfferedProfile] = offering.profile
    usable_profile: Callable[[OfferedProfile], None] = offering.usable_profile
    available: Callable[[OfferedProfile, KnownDevice | None], bool] = offering.available
    usable_credential: Callable[[World, Grant, JsonObject | None], None] = rights.usable_credential
    may_use: Callable[[ServedResource, Grant], None] = rights.may_use
    device_view: Callable[[ServedResource], JsonObject | None] = views.device_view
    delay: Callable[[World], float] = lifecycle.delay
    deleted: Callable[[ServedResource], bool] = lifecycle.deleted
    taken_along: Callable[[ServedResource, Iterable[ServedResource]], list[ServedResource]] = lifecycle.taken_along
    retained: Callable[[World], float] = lifecycle.retained
    issued_id: Callable[[str], str] = lifecycle.issued_id
    notifies: Callable[[ServedResource, Status], int] = lifecycle.notifies
    sink: Callable[[ServedResource], str | None] = lifecycle.sink
    event_view: Callable[[ServedResource, str, datetime, JsonObject], JsonObject] = views.event_view
    event_headers: Callable[[ServedResource], dict[str, str]] = views.event_headers
    deliveries: Callable[[JsonObject], int] = deliveries

    granted_duration: Callable[[int, OfferedProfile], int] = offering.granted_duration
    rivals: Callable[[Register, str, JsonObject], list[Session]] = lifecycle.rivals
    conflicts: Callable[[Session, str, JsonObject], bool] = lifecycle.conflicts
    candidates: Callable[[Register, KnownDevice], list[Session]] = rights.candidates
    listed: Callable[[Session, Grant, KnownDevice], bool] = rights.listed
    due: Callable[[Session], datetime | None] = lifecycle.due
    extensible: Callable[[Session], None] = lifecycle.extensible
    extended: Callable[[Session, Iterable[Session]], list[Session]] = lifecycle.extended
    extended_duration: Callable[[Session, int, OfferedProfile], int] = lifecycle.extended_duration
    echo: Callable[[Session], JsonObject] = views.echo
    times: Callable[[Session], JsonObject] = views.times
    status_view: Callable[[Session], JsonObject] = views.status_view
    event_data: Callable[[Session], JsonObject] = views.status_view

    assigned: Callable[[Assignment, str, JsonObject], bool] = lifecycle.assigned
    held: Callable[[Assignment, KnownDevice], bool] = rights.held
    revoked_at_once: Callable[[Assignment, World], bool] = lifecycle.revoked_at_once
    assignment_echo: Callable[[Assignment], JsonObject] = views.echo
    assignment_times: Callable[[Assignment], JsonObject] = views.assignment_times
    assignment_status: Callable[[Assignment], JsonObject] = views.assignment_status
    assignment_event_data: Callable[[Assignment], JsonObject] = views.assignment_status

    profile_view: Callable[[OfferedProfile, Collection[str]], JsonObject] = views.profile_view
    of_name: Callable[[OfferedProfile, str | None], bool] = offering.of_name
    of_status: Callable[[OfferedProfile, str | None], bool] = offering.of_status
    listed_profile: Callable[[OfferedProfile, KnownDevice | None], bool] = offering.available
