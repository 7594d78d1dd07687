"""Profiles that say less, or are listed otherwise."""

from collections.abc import Callable, Collection, Mapping

from pytest_nac_qod.foundation.jsontypes import JsonObject
from pytest_nac_qod.reference.offers import OfferedProfile
from pytest_nac_qod.reference.overrides import Override

View = Callable[[OfferedProfile, Collection[str]], JsonObject]
REQUIRED = ("name", "status")


def _required_only(right: View) -> View:
    return lambda profile, known: {name: value for name, value in right(profile, known).items() if name in REQUIRED}


def _other_units(right: View) -> View:
    """Durations in milliseconds and rates in kbps, which mean the same."""
    factors = {"Minutes": 60_000, "Seconds": 1000, "Hours": 3_600_000, "Days": 86_400_000}

    def other(profile: OfferedProfile, known: Collection[str]) -> JsonObject:
        shown = right(profile, known)
        for name in ("minDuration", "maxDuration"):
            length = shown.get(name)
            if length and length["unit"] in factors and length["value"] * factors[length["unit"]] < 2**31:
                value = length["value"] * factors[length["unit"]]
                shown[name] = {"value": value, "unit": "Milliseconds"}
        return shown

    return other


OVERRIDES: Mapping[str, tuple[str, Override]] = {
    "profiles_without_optional_properties": ("profile_view", _required_only),
    "profiles_in_other_units": ("profile_view", _other_units),
}
