"""Defects at the edges: of durations, of addresses, and of names."""

import json
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from ipaddress import ip_address
from typing import Any

from pytest_nac_qod.foundation.jsontypes import Json, JsonObject
from pytest_nac_qod.reference.faults.answers import tolerating
from pytest_nac_qod.reference.offers import OfferedProfile, profiles
from pytest_nac_qod.reference.refusals import Refusal
from pytest_nac_qod.reference.state import ServedResource, Session
from pytest_nac_qod.reference.views import rfc3339
from pytest_nac_qod.reference.world import Grant, KnownDevice, World

Override = Callable[[Any], Callable[..., Any]]
Conflicts = Callable[[Session, str, JsonObject], bool]
Extension = Callable[[Session, int, OfferedProfile], int]
View = Callable[[Session], JsonObject]
_SIGN = 2**31


def _wrapped(right: Extension) -> Extension:
    """The sum is one of 32 bits, and negative beyond them."""

    def wrong(session: Session, additional: int, profile: OfferedProfile) -> int:
        if session.duration + additional >= _SIGN:
            return session.duration + additional - 2 * _SIGN
        return right(session, additional, profile)

    return wrong


def _longer(session: Session) -> bool:
    asked: int = session.sent["duration"]
    return session.duration > asked


def _capped_once(right: Extension) -> Extension:
    def wrong(session: Session, additional: int, profile: OfferedProfile) -> int:
        return session.duration + additional if _longer(session) else right(session, additional, profile)

    return wrong


def _cap_expires_late(right: View) -> View:
    def wrong(session: Session) -> JsonObject:
        shown = right(session)
        if session.status == "AVAILABLE" and session.expires and session.duration == profiles()["QOS_L"].max_duration:
            return {**shown, "expiresAt": rfc3339(session.expires + timedelta(hours=1))}
        return shown

    return wrong


def _swapped_when_ended(right: View) -> View:
    def wrong(session: Session) -> JsonObject:
        shown = right(session)
        times = {"startedAt": shown.get("expiresAt"), "expiresAt": shown.get("startedAt")}
        return {**shown, **times} if session.info == "NETWORK_TERMINATED" and None not in times.values() else shown

    return wrong


def _due_late(right: Callable[[Session], datetime | None]) -> Callable[[Session], datetime | None]:
    def wrong(session: Session) -> datetime | None:
        due = right(session)
        return due + timedelta(hours=1) if due and _longer(session) else due

    return wrong


def _granted_when_ended(right: View) -> View:
    def wrong(session: Session) -> JsonObject:
        shown = right(session)
        if session.info == "NETWORK_TERMINATED" and session.started:
            end = session.started + timedelta(seconds=session.duration)
            return {**shown, "duration": session.duration, "expiresAt": rfc3339(end)}
        return shown

    return wrong


def _duration_made_up(missing: bool) -> Override:  # noqa: FBT001 - a kind of defect
    """Take an hour where no duration is given, or where it is not positive."""

    def override(right: Callable[..., Json]) -> Callable[..., Json]:
        def wrong(raw: bytes, media: str | None) -> Json:
            shown = right(raw, media)
            if not isinstance(shown, dict) or "applicationServer" not in shown:
                return shown
            given = shown.get("duration")
            absent = missing and given is None
            low = not missing and isinstance(given, int) and given <= 0
            return {**shown, "duration": 3600} if absent or low else shown

        return wrong

    return override


def _servers_as_text(right: Conflicts) -> Conflicts:
    """Application servers are the same only if they are written in the same way."""

    def wrong(session: Session, device: str, sent: JsonObject) -> bool:
        alike = json.dumps(session.sent["applicationServer"]) == json.dumps(sent["applicationServer"])
        return right(session, device, sent) and alike

    return wrong


def _server_shown(change: Callable[[JsonObject], JsonObject]) -> Override:
    """Show another application server."""

    def override(right: View) -> View:
        def wrong(session: Session) -> JsonObject:
            shown = right(session)
            return {**shown, "applicationServer": change(shown["applicationServer"])}

        return wrong

    return override


def _without_mask(server: JsonObject) -> JsonObject:
    return {name: text.partition("/")[0] if isinstance(text, str) else text for name, text in server.items()}


def _shortened(server: JsonObject) -> JsonObject:
    return {**server, "ipAddresses": server["ipAddresses"][:1]} if "ipAddresses" in server else server


def _one_family(right: Callable[..., None]) -> Callable[..., None]:
    def wrong(shown: JsonObject, *others: object) -> None:
        right(shown, *others)
        server = shown.get("applicationServer", {})
        if len({":" in text for text in server.get("ipAddresses", [])}) > 1:
            raise Refusal(400, "INVALID_ARGUMENT")

    return wrong


def _no_ipv6(right: Callable[..., KnownDevice]) -> Callable[..., KnownDevice]:
    def wrong(world: World, grant: Grant, given: JsonObject | None) -> KnownDevice:
        if given and given.keys() == {"ipv6Address"}:
            raise Refusal(404, "IDENTIFIER_NOT_FOUND")
        return right(world, grant, given)

    return wrong


def _normalised(right: Callable[[ServedResource], JsonObject | None]) -> Callable[[ServedResource], JsonObject | None]:
    def wrong(resource: ServedResource) -> JsonObject | None:
        shown = right(resource)
        return (
            {**shown, "ipv6Address": str(ip_address(shown["ipv6Address"]))}
            if shown and "ipv6Address" in shown
            else shown
        )

    return wrong


def _no_private_key_jwt(right: Callable[..., None]) -> Callable[..., None]:
    def wrong(world: World, grant: Grant, credential: JsonObject | None) -> None:
        right(world, grant, credential)
        if (credential or {}).get("credentialType") == "PRIVATE_KEY_JWT":
            raise Refusal(422, "PRIVATE_KEY_JWT_NOT_CONFIGURED")

    return wrong


def _like(asked: str, name: str) -> bool:
    return asked.lower() == name.lower() or asked.startswith(name) or name.startswith(asked)


def _names_like(right: Callable[[OfferedProfile, str | None], bool]) -> Callable[[OfferedProfile, str | None], bool]:
    return lambda profile, name: right(profile, name) or (name is not None and _like(name, profile.name))


def _name_guessed(right: Callable[..., str]) -> Callable[..., str]:
    def wrong(text: str, *others: object) -> str:
        asked = right(text, *others)
        return asked if asked in profiles() else next((name for name in profiles() if _like(asked, name)), asked)

    return wrong


def _used_by(alike: Callable[[str, str], bool]) -> Override:
    """A creation also gets the first profile whose name is alike."""

    def override(right: Callable[[World, str], OfferedProfile]) -> Callable[[World, str], OfferedProfile]:
        def wrong(world: World, name: str) -> OfferedProfile:
            known = name in world.profiles
            return right(world, name if known else next((own for own in world.profiles if alike(name, own)), name))

        return wrong

    return override


def _deprecated_usable(right: Callable[[OfferedProfile], None]) -> Callable[[OfferedProfile], None]:
    return lambda profile: None if profile.status == "DEPRECATED" else right(profile)


OVERRIDES: Mapping[str, tuple[str, Override]] = {
    "extension_wraps": ("extended_duration", _wrapped),
    "extension_capped_once": ("extended_duration", _capped_once),
    "capped_session_shown_late": ("times", _cap_expires_late),
    "extended_session_ends_late": ("due", _due_late),
    "ended_session_shows_granted_duration": ("times", _granted_when_ended),
    "ended_session_swaps_its_times": ("times", _swapped_when_ended),
    "missing_duration_made_up": ("body", _duration_made_up(True)),  # noqa: FBT003 - a kind of defect
    "low_duration_made_up": ("body", _duration_made_up(False)),  # noqa: FBT003 - a kind of defect
    "servers_compared_as_text": ("conflicts", _servers_as_text),
    "server_shown_without_mask": ("echo", _server_shown(_without_mask)),
    "server_list_shown_shortened": ("echo", _server_shown(_shortened)),
    "server_list_of_one_family": ("semantics", _one_family),
    "no_ipv6_device": ("identified", _no_ipv6),
    "ipv6_device_normalised": ("device_view", _normalised),
    "incomplete_credential_accepted": ("tolerated", tolerating("$.sinkCredential.", "required")),
    "private_key_jwt_refused": ("usable_credential", _no_private_key_jwt),
    "token_uri_unchecked": ("tolerated", tolerating("$.sinkCredential.tokenUri")),
    "profiles_listed_by_like_names": ("of_name", _names_like),
    "profile_read_by_like_name": ("profile_name", _name_guessed),
    "profile_used_by_like_name": (
        "profile",
        _used_by(lambda asked, name: asked.startswith(name) or name.startswith(asked)),
    ),
    "profile_used_in_any_case": ("profile", _used_by(lambda asked, name: asked.lower() == name.lower())),
    "deprecated_profile_accepted": ("usable_profile", _deprecated_usable),
}
