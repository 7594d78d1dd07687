"""IP addresses and prefixes as text; ranges reserved for documentation unless others are given."""

from collections.abc import Callable, Sequence
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_network
from typing import Literal

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

DOCUMENTATION_IPV4 = ("198.51.100.0/24", "192.0.2.0/24", "203.0.113.0/24")  # RFC 5737
DOCUMENTATION_IPV6 = ("2001:db8::/32",)  # RFC 3849
PRIVATE_IPV4 = ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")  # RFC 1918


def ipv4_addresses(*, networks: Sequence[str] = DOCUMENTATION_IPV4) -> SearchStrategy[str]:
    """IPv4 addresses of single hosts within `networks`; shrinks towards the first host of the first network.

    >>> from hypothesis import find
    >>> find(ipv4_addresses(), lambda address: True)
    '198.51.100.1'
    """
    count, host = hosts(networks)
    return st.integers(0, count - 1).map(host)


def ipv6_addresses(*, networks: Sequence[str] = DOCUMENTATION_IPV6, canonical: bool = True) -> SearchStrategy[str]:
    """IPv6 addresses of single hosts within `networks`; shrinks towards the first host of the first network.

    Args:
        networks: prefixes that the addresses are taken from.
        canonical: only the spelling of RFC 5952; otherwise also the others of RFC 4291: in full, in capitals.

    >>> from hypothesis import find
    >>> find(ipv6_addresses(), lambda address: True)
    '2001:db8::1'
    """
    count, host = hosts(networks)
    canonical_ones = st.integers(0, count - 1).map(host)
    if canonical:
        return canonical_ones
    return st.builds(lambda spell, text: spell(text), st.sampled_from([str, str.upper, _exploded]), canonical_ones)


def ipv4_prefixes(*, networks: Sequence[str] = DOCUMENTATION_IPV4) -> SearchStrategy[str]:
    """IPv4 prefixes in CIDR notation within `networks`, host bits zero.

    >>> from hypothesis import find
    >>> find(ipv4_prefixes(), lambda prefix: True)
    '198.51.100.0/24'
    """
    return st.one_of([_prefixes(ip_network(network)) for network in networks])


def ipv6_prefixes(*, networks: Sequence[str] = DOCUMENTATION_IPV6) -> SearchStrategy[str]:
    """IPv6 prefixes in CIDR notation within `networks`, host bits zero.

    >>> from hypothesis import find
    >>> find(ipv6_prefixes(), lambda prefix: True)
    '2001:db8::/32'
    """
    return st.one_of([_prefixes(ip_network(network)) for network in networks])


def addresses(*, version: Literal[4, 6] | None = None, prefixes: bool = False) -> SearchStrategy[str]:
    """Addresses of the documentation ranges.

    Args:
        version: of IP; both when None.
        prefixes: whether prefixes come up as well as single hosts, as application servers may have them.
    """
    by_version = {4: [ipv4_addresses()], 6: [ipv6_addresses()]}
    if prefixes:
        by_version[4].append(ipv4_prefixes())
        by_version[6].append(ipv6_prefixes())
    return st.one_of([strategy for number in (4, 6) if version in (None, number) for strategy in by_version[number]])


def hosts(networks: Sequence[str]) -> tuple[int, Callable[[int], str]]:
    """How many numbers stand for hosts of the networks, and the host of a number; 0 is the first of the first network.

    A body whose parts are made from few numbers is drawn, and shrunk, much faster than one of many choices.
    """
    parsed = [ip_network(network) for network in networks]
    usable = [(1, network.num_addresses - 2) if network.num_addresses > 2 else (0, 1) for network in parsed]
    most = max(count for _, count in usable)

    def host(number: int) -> str:
        which, index = divmod(number % (most * len(parsed)), most)
        first, count = usable[which]
        return str(parsed[which][first + index % count])

    return most * len(parsed), host


def _prefixes(network: IPv4Network | IPv6Network) -> SearchStrategy[str]:
    def prefix(length: int, number: int) -> str:
        return str(ip_network((network[number], length), strict=False))

    lengths = st.integers(network.prefixlen, network.max_prefixlen)
    return st.builds(prefix, lengths, st.integers(0, network.num_addresses - 1))


def _exploded(text: str) -> str:
    return IPv6Address(text).exploded
