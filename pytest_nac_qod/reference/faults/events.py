"""Defects of events that no published scenario finds: how often and in what order they come, and what they say."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from pytest_nac_qod.foundation.jsontypes import JsonObject
from pytest_nac_qod.reference.faults.answers import changed
from pytest_nac_qod.reference.state import Session, Status

Override = Callable[[Any], Callable[..., Any]]
View = Callable[[Session], JsonObject]


def _telling(change: Callable[[Session, Status, int], int]) -> Override:
    """Tell of a change more or less often than is right."""

    def override(right: Callable[[Session, Status], int]) -> Callable[[Session, Status], int]:
        return lambda session, before: change(session, before, right(session, before))

    return override


def _deaf_ignored(right: Callable[[Session, Status], int]) -> Callable[[Session, Status], int]:
    return lambda session, before: right(replace(session, deaf=False), before)


def _sink_as(change: Callable[[str], str]) -> Override:
    def override(right: Callable[[Session], str | None]) -> Callable[[Session], str | None]:
        return lambda session: change(sink) if (sink := right(session)) else sink

    return override


def _sink_remembered(right: Callable[[Session], str | None]) -> Callable[[Session], str | None]:
    last: dict[str, str] = {}

    def wrong(session: Session) -> str | None:
        if event := right(session):
            last[session.device] = event
        return last.get(session.device)

    return wrong


def _order_reversed(right: View) -> View:
    """The end is told first, and then the beginning."""
    told: set[str] = set()

    def wrong(session: Session) -> JsonObject:
        event = right(session)
        status = "qosStatus" if "qosStatus" in event else "status"
        first = session.id not in told
        told.add(session.id)
        if first:
            return {**event, status: "UNAVAILABLE", "statusInfo": "DELETE_REQUESTED"}
        return {**{name: value for name, value in event.items() if name != "statusInfo"}, status: "AVAILABLE"}

    return wrong


def of_credential(right: View) -> View:
    """Show the credential of the sink."""
    return lambda session: {**right(session), **({"sinkCredential": session.credential} if session.credential else {})}


OVERRIDES: Mapping[str, tuple[str, Override]] = {
    "events_sent_twice": ("notifies", _telling(lambda _session, _before, times: 2 * times)),
    "expiry_told_twice": (
        "notifies",
        _telling(lambda session, _, times: 2 * times if session.info == "DURATION_EXPIRED" else times),
    ),
    "no_event_when_expired": (
        "notifies",
        _telling(lambda session, _, times: 0 if session.info == "DURATION_EXPIRED" else times),
    ),
    "no_event_when_terminated": (
        "notifies",
        _telling(lambda session, _, times: 0 if session.info == "NETWORK_TERMINATED" else times),
    ),
    "deletion_of_ended_session_told": (
        "notifies",
        _telling(lambda _, before, times: 1 if before == "UNAVAILABLE" else times),
    ),
    "gone_sink_still_told": ("notifies", _deaf_ignored),
    "sink_remembered_for_the_device": ("sink", _sink_remembered),
    "sink_without_its_query": ("sink", _sink_as(lambda sink: sink.partition("?")[0])),
    "sink_in_lower_case": ("sink", _sink_as(str.lower)),
    "event_time_of_long_ago": ("event_view", changed(time="2020-02-02T02:02:02Z")),
    "events_in_reverse_order": ("event_data", _order_reversed),
    "credential_in_events": ("event_data", of_credential),
    "assignment_events_in_reverse_order": ("assignment_event_data", _order_reversed),
    "credential_in_assignment_events": ("assignment_event_data", of_credential),
}
