"""Shapes of the JSON objects of quality-on-demand, for typed calls."""

from typing import Literal, NotRequired, TypedDict


class DeviceIpv4Address(TypedDict, total=False):
    """An IPv4 device: its public address with its private one or its public port."""

    publicAddress: str
    privateAddress: str
    publicPort: int


class Device(TypedDict, total=False):
    """A device by at least one identifier."""

    phoneNumber: str
    networkAccessIdentifier: str
    ipv4Address: DeviceIpv4Address
    ipv6Address: str


class ApplicationServer(TypedDict, total=False):
    """The service by its addresses or prefixes; `ipAddresses` in newer releases."""

    ipv4Address: str
    ipv6Address: str
    ipAddresses: list[str]


PortRange = TypedDict("PortRange", {"from": int, "to": int})


class Ports(TypedDict, total=False):
    """Single ports and ranges of ports."""

    ports: list[int]
    ranges: list[PortRange]


class SinkCredential(TypedDict, total=False):
    """How events authenticate; only `ACCESSTOKEN` with `bearer` is usable in older releases."""

    credentialType: str
    accessToken: str
    accessTokenExpiresUtc: str
    accessTokenType: str


class SessionInfo(TypedDict):
    """A QoS session as the API returns it; `duration` in seconds, times in RFC 3339."""

    sessionId: str
    qosStatus: Literal["REQUESTED", "AVAILABLE", "UNAVAILABLE"]
    duration: int
    applicationServer: ApplicationServer
    qosProfile: str
    device: NotRequired[Device]
    devicePorts: NotRequired[Ports]
    applicationServerPorts: NotRequired[Ports]
    sink: NotRequired[str]
    startedAt: NotRequired[str]
    expiresAt: NotRequired[str]
    statusInfo: NotRequired[Literal["DURATION_EXPIRED", "NETWORK_TERMINATED", "DELETE_REQUESTED"]]
