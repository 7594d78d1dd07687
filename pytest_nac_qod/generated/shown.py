"""What a session and its events have to show by the model; what is the target's to decide is left to it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pytest_nac_qod.checks.answer import body_of
from pytest_nac_qod.foundation.jsontypes import Json, JsonObject
from pytest_nac_qod.generated.model import ModelSession, State
from pytest_nac_qod.wire.exchange import Exchange
from pytest_nac_qod.wire.sink import Subscription

Told = tuple[Json, Json, str]  # session, status, reason


@dataclass(slots=True)
class Known:
    """What the target has told of a session.

    Attributes:
        settled: whether its duration is no longer that of a REQUESTED one.
        hidden_as: its state when another client last tried to read it, which is done once for each.
    """

    id: str
    body: JsonObject
    sent: JsonObject
    place: Subscription | None
    started: Json = None
    settled: bool = False
    hidden_as: State | None = None


def expected_of(
    body: JsonObject, session: ModelSession, known: Known, *, began: bool
) -> Iterator[tuple[str, Json, str]]:
    """What the session has to show by the model: name, value, and what that rests on beyond the row."""
    yield "sessionId", known.id, ""
    if not began:
        return
    yield "qosStatus", session.status, ""
    yield "startedAt", known.started, ""
    if session.status == "AVAILABLE":
        yield "duration", session.duration, ""
    if session.info and body.get("statusInfo") != "NETWORK_TERMINATED":
        yield "statusInfo", session.info, "" if "statusInfo" in body else "status_info_missing"


def tells(event: Told, expected: Told) -> bool:
    """Whether an event tells what is expected; the reason of an end is optional, and may be the network."""
    reasons = {expected[2], "", "NETWORK_TERMINATED"} if expected[1] == "UNAVAILABLE" else {""}
    return event[:2] == expected[:2] and event[2] in reasons


def event_of(event: Exchange) -> Told:
    """What an event tells, and of which session."""
    body = body_of(event.request)
    data = body.get("data") if isinstance(body, dict) else None
    payload = data if isinstance(data, dict) else {}
    return payload.get("sessionId"), payload.get("qosStatus"), str(payload.get("statusInfo", ""))


def matched(events: Iterable[Told], expected: Iterable[Told]) -> tuple[list[Told], list[Told]]:
    """What was expected and not told, in order, and what was told and not expected."""
    left, more = list(expected), []
    for event in events:
        fitting = next((candidate for candidate in left if tells(event, candidate)), None)
        if fitting is None:
            more.append(event)
        else:
            left.remove(fitting)
    return left, more
