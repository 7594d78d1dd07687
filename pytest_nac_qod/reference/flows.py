"""Flows between a device and an application server: whether they are sound, and whether two of them overlap."""

import ipaddress
import re
from dataclasses import dataclass
from functools import lru_cache

from pytest_nac_qod.foundation.jsontypes import Json, JsonObject
from pytest_nac_qod.reference.refusals import Refusal
from pytest_nac_qod.reference.rules import Rules

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Spans = tuple[tuple[int, int], ...]  # of ports, first and last
_FAMILIES = {"ipv4Address": 4, "ipv6Address": 6}
_WIDTH = re.compile(r"0|[1-9][0-9]{0,2}")
_LEADING_ZERO = re.compile(r"\b0+(?=[0-9])")  # of a number of an IPv4 address
_TEST_MULTICAST = ipaddress.ip_network("233.252.0.0/24")  # MCAST-TEST-NET, for documentation (RFC 6676)


@dataclass(frozen=True, slots=True)
class ServedFlow:
    """What goes between a device and an application server, in numbers that are compared fast.

    Attributes:
        addresses: of the server: family, first and last one.
        device_ports: None for all.
        server_ports: None for all.
    """

    addresses: tuple[tuple[int, int, int], ...]
    device_ports: Spans | None
    server_ports: Spans | None


def sound_server(server: JsonObject, rules: Rules) -> None:
    """Return when the server has addresses, and each of them is one of its family.

    Raises:
        Refusal: 400 when it has none that the release knows, or one is no address or prefix as the release writes them.
    """
    networks(server)
    if rules.application_servers == "by schema":
        return
    given = [server[name] for name in _FAMILIES if name in server]
    if not given:
        raise Refusal(400, "INVALID_ARGUMENT", "applicationServer has no address.")
    if any(_LEADING_ZERO.search(text.partition("/")[0]) for text in given if ":" not in text):
        raise Refusal(400, "INVALID_ARGUMENT", "applicationServer.ipv4Address has a number with a leading zero.")


def networks(server: JsonObject) -> list[Network]:
    """The addresses and prefixes of an application server; those of a list where it has no others.

    Raises:
        Refusal: 400 for what is no address or prefix of its family.
    """
    addresses = [_network(name, server[name]) for name in _FAMILIES if name in server]
    return addresses or [ipaddress.ip_network(_single(text)) for text in server.get("ipAddresses", [])]


def _network(name: str, text: Json) -> Network:
    """An address, or an address and the width of its mask."""
    network = _parsed(text) if isinstance(text, str) else None
    if network is None:
        raise Refusal(400, "INVALID_ARGUMENT", f"applicationServer.{name} is no address or prefix.")
    if network.version != _FAMILIES[name]:
        raise Refusal(400, "INVALID_ARGUMENT", f"applicationServer.{name} is of the other family.")
    return network


@lru_cache(4096)  # the same few servers are asked for again and again
def _parsed(text: str) -> Network | None:
    address, slash, width = text.partition("/")
    try:
        host = ipaddress.ip_address(_LEADING_ZERO.sub("", address) if ":" not in address else address)
        sound = "%" not in address and (not slash or _WIDTH.fullmatch(width))
        return ipaddress.ip_network(f"{host}{slash}{width}", strict=False) if sound else None
    except ValueError:
        return None


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
    for port_range in (ports or {}).get("ranges", []):
        if port_range["from"] > port_range["to"]:
            raise Refusal(400, "INVALID_ARGUMENT", "A range of ports ends before it begins.")


def sound_device(device: JsonObject | None) -> None:
    """Return when the device's addresses are such that a device can have them.

    Raises:
        Refusal: 400 for an unspecified or multicast address, unless it is one that documentation writes.
    """
    if device is None:
        return
    given = device.get("ipv4Address", {})
    texts = [given[name] for name in ("publicAddress", "privateAddress") if name in given]
    if "ipv6Address" in device:
        texts.append(device["ipv6Address"])
    for own in map(address, texts):
        if own.is_unspecified or (own.is_multicast and own not in _TEST_MULTICAST):
            raise Refusal(400, "INVALID_ARGUMENT", f"No device has the address {own}.")


@lru_cache(4096)  # as above
def address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    """A single address; raises ValueError for what is none."""
    return ipaddress.ip_address(text)


def flow(sent: JsonObject) -> ServedFlow:
    """The flow that a request is for.

    Raises:
        Refusal: 400 when its application server has what is no address or prefix.
    """
    server = networks(sent["applicationServer"])
    return ServedFlow(
        tuple((network.version, int(network.network_address), int(network.broadcast_address)) for network in server),
        _spans(sent.get("devicePorts")),
        _spans(sent.get("applicationServerPorts")),
    )


def overlap(one: ServedFlow, other: ServedFlow) -> bool:
    """Whether two requests of the same device share a flow: addresses, device ports and server ports all overlap."""
    return (
        any(
            family == family2 and first <= last2 and first2 <= last
            for family, first, last in one.addresses
            for family2, first2, last2 in other.addresses
        )
        and _ports_overlap(one.device_ports, other.device_ports)
        and _ports_overlap(one.server_ports, other.server_ports)
    )


def _ports_overlap(some: Spans | None, others: Spans | None) -> bool:
    if some is None or others is None:  # all ports
        return True
    return any(low <= high2 and low2 <= high for low, high in some for low2, high2 in others)


def _spans(ports: JsonObject | None) -> Spans | None:
    if ports is None:
        return None
    single = [(port, port) for port in ports.get("ports", [])]
    return (*single, *((span["from"], span["to"]) for span in ports.get("ranges", [])))
