"""What the sink is told."""

from pytest_nac_qod.suite import Case, judging, purpose, send, states
from pytest_nac_qod.suite.sinks import Listener


@purpose("status_event_delivered")
def test_status_event_delivered(case: Case) -> None:
    listener = Listener.of(case)
    answer = send(case, body=listener.creation())
    case.judge(answer)
    key = judging.key_of(case, answer)
    event = listener.expect(key, status=("AVAILABLE", "UNAVAILABLE"))
    if case.serves(case.resource.delete):
        case.call(case.resource.delete, path={case.resource.id: key})
    listener.expect_unique_ids(event)


def deletion_told(case: Case, device: str = "default") -> None:
    """Delete what is AVAILABLE, and expect the sink to be told."""
    listener = Listener.of(case)
    key = states.created(case, listener.creation(device))
    states.available(case, key)
    case.judge(send(case, path={case.resource.id: key}, body=None))
    event = listener.expect(key, status=("UNAVAILABLE",), info="DELETE_REQUESTED")
    listener.expect_unique_ids(event)


@purpose("deletion_event_delivered")
def test_deletion_event_delivered(case: Case) -> None:
    deletion_told(case)


@purpose("deferred_deletion_event_delivered")
def test_deferred_deletion_event_delivered(case: Case) -> None:
    deletion_told(case, "asynchronous" if "asynchronous" in case.target.devices else "default")
