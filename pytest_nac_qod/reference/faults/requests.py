"""Defects of reading requests that no published scenario finds: bodies, headers, addresses, paths."""

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from pytest_nac_qod.foundation.jsontypes import Json, JsonObject
from pytest_nac_qod.reference.faults.answers import answering, tolerating
from pytest_nac_qod.reference.oauth import Issuer
from pytest_nac_qod.reference.refusals import Refusal
from pytest_nac_qod.reference.rules import Rules
from pytest_nac_qod.reference.world import Grant, KnownDevice, World
from pytest_nac_qod.wire.exchange import parse_json

Override = Callable[[Any], Callable[..., Any]]
Parser = Callable[[bytes, str], Json]  # takes body and Content-Type; raises ValueError for what it cannot read
Body = Callable[[bytes, str | None], Json]
Semantics = Callable[[JsonObject, Rules], None]

_CONSTANT = re.compile(r'"\w+":\s*(NaN|Infinity),')


def _also_reading(parse: Parser) -> Override:
    """Read what should be refused as `parse` does, if it can."""

    def override(right: Body) -> Body:
        def wrong(raw: bytes, media: str | None) -> Json:
            try:
                return right(raw, media)
            except Refusal:
                if not raw or not (media or "").startswith("application/json"):
                    raise
                try:
                    return parse(raw, media or "")
                except (ValueError, RecursionError):
                    pass
                raise

        return wrong

    return override


def _last_of_duplicates(raw: bytes, _: str) -> Json:
    def no_constant(name: str) -> Json:
        raise ValueError(name)

    return json.loads(raw.decode("utf-8"), parse_constant=no_constant)


def _without_constants(raw: bytes, _: str) -> Json:
    return parse_json(_CONSTANT.sub("", raw.decode("utf-8")))


def _beginning(raw: bytes, _: str) -> Json:
    text = raw.decode("utf-8")
    value, end = json.JSONDecoder().raw_decode(text)
    if end == len(text):
        raise ValueError("nothing behind the value")
    return value


def _by_charset(raw: bytes, media: str) -> Json:
    charset = media.partition("charset=")[2]
    if not charset:
        raise ValueError("no charset")
    return parse_json(raw.decode(charset))


def _read(change: Callable[[JsonObject], JsonObject]) -> Override:
    """Change a body once it is read."""

    def override(right: Body) -> Body:
        def wrong(raw: bytes, media: str | None) -> Json:
            body = right(raw, media)
            return change(body) if isinstance(body, dict) else body

        return wrong

    return override


def _wrapped_duration(body: JsonObject) -> JsonObject:
    duration = body.get("duration")
    return {**body, "duration": duration % 2**32} if isinstance(duration, int) and duration > 0 else body


def _with_port(missing: Callable[[Json], bool]) -> Callable[[JsonObject], JsonObject]:
    """The public port of the first device, where there is none to find a device by."""

    def change(body: JsonObject) -> JsonObject:
        device = body.get("device")
        address = device.get("ipv4Address") if isinstance(device, dict) else None
        if not isinstance(device, dict) or not isinstance(address, dict) or not missing(address.get("publicPort")):
            return body
        return {**body, "device": {**device, "ipv4Address": {**address, "publicPort": 59765}}}

    return change


def _some_device(body: JsonObject) -> JsonObject:
    """A multicast address as the phone number of a device."""
    given = body.get("device")
    address = given.get("ipv4Address", {}).get("publicAddress", "") if isinstance(given, dict) else ""
    return {**body, "device": {"phoneNumber": "+99999991000"}} if str(address).startswith("224.") else body


def _host_of_prefix(body: JsonObject) -> JsonObject:
    device = body.get("device")
    address = device.get("ipv6Address") if isinstance(device, dict) else None
    if not isinstance(device, dict) or not isinstance(address, str):
        return body
    return {**body, "device": {**device, "ipv6Address": address.partition("/")[0]}}


def _charset_refused(right: Body) -> Body:
    def wrong(raw: bytes, media: str | None) -> Json:
        if ";" in (media or ""):
            raise Refusal(400, "INVALID_ARGUMENT")
        return right(raw, media)

    return wrong


def _ignoring(*names: str) -> Override:
    """Do not look at these properties of a body."""

    def override(right: Semantics) -> Semantics:
        return lambda body, rules: right({name: value for name, value in body.items() if name not in names}, rules)

    return override


def _refusing(wrong: Callable[[JsonObject], bool]) -> Override:
    """Refuse bodies of which this is true."""

    def override(right: Semantics) -> Semantics:
        def refuse(body: JsonObject, rules: Rules) -> None:
            right(body, rules)
            if wrong(body):
                raise Refusal(400, "INVALID_ARGUMENT")

        return refuse

    return override


def _has_port(matches: Callable[[int], bool]) -> Callable[[JsonObject], bool]:
    return lambda body: any(
        matches(port)
        for name in ("devicePorts", "applicationServerPorts")
        for port in body.get(name, {}).get("ports", [])
    )


def _has_prefix(body: JsonObject) -> bool:
    return any("/" in address for address in body.get("applicationServer", {}).values())


def _server_refused_as_500(right: Callable[[Refusal, str], Refusal]) -> Callable[[Refusal, str], Refusal]:
    def wrong(refusal: Refusal, operation: str) -> Refusal:
        decided = right(refusal, operation)
        if decided.status == 400 and "applicationServer" in decided.message and "Ports" not in decided.message:
            decided.status = 500
        return decided

    return wrong


def _silent_off_contract(status: int) -> Override:
    """Refuse what is no operation with this status and a blank message."""

    def override(right: Callable[[Refusal, str], Refusal]) -> Callable[[Refusal, str], Refusal]:
        def wrong(refusal: Refusal, operation: str) -> Refusal:
            decided = right(refusal, operation)
            if not operation and decided.status == status:
                decided.message = " "
            return decided

        return wrong

    return override


def _mismatch_refused(right: Callable[..., KnownDevice]) -> Callable[..., KnownDevice]:
    def wrong(world: World, grant: Grant, given: JsonObject | None) -> KnownDevice:
        if given and len({right(world, grant, {name: value}).name for name, value in given.items()}) > 1:
            raise Refusal(422, "UNSUPPORTED_IDENTIFIER")
        return right(world, grant, given)

    return wrong


def _unknown_by_ipv6(right: Callable[..., KnownDevice]) -> Callable[..., KnownDevice]:
    def wrong(world: World, grant: Grant, given: JsonObject | None) -> KnownDevice:
        if given and set(given) == {"ipv6Address"}:
            raise Refusal(404, "IDENTIFIER_NOT_FOUND")
        return right(world, grant, given)

    return wrong


def _correlator_refused(wrong: Callable[[str | None], bool]) -> Override:
    def override(right: Callable[..., str | None]) -> Callable[..., str | None]:
        def refuse(value: str | None, *others: object) -> str | None:
            if wrong(value):
                raise Refusal(400, "INVALID_ARGUMENT")
            return right(value, *others)

        return refuse

    return override


def _authentication_remembered(right: Callable[..., Grant]) -> Callable[..., Grant]:
    last: list[Grant] = []

    def wrong(issuer: Issuer, header: str | None) -> Grant:
        if header is None and last:
            return last[-1]
        last.append(right(issuer, header))
        return last[-1]

    return wrong


def _scheme_case_sensitive(right: Callable[..., Grant]) -> Callable[..., Grant]:
    def wrong(issuer: Issuer, header: str | None) -> Grant:
        if not (header or "").startswith("Bearer "):
            raise Refusal(401, "UNAUTHENTICATED")
        return right(issuer, header)

    return wrong


OVERRIDES: Mapping[str, tuple[str, Override]] = {
    "last_of_duplicate_names_taken": ("body", _also_reading(_last_of_duplicates)),
    "not_a_number_left_out": ("body", _also_reading(_without_constants)),
    "trailing_garbage_ignored": ("body", _also_reading(_beginning)),
    "other_charsets_read": ("body", _also_reading(_by_charset)),
    "broken_utf8_replaced": ("body", _also_reading(lambda raw, _: parse_json(raw.decode("utf-8", "replace")))),
    "media_type_unchecked": ("body", lambda right: lambda raw, _: right(raw, "application/json")),
    "charset_parameter_refused": ("body", _charset_refused),
    "duration_wraps_around": ("body", _read(_wrapped_duration)),
    "prefix_taken_for_host": ("body", _read(_host_of_prefix)),
    "http_sink_accepted": ("tolerated", tolerating("$.sink", "pattern")),
    "sink_format_unchecked": ("tolerated", tolerating("$.sink", "format")),
    "sink_length_unchecked": ("tolerated", tolerating("$.sink", "maxLength")),
    "device_port_minimum_unchecked": ("tolerated", tolerating("$.devicePorts.ports[0]", "minimum")),
    "public_port_made_up": ("body", _read(_with_port(lambda port: isinstance(port, int) and port > 65535))),
    "public_address_alone_accepted": ("body", _read(_with_port(lambda port: port is None))),
    "extension_sign_unchecked": ("tolerated", tolerating("$.requestedAdditionalDuration", "minimum")),
    "reversed_range_accepted": ("semantics", _ignoring("devicePorts", "applicationServerPorts")),
    "server_family_unchecked": ("semantics", _ignoring("applicationServer")),
    "multicast_device_accepted": ("body", _read(_some_device)),
    "lowest_port_refused": ("semantics", _refusing(_has_port(lambda port: port <= 1))),
    "highest_port_refused": ("semantics", _refusing(_has_port(lambda port: port == 65535))),
    "server_prefix_refused": ("semantics", _refusing(_has_prefix)),
    "bad_server_is_500": ("refused", _server_refused_as_500),
    "rate_limit_as_503": ("refused", answering(429, "TOO_MANY_REQUESTS", instead_status=503)),
    "unknown_path_without_message": ("refused", _silent_off_contract(404)),
    "unknown_method_without_message": ("refused", _silent_off_contract(405)),
    "identifier_mismatch_refused": ("identified", _mismatch_refused),
    "device_unknown_by_ipv6_address": ("identified", _unknown_by_ipv6),
    "correlator_demanded": ("correlator", _correlator_refused(lambda value: value is None)),
    "empty_correlator_refused": ("correlator", _correlator_refused(lambda value: value == "")),
    "correlator_cut": ("echoed", lambda right: lambda correlator, status: right(correlator[:64], status)),
    "authentication_remembered": ("authenticate", _authentication_remembered),
    "scheme_case_sensitive": ("authenticate", _scheme_case_sensitive),
}
