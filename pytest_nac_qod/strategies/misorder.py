"""Calls whose arguments stand in the wrong order, with what goes wrong and why a careful callee refuses them."""

import ipaddress
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from pytest_nac_qod.catalogue import Outcome
from pytest_nac_qod.foundation.jsontypes import Json, JsonObject
from pytest_nac_qod.signatures import EITHER_ADDRESS, PORTS, Parameter, Signature, SignatureError
from pytest_nac_qod.strategies.arguments import FAMILY_PATHS, Callee, Converters, resolved, values_at

REFUSED = (Outcome(400, "INVALID_ARGUMENT"),)  # what a provider answers that gets such a body
_OBJECT = "$.applicationServer"
_SERVER = (*FAMILY_PATHS.values(), EITHER_ADDRESS, _OBJECT)
MEANT = ("$.qosProfile", "$.duration", *_SERVER)
# parameters whose values are given by position, JSONPaths of values by name, and what is mixed up
Kind = tuple[Sequence[Parameter], Mapping[str, str], str]
_Value = tuple[Json, Any]  # as JSON, and as it is given


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
    *, signature: Callee = "8.0.0", paths: Mapping[str, str] | None = None, convert: Converters | None = None
) -> SearchStrategy[Misordered]:
    """Calls that mix arguments up, by position and by name.

    The address stands before the profile, the duration where another version of the SDK has it, or an address in the
    place of the other IP family.

    Args:
        signature: a version of the Python SDK, a callable, or a `Signature`.
        paths: JSONPath in the body by parameter, for names of a callable that do not speak for themselves.
        convert: by JSONPath in the body, what makes an argument from JSON.

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
        SignatureError: nothing of the signature can be mixed up, since no parameter takes an address.
    """
    callee = resolved(signature, paths)
    kinds = list(_kinds(callee))
    if not kinds:
        raise SignatureError(
            f"{callee}: no parameter for an address, so nothing to mix up; "
            "say which it is with paths={'…': '$.applicationServer.ipv4Address'}, or give signature="
        )
    return st.one_of([_calls(callee, order, names, what, convert or {}) for order, names, what in kinds])


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
    if parameter.path == _OBJECT:
        listed = list(value.values()) if isinstance(value, Mapping) else [value]
        return "" if any(_version(item) for item in listed) else f"{said} has no IP address"
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


def _kinds(callee: Signature) -> Iterator[Kind]:
    order = callee.positional
    profile, server = (
        callee.parameter("$.qosProfile"),
        [parameter for parameter in callee.parameters if parameter.path in _SERVER],
    )
    if profile is None or not server:
        return
    address = server[0]
    if profile.positional and address.positional:
        yield _swapped(order, profile, address), {}, "the IP address stands before the profile"
        yield from _orders_of_other_versions(order, [parameter for parameter in server if parameter.positional])
    if profile.named and address.named:
        swapped = {profile.name: _inner(address.path), address.name: profile.path}
        yield (), swapped, "profile and IP address are given under each other's name"
    addresses_named = [parameter for parameter in server if parameter.path in FAMILY_PATHS.values() and parameter.named]
    if len(addresses_named) == 2:
        paths = reversed(FAMILY_PATHS.values())
        other = {parameter.name: path for parameter, path in zip(addresses_named, paths, strict=True)}
        yield (), other, "the addresses are given as those of the other IP family"


def _inner(path: str) -> str:
    """Where the address itself goes that a parameter takes."""
    return FAMILY_PATHS["ipv4"] if path == _OBJECT else path


def _swapped(order: Sequence[Parameter], profile: Parameter, address: Parameter) -> list[Parameter]:
    last = max(order.index(profile), order.index(address)) + 1
    other = {profile.name: address, address.name: profile}
    return [other.get(parameter.name, parameter) for parameter in order[:last]]


def _orders_of_other_versions(order: Sequence[Parameter], server: list[Parameter]) -> Iterator[Kind]:
    profile, duration = order[0], next((parameter for parameter in order if parameter.path == "$.duration"), None)
    if duration is None or profile.path != "$.qosProfile":
        return
    for count in range(1, len(server) + 1):
        if order.index(duration) < order.index(server[0]):
            yield [profile, *server[:count]], {}, "the order of SDKs up to 3.1.0: addresses follow the profile"
        else:
            written = [profile, duration, *server[:count]]
            yield written, {}, "the order of SDKs from 4.0.0: the duration follows the profile"


@st.composite
def _calls(  # noqa: PLR0913, PLR0917 - as many as decide on a call
    draw: DrawFn,
    callee: Signature,
    order: Sequence[Parameter],
    paths: Mapping[str, str],
    what: str,
    convert: Converters,
) -> Misordered:
    """A call that gives values of these parameters by position, of these paths by name, and all that is required."""

    def value(place: Parameter, path: str) -> _Value:
        drawn = draw(values_at(_inner(path), "ipv4"))
        return _inside(place, path, drawn, convert)

    positions = list(zip(callee.positional, order, strict=False))
    args = [
        value(place, meant.path) if meant.path in MEANT or place.required else (meant.default, meant.default)
        for place, meant in positions
    ]
    placed = {place.name for place, _ in positions}
    by_name = [item for item in callee.parameters if item.name not in placed and (item.name in paths or item.required)]
    kwargs = {item.name: value(item, paths.get(item.name, item.path)) for item in by_name}
    if not order:  # what has no name stands in its own place
        args = [kwargs.pop(item.name) for item in callee.positional if item.required and not item.named]
    return _wrong(callee, args, kwargs, what)


def _inside(parameter: Parameter, path: str, value: Json, convert: Converters) -> _Value:
    """JSON and argument of what is meant for a path, where the parameter stands.

    An application server has it as its address. A caller gives objects of what is meant, not of what belongs there.
    """
    if parameter.path == _OBJECT and not isinstance(value, dict):
        value, path = {"ipv4Address": value}, _OBJECT
    try:
        return value, convert[path](value) if path in convert else value
    except Exception:  # noqa: BLE001 - a converter that looks at what it is given: there is no such object
        return value, value


def _wrong(callee: Signature, args: Sequence[_Value], kwargs: Mapping[str, _Value], what: str) -> Misordered:
    given = tuple(argument for _, argument in args)
    named = {name: argument for name, (_, argument) in kwargs.items()}
    call = partial(Misordered, args=given, kwargs=named, what=what)
    try:
        arguments = callee.bind([value for value, _ in args], {name: value for name, (value, _) in kwargs.items()})
    except TypeError as error:
        return call(problems=(str(error),), sent=None)
    sent = None if _raises(callee, arguments) else callee.body(arguments)
    return call(problems=problems(callee, arguments), sent=sent)


def _raises(callee: Signature, arguments: Mapping[str, Json]) -> bool:
    """Whether the Python SDK stops by itself: without any address, and at ports that have no fields."""
    if not callee.one_of:
        return False
    given = [arguments[item.name] for item in callee.parameters if item.path in PORTS and item.name in arguments]
    return all(arguments.get(name) is None for name in callee.one_of) or not all(
        isinstance(item, Mapping) for item in given
    )
