"""Which device a request is about."""

import ipaddress
from collections.abc import Mapping
from functools import lru_cache

from pytest_nac_qod.foundation.jsontypes import Json, JsonObject
from pytest_nac_qod.reference.flows import address
from pytest_nac_qod.reference.refusals import Refusal
from pytest_nac_qod.reference.world import Grant, KnownDevice, World

_PREFERENCE = ("phoneNumber", "ipv4Address", "ipv6Address", "networkAccessIdentifier")


def identified(world: World, grant: Grant, given: JsonObject | None) -> KnownDevice:
    """The device of the token or of the request.

    Raises:
        Refusal: 403, 404 or 422, as the release's rules for 2- and 3-legged tokens have it.
    """
    if grant.device is not None:
        device = world.devices[grant.device]
        if given is not None:
            with_token(world, device, given)
        return device
    if given is None:
        raise Refusal(422, "MISSING_IDENTIFIER")
    return found(world, given)


def with_token(world: World, device: KnownDevice, given: JsonObject) -> None:
    """Return when the identifiers of a request may come with the token of `device`.

    Raises:
        Refusal: 422 where no device may come with such a token, 403 where it has to be the same one.
    """
    if world.rules.redundant_device == "refused":
        raise Refusal(422, "UNNECESSARY_IDENTIFIER")
    if any(holder is not device for holder in _owners(world, given)):
        raise Refusal(403, "INVALID_TOKEN_CONTEXT")


def supported(world: World, given: JsonObject) -> JsonObject:
    """The identifiers that can be used here, best first.

    Raises:
        Refusal: 422 when there is none.
    """
    usable = _usable(world, given)
    if not usable:
        raise Refusal(422, "UNSUPPORTED_IDENTIFIER")
    return usable


def _usable(world: World, given: JsonObject) -> JsonObject:
    return {name: given[name] for name in _PREFERENCE if name in given and name not in world.unsupported_identifiers}


def found(world: World, given: JsonObject) -> KnownDevice:
    """The device of the first usable identifier that belongs to one; others are compared with it as the release says.

    Raises:
        Refusal: 404 when no device has any of them, 422 when they belong to different ones and must not.
    """
    owners = _owners(world, given)
    first = next((device for device in owners if device), None)
    if first is None:
        raise Refusal(404, "IDENTIFIER_NOT_FOUND")
    if world.rules.several_identifiers == "must match" and any(device is not first for device in owners):
        raise Refusal(422, "IDENTIFIER_MISMATCH")
    return first


def _owners(world: World, given: JsonObject) -> list[KnownDevice | None]:
    """Who has each of the usable identifiers; an example out of documentation goes with whatever stands beside it."""
    owners = [owner(world, name, value) for name, value in supported(world, given).items()]
    return [holder for holder in owners if holder is None or not holder.documented] or owners


def owner(world: World, name: str, value: Json) -> KnownDevice | None:
    """The device that has this identifier, if any has."""
    for device in world.devices.values():
        if name in device.identifiers and _same(name, device.identifiers[name], value):
            return device
    return None


def device_echo(world: World, device: KnownDevice, given: JsonObject | None) -> JsonObject | None:
    """The device as it comes back: by the one identifier that was used."""
    if given is None:
        return None
    owned = (name for name, value in _usable(world, given).items() if owner(world, name, value) is device)
    used = next(owned, next(iter(given)))
    return {used: given[used]}


def _same(name: str, known: Json, given: Json) -> bool:
    if name == "ipv4Address":
        return _same_ipv4(known, given)
    if name == "ipv6Address":
        return address(given) in _network(f"{known}/64")
    return bool(known == given)


def _same_ipv4(known: Mapping[str, Json], given: Mapping[str, Json]) -> bool:
    if "/" in known["publicAddress"]:
        return address(given["publicAddress"]) in _network(known["publicAddress"])
    shared = [key for key in ("privateAddress", "publicPort") if key in given]
    return known["publicAddress"] == given["publicAddress"] and any(known.get(key) == given[key] for key in shared)


@lru_cache(4096)  # the same few devices are asked about again and again
def _network(text: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network:
    return ipaddress.ip_network(text, strict=False)


def applicable(device: KnownDevice) -> None:
    """Return when the service is offered to the device.

    Raises:
        Refusal: 422 when it is not.
    """
    if not device.applicable:
        raise Refusal(422, "SERVICE_NOT_APPLICABLE")
