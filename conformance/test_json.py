"""Bodies that are no JSON, or not one JSON text, or say what nobody asked for."""

import json

from pytest_nac_qod.foundation.jsontypes import JsonObject
from pytest_nac_qod.suite import Case, bodies, purpose, request, ruling, send

PROPERTY = "nacQodUnknown"


def text(case: Case, **more: object) -> str:
    """A body that creates a session, as text, with more properties in front."""
    return json.dumps({**more, **bodies.creation(case.target, case.resource)})


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
    around: JsonObject = {"device": case.target.devices["default"], "devicePorts": bodies.DEVICE_PORTS}
    needed = {name: value for name, value in around.items() if name in case.name.split(".")}
    body: JsonObject = {**dict(usual), **needed}
    ruling.accepted(case, send(case, path=path, body=bodies.changed(body, f"{case.name}.{PROPERTY}", "?")))
