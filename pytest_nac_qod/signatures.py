"""Calls that create a session, of the Network-as-Code SDKs and of one's own: parameters, and the body they make."""

import inspect
import tomllib
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from importlib.resources import files
from typing import Any

from pytest_nac_qod.foundation.jsontypes import Json, JsonObject
from pytest_nac_qod.foundation.problems import UnusableError

EITHER_ADDRESS = "$.applicationServer.*"  # an address of either family
PORTS = ("$.devicePorts", "$.applicationServerPorts")
_PATHS = (
    ("$.qosProfile", "profile qos qosprofile profilename qosprofilename"),
    ("$.duration", "duration seconds durationseconds durations"),
    ("$.applicationServer.ipv4Address", "serviceipv4 serveripv4 applicationserveripv4 appserveripv4 ipv4 ipv4address"),
    ("$.applicationServer.ipv6Address", "serviceipv6 serveripv6 applicationserveripv6 appserveripv6 ipv6 ipv6address"),
    (EITHER_ADDRESS, "ip address ipaddress serviceip serverip serviceaddress serveraddress applicationserverip"),
    ("$.applicationServer", "applicationserver appserver server service"),
    ("$.device", "device"),
    ("$.devicePorts", "deviceports"),
    ("$.applicationServerPorts", "serviceports serverports applicationserverports appserverports"),
    ("$.sink", "sink notificationurl callbackurl webhookurl"),
    ("$.sinkCredential", "sinkcredential"),
)
_KNOWN = {name: path for path, names in _PATHS for name in names.split()}
_REST = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
_GIVE_SIGNATURE = 'give signature=, a version such as "8.0.0" or a function with the same parameters'


class SignatureError(UnusableError):
    """A callable or version whose parameters are not understood; the message says which, and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """One parameter of a call.

    Attributes:
        path: where its argument stands in the body, as JSONPath; `$.applicationServer.*` takes either IP family; empty
            for one that goes elsewhere.
        positional: whether it can be given by position.
        named: whether it can be given by name.
        prefix: what the call puts before the argument.
        needs: parameter without which the argument is dropped; empty for none.
        null: whether it is sent as null when it is left out.
        default: what stands for it when it is left out.
    """

    name: str
    path: str
    required: bool = False
    default: Any = None
    positional: bool = True
    named: bool = True
    prefix: str = ""
    needs: str = ""
    null: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """Parameters of one call, and how they become a body.

    Attributes:
        call: as it is written, such as `device.create_qod_session`.
        sdk: `python` or `typescript`; empty for a callable that is not an SDK's.
        since, until: versions of the SDK, both included.
        one_of: parameters of which the call wants at least one.
        empty_lists: whether ports go out with the list that was not given as an empty one.
        rest: names of those that take any further arguments, such as `kwargs`.
    """

    call: str
    parameters: tuple[Parameter, ...]
    sdk: str = ""
    since: str = ""
    until: str = ""
    one_of: tuple[str, ...] = ()
    empty_lists: bool = False
    rest: tuple[str, ...] = ()

    def __str__(self) -> str:
        versions = self.since if self.since == self.until else f"{self.since} to {self.until}"
        return f"{self.call} ({self.sdk} {versions})" if self.sdk else self.call

    @property
    def positional(self) -> tuple[Parameter, ...]:
        """The parameters that can be given by position, in order."""
        return tuple(parameter for parameter in self.parameters if parameter.positional)

    @property
    def defaults(self) -> dict[str, Any]:
        """What is sent for parameters that are left out: defaults that say something, such as a duration."""
        return {
            declared.name: declared.default
            for declared in self.parameters
            if declared.default and isinstance(declared.default, str | int | float | list | dict)
        }

    def parameter(self, path: str) -> Parameter | None:
        """The parameter whose argument stands at `path`; None when there is none."""
        return next((parameter for parameter in self.parameters if parameter.path == path), None)

    def bind(self, args: Sequence[Any], kwargs: Mapping[str, Any]) -> dict[str, Any]:
        """Arguments by parameter, defaults included.

        Raises:
            TypeError: as Python raises it for such a call.
        """
        positional, names = self.positional, {declared.name for declared in self.parameters if declared.named}
        if len(args) > len(positional):
            raise TypeError(f"{self.call}() takes {len(positional)} positional arguments but {len(args)} were given")
        bound = {parameter.name: value for parameter, value in zip(positional, args, strict=False)}
        for name, value in kwargs.items():
            if name not in names:
                raise TypeError(f"{self.call}() got an unexpected keyword argument {name!r}")
            if name in bound:
                raise TypeError(f"{self.call}() got multiple values for argument {name!r}")
            bound[name] = value
        for parameter in self.parameters:
            if parameter.required and parameter.name not in bound:
                raise TypeError(f"{self.call}() missing required argument: {parameter.name!r}")
        return self.defaults | bound

    def body(self, arguments: Mapping[str, Json]) -> JsonObject:
        """The request body for arguments by parameter, each as JSON; the device of an SDK object is not among them."""
        body: JsonObject = {}
        for parameter in self.parameters:
            value = arguments.get(parameter.name)
            if not parameter.path:
                continue
            if value is not None and (not parameter.needs or arguments.get(parameter.needs) is not None):
                _put(body, parameter.path, self._sent(parameter, value))
            elif parameter.null:
                _put(body, parameter.path, None)
        return body

    def _sent(self, parameter: Parameter, value: Json) -> Json:
        if parameter.prefix:
            return parameter.prefix + value
        if self.empty_lists and parameter.path in PORTS:
            return {"ranges": [], "ports": [], **value}
        return value


def _put(body: JsonObject, path: str, value: Json) -> None:
    *way, name = path.removeprefix("$.").split(".")
    for step in way:
        body = body.setdefault(step, {})
    body[("ipv6Address" if ":" in str(value) else "ipv4Address") if name == "*" else name] = value


@cache
def signatures(sdk: str = "python") -> tuple[Signature, ...]:
    """Every signature of the SDK, oldest first."""
    table = tomllib.loads(files(__package__).joinpath("signatures.toml").read_text(encoding="utf-8"))
    return tuple(_signature(entry, table) for entry in table["signature"] if entry["sdk"] == sdk)


def signature(version: str, sdk: str = "python") -> Signature:
    """The signature of one version of the SDK.

    Raises:
        SignatureError: no version of the table.
    """
    for candidate in signatures(sdk):
        if version[:1].isdigit() and _numbers(candidate.since) <= _numbers(version) <= _numbers(candidate.until):
            return candidate
    known = ", ".join(f"{candidate.since} to {candidate.until}" for candidate in signatures(sdk))
    raise SignatureError(f"{sdk} SDK {version}: no such version; known: {known}")


def signature_of(call: Callable[..., object], *, paths: Mapping[str, str] | None = None) -> Signature:
    """The signature of a callable, as `inspect.signature` reads it.

    Args:
        call: a function, bound method or `functools.partial` that creates a session.
        paths: JSONPath in the body by parameter name, for names that do not speak for themselves, and for those that
            go in by `**kwargs`.

    Raises:
        SignatureError: a required parameter whose place in the body is not known.
    """
    name = name_of(call)
    try:
        declared = inspect.signature(call).parameters
    except (ValueError, TypeError):
        raise SignatureError(f"{name}: its parameters cannot be read; {_GIVE_SIGNATURE}") from None
    rest = [parameter for parameter in declared.values() if parameter.kind in _REST]
    parameters = _parameters(name, declared, paths or {}, fixed=getattr(call, "keywords", {}))
    if not any(parameter.path == "$.qosProfile" for parameter in parameters):
        if isinstance(call, partial) and call.args:
            raise SignatureError(
                f"{name}: functools.partial gives the profile by position; give it by name, or pass {name}"
            )
        if rest:
            raise SignatureError(f"{name}: {' and '.join(map(str, rest))} do not say what they take; {_GIVE_SIGNATURE}")
        raise SignatureError(f"{name}: no parameter for the profile; say which with paths={{'…': '$.qosProfile'}}")
    return Signature(call=name, parameters=parameters, rest=tuple(parameter.name for parameter in rest))


def name_of(call: Callable[..., object]) -> str:
    """What a callable is called, without the functions around it."""
    call = inspect.unwrap(call)
    while isinstance(call, partial):
        call = inspect.unwrap(call.func)
    return str(getattr(call, "__qualname__", type(call).__name__)).rpartition("<locals>.")[2]


def path_of(parameter: str) -> str:
    """Where the argument of a parameter of that name goes; empty when the name does not speak for itself."""
    return _KNOWN.get(parameter.replace("_", "").lower(), "")


def _parameters(
    call: str, declared: Mapping[str, inspect.Parameter], paths: Mapping[str, str], *, fixed: Collection[str]
) -> tuple[Parameter, ...]:
    """Those of the callable; what `functools.partial` fixed is none, unless it goes into the body."""
    parameters = [
        _parameter(call, parameter, paths)
        for name, parameter in declared.items()
        if parameter.kind not in _REST and (name not in fixed or name in paths or path_of(name))
    ]
    more = [name for name in paths if name not in declared]
    if more and not any(parameter.kind is parameter.VAR_KEYWORD for parameter in declared.values()):
        raise SignatureError(f"{call}: paths names {more[0]!r}, which is no parameter of it")
    return (*parameters, *(Parameter(name=name, path=paths[name], positional=False) for name in more))


def _parameter(call: str, parameter: inspect.Parameter, paths: Mapping[str, str]) -> Parameter:
    path = paths.get(parameter.name) or path_of(parameter.name)
    required = parameter.default is parameter.empty
    if not path and required:
        raise SignatureError(f"{call}: parameter {parameter.name!r}: {_advice(parameter.name)}")
    return Parameter(
        name=parameter.name,
        path=path,
        required=required,
        default=None if required else parameter.default,
        positional=parameter.kind is not parameter.KEYWORD_ONLY,
        named=parameter.kind is not parameter.POSITIONAL_ONLY,
    )


def _advice(parameter: str) -> str:
    """What to do about a required parameter that says nothing of the body."""
    if parameter == "self":
        return "a method without its object; pass the bound one, such as Client(…).create"
    if parameter.replace("_", "").lower().endswith(("url", "endpoint")):
        return "a factory takes the URL alone; fix its other parameters with functools.partial"
    return (
        f"not clear where it goes in the body; say it with paths={{{parameter!r}: '$.…'}} or fix it with "
        "functools.partial"
    )


def _signature(entry: JsonObject, table: JsonObject) -> Signature:
    wire = table["wire"] | entry.get("wire", {})

    def parameters(names: Iterable[str], *, positional: bool) -> tuple[Parameter, ...]:
        return tuple(
            Parameter(
                name=name,
                path=wire[name],
                required=name in entry["required"],
                positional=positional,
                named=entry["sdk"] == "python" or not positional,
                prefix=table["prefix"].get(name, ""),
                needs=entry.get("needs", {}).get(name, ""),
                null=name in entry.get("null", ()),
            )
            for name in names
        )

    return Signature(
        sdk=entry["sdk"],
        since=entry["since"],
        until=entry["until"],
        call=entry["call"],
        parameters=parameters(entry["positional"], positional=True)
        + parameters(entry.get("named", ()), positional=False),
        one_of=tuple(entry.get("one_of", ())),
        empty_lists=entry.get("empty_lists", False),
    )


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".") if part.isdigit())
