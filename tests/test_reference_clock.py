"""What is due on the embedded server happens when it was due, in order, however far its clock is moved past it."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import partial

import httpx
import pytest

from pytest_nac_qod import contracts
from pytest_nac_qod.foundation.jsontypes import JsonObject
from pytest_nac_qod.reference.clock import Clock, Timeline
from pytest_nac_qod.reference.dialects import dialects
from pytest_nac_qod.wire.sink import Sink, Subscription
from tests.support.servers import DELAY, SERVER, Caller, calling

DURATION = 600  # seconds
CLOSE = timedelta(seconds=15)  # for a busy machine
KEPT = 360  # seconds, of what has ended
ASSIGNMENTS = {"r1.3": "createProvisioning", "r2.2": "triggerProvisioning"}


@pytest.fixture(scope="module", params=contracts.RELEASES)
def call(request: pytest.FixtureRequest) -> Iterator[Caller]:
    with calling(request.param) as caller:
        yield caller


@pytest.fixture(autouse=True)
def _clean(request: pytest.FixtureRequest) -> None:
    if "call" in request.fixturenames:
        request.getfixturevalue("call").renew()


@pytest.fixture
def place(call: Caller) -> Iterator[Subscription]:
    with Sink() as receiver:
        call.http.post(call.server.control_url("trust_sink"), json={"pem": receiver.ca_pem})
        yield receiver.subscribe()


def advance(call: Caller, seconds: float) -> None:
    call.server.clock.advance(seconds)


def asked(call: Caller, **more: object) -> JsonObject:
    return {"qosProfile": "QOS_L", "device": call.target["default"], **more}


def created(call: Caller, **more: object) -> str:
    body = asked(call, applicationServer=SERVER, duration=DURATION, **more)
    return str(call("createSession", body).json()["sessionId"])


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def near(text: str, expected: datetime) -> bool:
    return expected - CLOSE <= moment(text) <= expected + CLOSE


def told(place: Subscription) -> list[tuple[str, str, str]]:
    events = [json.loads(event.body) for event in place.events()]
    return [
        (body["time"], body["data"].get("qosStatus") or body["data"]["status"], body["data"].get("statusInfo", ""))
        for body in events
    ]


def test_a_session_begins_and_expires_in_one_move(call: Caller, place: Subscription) -> None:
    begun = datetime.now(UTC) + timedelta(seconds=DELAY)
    key = created(call, sink=place.url)
    advance(call, DELAY + DURATION + KEPT / 2)
    session = call("getSession", key=key).json()
    assert (session["qosStatus"], session["statusInfo"]) == ("UNAVAILABLE", "DURATION_EXPIRED")
    assert session["duration"] == DURATION
    assert near(session["startedAt"], begun)
    assert moment(session["expiresAt"]) - moment(session["startedAt"]) == timedelta(seconds=DURATION)
    assert told(place) == [
        (session["startedAt"], "AVAILABLE", ""),
        (session["expiresAt"], "UNAVAILABLE", "DURATION_EXPIRED"),
    ]


def test_a_session_is_forgotten_in_the_same_move(call: Caller) -> None:
    key = created(call)
    advance(call, DELAY + DURATION + KEPT + CLOSE.total_seconds())
    assert call("getSession", key=key).status_code == 404


def test_a_session_is_refused_when_that_was_due(call: Caller, place: Subscription) -> None:
    refused = datetime.now(UTC) + timedelta(seconds=DELAY)
    call.http.post(call.server.control_url("refuse_next_session"), json={})
    created(call, sink=place.url)
    advance(call, DELAY + KEPT / 2)
    ((time, *rest),) = told(place)
    assert rest == ["UNAVAILABLE", "NETWORK_TERMINATED"]
    assert near(time, refused)


def test_an_extended_session_expires_once_at_its_later_end(call: Caller, place: Subscription) -> None:
    key = created(call, sink=place.url)
    advance(call, DELAY)
    call("extendQosSessionDuration", {"requestedAdditionalDuration": 300}, key=key)
    advance(call, DURATION + 300 + KEPT / 2)
    session = call("getSession", key=key).json()
    assert moment(session["expiresAt"]) - moment(session["startedAt"]) == timedelta(seconds=DURATION + 300)
    assert [time for time, *_ in told(place)] == [session["startedAt"], session["expiresAt"]]


def test_sessions_of_several_devices_tell_their_changes_in_order(call: Caller, place: Subscription) -> None:
    first = created(call, sink=place.url)
    advance(call, DELAY / 2)
    body = asked(call, applicationServer=SERVER, duration=60, device=call.target["second"], sink=place.url)
    second = call("createSession", body).json()["sessionId"]
    advance(call, DURATION + DELAY + KEPT / 2)
    events = [json.loads(event.body) for event in place.events()]
    by_time = sorted(events, key=lambda event: moment(event["time"]))
    changes = [(event["data"]["sessionId"], event["data"]["qosStatus"]) for event in by_time]
    order = [(first, "AVAILABLE"), (second, "AVAILABLE"), (second, "UNAVAILABLE"), (first, "UNAVAILABLE")]
    assert changes == order


def test_a_sink_token_counts_at_the_time_of_the_event(call: Caller, place: Subscription) -> None:
    until = datetime.now(UTC) + timedelta(seconds=DELAY + DURATION / 2)
    credential = {
        "credentialType": "ACCESSTOKEN",
        "accessToken": "sink-token",
        "accessTokenExpiresUtc": until.isoformat(),
        "accessTokenType": "bearer",
    }
    created(call, sink=place.url, sinkCredential=credential)
    advance(call, DELAY + DURATION + KEPT / 2)
    assert [status for _, status, _ in told(place)] == ["AVAILABLE"]


def test_an_assignment_begins_when_that_was_due(call: Caller, place: Subscription) -> None:
    begun = datetime.now(UTC) + timedelta(seconds=DELAY)
    operation = ASSIGNMENTS.get(call.server.release, "createQosAssignment")
    call(operation, asked(call, sink=place.url))
    advance(call, 10 * DELAY)
    ((time, status, info),) = told(place)
    assert (status, info) == ("AVAILABLE", "")
    assert near(time, begun)


def test_a_revocation_is_carried_out_when_that_was_due(call: Caller, place: Subscription) -> None:
    operation = ASSIGNMENTS.get(call.server.release, "createQosAssignment")
    body = asked(call, sink=place.url, device=call.target["asynchronous"])
    answer = call(operation, body).json()
    key = answer.get("assignmentId") or answer["provisioningId"]
    advance(call, 10 * DELAY)
    revoked = datetime.now(UTC) + timedelta(seconds=10 * DELAY + DELAY)
    contract = call.contract(operation)
    revoke = next(candidate.id for candidate in contract.operations.values() if candidate.method == "DELETE")
    assert call(revoke, key=key).status_code == 202
    advance(call, 10 * DELAY)
    _, (time, *rest) = told(place)
    assert rest == ["UNAVAILABLE", "DELETE_REQUESTED"]
    assert near(time, revoked)


def test_answers_are_dated_by_the_clock_of_the_server(call: Caller) -> None:
    advance(call, 86_400)
    for path in ("/oauth2/token", "/no/such/path", f"{call.contract('getSession').base_path}/sessions/x"):
        answer = call.http.get(call.server.url + path)
        assert len(answer.headers.get_list("date")) == 1
        ahead = parsedate_to_datetime(answer.headers["date"]) - datetime.now(UTC)
        assert abs(ahead - timedelta(days=1)) < CLOSE


@pytest.mark.parametrize("name", dialects())
def test_an_old_dialect_shows_the_same_times(name: str) -> None:
    dialect = dialects()[name]
    with calling(contracts.CURRENT) as call:
        call.renew()
        begun = datetime.now(UTC) + timedelta(seconds=DELAY)
        headers = {"Authorization": f"Bearer {call.token('application')}"}
        body = asked(call, applicationServer=SERVER, duration=DURATION)
        url = f"{call.server.url}{dialect.path}/sessions"
        made: JsonObject = call.http.post(url, json=body, headers=headers).json()
        advance(call, DELAY + DURATION + KEPT / 2)
        session: JsonObject = httpx.get(f"{url}/{made.get('id') or made['sessionId']}", headers=headers).json()
    times = [session["startedAt"], session["expiresAt"]]
    if dialect.times == "epoch":
        times = [datetime.fromtimestamp(seconds, UTC).isoformat() for seconds in times]
    assert near(times[0], begun)
    assert moment(times[1]) - moment(times[0]) == timedelta(seconds=DURATION)


def test_time_never_runs_backwards() -> None:
    clock, timeline = Clock(), Timeline()
    start, seen = clock.now(), list[datetime]()

    def late() -> None:
        seen.append(clock.now())
        timeline.at(start - timedelta(days=1), lambda: seen.append(clock.now()))

    timeline.at(start + timedelta(seconds=2), late)
    timeline.at(start + timedelta(seconds=1), lambda: seen.append(clock.now()))
    clock.advance(5)
    timeline.run(clock)
    assert seen == [start + timedelta(seconds=seconds) for seconds in (1, 2, 2)]
    assert clock.now() >= start + timedelta(seconds=5)


def test_a_failing_action_leaves_the_clock_running() -> None:
    clock, timeline = Clock(), Timeline()
    timeline.at(clock.now(), partial(next, iter(())))
    with pytest.raises(StopIteration):
        timeline.run(clock)
    before = clock.now()
    assert clock.now() >= before
    assert clock.now() > datetime.now(UTC) - CLOSE
