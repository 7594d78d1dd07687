"""Which flows are in each other's way."""

from pytest_nac_qod.foundation.jsontypes import JsonObject
from pytest_nac_qod.suite import Case, bodies, endings, purpose, ruling, send, states
from pytest_nac_qod.verdicts import NotTested

SOME: JsonObject = {"ports": [5060], "ranges": [{"from": 5010, "to": 5020}]}
OVERLAPPING: JsonObject = {"ranges": [{"from": 5020, "to": 5030}]}
DISJOINT: JsonObject = {"ports": [5061], "ranges": [{"from": 5021, "to": 5030}]}


@purpose
def test_overlapping_flow(case: Case) -> None:
    body = bodies.creation(case.target, case.resource)
    name = case.name.removeprefix("$.")
    first, second = ({name: SOME}, {name: OVERLAPPING}) if name in ("devicePorts", "applicationServerPorts") else (
        {"devicePorts": SOME, "applicationServerPorts": SOME},
        {},
    )  # fmt: skip
    states.create_id(case, {**body, **first})
    ruling.accepted(case, send(case, body={**body, **second}))


@purpose
def test_disjoint_flow(case: Case) -> None:
    body = bodies.creation(case.target, case.resource)
    name = case.name.removeprefix("$.")
    first, second = (SOME, DISJOINT)
    if name == "applicationServer":
        if "disjoint" not in case.target.application_servers:
            raise NotTested("the target file has no other application server; add [application_servers.disjoint]")
        first, second = body[name], case.target.application_servers["disjoint"]
    key = states.create_id(case, {**body, name: first})
    answer = send(case, body={**body, name: second})
    ruling.created_anew(case, answer, key)
    asked_for = ruling.shown(answer).get(name) != first
    ruling.require(case, answer.exchange, asked_for, expected=f"$.{name} {second}, as asked for", actual=str(first))


@purpose
def test_flow_of_another_device(case: Case) -> None:
    key = states.create_id(case)
    answer = send(case, body=bodies.creation(case.target, case.resource, device="second"))
    ruling.created_anew(case, answer, key)


@purpose
def test_free_after_deletion(case: Case) -> None:
    endings.delete(case, states.create_id(case))
    ruling.succeeded(case, send(case))


@purpose
def test_taken_until_deletion(case: Case) -> None:
    session_id = states.create_id(case)
    endings.terminate(case, session_id)
    states.until(case, session_id, "UNAVAILABLE", how=states.TERMINATED)
    ruling.accepted(case, send(case))


@purpose
def test_conflict_by_other_identifier(case: Case) -> None:
    device, given = case.target.devices["several"], case.target.devices["default"]
    others = sorted((case.target.identifier_types & device.keys()) - given.keys())
    if not others:
        raise NotTested("devices.several has no identifier of another type than devices.default; add [devices.alias]")
    states.create_id(case)
    for name in others:
        body = bodies.creation(case.target, case.resource) | {"device": {name: device[name]}}
        ruling.accepted(case, send(case, body=body))
