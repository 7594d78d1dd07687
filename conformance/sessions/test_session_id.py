"""Which session a path names."""

from uuid import uuid4

from pytest_nac_qod.jsontypes import Json
from pytest_nac_qod.suite import Case, bodies, purpose, send


def body(case: Case) -> Json:
    """The body that the row's operation takes, if it takes one."""
    return bodies.extension(60) if case.row.operation == "extendQosSessionDuration" else None


@purpose("malformed_session_id")
def test_malformed_session_id(case: Case) -> None:
    case.judge(send(case, path={"sessionId": "not-a-uuid"}, body=body(case)))


@purpose("unknown_session")
def test_unknown_session(case: Case) -> None:
    case.judge(send(case, path={"sessionId": str(uuid4())}, body=body(case)))


@purpose("session_of_another_client")
def test_session_of_another_client(case: Case) -> None:
    case.judge(send(case, token="second_client"))
