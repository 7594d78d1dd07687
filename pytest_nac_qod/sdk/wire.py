"""What a create asks for on the wire, by the names of a caller's arguments, in CAMARA's words or an older dialect's."""

import json
from collections.abc import Mapping
from ipaddress import ip_network
from typing import cast
from urllib.parse import urlsplit

from pytest_nac_qod.foundation.jsontypes import Json, JsonObject
from pytest_nac_qod.foundation.values import moment
from pytest_nac_qod.reference.dialects import Dialect, dialect_of
from pytest_nac_qod.wire.exchange import Exchange, NotJsonError

# where each argument stands in a CAMARA body
FIELDS: Mapping[str, tuple[str, ...]] = {
    "device": ("device",),
    "profile": ("qosProfile",),
    "duration": ("duration",),
    "service_ipv4": ("applicationServer", "ipv4Address"),
    "service_ipv6": ("applicationServer", "ipv6Address"),
    "device_ports": ("devicePorts",),
    "service_ports": ("applicationServerPorts",),
    "sink": ("sink",),
    "sink_credential": ("sinkCredential",),  # in older dialects its token alone
}

_ADDRESSED = ("device", "service_ipv4", "service_ipv6")  # arguments that are or have IP addresses


def body_of(exchange: Exchange) -> Json:
    """The JSON body of a request; its text if it is not JSON, None if there is no body."""
    if not exchange.request.body:
        return None
    try:
        return exchange.request.json()
    except NotJsonError:
        return exchange.request.body


def dialect_spoken(exchange: Exchange) -> Dialect | None:
    """The dialect of a request; None for CAMARA releases."""
    return dialect_of(urlsplit(exchange.request.url).path)


def field(argument: str, dialect: Dialect | None) -> str:
    """Where an argument belongs, as a JSONPath."""
    if dialect is not None and argument in ("sink", "sink_credential"):
        name = "notificationUrl" if argument == "sink" else "notificationAuthToken"
        return f"$.webhook.{name}" if dialect.sink == "webhook" else f"$.{name}"
    return "$." + ".".join(FIELDS[argument])


def asked(exchange: Exchange) -> JsonObject:
    """What a create asks for, by argument; one that is absent or null is left out.

    The sink credential of an older dialect is its token alone, without the scheme that is written before it.
    """
    body, dialect = body_of(exchange), dialect_spoken(exchange)
    arguments = {argument: _at(body, field(argument, dialect)) for argument in FIELDS}
    token = arguments["sink_credential"]
    if dialect is not None and isinstance(token, str):
        arguments["sink_credential"] = token.removeprefix("Bearer ")
    for argument in ("device_ports", "service_ports"):
        arguments[argument] = without_empty(arguments[argument])
    return {argument: value for argument, value in arguments.items() if value is not None}


def without_empty(value: Json) -> Json:
    """An object without empty lists, which mean the same as none (1.0.0 to 2.2.2 send them for ports)."""
    return {name: item for name, item in value.items() if item != []} if isinstance(value, dict) else value


def same(argument: str, one: Json, other: Json) -> bool:
    """Whether two values of an argument mean the same: 60 is not 60.0, but addresses and times have many spellings."""
    return _plain(argument, one) == _plain(argument, other)


def _plain(argument: str, value: Json) -> str:
    if argument == "sink_credential" and isinstance(value, dict):
        expires = moment(value.get("accessTokenExpiresUtc"))
        value = {**value, "accessTokenExpiresUtc": expires.timestamp()} if expires else value
    return json.dumps(_addresses(value) if argument in _ADDRESSED else value, sort_keys=True)


def _addresses(value: Json) -> Json:
    """The value with each IP address in it in one spelling."""
    if isinstance(value, dict):
        return {name: _addresses(item) for name, item in value.items()}
    try:
        return str(ip_network(value)) if isinstance(value, str) else value
    except ValueError:
        return value


def null_in(body: Json, path: str) -> bool:
    """Whether a null stands at a JSONPath of a body."""
    return path in nulls(body)


def nulls(value: Json, path: str = "$") -> list[str]:
    """JSONPath of each null in a body."""
    if value is None and path != "$":
        return [path]
    if isinstance(value, dict):
        return [place for name, item in value.items() for place in nulls(item, f"{path}.{name}")]
    if isinstance(value, list):
        return [place for number, item in enumerate(value) for place in nulls(item, f"{path}[{number}]")]
    return []


def device_on_wire(device: JsonObject) -> JsonObject:
    """A device of the protocol as CAMARA has it."""
    return cast("JsonObject", _camel(device))


def device_of_protocol(device: JsonObject) -> JsonObject:
    """A device of CAMARA as the protocol has it."""
    return cast("JsonObject", _snake(device))


def _at(body: Json, path: str) -> Json:
    for name in path.split(".")[1:]:
        body = body.get(name) if isinstance(body, dict) else None
    return body


_NAMES = {
    "phone_number": "phoneNumber",
    "network_access_identifier": "networkAccessIdentifier",
    "ipv4_address": "ipv4Address",
    "ipv6_address": "ipv6Address",
    "public_address": "publicAddress",
    "private_address": "privateAddress",
    "public_port": "publicPort",
}
_BACK = {camel: snake for snake, camel in _NAMES.items()}


def _camel(value: Json) -> Json:
    return {_NAMES[name]: _camel(item) for name, item in value.items()} if isinstance(value, dict) else value


def _snake(value: Json) -> Json:
    return {_BACK[name]: _snake(item) for name, item in value.items()} if isinstance(value, dict) else value
