"""Bodies that no operation may accept."""

from pytest_nac_qod.foundation.jsontypes import Json
from pytest_nac_qod.run.needs import require_identifier
from pytest_nac_qod.suite import Case, bodies, purpose, request, send, sinks
from pytest_nac_qod.wire.resources import resource_of


def broken_bodies(case: Case) -> list[Json]:
    """Bodies of the row's operation, each breaking its schema in one way: a wrong type, or a missing property."""
    resource = resource_of(case.contract)
    match case.row.operation:
        case operation if resource and operation == resource.create:
            valid = bodies.creation(case.target, resource)
            without_profile = {name: value for name, value in valid.items() if name != "qosProfile"}
            return [{**valid, "qosProfile": 17}, without_profile, [valid]]
        case operation if resource and operation == resource.extend:
            return [{"requestedAdditionalDuration": "long"}, [bodies.extension(60)]]
        case _:
            return [{"device": "no object"}, [{"device": case.target.devices["default"]}]]


@purpose
def test_body_not_schema_compliant(case: Case) -> None:
    path, _ = request(case)
    for body in broken_bodies(case):
        case.judge(send(case, path=path, body=body))


@purpose
def test_no_body(case: Case) -> None:
    case.judge(send(case, content=b""))


@purpose
def test_empty_body(case: Case) -> None:
    case.judge(send(case, body={}))


@purpose
def test_empty_retrieval_body(case: Case) -> None:
    case.judge(send(case, body={}))


@purpose
def test_empty_property(case: Case) -> None:
    _, valid = request(case)
    case.judge(send(case, body=bodies.changed({**valid, "sink": sinks.url(case)}, case.name, {})))


@purpose
def test_port_out_of_range(case: Case) -> None:
    path = case.name or "$.device.ipv4Address.publicPort"  # the one port that there is outside of sessions
    of_device = path.startswith("$.device.")
    if of_device:
        require_identifier(case.target, "ipv4Address")
    _, usual = request(case)
    valid = {**usual, "device": bodies.ipv4_device(case.target)} if of_device else usual
    wrong = {"from": (-1,), "to": (65536,)}  # the other end of the range has to stay on its side
    for port in wrong.get(path.rpartition(".")[2], (65536, -1)):
        case.judge(send(case, body=bodies.changed(valid, path, port)))
