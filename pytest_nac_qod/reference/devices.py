"""Which device a request is about."""

import ipaddress
from collections.abc import Mapping

from pytest_nac_qod.jsontypes import Json, JsonObject
from pytest_nac_qod.reference.refusals import Refusal
from pytest_nac_qod.reference.world import Device, Grant, World


def identified(world: World, grant: Grant, given: JsonObject | None) -> Device:
    """The device of the token or of the request, never of both.

    Raises:
        Refusal: 404 or 422, as the rules for 2- and 3-legged tokens have it.
    """
    if grant.device is not None:
        if given is not None:
            raise Refusal(422, "UNNECESSARY_IDENTIFIER")
        return world.devices[grant.device]
    if given is None:
        raise Refusal(422, "MISSING_IDENTIFIER")
    return found(world, given)


def supported(world: World, given: JsonObject) -> JsonObject:
    """The identifiers that can be used here.

    Raises:
        Refusal: 422 when there is none.
    """
    usable = {name: value for name, value in given.items() if name not in world.unsupported_identifiers}
    if not usable:
        raise Refusal(422, "UNSUPPORTED_IDENTIFIER")
    return usable


def found(world: World, given: JsonObject) -> Device:
    """The device of the first usable identifier that belongs to one; the others are not compared with it.

    Raises:
        Refusal: 404 when no device has any of them.
    """
    for name, value in supported(world, given).items():
        for device in world.devices.values():
            if name in device.identifiers and _same(name, device.identifiers[name], value):
                return device
    raise Refusal(404, "IDENTIFIER_NOT_FOUND")


def _same(name: str, known: Json, given: Json) -> bool:
    if name == "ipv4Address":
        return _same_ipv4(known, given)
    if name == "ipv6Address":
        network = ipaddress.ip_network((known, 64), strict=False)
        return ipaddress.ip_address(given) in network
    return bool(known == given)


def _same_ipv4(known: Mapping[str, Json], given: Mapping[str, Json]) -> bool:
    shared = [key for key in ("privateAddress", "publicPort") if key in given]
    return known["publicAddress"] == given["publicAddress"] and any(known.get(key) == given[key] for key in shared)


def applicable(device: Device) -> None:
    """Return when the service is offered to the device.

    Raises:
        Refusal: 422 when it is not.
    """
    if not device.applicable:
        raise Refusal(422, "SERVICE_NOT_APPLICABLE")
