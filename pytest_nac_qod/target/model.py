"""The target: the implementation under test, and what a tester needs to reach it (ICS and IXIT of ISO/IEC 9646)."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from pytest_nac_qod.foundation.jsontypes import Json, JsonObject
from pytest_nac_qod.foundation.problems import UnusableError
from pytest_nac_qod.labels import Label, label
from pytest_nac_qod.target.hooks import Hook
from pytest_nac_qod.target.tokens import StaticToken, TokenSource
from pytest_nac_qod.wire.field_values import base_problem, token_problem
from pytest_nac_qod.wire.secret_forms import in_address, without_userinfo

UNKNOWN_PROFILE = "nac-qod-no-such-profile"
UNKNOWN_DEVICE: JsonObject = {"phoneNumber": "+99900000000"}  # a country code that is not assigned
_UNKNOWN_DEVICES: tuple[JsonObject, ...] = (
    UNKNOWN_DEVICE,
    {"ipv4Address": {"publicAddress": "192.0.2.254", "publicPort": 59765}},  # RFC 5737
    {"ipv6Address": "2001:db8:ffff:ffff::1"},  # RFC 3849
    {"networkAccessIdentifier": "nac-qod-no-such-device@example.invalid"},  # RFC 2606
)
NO_USERINFO = "take the user name and password out of the address; access is by tokens"
EXAMPLE_DEVICE: JsonObject = {"phoneNumber": "+123456789"}
EXAMPLE_PROFILE = "QOS_L"
EXAMPLE_SERVER: JsonObject = {"ipv4Address": "198.51.100.10"}  # RFC 5737
DISJOINT_SERVER: JsonObject = {"ipv4Address": "192.0.2.10"}  # RFC 5737
ALL_IDENTIFIER_TYPES = frozenset(name for device in _UNKNOWN_DEVICES for name in device)
IDENTIFIER_TYPES = frozenset({"phoneNumber", "ipv4Address", "ipv6Address"})
_SEVERAL = ("several", "mismatched")  # roles of devices
ADDRESS_FAMILIES = frozenset({"ipv4", "ipv6"})


class TargetError(UnusableError):
    """A target that cannot be used; a line for each problem, with file, key and what to do."""


@dataclass(frozen=True, slots=True)
class Profile:
    """A QoS profile of the target; bounds of the duration in seconds, both included, None when not known."""

    name: str
    min_duration: int | None = None
    max_duration: int | None = None

    @property
    def label(self) -> Label | None:
        """What the name means, if it is one of the thirteen labels of Network as Code and CAMARA."""
        return label(self.name)


@dataclass(frozen=True, slots=True)
class SinkSettings:
    """Where events arrive: `url` is the public address that is forwarded to `host` and `port`, 0 for any.

    Attributes:
        always: whether everything that is created has to have a sink.
        certificate: file with the certificate chain of the receiver, in PEM form; a new one for each run when None.
        key: file with its key.
        authority: file with the authority that a target trusts it by; the certificate itself when None.
        usual: `sink` and `sinkCredential` of what is created without a sink of its own, in a run where `always` holds.
    """

    url: str | None = None
    host: str = "127.0.0.1"
    port: int = 0
    always: bool = False
    certificate: Path | None = None
    key: Path | None = None
    authority: Path | None = None
    usual: JsonObject = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Polling:
    """How states are waited for: seconds between looks, and seconds in all."""

    interval: float = 0.5
    budget: float = 60.0


def _nothing() -> Mapping[str, Hook]:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """One deployment of one release.

    Attributes:
        apis: base URL of each API that it serves, without a slash at the end.
        tokens: by role: `two_legged`, `second_client`, `without_scope`, `expired`, `three_legged`, `private_key_jwt`
            (of a client that has shared a key for sinks), `over_quota` (of a client that has used up its quota),
            `other_audience` (issued for another API).
        devices: as sent, by role: `default`, `second`, `several` (the default one by several identifiers),
            `alias` (the default one by another identifier),
            `mismatched` (two identifiers, of the default and of the second one), `three_legged` (the one that the
            3-legged token identifies), `idle` (never has sessions or assignments), `restricted` (may use the restricted
            profile), `without_profiles` (may use none), `asynchronous` (revoking its assignment is answered with 202),
            `not_found`, `not_applicable`, `unsupported` (by identifiers that are not supported).
        pool: more devices like the default one, so that several cases can run at a time.
        profiles: by role: `default`, `inactive`, `deprecated`, `restricted` (to some devices), `unknown`.
        application_servers: by role: `default`, `disjoint`.
        timeout: seconds to wait for an answer.
        yes: whether runs in CI may create something without being asked.
        x_correlator: whether a missing echo fails, warns, or none is sent at all.
        headers: sent with each request; their values are secrets.
        not_sent: types of identifiers that no request has, since the target file declares others; none when it declares
            nothing. Only `unsupported` and what is about such a type goes without it.
        left_out: roles of devices that have too few identifiers of the types declared.
        variables: of the environment that tokens and headers came from, by `tokens.ROLE` and `headers.NAME`.
        assumed: what stands for something that nobody named, such as `devices.default`, by the value that is sent.
        unsupported: capabilities declared absent, each with its reason.
        unserved: operations that are not served, by operationId, each with its reason.
    """

    name: str
    release: str
    apis: Mapping[str, str]
    tokens: Mapping[str, TokenSource]
    devices: Mapping[str, JsonObject]
    profiles: Mapping[str, Profile]
    application_servers: Mapping[str, JsonObject]
    identifier_types: frozenset[str] = IDENTIFIER_TYPES
    not_sent: frozenset[str] = frozenset()
    left_out: frozenset[str] = frozenset()
    address_families: frozenset[str] = ADDRESS_FAMILIES
    sink: SinkSettings = SinkSettings()
    polling: Polling = Polling()
    timeout: float = 10.0
    yes: bool = False
    x_correlator: Literal["require", "warn", "off"] = "require"
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    variables: Mapping[str, str] = field(default_factory=dict)
    hooks: Mapping[str, Hook] = field(default_factory=_nothing)
    ca_file: Path | None = None
    unsupported: Mapping[str, str] = field(default_factory=dict)
    unserved: Mapping[str, str] = field(default_factory=dict)
    assumed: Mapping[str, str] = field(default_factory=dict)
    embedded: bool = False
    pool: tuple[JsonObject, ...] = ()

    def sends(self, body: Json) -> bool:
        """Whether a request with this body keeps to the types of identifiers that the target file declares."""
        device = body.get("device") if isinstance(body, dict) else None
        return not (isinstance(device, dict) and self.not_sent & device.keys())

    def declared(self) -> str:
        """The types of identifiers that the target file declares, in words."""
        return f"the target file declares identifier_types {', '.join(sorted(self.identifier_types))} alone"

    def secrets(self) -> dict[str, str]:
        """Everything that must not leave the process, by a label that may."""
        labelled = {f"headers.{name}": value for name, value in self.headers.items()}
        for role, source in self.tokens.items():
            labelled |= {f"tokens.{role}{part}": secret for part, secret in source.secrets().items()}
        for where, url in self._addresses():
            labelled |= {f"{where}.{number}": secret for number, secret in enumerate(in_address(url))}
        return {
            f"env.{self.variables[label]}" if label in self.variables else label: labelled[label] for label in labelled
        }

    def _addresses(self) -> Iterator[tuple[str, str]]:
        yield from ((f"apis.{api}", url) for api, url in self.apis.items())
        yield from ((f"hooks.{name}", hook.url) for name, hook in self.hooks.items() if hook.url)
        if self.sink.url:
            yield "sink.url", self.sink.url


def of_nobody(types: Collection[str]) -> JsonObject:
    """A device that does not exist, by an identifier of one of these types, which the target is known to support."""
    return next((device for device in _UNKNOWN_DEVICES if device.keys() <= set(types)), UNKNOWN_DEVICE)


def keeping_to(target: Target, types: frozenset[str]) -> Target:
    """The target with its devices by identifiers of these types alone; `unsupported` stays, whose point is another.

    A role that is about several identifiers is left out when only one of them remains.
    """
    devices: dict[str, JsonObject] = {}
    for role, device in target.devices.items():
        kept = {name: value for name, value in device.items() if name in types}
        if role == "unsupported":
            devices[role] = device
        elif len(kept) >= (2 if role in _SEVERAL else 1):
            devices[role] = kept
    pool = [{name: value for name, value in device.items() if name in types} for device in target.pool]
    devices.setdefault("not_found", of_nobody(types))
    return replace(
        target,
        devices=devices,
        pool=tuple(filter(None, pool)),
        identifier_types=types,
        not_sent=ALL_IDENTIFIER_TYPES - types,
        left_out=frozenset(target.devices.keys() - devices.keys()),
    )


def target_from_url(url: str, token: str, *, release: str, variable: str | None = None) -> Target:
    """A target of which only an address and a 2-legged token are known.

    Args:
        url: an API root, to which the release's base paths are added, or the base URL of one API of the release.
        token: a 2-legged access token.
        release: what it is held to.
        variable: of the environment that the token came from.

    Raises:
        TargetError: the URL is none, or no header can carry the token.
    """
    from pytest_nac_qod import contracts  # noqa: PLC0415 - contracts are not needed to describe a target

    if not url.startswith(("http://", "https://")):
        raise TargetError(f"--qod-url: {without_userinfo(url)}: expected an address with http:// or https://")
    if without_userinfo(url) != url:
        raise TargetError(f"--qod-url: {without_userinfo(url)}: {NO_USERINFO}")
    for name, problem in (("url", base_problem(url)), ("token", token_problem(token))):
        if problem:
            raise TargetError(f"--qod-{name}: {problem}")
    root = url.rstrip("/")
    paths = {api: contracts.contract(release, api).base_path for api in contracts.apis(release)}
    served = {api: root for api, path in paths.items() if root.endswith(path)}
    return Target(
        name=root,
        release=release,
        apis=served or {api: root + path for api, path in paths.items()},
        tokens={"two_legged": StaticToken(token)},
        variables={"tokens.two_legged": variable} if variable else {},
        devices={"default": EXAMPLE_DEVICE, "not_found": UNKNOWN_DEVICE},
        profiles={"default": Profile(EXAMPLE_PROFILE), "unknown": Profile(UNKNOWN_PROFILE)},
        application_servers={"default": EXAMPLE_SERVER, "disjoint": DISJOINT_SERVER},
        assumed={
            "devices.default": EXAMPLE_DEVICE["phoneNumber"],
            "profiles.default": EXAMPLE_PROFILE,
            "application_servers.default": EXAMPLE_SERVER["ipv4Address"],
        },
    )
