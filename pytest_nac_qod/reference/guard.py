"""How the server guards itself: where a token may stand, which methods and sinks there are."""

import ipaddress
from urllib.parse import urlsplit

from starlette.requests import Request

from pytest_nac_qod.reference.refusals import Refusal

_PRIVATE = tuple(map(ipaddress.ip_network, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7")))


def presented(request: Request) -> str | None:
    """The Authorization of a request; a token that stands elsewhere is none (RFC 6750 section 5.3)."""
    return request.headers.get("authorization")


def method(request: Request) -> str:
    """What is to be done; no header changes it."""
    return request.method


def traced() -> bool:
    """Whether TRACE sends a request back."""
    return False


def outer_sink(sink: str | None) -> None:
    """Refuse a sink that only this machine or its network has, but for loopback, where tests listen.

    Raises:
        Refusal: 400.
    """
    sink_of_the_network(sink)
    address = _address(sink)
    if address and any(address in network for network in _PRIVATE):
        raise Refusal(400, "INVALID_SINK")


def sink_of_the_network(sink: str | None) -> None:
    """Refuse a sink that only this machine has, but for loopback; for a server whose clients are at private addresses.

    Raises:
        Refusal: 400.
    """
    address = _address(sink)
    if address and (address.is_link_local or address.is_unspecified):
        raise Refusal(400, "INVALID_SINK")


def _address(sink: str | None) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """The address of a sink; None for a name, and where there is none."""
    try:
        return ipaddress.ip_address(urlsplit(sink or "").hostname or "")
    except ValueError:
        return None


def split(correlator: str) -> dict[str, str]:  # noqa: ARG001 - a fault looks at it
    """The headers that an x-correlator brings along: none, whatever stands in it."""
    return {}


def event_method() -> str:
    """How an event is sent."""
    return "POST"


def event_origin() -> str:
    """Who asks a sink for permission before an event is sent; empty where nobody does."""
    return ""


def verified() -> bool:
    """Whether the certificate of a sink is looked at before an event is sent there."""
    return True


def followed(location: str | None) -> str | None:  # noqa: ARG001 - a fault looks at it
    """Where an event goes that a sink has redirected: nowhere (CloudEvents Webhooks 1.0 section 2.2)."""
    return None
