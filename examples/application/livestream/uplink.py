"""The uplink of a camera: one QoS session while it is live."""

from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import ip_address

from network_as_code.errors import NaCError
from network_as_code.models.device import Device, QoDSession

PROFILE = "DOWNLINK_S_UPLINK_L"


class UplinkError(Exception):
    """The network does not give the uplink that was asked for."""


def boost(device: Device, profile: str, server_address: str, seconds: int = 3600) -> QoDSession:
    """A session between the camera and the server that it streams to.

    Raises:
        ValueError: the arguments are mixed up; nothing is sent.
        UplinkError: the network refuses.
    """
    if _version(profile):
        raise ValueError(f"profile {profile!r} is an address")
    version = _version(server_address)
    if not version:
        raise ValueError(f"server_address {server_address!r} is no address")
    if not isinstance(seconds, int):
        raise ValueError(f"seconds {seconds!r} is no number")
    address = {f"service_ipv{version}": server_address}
    try:
        return device.create_qod_session(profile, duration=seconds, **address)
    except NaCError as error:
        raise UplinkError(str(error)) from error


@contextmanager
def live(device: Device, server_address: str, seconds: int = 3600) -> Iterator[QoDSession]:
    """The uplink, for as long as the camera is live; the session is deleted whatever happens meanwhile."""
    session = boost(device, PROFILE, server_address, seconds)
    try:
        yield session
    finally:
        session.delete()


def _version(text: object) -> int | None:
    try:
        return ip_address(text).version if isinstance(text, str) else None
    except ValueError:
        return None
