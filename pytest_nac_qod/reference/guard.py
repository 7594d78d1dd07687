"""How the server guards itself: where a token may stand, which methods and sinks there are."""

import ipaddress
from urllib.parse import urlsplit

from starlette.requests import Request

from pytest_nac_qod.reference.refusals import Refusal


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
    try:
        address = ipaddress.ip_address(urlsplit(sink or "").hostname or "")
    except ValueError:  # a name
        return
    if address.is_link_local or address.is_unspecified:
        raise Refusal(400, "INVALID_SINK")
