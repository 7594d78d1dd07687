"""What the sink is told."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from pytest_nac_qod.checks import history as checks
from pytest_nac_qod.checks.session import SKEW
from pytest_nac_qod.foundation.jsontypes import JsonObject
from pytest_nac_qod.foundation.values import moment
from pytest_nac_qod.suite import Case, bodies, deliveries, endings, judging, purpose, ruling, send, states
from pytest_nac_qod.suite.doubts import clocks
from pytest_nac_qod.suite.sinks import Listener
from pytest_nac_qod.suite.waits import waiting
from pytest_nac_qod.verdicts import Inconclusive
from pytest_nac_qod.wire.exchange import Exchange
from pytest_nac_qod.wire.ownership.removal import LIVING


def created(case: Case, listener: Listener, body: JsonObject | None = None) -> str:
    """Id of an AVAILABLE session whose events go to `listener`."""
    key = states.create_id(case, body or listener.creation())
    states.await_available(case, key)
    return key


def lived(case: Case, listener: Listener) -> None:
    """A session from creation to deletion, with both of its events."""
    key = created(case, listener)
    deliveries.arrived(listener, 1)
    endings.delete(case, key)
    deliveries.arrived(listener, 2)


def with_life(case: Case) -> None:
    """Have something in the record of the run that was told from its beginning to its end."""
    listener = Listener.of(case)
    if not ruling.lived(case):
        lived(case, listener)


@purpose
def test_events_sent_once(case: Case) -> None:
    with_life(case)
    ruling.of_run(case, checks.told_twice)


@purpose
def test_events_in_order(case: Case) -> None:
    with_life(case)
    ruling.of_run(case, checks.out_of_order)


@purpose
def test_events_to_whole_sink(case: Case) -> None:
    listener = Listener.of(case)
    address, _, key = listener.subscription.url.rpartition("/")
    place = f"{key}?Of=QoD"
    endings.delete(case, created(case, listener, listener.creation() | {"sink": f"{address}/Events/{place}"}))
    event = deliveries.arrived(listener, 1)[0]
    came = event.request.url
    expected = f"an event at …/Events/{place}"  # what stands before it, a public address may add or take away
    ruling.require(case, event, came.endswith(f"/Events/{place}"), expected=expected, actual=came)


@purpose
def test_event_time(case: Case) -> None:
    listener = Listener.of(case)
    key = states.create_id(case, listener.creation())
    session = states.await_available(case, key)
    event = deliveries.arrived(listener, 1)[0]
    endings.delete(case, key)
    body = event.request.json()
    time = moment(body.get("time")) if isinstance(body, dict) else None
    if time is None:
        raise Inconclusive("the event has no time to look at")
    before, _ = case.run.clock.bounds(datetime.fromisoformat(case.client.exchanges[0].started))
    _, after = case.run.clock.bounds(datetime.fromisoformat(event.started))
    right = before - SKEW <= time <= after + max(SKEW, timedelta(seconds=1))
    expected = f"event $.time between {before.isoformat()} and {after.isoformat()}"
    apart = not right and agrees(time, session) and clocks.doubtful(case, max(before - time, time - after))
    ruling.require(
        case, event, right, expected=expected, actual=time.isoformat(), basis="clocks_apart" if apart else ""
    )


def agrees(time: datetime, session: JsonObject) -> bool:
    """Whether the session itself says that it became AVAILABLE at that time, or does not say when."""
    started = moment(session.get("startedAt"))
    return started is None or abs(time - started) <= SKEW


@purpose
def test_access_token_not_in_events(case: Case) -> None:
    listener = Listener.of(case)
    created(case, listener)
    deliveries.arrived(listener, 1)
    ruling.of_run(case, checks.secrets_told)


@purpose
def test_no_events_after_gone(case: Case) -> None:
    listener = Listener.of(case)
    listener.subscription.answer(410)
    key = created(case, listener)
    deliveries.arrived(listener, 1)
    waiting.hear(case)
    endings.delete(case, key)
    ruling.of_run(case, checks.told_after_gone)


@purpose
def test_no_events_without_sink(case: Case) -> None:
    listener = Listener.of(case)
    lived(case, listener)
    key = created(case, listener, bodies.creation(case.target, case.resource))
    endings.delete(case, key)
    ruling.of_run(case, checks.without_sink)


@purpose
def test_no_event_for_what_has_ended(case: Case) -> None:
    listener = Listener.of(case)
    key = states.create_id(case, listener.creation())
    endings.terminate(case, key)
    states.until(case, key, "UNAVAILABLE", how=states.TERMINATED)
    before = len(ends(deliveries.settled(listener, lambda told: bool(ended(told)))))
    answer = ruling.reached(send(case, path={case.resource.id: key}, body=None))
    no_more(case, listener, answer.exchange, before)


def no_more(case: Case, listener: Listener, shown: Exchange, before: int) -> None:
    """No event of the deletion comes on top of those that told the end."""

    def check() -> None:
        came = deliveries.came(listener)
        told, copies = ends(came), deliveries.statuses(came).count("AVAILABLE")  # more than one is another matter
        expected = "no event of the deletion"
        none = len(told) <= max(before, copies)
        ruling.require(case, shown, none, expected=expected, actual=", ".join(told[before:]))

    case.later(check)


@purpose
def test_expiry_event(case: Case) -> None:
    listener = Listener.of(case)
    key = created(case, listener, endings.short(case, listener.creation()))
    more = left(case, states.await_available(case, key))
    told_end(case, listener, key, "DURATION_EXPIRED", "NETWORK_TERMINATED", more=more)


def left(case: Case, session: JsonObject) -> float:
    """Seconds until the duration of an AVAILABLE session is over at the latest; none where the clock can be moved."""
    seconds = endings.granted(session)
    if "advance_clock" in case.target.hooks:
        endings.elapse(case, seconds + SKEW.total_seconds())
        return 0.0
    endings.require_time(case, seconds)
    return seconds


def ends(events: Sequence[Exchange]) -> list[str]:
    """What is told of the end."""
    return ended(deliveries.statuses(events))


def ended(told: Sequence[str]) -> list[str]:
    """Of what events tell, that about the end."""
    return [status for status in told if status.startswith("UNAVAILABLE")]


@purpose
def test_end_told_once(case: Case) -> None:
    listener = Listener.of(case)
    key = created(case, listener, endings.short(case, listener.creation()))
    more = left(case, states.await_available(case, key))
    events = deliveries.settled(listener, lambda told: bool(ended(told)), more=more)
    before = len(ends(events))
    told = ", ".join(ends(events))
    if before > 1:
        ruling.require(
            case, events[-1], holds=False, expected="one event of the end", actual=told, basis="end_told_once"
        )
    for operation in filter(case.serves, (case.resource.read, case.resource.delete)):
        case.call(operation, path={case.resource.id: key})
    if not before:
        raise Inconclusive("the end was not told in time")
    no_more(case, listener, events[-1], before)


@purpose
def test_termination_event(case: Case) -> None:
    listener = Listener.of(case)
    key = created(case, listener)
    endings.terminate(case, key)
    told_end(case, listener, key, "NETWORK_TERMINATED")


def told_end(case: Case, listener: Listener, key: str, *reasons: str, more: float = 0.0) -> None:
    """Among the events is one that tells the end with one of these reasons, or with none, since it is optional.

    Raises:
        Inconclusive: there is no end to tell.
    """
    wanted = {f"UNAVAILABLE {reason}" for reason in reasons}
    events = deliveries.settled(
        listener, lambda told: bool(wanted.intersection(told)), fact=listener.expected, more=more
    )
    if not events:
        listener.require_hope()
    told = deliveries.statuses(events)
    if not ended(told) and case.serves(case.resource.read):
        shown = ruling.shown(case.call(case.resource.read, path={case.resource.id: key})).get(case.resource.status)
        if shown in LIVING:
            raise Inconclusive(f"{case.resource.noun} still {shown} after its end, never UNAVAILABLE")
    ruling.require(
        case,
        events[-1] if events else case.client.exchanges[-1],
        wanted.intersection(told),
        expected=f"an event that tells UNAVAILABLE {' or '.join(reasons)}",
        actual=", ".join(told) or "no event",
        basis="status_info_missing" if "UNAVAILABLE" in told else "",
    )


@purpose
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
    key = states.create_id(case, listener.creation(device))
    states.await_available(case, key)
    case.judge(send(case, path={case.resource.id: key}, body=None))
    event = listener.expect(key, status=("UNAVAILABLE",), info="DELETE_REQUESTED")
    listener.expect_unique_ids(event)


@purpose
def test_deletion_event_delivered(case: Case) -> None:
    deletion_told(case)


@purpose
def test_deferred_deletion_event_delivered(case: Case) -> None:
    deletion_told(case, "asynchronous" if "asynchronous" in case.target.devices else "default")
