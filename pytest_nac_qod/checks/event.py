"""Checks on a CloudEvent that the target delivered to the sink."""

from collections.abc import Sequence

from pytest_nac_qod.checks.answer import body_of, quoted
from pytest_nac_qod.checks.answer import schema as follows_schema
from pytest_nac_qod.contracts import Contract
from pytest_nac_qod.exchange import Exchange
from pytest_nac_qod.jsontypes import Json
from pytest_nac_qod.verdicts import Violation

EVENT_SCHEMA = "#/components/schemas/CloudEvent"


def media_type(event: Exchange, contract: Contract) -> list[Violation]:
    """The event is application/cloudevents+json."""
    found = event.request.header("content-type")
    if found is not None and found.split(";")[0].strip().lower() == "application/cloudevents+json":
        return []
    return [
        Violation(
            clause=f"{contract.api}#/paths/~1sessions/post/callbacks/notifications",
            expected="event header Content-Type: application/cloudevents+json",
            actual=f"Content-Type: {quoted(found)}" if found else "no Content-Type",
        )
    ]


def credential(event: Exchange, contract: Contract, *, token: str) -> list[Violation]:
    """The event carries the access token of the sink credential; `token` is its redacted form."""
    found, expected = event.request.header("authorization"), f"Bearer {token}"
    if found == expected:
        return []
    return [
        Violation(
            clause=f"{contract.api}#/components/securitySchemes/notificationsBearerAuth",
            expected=f"event header Authorization: {expected}",
            actual=f"Authorization: {quoted(found)}" if found else "no Authorization",
        )
    ]


def unique_id(event: Exchange, others: Sequence[Exchange], contract: Contract) -> list[Violation]:
    """No other event of the same source has this id."""
    key = _identity(event)
    if key is None or all(_identity(other) != key for other in others):
        return []
    clause = f"{contract.api}{EVENT_SCHEMA}/properties/id"
    return [
        Violation(clause=clause, expected="event $.id unique for its source", actual=f"{quoted(str(key[1]))} twice")
    ]


def _identity(event: Exchange) -> tuple[Json, Json] | None:
    body = body_of(event.request)
    return (body.get("source"), body.get("id")) if isinstance(body, dict) else None


def data(event: Exchange, contract: Contract, *, session_id: str, status: Sequence[str], info: str) -> list[Violation]:
    """The event is about this session, in one of these statuses, with statusInfo only if UNAVAILABLE.

    Args:
        event: the delivery, as an exchange.
        contract: names the clauses.
        session_id: the sessionId of the 201.
        status: the values of qosStatus that are right here.
        info: the statusInfo that an UNAVAILABLE must have; empty when any will do.
    """
    body = body_of(event.request)
    details = body.get("data") if isinstance(body, dict) else None
    if not isinstance(details, dict):
        return []  # the schema has said so
    found: list[Violation] = []
    clause = f"{contract.api}#/components/schemas/EventQosStatusChanged/data"
    wrong = [
        ("sessionId", session_id, details.get("sessionId") == session_id),
        ("qosStatus", " or ".join(status), details.get("qosStatus") in status),
        ("statusInfo", info or "only if UNAVAILABLE", _info_fits(details, info)),
    ]
    for name, expected, fits in wrong:
        if not fits:
            actual = quoted(repr(details.get(name)))
            path = f"$.data.{name}"
            found.append(
                Violation(clause=f"{clause}/{name}", expected=f"event {path} {expected}", actual=actual, path=path)
            )
    return found


def _info_fits(details: dict[str, Json], info: str) -> bool:
    if details.get("qosStatus") == "UNAVAILABLE":
        return not info or details.get("statusInfo") == info
    return "statusInfo" not in details


def body(event: Exchange, contract: Contract) -> list[Violation]:
    """The event follows the schema of its type, the data of the type included."""
    instance = body_of(event.request)
    if instance is None:
        clause = f"{contract.api}{EVENT_SCHEMA}"
        actual = quoted(event.request.body) or "empty body"
        return [Violation(clause=clause, expected="event body is one JSON value", actual=actual)]
    return follows_schema(instance, EVENT_SCHEMA, contract, direction="event")
