"""Ports of devices and application servers."""

from collections.abc import Mapping

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from pytest_nac_qod.contracts import CURRENT
from pytest_nac_qod.foundation.jsontypes import Json, JsonObject
from pytest_nac_qod.strategies.releases import schema

FAMILIAR_PORTS = (443, 5060)


def ports(*, release: str = CURRENT) -> SearchStrategy[int]:
    """Ports from the lowest that the release allows, 0 or 1, to the highest; shrinks towards 443."""
    allowed = schema(release, "Port")
    return st.sampled_from(FAMILIAR_PORTS) | st.integers(allowed["minimum"], allowed["maximum"])


def port_ranges(*, release: str = CURRENT) -> SearchStrategy[JsonObject]:
    """Ranges `{"from": …, "to": …}` that do not end before they begin.

    >>> from hypothesis import find
    >>> find(port_ranges(), lambda ends: True)
    {'from': 443, 'to': 443}
    """
    return st.tuples(ports(release=release), ports(release=release)).map(
        lambda ends: {"from": min(ends), "to": max(ends)}
    )


def port_specs(*, release: str = CURRENT, full: bool = False) -> SearchStrategy[JsonObject]:
    """Ports of a flow: single ones, ranges, or both.

    Args:
        release: whose bounds are kept.
        full: always both.

    >>> from hypothesis import find
    >>> find(port_specs(), lambda spec: "ranges" in spec)
    {'ranges': [{'from': 443, 'to': 443}]}
    """
    single = st.lists(ports(release=release), min_size=1, max_size=4, unique=True)
    ranges = st.lists(port_ranges(release=release), min_size=1, max_size=3, unique_by=_ends)
    both: SearchStrategy[JsonObject] = st.fixed_dictionaries({"ports": single, "ranges": ranges})
    if full:
        return both
    return st.fixed_dictionaries({"ports": single}) | st.fixed_dictionaries({"ranges": ranges}) | both


def _ends(port_range: Mapping[str, Json]) -> tuple[int, int]:
    return port_range["from"], port_range["to"]
