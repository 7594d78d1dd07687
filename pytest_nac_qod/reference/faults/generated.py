"""Defects that only generated requests find: at values, or after steps, that nobody writes a scenario for."""

import ipaddress
from collections.abc import Callable, Mapping
from typing import Any

from pytest_nac_qod.contracts import Contract, SchemaError
from pytest_nac_qod.foundation.jsontypes import Json, JsonObject
from pytest_nac_qod.reference.offers import OfferedProfile
from pytest_nac_qod.reference.refusals import Refusal
from pytest_nac_qod.reference.rules import Rules
from pytest_nac_qod.reference.state import ServedResource, Session, Status
from pytest_nac_qod.reference.world import Grant, World

Override = Callable[[Any], Callable[..., Any]]
Body = Callable[[bytes, str | None], Json]
Correlator = Callable[[str | None, Contract, Rules], str | None]
Semantics = Callable[[JsonObject, Rules], None]
_PORTS = ("devicePorts", "applicationServerPorts")


def _read_as(change: Callable[[Json], Json]) -> Override:
    """Every value of a body, the innermost first, is changed before anything is checked."""

    def changed(value: Json) -> Json:
        if isinstance(value, list):
            value = [changed(part) for part in value]
        elif isinstance(value, dict):
            value = {name: changed(part) for name, part in value.items()}
        return change(value)

    def override(right: Body) -> Body:
        return lambda raw, content_type: changed(right(raw, content_type))

    return override


def _number_in_text(value: Json) -> Json:
    return int(value) if isinstance(value, str) and value.isdecimal() else value


def _fraction(value: Json) -> Json:
    return int(value) if isinstance(value, float) else value


def _truth(value: Json) -> Json:
    return int(value) if isinstance(value, bool) else value


def _null(value: Json) -> Json:
    return {name: item for name, item in value.items() if item is not None} if isinstance(value, dict) else value


def _bare_port(value: Json) -> Json:
    if isinstance(value, dict) and isinstance(value.get("ports"), int):
        return {**value, "ports": [value["ports"]]}
    return value


def _empty_list(value: Json) -> Json:
    return {name: item for name, item in value.items() if item != []} if isinstance(value, dict) else value


def _spaces(value: Json) -> Json:
    return value.strip() if isinstance(value, str) else value


def _long_mask(value: Json) -> Json:
    address, slash, length = value.partition("/") if isinstance(value, str) else ("", "", "")
    return address if slash and length in {"33", "129"} else value


def _lets_pass(keyword: str, *endings: str) -> Override:
    """A constraint is not checked where the path of the value ends so."""

    def override(_: object) -> Callable[[SchemaError], bool]:
        return lambda error: error.clause.rpartition("/")[2] == keyword and error.path.endswith(endings)

    return override


def _refuses(wrong: Callable[[JsonObject], bool]) -> Override:
    """Requests that are right are refused when `wrong` is true of them."""

    def override(right: Semantics) -> Semantics:
        def checked(body: JsonObject, rules: Rules) -> None:
            right(body, rules)
            if wrong(body):
                raise Refusal(400, "INVALID_ARGUMENT", "This is not supported.")

        return checked

    return override


def _servers(body: JsonObject) -> set[str]:
    return set(body.get("applicationServer", {}))


def _only_an_ipv6_host(body: JsonObject) -> bool:
    server = body.get("applicationServer", {})
    return set(server) == {"ipv6Address"} and "/" not in server["ipv6Address"]


def _ranges(body: JsonObject) -> list[JsonObject]:
    return [port_range for name in _PORTS for port_range in body.get(name, {}).get("ranges", [])]


def _expiry(body: JsonObject) -> str:
    return str(body.get("sinkCredential", {}).get("accessTokenExpiresUtc", "Z"))


def _address_as_profile(right: Callable[[World, str], OfferedProfile]) -> Callable[[World, str], OfferedProfile]:
    def wrong(world: World, name: str) -> OfferedProfile:
        try:
            ipaddress.ip_address(name)
        except ValueError:
            return right(world, name)
        return right(world, "QOS_L")

    return wrong


def _whole_minutes_only(right: Callable[[int, OfferedProfile], int]) -> Callable[[int, OfferedProfile], int]:
    def wrong(requested: int, profile: OfferedProfile) -> int:
        granted = right(requested, profile)
        if requested % 60:
            raise Refusal(400, "INVALID_ARGUMENT", "duration has to be whole minutes.")
        return granted

    return wrong


def _shown(change: Callable[[JsonObject], JsonObject]) -> Override:
    """What was sent comes back changed."""
    return lambda right: lambda resource: change(right(resource))


def _without_query(body: JsonObject) -> JsonObject:
    return {**body, "sink": body["sink"].partition("?")[0]} if "sink" in body else body


def _first_range_only(body: JsonObject) -> JsonObject:
    return {
        name: {**value, "ranges": value["ranges"][:1]} if _has(value, "ranges") else value
        for name, value in body.items()
    }


def _ports_in_order(body: JsonObject) -> JsonObject:
    return {
        name: {**value, "ports": sorted(value["ports"])} if _has(value, "ports") else value
        for name, value in body.items()
    }


def _has(value: Json, name: str) -> bool:
    return isinstance(value, dict) and name in value


def _ipv6_in_full(body: JsonObject) -> JsonObject:
    server = dict(body["applicationServer"])
    if "ipv6Address" in server:
        server["ipv6Address"] = ipaddress.ip_network(server["ipv6Address"], strict=False).exploded
    return {**body, "applicationServer": server}


def _extended(session: ServedResource) -> bool:
    return isinstance(session, Session) and session.duration != session.sent["duration"]


def _minutes_added(
    right: Callable[[Session, int, OfferedProfile], int],
) -> Callable[[Session, int, OfferedProfile], int]:
    return lambda session, additional, profile: right(session, additional // 60 * 60 or additional, profile)


def _extended_once(
    right: Callable[[Session, int, OfferedProfile], int],
) -> Callable[[Session, int, OfferedProfile], int]:
    return lambda session, more, profile: session.duration if _extended(session) else right(session, more, profile)


def _expired_keeps_its_flow(right: Callable[..., bool]) -> Callable[..., bool]:
    def wrong(session: Session, device: str, sent: JsonObject) -> bool:
        same = session.device == device and session.sent["applicationServer"] == sent["applicationServer"]
        return right(session, device, sent) or (session.info == "DURATION_EXPIRED" and same)

    return wrong


def _extended_not_listed(right: Callable[..., bool]) -> Callable[..., bool]:
    return lambda session, grant, device: right(session, grant, device) and not _extended(session)


def _may_use_if(free: Callable[[ServedResource], bool]) -> Override:
    def override(right: Callable[[ServedResource, Grant], None]) -> Callable[[ServedResource, Grant], None]:
        return lambda resource, grant: None if free(resource) else right(resource, grant)

    return override


def _device_of_token_ignored(right: Callable[[ServedResource, Grant], None]) -> Callable[[ServedResource, Grant], None]:
    def wrong(resource: ServedResource, grant: Grant) -> None:
        if grant.device is None or resource.client != grant.client:
            right(resource, grant)

    return wrong


def _not_told_when_extended(info: str) -> Override:
    def override(right: Callable[[ServedResource, Status], int]) -> Callable[[ServedResource, Status], int]:
        return lambda resource, before: 0 if resource.info == info and _extended(resource) else right(resource, before)

    return override


def _extended_not_deleted(right: Callable[[ServedResource], bool]) -> Callable[[ServedResource], bool]:
    return lambda resource: right(resource) and not _extended(resource)


def _expired_extensible(right: Callable[[Session], None]) -> Callable[[Session], None]:
    return lambda session: None if session.info == "DURATION_EXPIRED" else right(session)


def _long_correlators_only(right: Correlator) -> Correlator:
    def wrong(value: str | None, contract: Contract, rules: Rules) -> str | None:
        if value and len(value) < 2:
            raise Refusal(400, "INVALID_ARGUMENT")
        return right(value, contract, rules)

    return wrong


def _exclaiming_correlators_too(right: Correlator) -> Correlator:
    return lambda value, contract, rules: right(value.replace("!", "") if value else value, contract, rules)


OVERRIDES: Mapping[str, tuple[str, Override]] = {
    "numbers_in_text_accepted": ("body", _read_as(_number_in_text)),
    "fractions_cut_off": ("body", _read_as(_fraction)),
    "truth_taken_for_a_number": ("body", _read_as(_truth)),
    "null_taken_for_absent": ("body", _read_as(_null)),
    "bare_port_taken_for_a_list": ("body", _read_as(_bare_port)),
    "empty_lists_left_out": ("body", _read_as(_empty_list)),
    "spaces_around_text_removed": ("body", _read_as(_spaces)),
    "mask_too_long_cut_off": ("body", _read_as(_long_mask)),
    "expiry_format_unchecked": ("tolerated", _lets_pass("format", ".accessTokenExpiresUtc")),
    "sink_token_may_be_a_number": ("tolerated", _lets_pass("type", ".accessToken")),
    "credential_without_expiry_accepted": ("tolerated", _lets_pass("required", ".accessTokenExpiresUtc")),
    "credential_without_token_accepted": ("tolerated", _lets_pass("required", ".accessToken")),
    "credential_without_token_type_accepted": ("tolerated", _lets_pass("required", ".accessTokenType")),
    "correlator_of_one_character_refused": ("correlator", _long_correlators_only),
    "exclamation_mark_in_correlator_accepted": ("correlator", _exclaiming_correlators_too),
    "address_as_profile_means_default": ("profile", _address_as_profile),
    "ipv6_server_refused": ("semantics", _refuses(_only_an_ipv6_host)),
    "server_of_both_families_refused": ("semantics", _refuses(lambda body: len(_servers(body)) > 1)),
    "more_than_three_ranges_refused": ("semantics", _refuses(lambda body: len(_ranges(body)) > 3)),
    "expiry_with_offset_refused": ("semantics", _refuses(lambda body: not _expiry(body).upper().endswith("Z"))),
    "expiry_with_fraction_refused": ("semantics", _refuses(lambda body: "." in _expiry(body))),
    "only_whole_minutes_granted": ("granted_duration", _whole_minutes_only),
    "query_of_sink_lost": ("echo", _shown(_without_query)),
    "second_range_lost": ("echo", _shown(_first_range_only)),
    "ports_returned_in_order": ("echo", _shown(_ports_in_order)),
    "ipv6_server_returned_in_full": ("echo", _shown(_ipv6_in_full)),
    "query_of_assignment_sink_lost": ("assignment_echo", _shown(_without_query)),
    "extension_in_whole_minutes": ("extended_duration", _minutes_added),
    "second_extension_ignored": ("extended_duration", _extended_once),
    "expired_session_keeps_its_flow": ("conflicts", _expired_keeps_its_flow),
    "extended_session_not_listed": ("listed", _extended_not_listed),
    "extended_session_open_to_all": ("may_use", _may_use_if(_extended)),
    "ended_session_open_to_all": ("may_use", _may_use_if(lambda resource: resource.status == "UNAVAILABLE")),
    "device_of_token_ignored": ("may_use", _device_of_token_ignored),
    "expiry_of_extended_session_not_told": ("notifies", _not_told_when_extended("DURATION_EXPIRED")),
    "deletion_of_extended_session_not_told": ("notifies", _not_told_when_extended("DELETE_REQUESTED")),
    "extended_session_not_deleted": ("deleted", _extended_not_deleted),
    "expired_session_can_be_extended": ("extensible", _expired_extensible),
}
