"""Bodies that are no JSON, or not one JSON text, or say what nobody asked for."""

import json

from pytest_nac_qod.foundation.jsontypes import Json, JsonObject
from pytest_nac_qod.run.needs import require_identifier
from pytest_nac_qod.suite import Case, bodies, purpose, request, ruling, send, sinks
from pytest_nac_qod.verdicts import NotApplicable
from pytest_nac_qod.wire.resources import resource_of

PROPERTY = "nacQodUnknown"
UNKNOWN = "no device is known by an ipv4Address"


def text(case: Case, **more: object) -> str:
    """A body of the row's operation, as text, with more properties in front."""
    _, usual = request(case)
    return json.dumps({**more, **usual})


def judge(case: Case, content: bytes, media_type: str = "application/json") -> None:
    """Send this body."""
    ruling.accepted(case, send(case, path={}, content=content, headers={"Content-Type": media_type}))


@purpose
def test_duplicate_names(case: Case) -> None:
    duration = json.dumps({"duration": bodies.duration(case.target)})[1:-1]
    judge(case, f"{{{duration}, {text(case)[1:]}".encode())


@purpose
def test_not_a_number(case: Case) -> None:
    judge(case, text(case, **{PROPERTY: float(case.name)}).encode())


@purpose
def test_trailing_garbage(case: Case) -> None:
    judge(case, f"{text(case)} and more".encode())


@purpose
def test_other_encoding(case: Case) -> None:
    judge(case, text(case).encode("utf-16"), "application/json; charset=utf-16")


@purpose
def test_broken_encoding(case: Case) -> None:
    body = bodies.creation(case.target, case.resource)
    name = "networkAccessIdentifier"
    wrong = {name: "caf\u00e9@example.com"}
    more = {PROPERTY: wrong} if name in case.target.not_sent else {"device": {**body["device"], **wrong}}
    judge(case, json.dumps({**body, **more}, ensure_ascii=False).encode("latin-1"))


@purpose
def test_unknown_property(case: Case) -> None:
    path, usual = request(case)
    device = case.target.devices["default"]
    around: JsonObject = {
        "device": bodies.ipv4_device(case.target) if case.name.endswith(".ipv4Address") else device,
        "devicePorts": bodies.DEVICE_PORTS,
        "applicationServerPorts": bodies.SERVER_PORTS,
    }
    if case.name == "$.sinkCredential":
        around |= {"sink": sinks.url(case), "sinkCredential": bodies.credential(sinks.token(case))}
    named = {*case.name.split("."), *({"sink"} if "sink" in around else ())}
    if case.name.startswith("$.device."):
        require_identifier(case.target, "ipv4Address")
    needed = {name: value for name, value in around.items() if name in named}
    body: JsonObject = {**dict(usual), **needed}
    resource = resource_of(case.contract)
    if resource and case.row.operation == resource.retrieve:
        provide(case, body.get("device"))
    answer = send(case, path=path, body=bodies.changed(body, f"{case.name}.{PROPERTY}", "?"))
    if case.name.startswith("$.device.") and answer.status in (404, 422):
        raise NotApplicable(UNKNOWN)
    ruling.accepted(case, answer)


def provide(case: Case, device: Json) -> None:
    """See to it that the device has something to be found, so that nothing but the property can be refused.

    Raises:
        NotApplicable: it is not known by this identifier.
    """
    creation = bodies.creation(case.target, case.resource) | {"device": device}
    answer = case.call(case.resource.create, body=creation)
    if case.name.startswith("$.device.") and answer.status in (404, 422):
        raise NotApplicable(UNKNOWN)
    ruling.reached(answer)
