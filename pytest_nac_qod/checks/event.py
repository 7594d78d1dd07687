"""Checks on a CloudEvent that the target delivered to the sink."""

from collections.abc import Sequence

from pytest_nac_qod.checks.answer import body_of, quoted
from pytest_nac_qod.checks.answer import schema as follows_schema
from pytest_nac_qod.contracts import Contract
from pytest_nac_qod.contracts.locating import property_pointer
from pytest_nac_qod.foundation.jsontypes import Json
from pytest_nac_qod.verdicts import Violation
from pytest_nac_qod.wire.exchange import Exchange
from pytest_nac_qod.wire.resources import resource_of


def callback_clause(contract: Contract) -> str:
    """Where the contract says that events are sent: `/callbacks` of the operation that creates."""
    resource = resource_of(contract)
    return f"{contract.api}{contract.operations[resource.create].pointer}/callbacks" if resource else contract.api


def data_clause(contract: Contract, *names: str) -> str:
    """Where the contract describes a property of an event's data."""
    base = _event_schema(contract)
    mapping = contract.resolved(base)[1].get("discriminator", {}).get("mapping", {})
    return contract.api + property_pointer(contract, next(iter(mapping.values()), base), "data", *names)


def _event_schema(contract: Contract) -> str:
    if contract.event_schema is None:
        raise LookupError(f"{contract.api} has no events")
    return contract.event_schema


def method(event: Exchange, contract: Contract) -> list[Violation]:
    """The event is sent by POST (`/callbacks/notifications` of the operation that creates)."""
    if event.request.method == "POST":
        return []
    return [
        Violation(
            clause=callback_clause(contract),
            expected="an event by POST",
            actual=quoted(event.request.method),
            path="method of events",
            basis="event_method",
        )
    ]


def media_type(event: Exchange, contract: Contract) -> list[Violation]:
    """The event is application/cloudevents+json (`/callbacks/notifications` of the operation that creates)."""
    content_type = event.request.header("content-type")
    if content_type is not None and content_type.split(";")[0].strip().lower() == "application/cloudevents+json":
        return []
    return [
        Violation(
            clause=callback_clause(contract),
            expected="event header Content-Type: application/cloudevents+json",
            actual=f"Content-Type: {quoted(content_type)}" if content_type else "no Content-Type",
            path="content-type",
            basis="event_media_type",
        )
    ]


def credential(event: Exchange, contract: Contract, *, token: str) -> list[Violation]:
    """The event carries the access token of the sink credential as its bearer token.

    Clause: `#/components/securitySchemes/notificationsBearerAuth`.

    Args:
        event: the delivery, as an exchange.
        contract: names the clause.
        token: the access token in its redacted form, as exchanges have it.
    """
    authorization, expected = event.request.header("authorization"), f"Bearer {token}"
    scheme, _, value = (authorization or "").partition(" ")
    if scheme.lower() in ("bearer", "bearer:") and value.strip() == token:  # some published steps have the colon
        return []
    return [
        Violation(
            clause=f"{contract.api}#/components/securitySchemes/notificationsBearerAuth",
            expected=f"event header Authorization: {expected}",
            actual=f"Authorization: {quoted(authorization)}" if authorization else "no Authorization",
            path="authorization",
            basis="event_credential",
        )
    ]


def unique_id(event: Exchange, others: Sequence[Exchange], contract: Contract) -> list[Violation]:
    """No other event of the same source has this id; the same event may be sent again."""
    key = _identity(event)
    if key is None or all(_identity(other) != key or same(event, other) for other in others):
        return []
    clause = f"{contract.api}{_event_schema(contract)}/properties/id"
    return [
        Violation(
            clause=clause,
            expected="event $.id unique for its source",
            actual=f"{quoted(str(key[1]))} twice",
            path="$.id",
            basis="event_id",
        )
    ]


def same(event: Exchange, other: Exchange) -> bool:
    """Whether one event was sent twice: with one id, and to tell one thing (CloudEvents 1.0, id)."""
    first, second = body_of(event.request), body_of(other.request)
    if not isinstance(first, dict) or not isinstance(second, dict):
        return False
    return _identity(event) == _identity(other) and first.get("data") == second.get("data")


def _identity(event: Exchange) -> tuple[Json, Json] | None:
    body = body_of(event.request)
    return (body.get("source"), body.get("id")) if isinstance(body, dict) else None


def data(event: Exchange, contract: Contract, *, key: str, status: Sequence[str], info: str) -> list[Violation]:
    """The event is about this session or assignment, in one of these statuses, with statusInfo only if UNAVAILABLE.

    Args:
        event: the delivery, as an exchange.
        contract: names the clauses.
        key: the id in the 201.
        status: the statuses that are right here.
        info: the statusInfo that an UNAVAILABLE must have; empty when any will do.
    """
    resource, body = resource_of(contract), body_of(event.request)
    details = body.get("data") if isinstance(body, dict) else None
    if not isinstance(details, dict) or resource is None:
        return []  # the schema has said so
    reached = details.get(resource.status)
    fits_info = (
        (not info or details.get("statusInfo") == info) if reached == "UNAVAILABLE" else "statusInfo" not in details
    )
    wanted = [
        (resource.id, key, details.get(resource.id) == key, "event_about"),
        (resource.status, " or ".join(status), reached in status, "event_status"),
        ("statusInfo", info or "only if UNAVAILABLE", fits_info, "event_status_info"),
    ]
    return [
        Violation(
            clause=data_clause(contract, name),
            expected=f"event $.data.{name} {expected}",
            actual=quoted(repr(details.get(name))),
            path=f"$.data.{name}",
            basis=basis,
        )
        for name, expected, fits, basis in wanted
        if not fits
    ]


def body(event: Exchange, contract: Contract) -> list[Violation]:
    """The event follows the schema of its type, including its data, and has an id and a source.

    Clauses: the schema of events in the callback; the JSON event format of CloudEvents 1.0, section 3 (one JSON value).
    """
    instance = body_of(event.request)
    if instance is None:
        clause = f"{contract.api}{_event_schema(contract)}"
        actual = quoted(event.request.body) or "empty body"
        expected = "event body is one JSON value"
        return [Violation(clause=clause, expected=expected, actual=actual, basis="event_json")]
    violations = follows_schema(instance, _event_schema(contract), contract, direction="event")
    return violations + [
        violation
        for violation in named(instance, contract)
        if violation.path not in {other.path for other in violations}
    ]


def named(instance: Json, contract: Contract) -> list[Violation]:
    """The id and the source of an event are non-empty (CloudEvents 1.0 section 3.1, required attributes)."""
    return [
        Violation(
            clause=f"{contract.api}{_event_schema(contract)}/properties/{name}",
            expected=f"event $.{name} a non-empty string (CloudEvents 1.0)",
            actual="''",
            path=f"$.{name}",
            value="",
            basis="event_named",
        )
        for name in ("id", "source")
        if isinstance(instance, dict) and instance.get(name) == ""
    ]
