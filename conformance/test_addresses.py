"""Devices and application servers by their addresses and numbers, as they are written."""

from ipaddress import ip_address, ip_network
from typing import Any

from pytest_nac_qod.foundation.jsontypes import Json, JsonObject
from pytest_nac_qod.run.needs import require_identifier
from pytest_nac_qod.suite import Case, bodies, purpose, request, ruling, send, states
from pytest_nac_qod.verdicts import NotApplicable, NotTested
from pytest_nac_qod.wire.client import Answer

PREFIXES = {"ipv4Address": "198.51.100.0/24", "ipv6Address": "2001:db8:2::/48"}
MOST = 16  # addresses in a list


def require_family(case: Case, family: str) -> None:
    """Return when application servers may have addresses of this family, `ipv4Address` or `ipv6Address`.

    Raises:
        NotTested: the target file says otherwise.
    """
    if family.removesuffix("Address") not in case.target.address_families:
        raise NotTested(f"the target file supports no {family.removesuffix('Address')}; see supports.address_families")


@purpose
def test_overlap_by_prefix(case: Case) -> None:
    require_family(case, case.name)
    body = bodies.creation(case.target, case.resource)
    states.create_id(case, {**body, "applicationServer": {case.name: PREFIXES[case.name]}})
    inside = str(ip_network(PREFIXES[case.name])[7])
    ruling.accepted(case, send(case, body={**body, "applicationServer": {case.name: inside}}))


@purpose
def test_server_prefix_kept(case: Case) -> None:
    require_family(case, case.name)
    server = {case.name: PREFIXES[case.name]}
    key = states.create_id(case, {**bodies.creation(case.target, case.resource), "applicationServer": server})
    answer = ruling.reached(send(case, path={case.resource.id: key}, body=None))
    shown = ruling.shown(answer).get("applicationServer")
    kept = isinstance(shown, dict) and _network(shown.get(case.name)) == ip_network(PREFIXES[case.name])
    expected = f"$.applicationServer {server!r}"
    ruling.require(case, answer.exchange, kept, expected=expected, actual="absent" if shown is None else shown)


def _network(text: Json) -> object:
    try:
        return ip_network(text, strict=False) if isinstance(text, str) else None
    except ValueError:
        return None


def ipv6_device(case: Case) -> str:
    """The IPv6 address of a device of the target file.

    Raises:
        NotTested: no device has one.
    """
    require_identifier(case.target, "ipv6Address")
    for role in ("default", "several"):
        if address := case.target.devices.get(role, {}).get("ipv6Address"):
            return str(address)
    raise NotTested("no device of the target file has an ipv6Address; add one to [devices.several]")


def with_device(case: Case, device: JsonObject) -> Answer[Any]:
    """The answer to the row's operation about this device."""
    path, usual = request(case)
    body: JsonObject = {**usual, "device": device}
    return send(case, path=path, body=body)


@purpose
def test_ipv6_device(case: Case) -> None:
    ruling.succeeded(case, with_device(case, {"ipv6Address": ipv6_device(case)}))


@purpose
def test_device_spelling_kept(case: Case) -> None:
    text = ip_address(ipv6_device(case)).exploded.upper()
    answer = with_device(case, {"ipv6Address": text})
    if answer.status in (404, 422):
        raise NotApplicable("no device is known by an IPv6 address in this spelling")
    ruling.reached(answer)
    device = ruling.shown(answer).get("device")
    if isinstance(device, dict) and "ipv6Address" in device:
        kept = device["ipv6Address"] == text
        expected = f"$.device.ipv6Address {text!r}, as it was provided"
        ruling.require(case, answer.exchange, kept, expected=expected, actual=device["ipv6Address"])


@purpose
def test_phone_number_malformed(case: Case) -> None:
    require_identifier(case.target, "phoneNumber")
    number = case.target.devices["default"].get("phoneNumber")
    if number is None:
        raise NotTested("devices.default has no phoneNumber")
    wrong = {"without +": str(number).removeprefix("+"), "+0": f"+0{str(number)[2:]}"}[case.name]
    ruling.accepted(case, with_device(case, {"phoneNumber": wrong}))


def addresses(case: Case, kind: str) -> list[str]:
    """A list that the schema allows: as long as may be, or of both families."""
    if kind == "mixed families":
        for family in PREFIXES:
            require_family(case, family)
        return ["198.51.100.7", "2001:db8:2::7"]
    family = next(name for name in PREFIXES if name.removesuffix("Address") in case.target.address_families)
    return [str(ip_network(PREFIXES[family])[number]) for number in range(1, MOST + 1)]


@purpose
def test_server_list(case: Case) -> None:
    wanted = addresses(case, case.name)
    body = bodies.creation(case.target, case.resource) | {"applicationServer": {"ipAddresses": wanted}}
    answer = send(case, body=body)
    ruling.succeeded(case, answer)
    key = ruling.shown(answer).get(case.resource.id)
    answers = [answer]
    if isinstance(key, str):
        answers.append(ruling.reached(case.call(case.resource.read, path={case.resource.id: key})))
    for each in answers:
        server = ruling.shown(each).get("applicationServer")
        shown = server.get("ipAddresses") if isinstance(server, dict) else None
        same = isinstance(shown, list) and {*map(str, shown)} == {*wanted}
        expected = f"$.applicationServer.ipAddresses with {len(wanted)} addresses, as they were sent"
        ruling.require(case, each.exchange, same, expected=expected, actual="absent" if shown is None else shown)


@purpose
def test_overlap_by_list(case: Case) -> None:
    first, second = bodies.addresses(case.target)
    body = bodies.creation(case.target, case.resource)
    states.create_id(case, {**body, "applicationServer": {"ipAddresses": [first, second]}})
    ruling.accepted(case, send(case, body={**body, "applicationServer": {"ipAddresses": [second]}}))
