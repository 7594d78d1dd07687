"""Events that the embedded server sends about sessions, in each release."""

import gc
import json
import socket
from collections.abc import Iterator

import pytest

from pytest_nac_qod import contracts
from pytest_nac_qod.foundation.jsontypes import JsonObject
from pytest_nac_qod.reference import events
from pytest_nac_qod.wire.sink import Event, Sink
from tests.support.servers import DELAY, SERVER, Caller, calling

TOKEN = "sink-token"
TYPES = {"r1.3": "org.camaraproject.quality-on-demand.v0.qos-status-changed"}
USUAL = "org.camaraproject.quality-on-demand.v1.qos-status-changed"


@pytest.fixture(scope="module", params=contracts.RELEASES)
def call(request: pytest.FixtureRequest) -> Iterator[Caller]:
    with calling(request.param) as caller:
        yield caller


@pytest.fixture(autouse=True)
def _clean(call: Caller) -> None:
    call.renew()


@pytest.fixture(scope="module")
def sink(call: Caller) -> Iterator[Sink]:
    with Sink() as receiver:
        call.http.post(call.server.control_url("trust_sink"), json={"pem": receiver.ca_pem})
        yield receiver


def create(call: Caller, url: str, expires: str = "2099-01-01T00:00:00Z", token: str = TOKEN) -> str:
    credential = {
        "credentialType": "ACCESSTOKEN",
        "accessToken": token,
        "accessTokenExpiresUtc": expires,
        "accessTokenType": "bearer",
    }
    body = {"applicationServer": SERVER, "qosProfile": "QOS_L", "duration": 600, "device": call.target["default"]}
    answer = call("createSession", {**body, "sink": url, "sinkCredential": credential})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["sessionId"])


def judged(call: Caller, event: Event) -> JsonObject:
    """What an event says, once it has been found right."""
    contract = call.contract("createSession")
    body: JsonObject = json.loads(event.body)
    _, operation = contract.resolved(contract.operations["createSession"].pointer)
    callback = operation["callbacks"]["notifications"]["{$request.body#/sink}"]["post"]
    schema = callback["requestBody"]["content"]["application/cloudevents+json"]["schema"]["$ref"]
    assert contract.validate(body, schema, direction="event") == []
    assert body["type"] == TYPES.get(call.server.release, USUAL)
    assert body["source"] == f"{contract.base_path}/sessions/{body['data']['sessionId']}"
    assert dict(event.headers)["authorization"] == "Bearer sink-token"
    data: JsonObject = body["data"]
    return data


def test_begun_and_deleted(call: Caller, sink: Sink) -> None:
    place = sink.subscribe()
    key = create(call, place.url)
    assert place.events() == ()
    call.server.clock.advance(DELAY)
    assert call("deleteSession", key=key).status_code == 204
    events = place.wait(lambda seen: len(seen) >= 2, timeout=120)
    begun = {"sessionId": key, "qosStatus": "AVAILABLE"}
    over = {"sessionId": key, "qosStatus": "UNAVAILABLE", "statusInfo": "DELETE_REQUESTED"}
    assert [judged(call, event) for event in events] == [begun, over]


def test_begun_and_expired(call: Caller, sink: Sink) -> None:
    place = sink.subscribe()
    key = create(call, place.url)
    call.server.clock.advance(DELAY)
    call.server.clock.advance(600)
    over = {"sessionId": key, "qosStatus": "UNAVAILABLE", "statusInfo": "DURATION_EXPIRED"}
    assert [judged(call, event) for event in place.events()][1:] == [over]


def test_refused_by_the_network(call: Caller, sink: Sink) -> None:
    place = sink.subscribe()
    call.http.post(call.server.control_url("refuse_next_session"), json={})
    key = create(call, place.url)
    call.server.clock.advance(DELAY)
    over = {"sessionId": key, "qosStatus": "UNAVAILABLE", "statusInfo": "NETWORK_TERMINATED"}
    assert [judged(call, event) for event in place.events()] == [over]
    assert call("getSession", key=key).json().items() >= over.items()


def test_sink_that_is_gone_gets_no_more(call: Caller, sink: Sink) -> None:
    place = sink.subscribe()
    place.answer(410)
    create(call, place.url)
    call.server.clock.advance(DELAY)
    call.server.clock.advance(600)
    assert len(place.events()) == 1


def test_token_that_has_expired_gets_no_events(call: Caller, sink: Sink) -> None:
    place = sink.subscribe()
    create(call, place.url, expires="2020-01-01T00:00:00Z")
    call.server.clock.advance(DELAY)
    assert place.events() == ()


def test_token_that_no_header_can_carry_gets_no_events(
    call: Caller, sink: Sink, caplog: pytest.LogCaptureFixture
) -> None:
    place = sink.subscribe()
    create(call, place.url, token="²")
    call.server.clock.advance(DELAY)
    call.server.run(call.server.service.courier.flush())
    assert place.events() == ()
    call.server.reset()
    gc.collect()
    assert [record.getMessage() for record in caplog.records if record.name == "asyncio"] == []


def test_sink_that_fails_gets_the_event_again(call: Caller, sink: Sink) -> None:
    place = sink.subscribe()
    place.answer(503)
    create(call, place.url)
    call.server.clock.advance(DELAY)
    assert len(place.events()) == 3
    assert len({json.loads(event.body)["id"] for event in place.events()}) == 1


def test_a_flood_of_events_for_a_silent_sink_does_not_pile_up(
    call: Caller, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(events, "_BACKLOG", 3)
    monkeypatch.setattr(events, "_TIMEOUT", 0.2)
    service = call.server.service
    session = service.network.sessions[create(call, "https://127.0.0.1:9/")]
    with socket.create_server(("127.0.0.1", 0)) as silent, caplog.at_level("INFO"):
        delivery = events.Delivery(f"https://127.0.0.1:{silent.getsockname()[1]}", {}, {})

        def flood() -> None:
            for _ in range(8):
                service.courier.send(session, delivery)

        call.server.call(flood)
    call.server.run(service.courier.flush())
    given_up = [record for record in caplog.records if "given up: 3 others wait" in record.getMessage()]
    assert len(given_up) == 5
