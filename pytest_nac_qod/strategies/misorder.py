"""Calls whose arguments stand in the wrong order, with what goes wrong and why a careful callee refuses them."""

import ipaddress
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from pytest_nac_qod.catalogue import Outcome
from pytest_nac_qod.foundation.jsontypes import Json, JsonObject
from pytest_nac_qod.signatures import EITHER_ADDRESS, PORTS, Parameter, Signature
from pytest_nac_qod.strategies.addresses import addresses
from pytest_nac_qod.strategies.arguments import FAMILY_PATHS, Callee, resolved
from pytest_nac_qod.strategies.durations import durations
from pytest_nac_qod.strategies.profiles import profiles

REFUSED = (Outcome(400, "INVALID_ARGUMENT"),)  # what a provider answers that gets such a body
_SERVER = (*FAMILY_PATHS.values(), EITHER_ADDRESS)
_MEANT = ("$.qosProfile", "$.duration", *_SERVER)


@dataclass(frozen=True, slots=True, kw_only=True)
class Misordered:
    """Arguments of one call that is wrong.

    Attributes:
        args: by position.
        kwargs: by name.
        what: what the caller mixed up.
        problems: what a careful callee says, one entry for each argument that cannot be meant; it raises ValueError or
            TypeError and sends nothing.
        sent: what a careless callee sends; None when it has to refuse for another reason.
        accepted: what a provider answers to that.
    """

    args: tuple[Any, ...] = ()
    kwargs: dict[str, Any] = field(default_factory=dict)
    what: str
    problems: tuple[str, ...]
    sent: JsonObject | None
    accepted: tuple[Outcome, ...] = REFUSED


def misordered_session_arguments(
    *, signature: Callee = "8.0.0", paths: Mapping[str, str] | None = None
) -> SearchStrategy[Misordered]:
    """Calls that mix arguments up, by position and by name.

    The address stands before the profile, the duration where another version of the SDK has it, or an address in the
    place of the other IP family.

    Args:
        signature: a version of the Python SDK, a callable, or a `Signature`.
        paths: JSONPath in the body by parameter, for names of a callable that do not speak for themselves.

    >>> from hypothesis import find
    >>> call = find(misordered_session_arguments(signature="3.1.0"), lambda call: True)
    >>> call.args, call.what
    (('198.51.100.1', 'QOS_L'), 'the IP address stands before the profile')
    >>> call.problems
    ("profile '198.51.100.1' is an IP address", "service_ipv4 'QOS_L' is no IPv4 address")
    >>> old = find(misordered_session_arguments(signature="8.0.0"), lambda call: "up to 3.1.0" in call.what)
    >>> old.args, old.sent
    (('QOS_L', '198.51.100.1'), None)

    Raises:
        ValueError: nothing of the signature can be mixed up, since no address goes in by itself.
    """
    callee = resolved(signature, paths)
    kinds = list(_kinds(callee))
    if not kinds:
        raise ValueError(f"{callee}: no parameter for an address, so nothing to mix up")
    return st.one_of(kinds)


def problems(callee: Signature, arguments: Mapping[str, Json]) -> tuple[str, ...]:
    """What cannot be meant about the arguments: profiles that are addresses, addresses that are none."""
    texts = (_problem(item, arguments[item.name]) for item in callee.parameters if arguments.get(item.name) is not None)
    return tuple(item for item in texts if item)


def _problem(parameter: Parameter, value: Json) -> str:  # noqa: PLR0911 - one line for each kind of parameter
    said = f"{parameter.name} {value!r}"
    if parameter.path == "$.qosProfile":
        if not isinstance(value, str):
            return f"{said} is no name"
        return f"{said} is an IP address" if _version(value) else ""
    if parameter.path == "$.duration":
        return "" if isinstance(value, int) else f"{said} is no number of seconds"
    if parameter.path in PORTS:
        return "" if isinstance(value, Mapping) else f"{said} is no ports"
    if parameter.path == EITHER_ADDRESS:
        return "" if _version(value) else f"{said} is no IP address"
    for family, path in FAMILY_PATHS.items():
        if parameter.path == path and f"ipv{_version(value)}" != family:
            return f"{said} is no IP{family[2:]} address"
    return ""


def _version(value: Json) -> int | None:
    try:
        return ipaddress.ip_address(value).version if isinstance(value, str) else None
    except ValueError:
        return None


def _kinds(callee: Signature) -> Iterator[SearchStrategy[Misordered]]:
    order = callee.positional
    profile, server = (
        callee.parameter("$.qosProfile"),
        [parameter for parameter in callee.parameters if parameter.path in _SERVER],
    )
    if profile is None or not server:
        return
    address = server[0]
    if profile.positional and address.positional:
        yield _by_position(callee, _swapped(order, profile, address), "the IP address stands before the profile")
        for written, what in _orders_of_other_versions(
            order, [parameter for parameter in server if parameter.positional]
        ):
            yield _by_position(callee, written, what)
    if profile.named and address.named:
        swapped = {profile.name: address.path, address.name: profile.path}
        yield _by_name(callee, swapped, "profile and IP address are given under each other's name")
    if len(server) == 2 and server[0].named and server[1].named:
        other = {parameter.name: path for parameter, path in zip(server, reversed(FAMILY_PATHS.values()), strict=True)}
        yield _by_name(callee, other, "the addresses are given as those of the other IP family")


def _swapped(order: Sequence[Parameter], profile: Parameter, address: Parameter) -> list[Parameter]:
    last = max(order.index(profile), order.index(address)) + 1
    return [{profile: address, address: profile}.get(parameter, parameter) for parameter in order[:last]]


def _orders_of_other_versions(
    order: Sequence[Parameter], server: list[Parameter]
) -> Iterator[tuple[list[Parameter], str]]:
    profile, duration = order[0], next((parameter for parameter in order if parameter.path == "$.duration"), None)
    if duration is None or profile.path != "$.qosProfile":
        return
    for count in range(1, len(server) + 1):
        if order.index(duration) < order.index(server[0]):
            yield [profile, *server[:count]], "the order of SDKs up to 3.1.0: addresses follow the profile"
        else:
            written = [profile, duration, *server[:count]]
            yield written, "the order of SDKs from 4.0.0: the duration follows the profile"


@st.composite
def _by_position(draw: DrawFn, callee: Signature, written: Sequence[Parameter], what: str) -> Misordered:
    """A call that gives arguments of these parameters by position, whatever the signature has there."""
    args = tuple(
        draw(_value(parameter.path)) if parameter.path in _MEANT else parameter.default for parameter in written
    )
    return _wrong(callee, args, {}, what)


@st.composite
def _by_name(draw: DrawFn, callee: Signature, paths: Mapping[str, str], what: str) -> Misordered:
    """A call that gives what is required, and under these names values of these paths."""
    values = {
        parameter.name: draw(_value(paths.get(parameter.name, parameter.path)))
        for parameter in callee.parameters
        if parameter.name in paths or (parameter.required and parameter.path in _MEANT)
    }
    args = tuple(
        values.pop(parameter.name) for parameter in callee.positional if parameter.required and not parameter.named
    )
    return _wrong(callee, args, values, what)


def _wrong(callee: Signature, args: tuple[Any, ...], kwargs: dict[str, Any], what: str) -> Misordered:
    try:
        arguments = callee.bind(args, kwargs)
    except TypeError as error:
        return Misordered(args=args, kwargs=kwargs, what=what, problems=(str(error),), sent=None)
    sent = None if _raises(callee, arguments) else callee.body(arguments)
    return Misordered(args=args, kwargs=kwargs, what=what, problems=problems(callee, arguments), sent=sent)


def _raises(callee: Signature, arguments: Mapping[str, Json]) -> bool:
    """Whether the Python SDK stops by itself: without any address, and at ports that have no fields."""
    if not callee.one_of:
        return False
    given = [arguments[item.name] for item in callee.parameters if item.path in PORTS and item.name in arguments]
    return all(arguments.get(name) is None for name in callee.one_of) or not all(
        isinstance(item, Mapping) for item in given
    )


def _value(path: str) -> SearchStrategy[Json]:
    if path == "$.qosProfile":
        return profiles()
    if path == "$.duration":
        return durations()
    return addresses(version=6 if path == FAMILY_PATHS["ipv6"] else 4)
