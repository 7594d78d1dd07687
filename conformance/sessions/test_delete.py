"""Deleting a session."""

from pytest_nac_qod.suite import Case, purpose, send


@purpose("session_deleted")
def test_session_deleted(case: Case) -> None:
    case.judge(send(case))
