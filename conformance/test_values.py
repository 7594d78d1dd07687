"""Values that the schema lets pass but that make no sense, and others that look odd but do."""

from typing import Any

from pytest_nac_qod.foundation.jsontypes import JsonObject
from pytest_nac_qod.run.needs import require_identifier
from pytest_nac_qod.suite import Case, bodies, purpose, request, ruling, send
from pytest_nac_qod.verdicts import NotTested
from pytest_nac_qod.wire.client import Answer


def sent(case: Case, **changes: object) -> Answer[Any]:
    """The answer to a creation from the default body with these properties changed."""
    return send(case, body={**bodies.creation(case.target, case.resource), **changes})


@purpose
def test_swapped_arguments(case: Case) -> None:
    server: JsonObject = {"ipv4Address": case.target.profiles["default"].name}
    ruling.accepted(case, sent(case, qosProfile="198.51.100.7", applicationServer=server))


@purpose
def test_reversed_range(case: Case) -> None:
    ruling.accepted(case, sent(case, **{case.name.removeprefix("$."): {"ranges": [{"from": 5020, "to": 5010}]}}))


@purpose
def test_address_of_other_family(case: Case) -> None:
    ruling.accepted(case, sent(case, applicationServer={"ipv6Address": "198.51.100.7"}))


@purpose
def test_multicast_device(case: Case) -> None:
    require_identifier(case.target, "ipv4Address")
    ruling.accepted(case, sent(case, device={"ipv4Address": {"publicAddress": "224.0.0.251", "publicPort": 59765}}))


@purpose
def test_prefix_as_device(case: Case) -> None:
    require_identifier(case.target, "ipv6Address")
    ruling.accepted(case, sent(case, device={"ipv6Address": "2001:db8:1:1::/64"}))


@purpose
def test_public_address_alone(case: Case) -> None:
    require_identifier(case.target, "ipv4Address")
    address = bodies.ipv4_device(case.target)["ipv4Address"]["publicAddress"]
    ruling.accepted(case, sent(case, device={"ipv4Address": {"publicAddress": address}}))


@purpose
def test_boundary_ports(case: Case) -> None:
    port = case.contract.resolved_as(f"#/components/schemas/Port/{case.name}")
    ports: JsonObject = {"ports": [port], "ranges": [{"from": port, "to": port}]}
    ruling.succeeded(case, sent(case, devicePorts=ports, applicationServerPorts=ports))


@purpose
def test_public_port_out_of_range(case: Case) -> None:
    require_identifier(case.target, "ipv4Address")
    path, body = request(case)
    device = bodies.changed({"device": bodies.ipv4_device(case.target)}, "$.device.ipv4Address.publicPort", 65536)
    ruling.accepted(case, send(case, path=path, body={**body, **device}))


@purpose
def test_port_zero(case: Case) -> None:
    ruling.accepted(case, sent(case, devicePorts={"ports": [0]}))


@purpose
def test_server_prefix(case: Case) -> None:
    family = case.name.rpartition(".")[2]
    if family.removesuffix("Address") not in case.target.address_families:
        raise NotTested(f"the target file supports no {family.removesuffix('Address')}; see supports.address_families")
    prefixes = {"ipv4Address": "198.51.100.0/24", "ipv6Address": "2001:db8:2::/48"}
    ruling.succeeded(case, sent(case, applicationServer={family: prefixes[family]}))


@purpose
def test_identifiers_of_different_devices(case: Case) -> None:
    default, other = case.target.devices["default"], case.target.devices["second"]
    more = {name: value for name, value in other.items() if name not in default}
    if not more:
        raise NotTested("devices.second has no identifier of another type than devices.default; add one")
    ruling.succeeded(case, sent(case, device={**default, **more}))
