"""Bodies that no operation may accept."""

from pytest_nac_qod.jsontypes import Json
from pytest_nac_qod.suite import Case, bodies, purpose, request, send


def broken_bodies(case: Case) -> list[Json]:
    """Bodies of the row's operation, each breaking its schema in one way: a wrong type, or a missing property."""
    match case.row.operation:
        case "createSession":
            valid = bodies.creation(case.target)
            without_profile = {name: value for name, value in valid.items() if name != "qosProfile"}
            return [{**valid, "duration": "long"}, without_profile, [valid]]
        case "extendQosSessionDuration":
            return [bodies.extension(60) | {"requestedAdditionalDuration": "long"}, [bodies.extension(60)]]
        case _:
            return [{"device": "no object"}, [{"device": case.target.devices["default"]}]]


@purpose("body_not_schema_compliant")
def test_body_not_schema_compliant(case: Case) -> None:
    path, _ = request(case)
    for body in broken_bodies(case):
        case.judge(send(case, path=path, body=body))


@purpose("no_body")
def test_no_body(case: Case) -> None:
    case.judge(send(case, content=b""))


@purpose("empty_body")
def test_empty_body(case: Case) -> None:
    case.judge(send(case, body={}))
