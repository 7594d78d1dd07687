"""Which profiles can be used, and for how long."""

from pytest_nac_qod.reference.offers import OfferedProfile
from pytest_nac_qod.reference.refusals import Refusal
from pytest_nac_qod.reference.world import KnownDevice, World


def profile(world: World, name: str) -> OfferedProfile:
    """The profile of that name; refuses one that does not exist."""
    if name not in world.profiles:
        raise Refusal(400, "INVALID_ARGUMENT", "qosProfile does not exist.")
    return world.profiles[name]


def usable_profile(qos_profile: OfferedProfile) -> None:
    """Refuse a profile that exists but cannot be used at present."""
    if qos_profile.status != "ACTIVE":
        raise Refusal(422, "QOS_PROFILE_NOT_APPLICABLE")


def available(qos_profile: OfferedProfile, device: KnownDevice | None) -> bool:
    """Whether a profile is offered to the device, or to anybody when it is about none."""
    if device is None or device.profiles == "usual":
        return not qos_profile.restricted
    return device.profiles == "all"


def granted_duration(requested: int, qos_profile: OfferedProfile) -> int:
    """Seconds that are granted; refuses what the profile does not allow."""
    if not qos_profile.min_duration <= requested <= qos_profile.max_duration:
        raise Refusal(400, "QUALITY_ON_DEMAND.DURATION_OUT_OF_RANGE")
    return requested


def of_name(qos_profile: OfferedProfile, name: str | None) -> bool:
    """Whether a profile passes a filter by name."""
    return name in (None, qos_profile.name)


def of_status(qos_profile: OfferedProfile, status: str | None) -> bool:
    """Whether a profile passes a filter by status."""
    return status in (None, qos_profile.status)
