"""Arguments of calls that create a session, split into positions and names in any way, and the body that they make."""

from collections.abc import Callable, Collection, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Literal

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from pytest_nac_qod.foundation.jsontypes import Json, JsonObject
from pytest_nac_qod.signatures import EITHER_ADDRESS, Parameter, Signature, SignatureError, signature, signature_of
from pytest_nac_qod.strategies.addresses import addresses
from pytest_nac_qod.strategies.application_servers import application_servers
from pytest_nac_qod.strategies.devices import devices
from pytest_nac_qod.strategies.durations import durations
from pytest_nac_qod.strategies.ports import port_specs
from pytest_nac_qod.strategies.profiles import profiles
from pytest_nac_qod.strategies.sinks import sink_credentials, sinks

Callee = Signature | str | Callable[..., object]
Families = Literal["ipv4", "ipv6", "both", "neither"]
Converters = Mapping[str, Callable[[Json], object]]
FAMILY_PATHS = {"ipv4": "$.applicationServer.ipv4Address", "ipv6": "$.applicationServer.ipv6Address"}
_VERSIONS: dict[str, Literal[4, 6] | None] = {"ipv4": 4, "ipv6": 6}
_OBJECTS = ("$.devicePorts", "$.applicationServerPorts", "$.sinkCredential")  # instances of classes in the Python SDK


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """Arguments of one call.

    Attributes:
        args: by position.
        kwargs: by name.
        body: what has to go over the wire, as far as the arguments say; None when the callee has to refuse the call.
    """

    args: tuple[Any, ...] = ()
    kwargs: dict[str, Any] = field(default_factory=dict)
    body: JsonObject | None = None


def written(name: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> str:
    """The call as one would write it.

    >>> written("create", ("QOS_L",), {"duration": 60})
    "create('QOS_L', duration=60)"
    """
    return f"{name}({', '.join([*map(repr, args), *(f'{key}={value!r}' for key, value in kwargs.items())])})"


def session_arguments(
    *,
    signature: Callee = "8.0.0",
    families: Sequence[Families] = ("ipv4", "ipv6", "both"),
    convert: Converters | None = None,
    leave_out: Collection[str] = (),
    paths: Mapping[str, str] | None = None,
) -> SearchStrategy[Call]:
    """Calls that create a session: any split into positions and names, any optional argument given or not.

    Args:
        signature: a version of the Python SDK, a callable, or a `Signature`.
        families: which addresses of the application server are given; `neither` makes calls that have to be refused.
        convert: by JSONPath in the body, what makes an argument from JSON, such as `{"$.devicePorts": to_ports_spec}`;
            ports and credentials, which the Python SDK wants as objects, are left out without it.
        leave_out: parameters that are never given.
        paths: JSONPath in the body by parameter, for names of a callable that do not speak for themselves.

    >>> from hypothesis import find
    >>> find(session_arguments(signature="8.0.0"), lambda call: True).args
    ('QOS_L', 60, '198.51.100.1')
    >>> find(session_arguments(signature="3.1.0"), lambda call: True).args
    ('QOS_L', '198.51.100.1')
    >>> find(session_arguments(signature="3.1.0", families=["ipv6"]), lambda call: not call.args).kwargs
    {'profile': 'QOS_L', 'service_ipv6': '2001:db8::1'}
    """
    callee = resolved(signature, paths)
    return calls(callee, offered(callee, families), convert or {}, leave_out)


def offered(callee: Signature, families: Sequence[Families] = ("ipv4", "ipv6", "both")) -> list[Families]:
    """Those of the families that a call can be given addresses of.

    Raises:
        SignatureError: there is none.
    """
    possible = [family for family in families if _offers(callee, family)]
    if not possible and any(_addressed(parameter) for parameter in callee.parameters):
        raise SignatureError(f"{callee}: no parameters for addresses of {' or '.join(families)}")
    if not possible:
        hidden = f" ({' and '.join(callee.rest)} may take it)" if callee.rest else ""
        raise SignatureError(
            f"{callee}: no parameter for an address of the application server{hidden}; "
            "say which with paths={'…': '$.applicationServer.ipv4Address'}, or give signature="
        )
    return possible


def resolved(callee: Callee, paths: Mapping[str, str] | None = None) -> Signature:
    """The signature that is meant."""
    if isinstance(callee, Signature):
        return callee
    return signature(callee) if isinstance(callee, str) else signature_of(callee, paths=paths)


def _offers(callee: Signature, families: Families) -> bool:
    own = {family for family, path in FAMILY_PATHS.items() if callee.parameter(path)}
    if families == "both":
        return len(own) == 2 or callee.parameter("$.applicationServer") is not None
    if families == "neither":
        return not any(
            parameter.required and parameter.path.startswith("$.applicationServer") for parameter in callee.parameters
        )
    return families in own or any(callee.parameter(path) for path in (EITHER_ADDRESS, "$.applicationServer"))


@st.composite
def calls(  # noqa: PLR0913, PLR0917 - as many as decide on a call
    draw: DrawFn,
    callee: Signature,
    families: Sequence[Families],
    convert: Converters,
    leave_out: Collection[str],
    always: Collection[str] = (),
    pinned: Mapping[str, Json] | None = None,
) -> Call:
    """As `session_arguments`, with the optional parameters in `always` given each time, and these values `pinned`."""
    pinned = pinned or {}
    family, by_name = draw(st.sampled_from(families)), False
    given: dict[str, Json] = {}
    placed: list[str] = []
    for parameter in callee.parameters:
        if not can_be_given(callee, parameter, family, convert) or parameter.name in leave_out:
            continue
        wanted = _addressed(parameter) or parameter.required or parameter.name in (*always, *pinned)
        if wanted or draw(st.booleans()):
            drawn = draw(values_at(parameter.path, family))
            given[parameter.name] = pinned.get(parameter.name, drawn)
            # drawn beside each value, so that shrinking drops both at once, and as long by position as by name
            choice = parameter.named and draw(st.booleans())
            by_name = by_name or not parameter.positional or choice
            placed += [] if by_name else [parameter.name]
    _without_lonely_credential(callee, given)
    arguments = callee.defaults | given
    converted = {
        declared.name: convert[declared.path](given[declared.name])
        for declared in callee.parameters
        if declared.name in given and declared.path in convert
    }
    args, kwargs = _split(callee, given | converted, placed)
    named = draw(st.permutations(list(kwargs)))
    body = None if family == "neither" else callee.body(deepcopy(arguments))  # the callee may change what it is given
    return Call(args=args, kwargs={name: kwargs[name] for name in named}, body=body)


def _split(
    callee: Signature, values: Mapping[str, Any], placed: Collection[str]
) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """Those in `placed` by position, defaults standing for what comes between them; the rest by name."""
    order = callee.positional
    last = max(
        (index + 1 for index, parameter in enumerate(order) if parameter.name in placed and parameter.name in values),
        default=0,
    )
    args = tuple(values.get(parameter.name, parameter.default) for parameter in order[:last])
    return args, {
        name: value for name, value in values.items() if name not in {parameter.name for parameter in order[:last]}
    }


def _without_lonely_credential(callee: Signature, given: dict[str, Json]) -> None:
    """What a callable does with a credential for no sink is its own business."""
    sink, credential = callee.parameter("$.sink"), callee.parameter("$.sinkCredential")
    if not callee.sdk and sink and credential and sink.name not in given and not credential.required:
        given.pop(credential.name, None)


def _addressed(parameter: Parameter) -> bool:
    return parameter.path.startswith("$.applicationServer.") or parameter.path == "$.applicationServer"


def can_be_given(callee: Signature, parameter: Parameter, family: Families, convert: Converters) -> bool:
    """Whether there are values for a parameter where addresses are of this family."""
    if not parameter.path:
        return False
    if parameter.path in FAMILY_PATHS.values():
        return family == "both" or FAMILY_PATHS.get(family) == parameter.path
    if _addressed(parameter):
        return family != "neither"
    return callee.sdk != "python" or not callee.one_of or parameter.path not in _OBJECTS or parameter.path in convert


def values_at(path: str, family: Families) -> SearchStrategy[Json]:
    """What can be given for a parameter whose argument stands there, as JSON."""
    known: dict[str, Callable[[], SearchStrategy[Json]]] = {
        "$.qosProfile": profiles,
        "$.duration": durations,
        "$.device": devices,
        "$.devicePorts": port_specs,
        "$.applicationServerPorts": port_specs,
        "$.sinkCredential": sink_credentials,
        "$.applicationServer": lambda: application_servers(version=_VERSIONS.get(family), prefixes=False),
        EITHER_ADDRESS: lambda: addresses(version=_VERSIONS.get(family)),
        FAMILY_PATHS["ipv4"]: partial(addresses, version=4),
        FAMILY_PATHS["ipv6"]: partial(addresses, version=6),
    }
    if path in known:
        return known[path]()
    return st.integers(0, 10**9).map("made-up-{}".format) if path.endswith("Token") else sinks()
