"""Valid bodies of each operation: full ones to break constraints in, and those with nothing but what is needed."""

from collections.abc import Sequence
from copy import deepcopy
from functools import cache

from pytest_nac_qod.contracts import Contract
from pytest_nac_qod.foundation.jsontypes import Json, JsonObject
from pytest_nac_qod.strategies.addresses import DOCUMENTATION_IPV4, DOCUMENTATION_IPV6, hosts
from pytest_nac_qod.strategies.application_servers import has_list
from pytest_nac_qod.strategies.devices import USABLE_ROLES
from pytest_nac_qod.strategies.durations import bounds
from pytest_nac_qod.strategies.profiles import CAMARA_PROFILES, NAC_PROFILES, offered
from pytest_nac_qod.strategies.releases import PROFILES, SESSIONS
from pytest_nac_qod.strategies.sinks import credential_kinds
from pytest_nac_qod.target import Target

_EXTENSION: JsonObject = {"requestedAdditionalDuration": 60}
_DEVICE: JsonObject = {
    "phoneNumber": "+99900",
    "networkAccessIdentifier": "user-0@example.com",
    "ipv4Address": {"publicAddress": "203.0.113.1", "privateAddress": "10.0.0.1", "publicPort": 59765},
    "ipv6Address": "2001:db8::1",
}
_PORTS: JsonObject = {"ports": [443], "ranges": [{"from": 5060, "to": 5070}]}
_SERVERS: list[JsonObject] = [
    {"ipv4Address": "198.51.100.1", "ipv6Address": "2001:db8::1"},
    {"ipAddresses": ["198.51.100.1"]},
    {"ipAddresses": ["2001:db8::1"]},
]
_URI = "https://example.com/events"
_TOKEN: JsonObject = {
    "accessToken": "made-up",
    "accessTokenExpiresUtc": "2099-01-01T00:00:00Z",
    "accessTokenType": "bearer",
}
_CREDENTIALS: dict[str, JsonObject] = {
    "ACCESSTOKEN": _TOKEN,
    "PLAIN": {"identifier": "made-up", "secret": "made-up"},
    "REFRESHTOKEN": {**_TOKEN, "refreshToken": "made-up", "refreshTokenEndpoint": _URI},
    "PRIVATE_KEY_JWT": {"clientId": "made-up", "tokenUri": _URI},
}


@cache
def full_bodies(release: str, api: str, operation: str) -> tuple[JsonObject, ...]:
    """Bodies that have, taken together, everything that bodies of the operation can have."""
    device = {"device": _DEVICE}
    if operation == "extendQosSessionDuration":
        return (_EXTENSION,)
    if api == PROFILES:
        return ({**device, "name": "QOS_L", "status": "ACTIVE"},)
    if retrieves(operation):
        return (device,)
    kinds = credential_kinds(release)
    credentials = [{"sink": _URI, "sinkCredential": {"credentialType": kind, **_CREDENTIALS[kind]}} for kind in kinds]
    named = {**device, "qosProfile": "QOS_L"}
    if api != SESSIONS:
        return tuple({**named, **choice} for choice in credentials)
    session = {**named, "duration": 60, "devicePorts": _PORTS, "applicationServerPorts": _PORTS}
    servers = _SERVERS if has_list(release) else _SERVERS[:1]
    return tuple(
        [{**session, "applicationServer": servers[0], **choice} for choice in credentials]
        + [{**session, "applicationServer": choice} for choice in servers[1:]]
    )


def right_body(api: str, operation: str, target: Target | None, number: int) -> JsonObject:
    """A body with nothing wrong and nothing but what is needed; 0 is the simplest."""
    if operation == "extendQosSessionDuration":
        return {"requestedAdditionalDuration": 60 + number}
    values = _made_up(number) if target is None else _of_target(target, number)
    return deepcopy({name: values[name] for name in _needed(api, operation)})


def _made_up(number: int) -> JsonObject:
    ipv4, ipv6 = (hosts(networks)[1](number) for networks in (DOCUMENTATION_IPV4, DOCUMENTATION_IPV6))
    devices: list[JsonObject] = [
        {"phoneNumber": f"+999{number:02}"},
        {"networkAccessIdentifier": f"user-{number}@example.com"},
        {"ipv4Address": {"publicAddress": ipv4, "publicPort": 443 + number}},
        {"ipv6Address": ipv6},
    ]
    names = CAMARA_PROFILES + NAC_PROFILES
    return {
        "device": devices[number % len(devices)],
        "applicationServer": {"ipv6Address": ipv6} if number % 3 == 1 else {"ipv4Address": ipv4},
        "qosProfile": names[number % len(names)],
        "duration": 60 * (number + 1),
    }


def _of_target(target: Target, number: int) -> JsonObject:
    devices = [target.devices[role] for role in USABLE_ROLES if role in target.devices]
    servers = list(target.application_servers.values())
    usable = set(offered(target))
    profiles = [profile for profile in target.profiles.values() if profile.name in usable]
    profile = profiles[number % len(profiles)]
    shortest, longest = bounds(profile)
    return {
        "device": devices[number % len(devices)],
        "applicationServer": servers[number % len(servers)],
        "qosProfile": profile.name,
        "duration": min(shortest + number, longest),
    }


def _needed(api: str, operation: str) -> Sequence[str]:
    if api == PROFILES or retrieves(operation):
        return ("device",)
    return ("device", "applicationServer", "qosProfile", "duration") if api == SESSIONS else ("device", "qosProfile")


def retrieves(operation: str) -> bool:
    """Whether the operation asks for what a device has."""
    return operation.startswith("retrieve") or operation.endswith("ByDevice")


def slimmed(value: Json, steps: tuple[str | int, ...]) -> Json:
    """A full device or application server with only the one identifier or address that the steps lead to.

    >>> slimmed({"ipv4Address": "198.51.100.1", "ipv6Address": "2001:db8::1"}, ("applicationServer", "ipv6Address"))
    {'ipv6Address': '2001:db8::1'}
    """
    if steps[0] in ("device", "applicationServer") and len(steps) > 1:
        return {steps[1]: value[steps[1]]}
    return value


def request_pointer(judged: Contract, operation: str) -> str:
    """Pointer of the schema of the operation's bodies.

    Raises:
        LookupError: the operation takes no body.
    """
    pointer = judged.request_pointer(operation)
    if pointer is None:
        raise LookupError(f"{judged.api}: {operation} takes no body")
    return pointer
