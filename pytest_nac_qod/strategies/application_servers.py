"""Application servers by their addresses."""

from collections.abc import Callable
from copy import deepcopy
from ipaddress import ip_network
from itertools import product
from typing import Any, Literal

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from pytest_nac_qod.contracts import CURRENT
from pytest_nac_qod.foundation.jsontypes import JsonObject
from pytest_nac_qod.strategies.addresses import DOCUMENTATION_IPV4, DOCUMENTATION_IPV6, hosts
from pytest_nac_qod.strategies.recipes import Recipe
from pytest_nac_qod.strategies.releases import has_schema, schema
from pytest_nac_qod.target import Target

_LIST = "ApplicationServerIpAddressListType"
_LISTED = (1, 2, 3, 10, 100)  # addresses in a list, fewer than there are hosts to tell apart
_FAMILIES = (("ipv4Address",), ("ipv6Address",), ("ipv4Address", "ipv6Address"))
_NETWORKS = {"ipv4Address": DOCUMENTATION_IPV4[0], "ipv6Address": DOCUMENTATION_IPV6[0]}
_HOSTS = {"ipv4Address": hosts(DOCUMENTATION_IPV4)[1], "ipv6Address": hosts(DOCUMENTATION_IPV6)[1]}
Form = Literal["families", "list"]


def application_servers(
    *,
    release: str = CURRENT,
    version: Literal[4, 6] | None = None,
    prefixes: bool = True,
    form: Form | None = None,
    target: Target | None = None,
) -> SearchStrategy[JsonObject]:
    """Application servers by an address of either IP family, one of each, or, in newer releases, a list.

    Args:
        release: which forms there are.
        version: only this IP family.
        prefixes: whether prefixes come up where they may: never in a list.
        form: `families` for `ipv4Address` and `ipv6Address`, `list` for `ipAddresses`; each that the release has when
            None.
        target: whose application servers are taken, as it declares them.

    >>> from hypothesis import find
    >>> find(application_servers(), lambda server: True)
    {'ipv4Address': '198.51.100.1'}
    >>> find(application_servers(version=6), lambda server: True)
    {'ipv6Address': '2001:db8::1'}
    """
    if target is not None:
        return st.sampled_from(list(target.application_servers.values())).map(deepcopy)
    return server_recipe(release, version, prefixes=prefixes, form=form).strategy()


def server_recipe(
    release: str, version: Literal[4, 6] | None = None, *, prefixes: bool = True, form: Form | None = None
) -> Recipe:
    """Application servers from two choices: which addresses, and one number for all of them."""
    forms: list[tuple[Callable[..., JsonObject], Any]] = []
    if form != "list":
        forms += [(_by_family, flags) for flags in _families(version, prefixes=prefixes)]
    if form != "families" and has_list(release):
        counts = [count for count in _LISTED if count <= schema(release, _LIST)["maxItems"]]
        names = [name for name in _HOSTS if version is None or name == f"ipv{version}Address"]
        forms += [(_by_list, (name, count)) for count in counts for name in names]
    return Recipe((st.sampled_from(forms), st.integers(0, 2**40)), lambda form, number: form[0](form[1], number))


def has_list(release: str) -> bool:
    """Whether the release knows `ipAddresses`."""
    return has_schema(release, _LIST)


def _families(version: Literal[4, 6] | None, *, prefixes: bool) -> list[dict[str, bool]]:
    """Names of addresses, and whether each is a prefix; single hosts first."""
    wanted = [names for names in _FAMILIES if version is None or names == (f"ipv{version}Address",)]
    flags = [(names, given) for names in wanted for given in product((False, True), repeat=len(names))]
    forms = [dict(zip(names, given, strict=True)) for names, given in flags if prefixes or not any(given)]
    return sorted(forms, key=lambda form: any(form.values()))


def _by_family(form: dict[str, bool], number: int) -> JsonObject:
    """An application server: for each address whether it is a prefix, and one number for all of them."""
    server: JsonObject = {}
    for name, is_prefix in form.items():
        host = _HOSTS[name](number)
        if is_prefix:
            network = ip_network(_NETWORKS[name])
            length = network.prefixlen + number % (network.max_prefixlen - network.prefixlen + 1)
            host = str(ip_network((host, length), strict=False))
        server[name] = host
    return server


def _by_list(form: tuple[str, int], number: int) -> JsonObject:
    name, count = form
    return {"ipAddresses": [_HOSTS[name](number + step) for step in range(count)]}
