"""What a refused creation leaves as it was: where the events of what is there go."""

from pytest_nac_qod.suite import Case, deliveries, endings, purpose, ruling, send, states
from pytest_nac_qod.suite.sinks import Listener
from pytest_nac_qod.verdicts import Inconclusive

LIFE = 2  # events of what becomes AVAILABLE and is deleted


@purpose
def test_conflict_leaves_events_alone(case: Case) -> None:
    first, second = Listener.of(case), Listener.of(case)
    key = states.create_id(case, first.creation())
    states.await_available(case, key)
    deliveries.arrived(first, 1)
    answer = send(case, body=second.creation())
    if answer.status != 409:
        raise Inconclusive(f"the second one was not refused with 409, but answered {answer.status}")
    endings.delete(case, key)
    events = deliveries.settled(first, lambda told: len(told) >= LIFE)
    stray = deliveries.settled(second, lambda _: True)  # as many as came meanwhile
    if stray:
        expected = "no event at the sink of the request that was answered 409"
        ruling.require(case, stray[0], holds=False, expected=expected, actual=", ".join(deliveries.statuses(stray)))
    token = case.run.redactor.text(second.secret)
    for event in events:
        foreign = token in (event.request.header("authorization") or "")
        expected = "the access token of the session, as before the request that was answered 409"
        ruling.require(case, event, not foreign, expected=expected, actual="that of the refused request")
