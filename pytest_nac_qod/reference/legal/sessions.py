"""Sessions and assignments that live otherwise, and what is shown of them."""

from collections.abc import Callable, Mapping
from math import ceil
from uuid import uuid1

from pytest_nac_qod.foundation.jsontypes import JsonObject
from pytest_nac_qod.reference.faults.answers import returning
from pytest_nac_qod.reference.offers import OfferedProfile
from pytest_nac_qod.reference.overrides import Override
from pytest_nac_qod.reference.refusals import Refusal
from pytest_nac_qod.reference.state import Assignment, ServedResource, Session, Status
from pytest_nac_qod.reference.world import Grant, KnownDevice

View = Callable[[ServedResource], JsonObject | None]
Shown = Callable[[ServedResource], JsonObject]
SLOW = 1.5  # seconds from REQUESTED to AVAILABLE
CAUTIOUS = 3600.0  # seconds for which what has ended stays


def _last_identifier(right: View) -> View:
    """By the last of the identifiers that were sent, instead of the one that is best here."""

    def other(resource: ServedResource) -> JsonObject | None:
        sent = resource.sent.get("device")
        return dict([list(sent.items())[-1]]) if right(resource) is not None and sent else None

    return other


def _device_of_several_only(right: View) -> View:
    return lambda resource: right(resource) if len(resource.sent.get("device") or {}) > 1 else None


def _whole_device(right: View) -> View:
    return lambda resource: right(resource) and resource.sent["device"]


def _first_identifier_later(right: View) -> View:
    """By another identifier once it is no longer REQUESTED."""
    later = _last_identifier(right)
    return lambda resource: (right if resource.status == "REQUESTED" else later)(resource)


def _showing_no(times: tuple[str, ...], status: Status) -> Override:
    """Without these times while it has this status."""

    def override(right: Callable[[Session], JsonObject]) -> Callable[[Session], JsonObject]:
        def other(session: Session) -> JsonObject:
            hidden = times if session.status == status else ()
            return {name: value for name, value in right(session).items() if name not in hidden}

        return other

    return override


def _rounded_up(right: Callable[[Session], JsonObject]) -> Callable[[Session], JsonObject]:
    """The effective duration counts the second that had begun."""

    def other(session: Session) -> JsonObject:
        body = right(session)
        if session.status == "UNAVAILABLE" and session.started and session.ended:
            body["duration"] = max(1, ceil((session.ended - session.started).total_seconds()))
        return body

    return other


def _without_reason(right: Shown) -> Shown:
    """Without statusInfo, but for what is about to be over: a step asks for it there."""

    def other(resource: ServedResource) -> JsonObject:
        body = right(resource)
        over = "UNAVAILABLE" in (body.get("qosStatus"), body.get("status"))
        return {name: value for name, value in body.items() if not over or name != "statusInfo"}

    return other


def _with_credential(*secrets: str) -> Override:
    """With the sink credential but for what is secret in it."""

    def override(right: Shown) -> Shown:
        def other(resource: ServedResource) -> JsonObject:
            shown = {name: value for name, value in (resource.credential or {}).items() if name not in secrets}
            return {**right(resource), **({"sinkCredential": shown} if shown else {})}

        return other

    return override


def _longest_at_once(right: Callable[[int, OfferedProfile], int]) -> Callable[[int, OfferedProfile], int]:
    def other(requested: int, profile: OfferedProfile) -> int:
        right(requested, profile)
        return profile.max_duration

    return other


def _a_little_less(right: Callable[[int, OfferedProfile], int]) -> Callable[[int, OfferedProfile], int]:
    return lambda requested, profile: max(profile.min_duration, right(requested, profile) - 7)


def _in_part(right: Callable[[Session, int, OfferedProfile], int]) -> Callable[[Session, int, OfferedProfile], int]:
    def other(session: Session, additional: int, profile: OfferedProfile) -> int:
        return right(session, max(1, additional // 2), profile)

    return other


def _not_granted(_: Callable[[Session, int, OfferedProfile], int]) -> Callable[[Session, int, OfferedProfile], int]:
    return lambda session, *_: session.duration


def _uncorrelated(right: Callable[[Session, str, JsonObject], bool]) -> Callable[[Session, str, JsonObject], bool]:
    """A device by another identifier is another one."""

    def other(session: Session, device: str, sent: JsonObject) -> bool:
        one, two = session.sent.get("device") or {}, sent.get("device") or {}
        alike = one == two or any(two.get(name) == value for name, value in one.items())
        return alike and right(session, device, sent)

    return other


def _hidden_from_others(right: Callable[[ServedResource, Grant], None]) -> Callable[[ServedResource, Grant], None]:
    def other(resource: ServedResource, grant: Grant) -> None:
        try:
            right(resource, grant)
        except Refusal:
            raise Refusal(404, "NOT_FOUND") from None

    return other


def _kept_after_deletion(*, sessions: bool) -> Override:
    """What was deleted can be read for a while."""
    return lambda right: lambda resource: right(resource) and isinstance(resource, Assignment if sessions else Session)


def _ended_not_found(right: Callable[[Assignment, KnownDevice], bool]) -> Callable[[Assignment, KnownDevice], bool]:
    """What has ended is no assignment of its device any more; by its id it is still there."""
    return lambda assignment, device: right(assignment, device) and assignment.status != "UNAVAILABLE"


def _never_at_once(right: Callable[..., bool]) -> Callable[..., bool]:  # noqa: ARG001 - no revocation is over at once
    def other(assignment: Assignment, *_: object) -> bool:
        return assignment.status != "AVAILABLE"

    return other


OVERRIDES: Mapping[str, tuple[str, Override]] = {
    "available_in_201": ("delay", returning(0.0)),
    "available_after_seconds": ("delay", returning(SLOW)),
    "last_identifier_returned": ("device_view", _last_identifier),
    "device_of_one_identifier_not_returned": ("device_view", _device_of_several_only),
    "whole_device_returned": ("device_view", _whole_device),
    "another_identifier_returned_later": ("device_view", _first_identifier_later),
    "start_of_ended_session_not_shown": ("times", _showing_no(("startedAt",), "UNAVAILABLE")),
    "times_not_shown": ("times", _showing_no(("startedAt", "expiresAt"), "AVAILABLE")),
    "effective_duration_rounded_up": ("times", _rounded_up),
    "session_without_reason": ("status_view", _without_reason),
    "assignment_without_reason": ("assignment_status", _without_reason),
    "credential_without_token_returned": ("echo", _with_credential("accessToken")),
    "assignment_credential_without_token_returned": ("assignment_echo", _with_credential("accessToken")),
    "assignment_credential_returned": ("assignment_echo", _with_credential()),
    "longest_duration_granted_at_once": ("granted_duration", _longest_at_once),
    "shorter_duration_granted": ("granted_duration", _a_little_less),
    "extension_granted_in_part": ("extended_duration", _in_part),
    "extension_not_granted": ("extended_duration", _not_granted),
    "any_flow_of_a_device_conflicts": ("rivals", lambda _: lambda sessions, device, _: sessions.of_device(device)),
    "identifiers_not_correlated": ("conflicts", _uncorrelated),
    "resources_of_others_not_found": ("may_use", _hidden_from_others),
    "deleted_session_can_be_read": ("deleted", _kept_after_deletion(sessions=True)),
    "revoked_assignment_can_be_read": ("deleted", _kept_after_deletion(sessions=False)),
    "ended_assignment_not_found_by_device": ("held", _ended_not_found),
    "revocation_takes_time": ("revoked_at_once", _never_at_once),
    "ids_of_time_and_place": ("issued_id", lambda _: lambda _: str(uuid1(0x0242AC120002))),
    "what_has_ended_kept_for_an_hour": ("retained", returning(CAUTIOUS)),
}
