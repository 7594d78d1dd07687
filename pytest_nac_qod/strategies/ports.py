"""Ports of devices and application servers."""

from collections.abc import Callable, Sequence

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from pytest_nac_qod.contracts import CURRENT
from pytest_nac_qod.foundation.jsontypes import JsonObject
from pytest_nac_qod.strategies.recipes import Recipe
from pytest_nac_qod.strategies.releases import schema

FAMILIAR_PORTS = (443, 5060)
_FORMS = ((1, 0), (0, 1), (1, 1), (2, 0), (0, 2), (2, 1), (1, 2), (4, 0), (0, 3), (4, 4))  # single ports, ranges
_WIDEST = 2000  # ports of a range, beyond the first
_FIRST = 65540  # numbers of first ports
_MANY = _FIRST * _WIDEST


def ports(*, release: str = CURRENT) -> SearchStrategy[int]:
    """Ports from the lowest that the release allows, 0 or 1, to the highest; shrinks towards 443."""
    count, port = numbered_ports(release)
    return st.integers(0, count - 1).map(port)


def numbered_ports(release: str) -> tuple[int, Callable[[int], int]]:
    """How many numbers stand for ports of the release, and the port of a number; familiar ones come first."""
    allowed = schema(release, "Port")
    least, most = allowed["minimum"], allowed["maximum"]
    count = most - least + 1 + len(FAMILIAR_PORTS)

    def port(number: int) -> int:
        index = number % count
        return FAMILIAR_PORTS[index] if index < len(FAMILIAR_PORTS) else least + index - len(FAMILIAR_PORTS)

    return count, port


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
    return port_spec_recipe(release, full=full).strategy()


def port_spec_recipe(release: str, *, full: bool = False) -> Recipe:
    """Ports of a flow from one choice."""
    forms = [form for form in _FORMS if all(form)] if full else list(_FORMS)
    return Recipe((st.integers(0, _MANY * len(forms) - 1),), _spec(release, forms))


def _spec(release: str, forms: Sequence[tuple[int, int]]) -> Callable[[int], JsonObject]:
    count, port = numbered_ports(release)
    lowest = schema(release, "Port")["minimum"]

    def spec(number: int) -> JsonObject:
        rest, which = divmod(number, len(forms))
        form = forms[which]
        width, first = divmod(rest, _FIRST)
        ports = list(dict.fromkeys(port(first + step * (1 + first)) for step in range(form[0])))
        begins = [port(first + step * _WIDEST) for step in range(form[1])]
        if first % 2:  # an order that a server may lose
            ports, begins = ports[::-1], begins[::-1]
        between = [
            {"from": begin, "to": min(begin + width, lowest + count - len(FAMILIAR_PORTS) - 1)} for begin in begins
        ]
        return ({"ports": ports} if ports else {}) | ({"ranges": between} if between else {})

    return spec
