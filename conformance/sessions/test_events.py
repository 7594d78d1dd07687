"""What the sink is told."""

from pytest_nac_qod.suite import Case, judging, purpose, send, states
from pytest_nac_qod.suite.sinks import Listener


@purpose("status_event_delivered")
def test_status_event_delivered(case: Case) -> None:
    listener = Listener.of(case)
    answer = send(case, body=listener.creation())
    case.judge(answer)
    session_id = judging.session_id(answer)
    event = listener.expect(session_id, status=("AVAILABLE", "UNAVAILABLE"))
    case.call("deleteSession", path={"sessionId": session_id})
    listener.expect_unique_ids(event)


@purpose("deletion_event_delivered")
def test_deletion_event_delivered(case: Case) -> None:
    listener = Listener.of(case)
    session = states.available(case, states.created(case, listener.creation()))
    case.judge(send(case, path={"sessionId": session["sessionId"]}, body=None))
    event = listener.expect(session["sessionId"], status=("UNAVAILABLE",), info="DELETE_REQUESTED")
    listener.expect_unique_ids(event)
