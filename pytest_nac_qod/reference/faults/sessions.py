"""Defects of sessions: what is shown of them, what becomes of them, and what their sinks are told."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from pytest_nac_qod.foundation.jsontypes import JsonObject
from pytest_nac_qod.reference.faults.answers import changed, returning, without_dashes
from pytest_nac_qod.reference.state import ServedResource, Session
from pytest_nac_qod.reference.views import rfc3339

Override = Callable[[Any], Callable[..., Any]]
View = Callable[[Session], JsonObject]


def _started(change: Callable[[Session], JsonObject]) -> Override:
    """Change what is shown of a session that has begun."""

    def override(right: View) -> View:
        return lambda session: {**right(session), **(change(session) if session.started else {})}

    return override


def _without(name: str) -> Override:
    return lambda right: lambda session: {key: value for key, value in right(session).items() if key != name}


def _always(name: str, value: object) -> Override:
    """Show a property that was not sent."""
    return lambda right: lambda session: {name: value, **right(session)}


def _device_of_token(right: Callable[[Session], JsonObject | None]) -> Callable[[Session], JsonObject | None]:
    return lambda session: right(session) or {"phoneNumber": "+99999991003"}


def _phone_without_plus(right: Callable[[Session], JsonObject | None]) -> Callable[[Session], JsonObject | None]:
    def wrong(session: Session) -> JsonObject | None:
        device = right(session)
        phone = (device or {}).get("phoneNumber")
        return {"phoneNumber": f"{phone[:-1]}9"} if phone else device

    return wrong


def _application_server_as_prefix(right: View) -> View:
    def wrong(session: Session) -> JsonObject:
        view = right(session)
        shown = {
            name: f"{value}/32" if name == "ipv4Address" else value for name, value in view["applicationServer"].items()
        }
        return {**view, "applicationServer": shown}

    return wrong


def _requested_with_times(right: View) -> View:
    def wrong(session: Session) -> JsonObject:
        begun = {"startedAt": rfc3339(session.created)} if session.status == "REQUESTED" else {}
        return {**right(session), **begun}

    return wrong


def _requested_with_expiry(right: View) -> View:
    def wrong(session: Session) -> JsonObject:
        ends = {"expiresAt": rfc3339(session.created + timedelta(seconds=session.duration))}
        return {**right(session), **(ends if session.status == "REQUESTED" else {})}

    return wrong


def _later(name: str, seconds: float) -> Override:
    """Show a time that is off."""

    def change(session: Session) -> JsonObject:
        moment = session.started if name == "startedAt" else session.ended or session.expires
        return {name: rfc3339(moment + timedelta(seconds=seconds))} if moment else {}

    return _started(change)


def _event_info(right: View) -> View:
    return lambda session: {**right(session), "statusInfo": session.info or "NETWORK_TERMINATED"}


def _wrong_deletion_info(right: View) -> View:
    def wrong(session: Session) -> JsonObject:
        deleted = session.info == "DELETE_REQUESTED"
        return {**right(session), **({"statusInfo": "NETWORK_TERMINATED"} if deleted else {})}

    return wrong


def _info_while_available(right: View) -> View:
    return lambda session: {"statusInfo": "DURATION_EXPIRED", **right(session)}


def _in_lower_case(right: Callable[[ServedResource], JsonObject]) -> Callable[[ServedResource], JsonObject]:
    """Tokens are taken for names that have no case."""

    def wrong(resource: ServedResource) -> JsonObject:
        told = right(resource)
        return told | {"Authorization": told["Authorization"].lower()} if "Authorization" in told else told

    return wrong


OVERRIDES: Mapping[str, tuple[str, Override]] = {
    "all_identifiers_returned": ("device_view", lambda _: lambda session: session.sent.get("device")),
    "device_of_the_token_returned": ("device_view", _device_of_token),
    "phone_number_altered": ("device_view", _phone_without_plus),
    "device_of_several_identifiers_hidden": (
        "device_view",
        lambda right: lambda session: right(session) if len(session.sent.get("device", {})) == 1 else None,
    ),
    "application_server_returned_as_prefix": ("echo", _application_server_as_prefix),
    "profile_returned_in_lower_case": (
        "echo",
        lambda right: lambda session: {**right(session), "qosProfile": session.sent["qosProfile"].lower()},
    ),
    "device_ports_not_returned": ("echo", _without("devicePorts")),
    "server_ports_not_returned": ("echo", _without("applicationServerPorts")),
    "sink_not_returned": ("echo", _without("sink")),
    "ports_made_up": ("echo", _always("devicePorts", {"ranges": [{"from": 1, "to": 65535}]})),
    "server_ports_made_up": ("echo", _always("applicationServerPorts", {"ranges": [{"from": 1, "to": 65535}]})),
    "null_for_missing_sink": ("echo", _always("sink", None)),
    "credential_returned": (
        "echo",
        lambda right: (
            lambda session: {
                **right(session),
                **({"sinkCredential": session.credential} if session.credential else {}),
            }
        ),
    ),
    "started_at_while_requested": ("times", _requested_with_times),
    "expires_at_while_requested": ("times", _requested_with_expiry),
    "started_at_missing": ("times", _without("startedAt")),
    "expires_at_missing": ("times", _without("expiresAt")),
    "started_at_in_the_future": (
        "times",
        _started(
            lambda session: {
                "startedAt": rfc3339(session.created + timedelta(hours=1)),
                "expiresAt": rfc3339(session.created + timedelta(hours=1, seconds=session.duration)),
            }
        ),
    ),
    "expires_at_an_hour_late": ("times", _later("expiresAt", 3600)),
    "expires_at_before_started_at": ("times", _later("expiresAt", -90000)),
    "started_at_without_zone": (
        "times",
        _started(
            lambda session: {
                "startedAt": session.started.isoformat()[:19] if session.started else "",
            }
        ),
    ),
    "started_at_as_epoch": (
        "times",
        _started(
            lambda session: {
                "startedAt": int(session.started.timestamp()) if session.started else 0,
            }
        ),
    ),
    "duration_as_text": ("times", lambda right: lambda session: {**right(session), "duration": str(session.duration)}),
    "duration_with_fraction": (
        "times",
        lambda right: lambda session: {**right(session), "duration": float(session.duration)},
    ),
    "duration_not_returned": ("times", _without("duration")),
    "session_id_is_a_number": ("issued_id", without_dashes(sessions=True)),
    "status_in_lower_case": (
        "status_view",
        lambda right: lambda session: {**right(session), "qosStatus": session.status.capitalize()},
    ),
    "status_info_while_available": ("status_view", _info_while_available),
    "extension_not_capped": (
        "extended_duration",
        lambda _: lambda session, additional, _: session.duration + additional,
    ),
    "extension_replaces_duration": ("extended_duration", lambda _: lambda _session, additional, _profile: additional),
    "extension_always_allowed": ("extensible", returning(None)),
    "terminated_session_forgotten_at_once": ("retained", returning(0.0)),
    "terminated_session_kept_five_minutes": ("retained", returning(300.0)),
    "sessions_of_all_devices_hidden": ("listed", returning(False)),  # noqa: FBT003 - the decision's value
    "no_event_when_available": (
        "notifies",
        lambda right: lambda session, before: session.status != "AVAILABLE" and right(session, before),
    ),
    "no_event_when_deleted": (
        "notifies",
        lambda right: lambda session, before: session.info != "DELETE_REQUESTED" and right(session, before),
    ),
    "event_without_credential": ("event_headers", changed(Authorization=None)),
    "event_credential_in_lower_case": ("event_headers", _in_lower_case),
    "event_by_put": ("event_method", returning("PUT")),
    "event_as_plain_json": ("event_headers", changed(**{"Content-Type": "application/json"})),
    "event_id_empty": ("event_view", changed(id="")),
    "event_source_empty": ("event_view", changed(source="")),
    "event_id_repeated": ("event_view", changed(id="event-1")),
    "event_type_of_another_api": ("event_view", changed(type="org.camaraproject.qos-provisioning.v0.status-changed")),
    "event_without_time": ("event_view", changed(time=None)),
    "event_version_wrong": ("event_view", changed(specversion="0.3")),
    "event_without_data": ("event_view", changed(data=None)),
    "event_about_no_session": ("event_data", _without("sessionId")),
    "event_about_another_session": ("event_data", changed(sessionId="11111111-2222-4333-8444-555555555555")),
    "event_info_while_available": ("event_data", _event_info),
    "deletion_event_blames_the_network": ("event_data", _wrong_deletion_info),
}
