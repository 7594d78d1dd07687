"""The operations on profiles, and the choice of one."""

from collections.abc import Collection

from pytest_nac_qod.contracts import Contract
from pytest_nac_qod.reference.call import Result, ServerCall, subject
from pytest_nac_qod.reference.offers import OfferedProfile
from pytest_nac_qod.reference.refusals import Refusal
from pytest_nac_qod.reference.world import KnownDevice


def chosen(call: ServerCall, device: KnownDevice) -> OfferedProfile:
    """The profile that the body names, if it can be used for the device."""
    decide = call.network.decisions
    profile = decide.profile(call.network.world, call.body["qosProfile"])
    decide.usable_profile(profile)
    if not decide.available(profile, device):
        raise Refusal(422, "PROFILE_NOT_FOR_DEVICE")
    return profile


def get_profile(call: ServerCall) -> Result:
    """GET /qos-profiles/{name}: also a restricted one, but with a 3-legged token only if its device may use it."""
    world, decide = call.network.world, call.network.decisions
    profile = world.profiles.get(call.key)
    bound = world.devices[call.grant.device] if call.grant.device else None
    if profile is None or (bound and not decide.listed_profile(profile, bound)):
        raise Refusal(404, "NOT_FOUND")
    return 200, decide.profile_view(profile, _properties(call.contract))


def retrieve_profiles(call: ServerCall) -> Result:
    """POST /retrieve-qos-profiles: those that pass all filters; restricted ones only for a device that may use them."""
    decide, body = call.network.decisions, call.body
    device = subject(call) if call.grant.device or "device" in body else None
    listed = [
        profile
        for profile in call.network.world.profiles.values()
        if decide.of_name(profile, body.get("name"))
        and decide.of_status(profile, body.get("status"))
        and decide.listed_profile(profile, device)
    ]
    return 200, [decide.profile_view(profile, _properties(call.contract)) for profile in listed]


def _properties(contract: Contract) -> Collection[str]:
    names: Collection[str] = contract.document["components"]["schemas"]["QosProfile"]["properties"]
    return names
