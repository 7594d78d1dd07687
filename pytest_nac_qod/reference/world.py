"""What the embedded network knows: clients, tokens, devices, profiles, and the rules of its release."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal

from pytest_nac_qod import contracts
from pytest_nac_qod.contracts import CURRENT
from pytest_nac_qod.foundation.jsontypes import JsonObject
from pytest_nac_qod.reference.offers import OfferedProfile, profiles
from pytest_nac_qod.reference.rules import Rules, rules


@dataclass(frozen=True, slots=True)
class RegisteredClient:
    """An API client; a scope that ends in `*` stands for all that begin so.

    Attributes:
        methods: how it may authenticate at the token endpoint.
        public_key: that its assertions are verified with, in PEM form; empty for a client that has none.
        key_shared: whether it has shared a key, so that its sinks can be reached with PRIVATE_KEY_JWT.
        quota_left: whether it may still send requests.
    """

    name: str
    secret: str
    scopes: tuple[str, ...]
    methods: tuple[str, ...] = ("client_secret_basic", "client_secret_post")
    public_key: str = ""
    key_shared: bool = False
    quota_left: bool = True


@dataclass(frozen=True, slots=True)
class Grant:
    """What an access token stands for: a client, its scopes and, with a 3-legged token, a device.

    Attributes:
        for_others: it was issued for another API.
    """

    client: str
    scopes: tuple[str, ...]
    device: str | None = None
    expires: float = float("inf")
    for_others: bool = False


@dataclass(frozen=True, slots=True)
class KnownDevice:
    """A device by all its identifiers.

    Attributes:
        applicable: whether the service is offered to it.
        documented: whether its identifiers are examples of documentation, which go with those of any device.
        profiles: that are offered to it: the usual ones, all, or none.
        revocation: how an assignment is taken away from it.
    """

    name: str
    identifiers: Mapping[str, object]
    applicable: bool = True
    documented: bool = False
    profiles: Literal["usual", "all", "none"] = "usual"
    revocation: Literal["synchronous", "asynchronous"] = "synchronous"


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """Everything that does not change while the server runs."""

    rules: Rules
    clients: Mapping[str, RegisteredClient]
    tokens: Mapping[str, Grant]
    devices: Mapping[str, KnownDevice]
    profiles: Mapping[str, OfferedProfile]
    unsupported_identifiers: frozenset[str]
    network_delay: float
    retention: float


_PROPERTIES = ("applicable", "documented", "profiles", "revocation")


def _device(name: str, entry: JsonObject) -> KnownDevice:
    properties = {key: value for key, value in entry.items() if key in _PROPERTIES}
    return KnownDevice(name, {key: value for key, value in entry.items() if key not in _PROPERTIES}, **properties)


def _grant(entry: JsonObject, usual: list[str]) -> Grant:
    expires = 0.0 if entry.get("expired") else float("inf")
    return Grant(
        entry["client"], tuple(entry.get("scopes", usual)), entry.get("device"), expires, bool(entry.get("for_others"))
    )


@cache
def world(release: str = CURRENT) -> World:
    """The world of world.toml, by the rules of `release`."""
    content = tomllib.loads(files(__package__).joinpath("world.toml").read_text(encoding="utf-8"))
    scopes = [*content["scopes"], *_asked(release, content["scopes"])]
    return World(
        rules=rules(release),
        clients={
            name: RegisteredClient(name, **{**entry, "scopes": tuple(entry.get("scopes", scopes))})
            for name, entry in content["clients"].items()
        },
        tokens={token: _grant(entry, scopes) for token, entry in content["tokens"].items()},
        devices={name: _device(name, entry) for name, entry in content["devices"].items()},
        profiles=profiles(),
        unsupported_identifiers=frozenset(content["unsupported_identifiers"]),
        network_delay=content["network_delay"],
        retention=content["retention"],
    )


def _asked(release: str, usual: Iterable[str]) -> Iterable[str]:
    """Scopes that operations of `release` ask for and that these do not cover: of an API that only a draft has."""
    held = tuple(usual)
    operations = (
        item for api in contracts.apis(release) for item in contracts.contract(release, api).operations.values()
    )
    asked = (scope for operation in operations for scope in operation.scopes)
    return dict.fromkeys(scope for scope in asked if not covers(held, scope))


def covers(scopes: tuple[str, ...], wanted: str) -> bool:
    """Whether one of `scopes` is `wanted`, or a pattern for it."""
    return any(scope == wanted or (scope.endswith("*") and wanted.startswith(scope[:-1])) for scope in scopes)
