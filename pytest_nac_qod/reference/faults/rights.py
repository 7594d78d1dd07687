"""Defects of rights: tokens, scopes, clients, devices, profiles."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from pytest_nac_qod.foundation.jsontypes import JsonObject
from pytest_nac_qod.reference.faults.answers import returning
from pytest_nac_qod.reference.oauth import Issuer, bearer
from pytest_nac_qod.reference.refusals import Refusal
from pytest_nac_qod.reference.state import Session
from pytest_nac_qod.reference.world import Grant, KnownDevice, World

Override = Callable[[Any], Callable[..., Any]]

_ALL = Grant("application", ("*",))


def _expired_accepted(right: Callable[..., Grant]) -> Callable[..., Grant]:
    def wrong(issuer: Issuer, header: str | None) -> Grant:
        grant = issuer.grant(bearer(header))
        return grant if grant and not grant.for_others else right(issuer, header)

    return wrong


def _unknown_accepted(right: Callable[..., Grant]) -> Callable[..., Grant]:
    def wrong(issuer: Issuer, header: str | None) -> Grant:
        return right(issuer, header) if issuer.grant(bearer(header)) else _ALL

    return wrong


def _missing_accepted(right: Callable[..., Grant]) -> Callable[..., Grant]:
    return lambda issuer, header: right(issuer, header) if header else _ALL


def _without_scope(scope: str) -> Override:
    """Do not ask for this scope."""

    def override(right: Callable[[Grant, str], None]) -> Callable[[Grant, str], None]:
        return lambda grant, wanted: None if wanted == scope else right(grant, wanted)

    return override


def _device_ignored_with_three_legged(right: Callable[..., KnownDevice]) -> Callable[..., KnownDevice]:
    return lambda world, grant, given: right(world, grant, None if grant.device else given)


def _default_device(right: Callable[..., KnownDevice]) -> Callable[..., KnownDevice]:
    def wrong(world: World, grant: Grant, given: JsonObject | None) -> KnownDevice:
        return world.devices["mobile-1"] if given is None and not grant.device else right(world, grant, given)

    return wrong


def _answered_with(code: str, then: str) -> Override:
    """Use a device where the request should have been refused with `code`."""

    def override(right: Callable[..., KnownDevice]) -> Callable[..., KnownDevice]:
        def wrong(world: World, grant: Grant, given: JsonObject | None) -> KnownDevice:
            try:
                return right(world, grant, given)
            except Refusal as refusal:
                if refusal.code == code:
                    return world.devices[then]
                raise

        return wrong

    return override


def _other_client_answered(status: int, code: str) -> Override:
    """Refuse other clients with this."""

    def override(right: Callable[[Session, Grant], None]) -> Callable[[Session, Grant], None]:
        def wrong(session: Session, grant: Grant) -> None:
            if session.client != grant.client:
                raise Refusal(status, code)
            right(session, grant)

        return wrong

    return override


OVERRIDES: Mapping[str, tuple[str, Override]] = {
    "expired_token_accepted": ("authenticate", _expired_accepted),
    "unknown_token_accepted": ("authenticate", _unknown_accepted),
    "missing_token_accepted": ("authenticate", _missing_accepted),
    "scope_ignored_on_create": ("authorise", _without_scope("quality-on-demand:sessions:create")),
    "scope_ignored_on_read": ("authorise", _without_scope("quality-on-demand:sessions:read")),
    "scope_ignored_on_delete": ("authorise", _without_scope("quality-on-demand:sessions:delete")),
    "scope_ignored_on_extend": ("authorise", _without_scope("quality-on-demand:sessions:update")),
    "scope_ignored_on_retrieve": ("authorise", _without_scope("quality-on-demand:sessions:retrieve-by-device")),
    "sessions_shared_between_clients": ("may_use", returning(None)),
    "session_of_another_client_hidden": ("may_use", _other_client_answered(404, "NOT_FOUND")),
    "session_of_another_client_as_401": ("may_use", _other_client_answered(401, "UNAUTHENTICATED")),
    "device_with_three_legged_token_accepted": ("identified", _device_ignored_with_three_legged),
    "missing_device_accepted": ("identified", _default_device),
    "unsupported_identifier_accepted": ("identified", _answered_with("UNSUPPORTED_IDENTIFIER", "mobile-3")),
    "unknown_device_accepted": ("identified", _answered_with("IDENTIFIER_NOT_FOUND", "mobile-3")),
    "service_offered_to_everybody": ("applicable", returning(None)),
    "unknown_profile_accepted": (
        "profile",
        lambda right: lambda world, name: right(world, name if name in world.profiles else "QOS_L"),
    ),
    "inactive_profile_accepted": ("usable_profile", returning(None)),
    "duration_bounds_ignored": ("granted_duration", lambda _: lambda requested, _: requested),
    "duration_clamped_to_bounds": (
        "granted_duration",
        lambda _: lambda requested, profile: min(max(requested, profile.min_duration), profile.max_duration),
    ),
    "duration_over_maximum_accepted": (
        "granted_duration",
        lambda right: (
            lambda requested, profile: right(max(requested, profile.min_duration), replace(profile, max_duration=2**31))
        ),
    ),
    "duration_under_minimum_accepted": (
        "granted_duration",
        lambda right: lambda requested, profile: right(requested, replace(profile, min_duration=1)),
    ),
    "conflict_ignored": ("conflicts", returning(False)),  # noqa: FBT003 - the decision's value
}
