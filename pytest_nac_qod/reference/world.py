"""What the embedded network knows: clients, tokens, devices, profiles."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from pytest_nac_qod.jsontypes import JsonObject


@dataclass(frozen=True, slots=True)
class Client:
    """An API client; a scope that ends in `*` stands for all that begin so."""

    name: str
    secret: str
    scopes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Grant:
    """What an access token stands for: a client, its scopes and, with a 3-legged token, a device."""

    client: str
    scopes: tuple[str, ...]
    device: str | None = None
    expires: float = float("inf")


@dataclass(frozen=True, slots=True)
class Device:
    """A device by all its identifiers."""

    name: str
    identifiers: Mapping[str, object]
    applicable: bool


@dataclass(frozen=True, slots=True)
class Profile:
    """A QoS profile; bounds of the duration in seconds, both included."""

    name: str
    min_duration: int
    max_duration: int
    status: str = "ACTIVE"


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """Everything that does not change while the server runs."""

    clients: Mapping[str, Client]
    tokens: Mapping[str, Grant]
    devices: Mapping[str, Device]
    profiles: Mapping[str, Profile]
    unsupported_identifiers: frozenset[str]
    network_delay: float
    retention: float


def _device(name: str, entry: JsonObject) -> Device:
    identifiers = {key: value for key, value in entry.items() if key != "applicable"}
    return Device(name, identifiers, entry.get("applicable", True))


@cache
def world() -> World:
    """The world of world.toml."""
    content = tomllib.loads(files(__package__).joinpath("world.toml").read_text(encoding="utf-8"))
    return World(
        clients={
            name: Client(name, entry["secret"], tuple(entry["scopes"])) for name, entry in content["clients"].items()
        },
        tokens={
            token: Grant(
                entry["client"],
                tuple(entry["scopes"]),
                entry.get("device"),
                expires=0.0 if entry.get("expired") else float("inf"),
            )
            for token, entry in content["tokens"].items()
        },
        devices={name: _device(name, entry) for name, entry in content["devices"].items()},
        profiles={name: Profile(name, **entry) for name, entry in content["profiles"].items()},
        unsupported_identifiers=frozenset(content["unsupported_identifiers"]),
        network_delay=content["network_delay"],
        retention=content["retention"],
    )
