"""Defects of sessions that no published scenario finds: their flows and their life in time."""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from pytest_nac_qod.foundation.jsontypes import Json, JsonObject
from pytest_nac_qod.reference.faults.answers import returning
from pytest_nac_qod.reference.faults.events import of_credential
from pytest_nac_qod.reference.offers import OfferedProfile
from pytest_nac_qod.reference.refusals import Refusal
from pytest_nac_qod.reference.register import Register
from pytest_nac_qod.reference.state import Assignment, Session
from pytest_nac_qod.reference.views import rfc3339
from pytest_nac_qod.reference.world import Grant, KnownDevice

Override = Callable[[Any], Callable[..., Any]]
View = Callable[[Session], JsonObject]
ProfileView = Callable[[OfferedProfile, Collection[str]], JsonObject]
Conflicts = Callable[[Session, str, JsonObject], bool]
Rivals = Callable[[Register, str, JsonObject], list[Session]]

_PORTS = ("devicePorts", "applicationServerPorts")


def _ports_compared_as_they_are(right: Conflicts) -> Conflicts:
    def wrong(session: Session, device: str, sent: JsonObject) -> bool:
        return right(session, device, sent) and all(session.sent.get(name) == sent.get(name) for name in _PORTS)

    return wrong


def _rivals_of_all(right: Rivals) -> Rivals:
    """A session of any device is in the way."""

    def wrong(sessions: Register, _: str, sent: JsonObject) -> list[Session]:
        devices = dict.fromkeys(session.device for session in sessions.values())
        return [session for device in devices for session in right(sessions, device, sent)]

    return wrong


def _only_ended(session: Session) -> bool:
    """A deletion leaves the session as if the network had ended it."""
    session.info = "NETWORK_TERMINATED"
    return False


def _as_before(session: Session) -> bool:
    """A deletion leaves the session as it was."""
    if session.info == "DELETE_REQUESTED":
        session.status, session.info, session.ended = "AVAILABLE", None, None
    return False


def _bound_refused(name: str) -> Override:
    """Take a bound of the profile for one that is not included."""

    def override(right: Callable[[int, OfferedProfile], int]) -> Callable[[int, OfferedProfile], int]:
        def wrong(requested: int, profile: OfferedProfile) -> int:
            if requested == getattr(profile, name):
                raise Refusal(400, "QUALITY_ON_DEMAND.DURATION_OUT_OF_RANGE")
            return right(requested, profile)

        return wrong

    return override


def _due_at(share: float = 1.0, *, later: float = 0.0) -> Override:
    """Sessions end after this share of their duration and some seconds more."""

    def override(_: object) -> Callable[[Session], datetime | None]:
        return lambda session: session.started and session.started + timedelta(seconds=session.duration * share + later)

    return override


def _due_as_created(session: Session) -> datetime | None:
    return session.started and session.started + timedelta(seconds=session.sent["duration"])


def _shown(change: Callable[[Any, JsonObject], JsonObject]) -> Override:
    """Show something else of a session."""
    return lambda right: lambda session: {**(shown := right(session)), **change(session, shown)}


def _longer_once_available(session: Session, shown: JsonObject) -> JsonObject:
    if session.status != "AVAILABLE" or session.started is None:
        return {}
    end = session.started + timedelta(seconds=session.duration + 1)
    return {"duration": shown["duration"] + 1, "expiresAt": rfc3339(end)}


def _extended(session: Session) -> bool:
    return session.status == "AVAILABLE" and session.duration != session.sent["duration"]


def _started_with_extension(session: Session, _: JsonObject) -> JsonObject:
    moved = session.started + timedelta(seconds=1) if session.started and _extended(session) else None
    return {"startedAt": rfc3339(moved)} if moved else {}


def _expires_as_before(session: Session, _: JsonObject) -> JsonObject:
    ends = _due_as_created(session)
    return {"expiresAt": rfc3339(ends)} if ends and _extended(session) else {}


def _termination_as_expiry(session: Session, _: JsonObject) -> JsonObject:
    return {"statusInfo": "DURATION_EXPIRED"} if session.info == "NETWORK_TERMINATED" else {}


def _without_sink_once_available(right: View) -> View:
    def wrong(session: Session) -> JsonObject:
        shown = right(session)
        return {name: shown[name] for name in shown if session.status != "AVAILABLE" or name != "sink"}

    return wrong


def _read_after_extension(change: Callable[[JsonObject], JsonObject]) -> Override:
    """Answer extensions rightly, and read the sessions differently afterwards."""

    def override(right: Callable[[int, Json, str], tuple[int, Json]]) -> Callable[[int, Json, str], tuple[int, Json]]:
        extended: set[str] = set()

        def wrong(status: int, body: Json, operation: str) -> tuple[int, Json]:
            status, answered = right(status, body, operation)
            if operation == "extendQosSessionDuration":
                extended.add(answered["sessionId"])
            if operation == "getSession" and answered["sessionId"] in extended:
                return status, change(answered)
            return status, answered

        return wrong

    return override


def _beyond_cap(body: JsonObject) -> JsonObject:
    capped = body["duration"] >= 86400  # the maximum of all profiles of the embedded network
    return {**body, "duration": body["duration"] + 60} if capped else body


def _one_second_short(right: Callable[..., int]) -> Callable[..., int]:
    return lambda session, additional, profile: right(session, additional - 1, profile)


def _ended_by_refused_call(right: Callable[[Session, Grant], None]) -> Callable[[Session, Grant], None]:
    def wrong(session: Session, grant: Grant) -> None:
        try:
            right(session, grant)
        except Refusal:
            session.status, session.info = "UNAVAILABLE", "DELETE_REQUESTED"
            raise

    return wrong


def _listed_for_all_clients(right: Callable[..., bool]) -> Callable[..., bool]:
    return lambda session, grant, device: right(session, replace(grant, client=session.client), device)


def _nothing_for_three_legged(right: Callable[..., bool]) -> Callable[[Session, Grant, KnownDevice], bool]:
    return lambda session, grant, device: grant.device is None and right(session, grant, device)


def _termination_as_deletion(assignment: Assignment, _: JsonObject) -> JsonObject:
    return {"statusInfo": "DELETE_REQUESTED"} if assignment.info == "NETWORK_TERMINATED" else {}


def _refused_label(right: Callable[[OfferedProfile], None]) -> Callable[[OfferedProfile], None]:
    def wrong(profile: OfferedProfile) -> None:
        if profile.name == "DOWNLINK_L_UPLINK_L":
            raise Refusal(400, "INVALID_ARGUMENT")
        right(profile)

    return wrong


def _profiles_shown(**values: Json) -> Override:
    """Show these values in each profile, None for none."""

    def override(right: ProfileView) -> ProfileView:
        def wrong(profile: OfferedProfile, known: Collection[str]) -> JsonObject:
            shown = {**right(profile, known), **values}
            return {name: value for name, value in shown.items() if value is not None}

        return wrong

    return override


def _slow_large(right: ProfileView) -> ProfileView:
    slow = {"value": 1, "unit": "bps"}

    def wrong(profile: OfferedProfile, known: Collection[str]) -> JsonObject:
        shown = right(profile, known)
        rates = {name: slow for name in shown if re.match(r"(targetMin|max)\w+Rate$", name)}
        return {**shown, **rates} if profile.name == "QOS_L" else shown

    return wrong


def _shortened_in_lists(right: Callable[[int, Json, str], tuple[int, Json]]) -> Callable[..., tuple[int, Json]]:
    def wrong(status: int, body: Json, operation: str) -> tuple[int, Json]:
        status, answered = right(status, body, operation)
        if operation == "retrieveQoSProfiles":
            answered = [{name: value for name, value in item.items() if name != "maxDuration"} for item in answered]
        return status, answered

    return wrong


OVERRIDES: Mapping[str, tuple[str, Override]] = {
    "ports_compared_as_they_are": ("conflicts", _ports_compared_as_they_are),
    "one_session_per_device": ("rivals", lambda _: lambda sessions, device, _: sessions.of_device(device)),
    "conflict_across_devices": ("rivals", _rivals_of_all),
    "terminated_session_frees_its_flow": (
        "conflicts",
        lambda right: lambda session, *others: session.status != "UNAVAILABLE" and right(session, *others),
    ),
    "deleted_session_kept": ("deleted", returning(False)),  # noqa: FBT003 - the decision's value
    "deleted_session_keeps_its_flow": ("deleted", lambda _: _only_ended),
    "deletion_changes_nothing": ("deleted", lambda _: _as_before),
    "session_id_reused": ("issued_id", returning("0b5d1a1e-8f0c-4d0e-9a6b-2f4c6e8a0b1d")),
    "maximum_not_included": ("granted_duration", _bound_refused("max_duration")),
    "minimum_not_included": ("granted_duration", _bound_refused("min_duration")),
    "granted_beyond_maximum": (
        "granted_duration",
        lambda right: lambda requested, profile: right(requested, profile) + profile.max_duration,
    ),
    "session_outlives_its_duration": ("due", _due_at(later=3600)),
    "session_ends_early": ("due", _due_at(0.5)),
    "extension_only_shown": ("due", lambda _: _due_as_created),
    "termination_shown_as_expiry": ("status_view", _shown(_termination_as_expiry)),
    "duration_grows_once_available": ("times", _shown(_longer_once_available)),
    "sink_forgotten_once_available": ("echo", _without_sink_once_available),
    "assignment_sink_forgotten_once_available": ("assignment_echo", _without_sink_once_available),
    "started_at_moves_with_extension": ("times", _shown(_started_with_extension)),
    "expires_at_stays_with_extension": ("times", _shown(_expires_as_before)),
    "extension_forgotten_when_read": (
        "succeeded",
        _read_after_extension(lambda body: {**body, "duration": body["duration"] - 1}),
    ),
    "cap_forgotten_when_read": ("succeeded", _read_after_extension(_beyond_cap)),
    "extension_one_second_short": ("extended_duration", _one_second_short),
    "refused_call_ends_the_session": ("may_use", _ended_by_refused_call),
    "sessions_listed_for_all_clients": ("listed", _listed_for_all_clients),
    "nothing_listed_for_three_legged": ("listed", _nothing_for_three_legged),
    "one_assignment_for_all": ("assigned", returning(True)),  # noqa: FBT003 - the decision's value
    "ended_assignment_in_nobodys_way": (
        "assigned",
        lambda right: lambda assignment, *others: assignment.status != "UNAVAILABLE" and right(assignment, *others),
    ),
    "nothing_held_for_three_legged": (
        "held",
        lambda right: lambda assignment, device: "device" in assignment.sent and right(assignment, device),
    ),
    "assignment_credential_returned": ("assignment_echo", of_credential),
    "terminated_assignment_says_deleted": ("assignment_status", _shown(_termination_as_deletion)),
    "active_profile_refused": ("usable_profile", _refused_label),
    "maximum_duration_below_minimum": ("profile_view", _profiles_shown(maxDuration={"value": 1, "unit": "Seconds"})),
    "burst_rate_below_maximum": ("profile_view", _profiles_shown(maxDownstreamBurstRate={"value": 1, "unit": "bps"})),
    "larger_label_slower": ("profile_view", _slow_large),
    "profiles_shortened_in_lists": ("succeeded", _shortened_in_lists),
    "deprecated_profiles_not_filtered": (
        "of_status",
        lambda right: lambda profile, status: status != "DEPRECATED" and right(profile, status),
    ),
    "unknown_properties_ignored": ("strict", returning(False)),  # noqa: FBT003 - the decision's value
}
