"""Flows between a device and an application server: whether they are sound, and whether two of them overlap."""

import ipaddress
from collections.abc import Iterable, Iterator

from pytest_nac_qod.jsontypes import JsonObject
from pytest_nac_qod.reference.refusals import Refusal

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
_FAMILIES = {"ipv4Address": 4, "ipv6Address": 6}


def networks(server: JsonObject) -> list[Network]:
    """The addresses and prefixes of an application server.

    Raises:
        Refusal: 400 for what is no address or prefix of its family.
    """
    found: list[Network] = []
    for name, version in _FAMILIES.items():
        if name in server:
            try:
                network = ipaddress.ip_network(server[name], strict=False)
            except ValueError:
                raise Refusal(400, "INVALID_ARGUMENT", f"applicationServer.{name} is no address or prefix.") from None
            if network.version != version:
                raise Refusal(400, "INVALID_ARGUMENT", f"applicationServer.{name} is of the other family.")
            found.append(network)
    return [*found, *map(ipaddress.ip_network, map(_single, server.get("ipAddresses", [])))]


def _single(text: str) -> str:
    try:
        return str(ipaddress.ip_address(text))
    except ValueError:
        raise Refusal(400, "INVALID_ARGUMENT", "applicationServer.ipAddresses has what is no single address.") from None


def sound_ports(ports: JsonObject | None) -> None:
    """Return when no range ends before it begins.

    Raises:
        Refusal: 400 when one does.
    """
    for one in (ports or {}).get("ranges", []):
        if one["from"] > one["to"]:
            raise Refusal(400, "INVALID_ARGUMENT", "A range of ports ends before it begins.")


def sound_device(device: JsonObject | None) -> None:
    """Return when the device's addresses are such that a device can have them.

    Raises:
        Refusal: 400 for an unspecified or multicast address.
    """
    if device is None:
        return
    given = device.get("ipv4Address", {})
    addresses = [given[name] for name in ("publicAddress", "privateAddress") if name in given]
    if "ipv6Address" in device:
        addresses.append(device["ipv6Address"])
    for text in addresses:
        address = ipaddress.ip_address(text)
        if address.is_unspecified or address.is_multicast:
            raise Refusal(400, "INVALID_ARGUMENT", f"No device has the address {address}.")


def overlap(one: JsonObject, other: JsonObject) -> bool:
    """Whether two requests of the same device share a flow: addresses, device ports and server ports all overlap."""
    return (
        _addresses_overlap(networks(one["applicationServer"]), networks(other["applicationServer"]))
        and _ports_overlap(one.get("devicePorts"), other.get("devicePorts"))
        and _ports_overlap(one.get("applicationServerPorts"), other.get("applicationServerPorts"))
    )


def _addresses_overlap(some: Iterable[Network], others: Iterable[Network]) -> bool:
    others = list(others)
    return any(one.version == other.version and one.overlaps(other) for one in some for other in others)


def _ports_overlap(some: JsonObject | None, others: JsonObject | None) -> bool:
    if some is None or others is None:  # all ports
        return True
    spans = list(_spans(others))
    return any(low <= high2 and low2 <= high for low, high in _spans(some) for low2, high2 in spans)


def _spans(ports: JsonObject) -> Iterator[tuple[int, int]]:
    yield from ((port, port) for port in ports.get("ports", []))
    yield from ((one["from"], one["to"]) for one in ports.get("ranges", []))
