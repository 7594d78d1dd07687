"""The receiver of events, over real TLS."""

import json
import socket
import ssl
import threading
from pathlib import Path

import httpx
import pytest

from pytest_nac_qod.load.recording import LoadRecorder
from pytest_nac_qod.load.sinks import LoadSink
from pytest_nac_qod.wire import sink as receiving
from pytest_nac_qod.wire.redaction import Redactor
from pytest_nac_qod.wire.serving import ServingError
from pytest_nac_qod.wire.sink import Sink


def client(sink: Sink) -> httpx.Client:
    return httpx.Client(verify=ssl.create_default_context(cadata=sink.ca_pem))


def test_events_are_kept_for_their_subscription_only() -> None:
    with Sink() as sink, client(sink) as http:
        subscription, other = sink.subscribe(), sink.subscribe()
        answer = http.post(subscription.url, content=b"{}", headers={"Authorization": "Bearer secret"})
        assert answer.status_code == 204
        (event,) = subscription.events()
        assert (event.method, event.body) == ("POST", b"{}")
        assert ("authorization", "Bearer secret") in event.headers
        assert "secret" not in repr(event)
        assert other.events() == ()
        assert http.post(f"{sink.url}/guessed", content=b"{}").status_code == 404


def test_only_its_own_authority_is_trusted() -> None:
    with Sink() as sink, Sink() as stranger, client(stranger) as http, pytest.raises(httpx.ConnectError):
        http.post(sink.subscribe().url)


def test_answer_can_be_chosen() -> None:
    with Sink() as sink, client(sink) as http:
        subscription = sink.subscribe()
        subscription.answer(410)
        assert http.post(subscription.url).status_code == 410


def test_a_sender_that_asks_first_is_permitted() -> None:
    with Sink() as sink, client(sink) as http:
        subscription = sink.subscribe()
        answer = http.options(subscription.url, headers={"WebHook-Request-Origin": "network.example.com"})
        assert answer.status_code == 200
        assert answer.headers["webhook-allowed-origin"] == "network.example.com"
        assert answer.headers["webhook-allowed-rate"] == "*"
        assert http.options(subscription.url).headers["allow"] == "POST"
        assert subscription.events() == ()


def test_a_look_whether_there_is_a_sink_is_no_event() -> None:
    with Sink() as sink, client(sink) as http:
        subscription = sink.subscribe()
        assert http.get(subscription.url).status_code == 204
        assert http.head(subscription.url).status_code == 204
        assert subscription.events() == ()


def test_a_load_test_records_events_and_no_looks(tmp_path: Path) -> None:
    recorder = LoadRecorder(tmp_path / "events.jsonl")
    with LoadSink(recorder=recorder, redactor=Redactor()) as sink, client(sink) as http:
        place = sink.subscribe().url
        assert http.get(place).status_code == 204
        assert http.options(place).headers["webhook-allowed-origin"] == "*"
        assert http.post(place, content=b"{}").status_code == 204
    recorder.close()
    (line,) = (tmp_path / "events.jsonl").read_text(encoding="utf-8").splitlines()
    assert json.loads(line)["request"]["method"] == "POST"


@pytest.mark.parametrize("method", ["PUT", "PATCH", "GET", "DELETE"])
def test_an_event_by_another_method_is_kept_to_be_judged(method: str) -> None:
    with Sink() as sink, client(sink) as http:
        subscription = sink.subscribe()
        assert http.request(method, f"{subscription.url}?Of=QoD", content=b"{}").status_code == 204
        (event,) = subscription.events()
        assert (event.method, event.path.partition("?")[2]) == (method, "Of=QoD")


def test_waiting_ends_with_the_event() -> None:
    with Sink() as sink, client(sink) as http:
        subscription = sink.subscribe()
        sender = threading.Thread(target=http.post, args=(subscription.url,))
        sender.start()
        assert len(subscription.wait(lambda events: len(events) == 1, timeout=120)) == 1
        sender.join()
        assert subscription.wait(lambda events: len(events) == 2, timeout=0) == subscription.events()


def test_public_address_stands_in_the_subscriptions() -> None:
    sink = Sink(public_url="https://tester.example.com/qod/")
    assert sink.subscribe().url.startswith("https://tester.example.com/qod/")


def test_taken_address_is_told() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(ServingError) as caught:
            Sink(port=port).start()
    assert str(caught.value) == f"cannot listen on 127.0.0.1:{port}: Address already in use; give another host or port"


def test_a_flood_of_events_is_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(receiving, "MOST_EVENTS", 3)
    monkeypatch.setattr(receiving, "MOST_BYTES", 50)
    with Sink() as sink, client(sink) as http:
        flooded, other = sink.subscribe(), sink.subscribe()
        assert [http.post(flooded.url, content=b"{}").status_code for _ in range(5)] == [204, 204, 204, 429, 429]
        assert http.post(other.url, content=b" " * 60).status_code == 429
        assert http.post(other.url, content=b"{}").status_code == 204
        assert (len(flooded.events()), len(other.events())) == (3, 1)
        assert http.post(other.url, content=b" " * 2_000_000).status_code == 413
