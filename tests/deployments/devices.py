"""Which device a request is about."""

from ipaddress import ip_address, ip_network
from typing import Any

from tests.deployments.network import Network
from tests.deployments.wire import Asked, Refused
from tests.deployments.world import DEVICES, NOT_APPLICABLE

_SUPPORTED = ("phoneNumber", "ipv4Address", "ipv6Address")


def subject(network: Network, asked: Asked) -> int:
    """The device of the token, or the one that the body identifies."""
    given, bound = (asked.json or {}).get("device"), asked.grant.device
    if given is not None and bound is not None:
        if not (network.facts.deleted_stays and _found(given) == {bound}):
            raise Refused(422, "UNNECESSARY_IDENTIFIER", "The access token identifies the device")
        return bound
    if bound is not None:
        return bound
    if given is None:
        raise Refused(422, "MISSING_IDENTIFIER", "No device is identified")
    if not any(name in given for name in _SUPPORTED):
        raise Refused(422, "UNSUPPORTED_IDENTIFIER", "That kind of identifier is not supported")
    candidates = _found(given)
    device = candidates.pop()
    if candidates and network.facts.mismatches:
        raise Refused(422, "DEVICE_IDENTIFIERS_MISMATCH", "The identifiers are not of one device")
    if device is None:
        raise Refused(404, "IDENTIFIER_NOT_FOUND", "There is no such device")
    if device == NOT_APPLICABLE:
        raise Refused(422, "SERVICE_NOT_APPLICABLE", "The service is not offered to that device")
    return device


def echo(asked: dict[str, Any]) -> dict[str, Any]:
    """The one identifier that is used, if any was given."""
    given = asked.get("device", {})
    used = next((name for name in _SUPPORTED if name in given), None)
    return {"device": {used: given[used]}} if used else {}


def _found(given: dict[str, Any]) -> set[int | None]:
    return {_one(name, given[name]) for name in _SUPPORTED if name in given}


def _one(name: str, value: Any) -> int | None:  # noqa: ANN401 - JSON
    for number, device in enumerate(DEVICES):
        known: Any = device.get(name)
        if known is None:
            continue
        if name == "phoneNumber" and known == value:
            return number
        if name == "ipv6Address" and ip_address(value) in ip_network(f"{known}/64", strict=False):
            return number
        if name == "ipv4Address" and all(known[part] == value[part] for part in known if part in value):
            return number
    return None
