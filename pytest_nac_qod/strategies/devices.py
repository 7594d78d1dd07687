"""Devices by their identifiers."""

from collections.abc import Callable, Sequence
from copy import deepcopy
from itertools import combinations

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from pytest_nac_qod.contracts import CURRENT
from pytest_nac_qod.foundation.jsontypes import Json, JsonObject
from pytest_nac_qod.strategies.addresses import (
    DOCUMENTATION_IPV4,
    DOCUMENTATION_IPV6,
    PRIVATE_IPV4,
    hosts,
    ipv4_addresses,
    ipv6_addresses,
)
from pytest_nac_qod.strategies.ports import numbered_ports, ports
from pytest_nac_qod.strategies.recipes import Recipe
from pytest_nac_qod.target import Target

IDENTIFIERS = ("phoneNumber", "networkAccessIdentifier", "ipv4Address", "ipv6Address")
REALMS = ("example.com", "example.net", "mobile.example.org")  # RFC 2606
_IPV4_FORMS = (("publicPort",), ("privateAddress",), ("privateAddress", "publicPort"))
USABLE_ROLES = ("default", "second", "several")


def phone_numbers() -> SearchStrategy[str]:
    """Numbers in E.164 form under +999, a country code that nobody has.

    >>> from hypothesis import find
    >>> find(phone_numbers(), lambda number: True)
    '+99900'
    """
    return st.integers(0, 10**12 - 1).map(lambda number: f"+999{number:02}")


def network_access_identifiers() -> SearchStrategy[str]:
    """Identifiers `user@realm` (RFC 7542) of realms for documentation (RFC 2606).

    >>> from hypothesis import find
    >>> find(network_access_identifiers(), lambda identifier: True)
    'user-0@example.com'
    """
    return st.builds("user-{1}@{0}".format, st.sampled_from(REALMS), st.integers(0, 10**9))


def ipv4_devices(*, release: str = CURRENT, full: bool = False) -> SearchStrategy[JsonObject]:
    """IPv4 identifiers: a public address with a private one, a public port, or both.

    Args:
        release: whose bounds of ports are kept.
        full: always both.

    >>> from hypothesis import find
    >>> find(ipv4_devices(), lambda device: "privateAddress" in device)
    {'publicAddress': '198.51.100.1', 'privateAddress': '10.0.0.1'}
    """
    public = {"publicAddress": ipv4_addresses()}
    private = {"privateAddress": ipv4_addresses(networks=PRIVATE_IPV4)}
    port: dict[str, SearchStrategy[Json]] = {"publicPort": ports(release=release)}
    both: SearchStrategy[JsonObject] = st.fixed_dictionaries({**public, **private, **port})
    if full:
        return both
    return st.fixed_dictionaries({**public, **port}) | st.fixed_dictionaries({**public, **private}) | both


def devices(
    *,
    release: str = CURRENT,
    identifiers: Sequence[str] = IDENTIFIERS,
    min_size: int = 1,
    max_size: int | None = None,
    target: Target | None = None,
) -> SearchStrategy[JsonObject]:
    """Devices by one or several identifiers; those of `target`, where it is given.

    Args:
        release: whose bounds are kept.
        identifiers: the kinds that come up, among `phoneNumber`, `networkAccessIdentifier`, `ipv4Address` and
            `ipv6Address`; simplest first.
        min_size: number of identifiers at least.
        max_size: number of identifiers at most; as many as there are kinds when None.
        target: whose devices are taken, as it declares them.

    >>> from hypothesis import find
    >>> find(devices(), lambda device: "ipv6Address" in device)
    {'ipv6Address': '2001:db8::1'}
    """
    if target is not None:
        return st.sampled_from([target.devices[role] for role in USABLE_ROLES if role in target.devices]).map(deepcopy)
    return device_recipe(release, identifiers, min_size, max_size).strategy()


def device_recipe(
    release: str, identifiers: Sequence[str] = IDENTIFIERS, min_size: int = 1, max_size: int | None = None
) -> Recipe:
    """Devices from two choices: which identifiers, and one number for all of them."""
    sizes = range(min_size, (len(identifiers) if max_size is None else max_size) + 1)
    choices = [names for size in sizes for names in combinations(identifiers, size)]
    forms = [
        (names, form) for names in choices for form in (_IPV4_FORMS if "ipv4Address" in names else _IPV4_FORMS[:1])
    ]
    return Recipe((st.sampled_from(forms), st.integers(0, 10**12 - 1)), _device(release))


def _device(release: str) -> Callable[[tuple[Sequence[str], Sequence[str]], int], JsonObject]:
    """What makes a device of the identifiers and the parts of its IPv4 address, and of one number for all of them."""
    port, public = numbered_ports(release)[1], hosts(DOCUMENTATION_IPV4)[1]
    private, ipv6 = hosts(PRIVATE_IPV4)[1], hosts(DOCUMENTATION_IPV6)[1]

    def device(form: tuple[Sequence[str], Sequence[str]], number: int) -> JsonObject:
        identifiers, parts = form
        values: dict[str, Callable[[], Json]] = {
            "phoneNumber": lambda: f"+999{number:02}",
            "networkAccessIdentifier": lambda: f"user-{number // 3}@{REALMS[number % 3]}",
            "ipv4Address": lambda: {"publicAddress": public(number), **{part: address[part]() for part in parts}},
            "ipv6Address": lambda: ipv6(number),
        }
        address: dict[str, Callable[[], Json]] = {
            "privateAddress": lambda: private(number),
            "publicPort": lambda: port(number),
        }
        return {name: values[name]() for name in identifiers}

    return device


def full_devices(*, release: str = CURRENT) -> SearchStrategy[JsonObject]:
    """Devices by every identifier, each in full."""
    return st.fixed_dictionaries({**_values(release), "ipv4Address": ipv4_devices(release=release, full=True)})


def _values(release: str) -> dict[str, SearchStrategy[Json]]:
    return {
        "phoneNumber": phone_numbers(),
        "networkAccessIdentifier": network_access_identifiers(),
        "ipv4Address": ipv4_devices(release=release),
        "ipv6Address": ipv6_addresses(),
    }
