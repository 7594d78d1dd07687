"""Defects of qos-profiles: what is shown of profiles, and which are found."""

from collections.abc import Callable, Collection, Mapping
from typing import Any

from pytest_nac_qod.foundation.jsontypes import Json, JsonObject
from pytest_nac_qod.reference.faults.answers import answering, changed, on_success, returning
from pytest_nac_qod.reference.offers import OfferedProfile
from pytest_nac_qod.reference.world import KnownDevice

Override = Callable[[Any], Callable[..., Any]]
Listed = Callable[[OfferedProfile, KnownDevice | None], bool]
View = Callable[[OfferedProfile, Collection[str]], JsonObject]


def _restricted_without_a_device(right: Listed) -> Listed:
    return lambda profile, device: device is None or right(profile, device)


def _restricted_for_nobody(right: Listed) -> Listed:
    return lambda profile, device: not profile.restricted and right(profile, device)


def _usual_where_there_are_none(right: Listed) -> Listed:
    def wrong(profile: OfferedProfile, device: KnownDevice | None) -> bool:
        return right(profile, None if device and device.profiles == "none" else device)

    return wrong


def _as_text(name: str) -> Override:
    """Show a quantity as a text, such as `60 Seconds`."""

    def override(right: View) -> View:
        def wrong(profile: OfferedProfile, known: Collection[str]) -> JsonObject:
            shown = right(profile, known)
            return {**shown, name: f"{shown[name]['value']} {shown[name]['unit']}"}

        return wrong

    return override


def _of_another_name(status: int, body: Json) -> tuple[int, Json]:
    return status, {**body, "name": f"{body['name']}.1"}


def _wrapped(status: int, body: Json) -> tuple[int, Json]:
    return status, {"profiles": body}


OVERRIDES: Mapping[str, tuple[str, Override]] = {
    "profile_of_another_name": ("succeeded", on_success("getQosProfile", _of_another_name)),
    "profile_without_status": ("profile_view", changed(status=None)),
    "profile_status_unknown": ("profile_view", changed(status="ENABLED")),
    "profile_duration_as_text": ("profile_view", _as_text("maxDuration")),
    "profiles_wrapped_in_object": ("succeeded", on_success("retrieveQoSProfiles", _wrapped)),
    "profile_name_unchecked": ("profile_name", lambda _: lambda text, _: text),
    "unknown_profile_is_400": ("refused", answering(404, "NOT_FOUND", instead_status=400, operation="getQosProfile")),
    "unknown_profile_of_another_code": (
        "refused",
        answering(404, "NOT_FOUND", instead_code="QOS_PROFILE_NOT_FOUND", operation="getQosProfile"),
    ),
    "profile_name_filter_ignored": ("of_name", returning(True)),  # noqa: FBT003 - the decision's value
    "profile_name_filter_finds_none": ("of_name", lambda _: lambda _profile, name: name is None),
    "profile_name_filter_by_prefix": (
        "of_name",
        lambda _: lambda profile, name: name is None or profile.name[:3] == name[:3],
    ),
    "profile_status_filter_ignored": ("of_status", returning(True)),  # noqa: FBT003 - the decision's value
    "deprecated_profiles_listed_as_inactive": (
        "of_status",
        lambda right: (
            lambda profile, status: right(profile, status) or (status == "INACTIVE" and profile.status == "DEPRECATED")
        ),
    ),
    "restricted_profiles_listed_without_a_device": ("listed_profile", _restricted_without_a_device),
    "restricted_profiles_listed_for_nobody": ("listed_profile", _restricted_for_nobody),
    "profiles_listed_where_there_are_none": ("listed_profile", _usual_where_there_are_none),
    "no_profiles_as_404": (
        "succeeded",
        on_success(
            "retrieveQoSProfiles",
            lambda status, body: (
                (status, body) if body else (404, {"status": 404, "code": "NOT_FOUND", "message": "None."})
            ),
        ),
    ),
}
