"""Request bodies that a target has to accept, made from its target file."""

from ipaddress import ip_address, ip_network

from pytest_nac_qod.foundation.jsontypes import Json, JsonObject
from pytest_nac_qod.suite.waits import leftovers
from pytest_nac_qod.target import Target
from pytest_nac_qod.wire.resources import Resource

DEVICE_PORTS = {"ports": [5060, 5070], "ranges": [{"from": 5010, "to": 5020}]}
SERVER_PORTS = {"ports": [443], "ranges": [{"from": 8000, "to": 8080}]}
PREFERRED_DURATION = 3600  # seconds; long enough to outlive any scenario


def duration(target: Target) -> int:
    """A duration within the default profile's bounds, in seconds, with room for an extension where there is any."""
    profile = target.profiles["default"]
    shortest, longest = profile.min_duration or 1, profile.max_duration or 2 * PREFERRED_DURATION
    if leftovers.awaited(target):
        return shortest
    return max(shortest, min(PREFERRED_DURATION, (shortest + longest) // 2))


def creation(
    target: Target, resource: Resource, *, device: str | None = "default", profile: str = "default"
) -> JsonObject:
    """The smallest body that creates a session or an assignment; roles of the target file choose device and profile."""
    body: JsonObject = {**target.sink.usual, "qosProfile": target.profiles[profile].name}
    if resource.noun == "session":
        body |= {"applicationServer": target.application_servers["default"], "duration": duration(target)}
    if device is not None:
        body["device"] = target.devices[device]
    return body


def with_sink(target: Target, body: Json) -> Json:
    """The body of a creation with a sink and a credential, where the target insists on them; an empty one stays so."""
    return {**target.sink.usual, **body} if isinstance(body, dict) and body else body


def full_creation(target: Target, resource: Resource, *, sink: str) -> JsonObject:
    """A body with every property that may be given, several device identifiers included where the target has them."""
    device = "several" if "several" in target.devices else "default"
    ports = {"devicePorts": DEVICE_PORTS, "applicationServerPorts": SERVER_PORTS} if resource.extend else {}
    return {**creation(target, resource, device=device), **ports, "sink": sink}


def credential(token: str) -> JsonObject:
    """A sink credential that every release accepts, valid for longer than any run."""
    return {
        "credentialType": "ACCESSTOKEN",
        "accessToken": token,
        "accessTokenExpiresUtc": "2099-12-31T23:59:59Z",
        "accessTokenType": "bearer",
    }


def extension(seconds: int) -> JsonObject:
    """Body of an extension."""
    return {"requestedAdditionalDuration": seconds}


def changed(body: JsonObject, path: str, value: Json) -> JsonObject:
    """A copy of `body` with the value at `path` replaced; `[*]` and array names stand for the first element.

    Args:
        body: left as it is.
        path: JSONPath as the outlines write it, such as `$.devicePorts.ranges.from`.
        value: what to put there; missing objects and arrays on the way are made.
    """
    head, *rest = path.removeprefix("$.").split(".", 1)
    name, element = (head.removesuffix("[*]"), True) if head.endswith("[*]") else (head, False)
    if element:
        return {**body, name: [value]}
    if not rest:
        return {**body, name: value}
    inner = body.get(name)
    if name == "ranges":
        first = inner[0] if isinstance(inner, list) and inner else {"from": 5010, "to": 5020}
        return {**body, name: [changed(first, rest[0], value)]}
    return {**body, name: changed(inner if isinstance(inner, dict) else {}, rest[0], value)}


def additional(target: Target) -> int:
    """Seconds by which a session of the default duration can be extended without passing the maximum."""
    longest = target.profiles["default"].max_duration
    return max(1, min(60, longest - duration(target))) if longest else 60


def ipv4_device(target: Target) -> JsonObject:
    """A device of the target by its public IPv4 address and port; of the documentation range if it has none."""
    for device in target.devices.values():
        if "ipv4Address" in device:
            return {"ipv4Address": {"publicAddress": device["ipv4Address"]["publicAddress"], "publicPort": 59765}}
    return {"ipv4Address": {"publicAddress": "203.0.113.1", "publicPort": 59765}}


def prefixes(target: Target) -> JsonObject:
    """The default application server as a prefix of each family that it has an address of."""
    server = target.application_servers["default"]
    lengths = {"ipv4Address": 24, "ipv6Address": 64}
    networks = {
        name: ip_network((server[name], length), strict=False) for name, length in lengths.items() if name in server
    }
    return {name: str(network) for name, network in networks.items()}


def addresses(target: Target) -> list[str]:
    """Two addresses of application servers, the default one's first."""
    server = target.application_servers["default"]
    first = ip_address(server.get("ipv4Address") or server["ipv6Address"])
    return [str(first), str(first + 1)]


def plain_credential(secret: str) -> JsonObject:
    """A complete credential of a kind that no release lets one use."""
    return {"credentialType": "PLAIN", "identifier": "nac-qod", "secret": secret}


def refresh_token_credential(secret: str) -> JsonObject:
    """As plain_credential, of the other kind."""
    return {
        **credential(secret),
        "credentialType": "REFRESHTOKEN",
        "refreshToken": secret,
        "refreshTokenEndpoint": "https://auth.example.com/token",
    }


UNUSABLE_CREDENTIALS = {"PLAIN": plain_credential, "REFRESHTOKEN": refresh_token_credential}
