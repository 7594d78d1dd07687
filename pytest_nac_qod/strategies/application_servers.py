"""Application servers by their addresses."""

from copy import deepcopy
from typing import Literal

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from pytest_nac_qod.contracts import CURRENT
from pytest_nac_qod.foundation.jsontypes import Json, JsonObject
from pytest_nac_qod.strategies.addresses import addresses
from pytest_nac_qod.strategies.releases import has_schema, schema
from pytest_nac_qod.target import Target

_LIST = "ApplicationServerIpAddressListType"
Form = Literal["families", "list"]


def application_servers(
    *,
    release: str = CURRENT,
    version: Literal[4, 6] | None = None,
    prefixes: bool = True,
    form: Form | None = None,
    target: Target | None = None,
) -> SearchStrategy[JsonObject]:
    """Application servers by an address of either IP family, one of each, or, from r4.1, a list.

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
    >>> find(application_servers(release="r3.2", version=6), lambda server: True)
    {'ipv6Address': '2001:db8::1'}
    """
    if target is not None:
        return st.sampled_from(list(target.application_servers.values())).map(deepcopy)
    forms: list[SearchStrategy[JsonObject]] = []
    if form != "list":
        forms.append(_by_family(version, prefixes=prefixes))
    if form != "families" and has_list(release):
        forms.append(_by_list(release, version))
    return st.one_of(forms)


def has_list(release: str) -> bool:
    """Whether the release knows `ipAddresses`."""
    return has_schema(release, _LIST)


def _by_family(version: Literal[4, 6] | None, *, prefixes: bool) -> SearchStrategy[JsonObject]:
    values: dict[str, SearchStrategy[Json]] = {
        "ipv4Address": addresses(version=4, prefixes=prefixes),
        "ipv6Address": addresses(version=6, prefixes=prefixes),
    }
    if version is not None:
        name = f"ipv{version}Address"
        return st.fixed_dictionaries({name: values[name]})
    both: SearchStrategy[JsonObject] = st.fixed_dictionaries(values)
    return st.one_of([*(st.fixed_dictionaries({name: value}) for name, value in values.items()), both])


def _by_list(release: str, version: Literal[4, 6] | None) -> SearchStrategy[JsonObject]:
    bounds = schema(release, _LIST)
    listed = st.lists(addresses(version=version), min_size=bounds["minItems"], max_size=bounds["maxItems"], unique=True)
    return st.fixed_dictionaries({"ipAddresses": listed})
