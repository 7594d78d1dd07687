"""What checks of bodies and events tell, word by word: clause, path, what was expected, what came."""

import json

import pytest

from pytest_nac_qod import contracts
from pytest_nac_qod.checks import answer, event
from pytest_nac_qod.foundation.jsontypes import Json
from pytest_nac_qod.verdicts import Violation
from pytest_nac_qod.wire.exchange import Exchange, Request, Response

CONTRACT = contracts.contract("r3.2", "quality-on-demand")
ID = "3fa85f64-5717-4562-b3fc-2c963f66afa6"
DATA = "quality-on-demand#/components/schemas/EventQosStatusChanged/allOf/1/properties/data"


def exchange(
    operation: str, *, status: int = 0, answered: str = "", sent: str = "", headers: tuple[tuple[str, str], ...] = ()
) -> Exchange:
    response = Response(status=status, headers=headers, body=answered) if status else None
    request = Request(method="POST", url="/", headers=headers, body=sent)
    return Exchange(
        id="x1",
        operation=operation,
        role="judged",
        request=request,
        response=response,
        error=None,
        started="2024-06-01T12:00:00Z",
        seconds=0.0,
    )


def told(violations: list[Violation]) -> list[tuple[str, str, str, str, str]]:
    return [(each.clause, each.path, each.expected, each.actual, each.basis) for each in violations]


CALLBACKS = "quality-on-demand#/paths/~1sessions/post/callbacks"
DELETION = "quality-on-demand#/paths/~1sessions~1{sessionId}/delete/responses"
READ = "quality-on-demand#/paths/~1sessions~1{sessionId}/get/responses"


def test_a_204_has_no_content() -> None:
    assert answer.body(exchange("deleteSession", status=204), CONTRACT) == []
    assert told(answer.body(exchange("deleteSession", status=204, answered="{}"), CONTRACT)) == [
        (f"{DELETION}/204", "$", "no body", "body {}", "no_content")
    ]


def test_an_answer_that_nothing_documents_may_contain_anything() -> None:
    assert answer.body(exchange("deleteSession", status=299, answered="<html>"), CONTRACT) == []
    assert answer.body(exchange("unheardOf", status=200, answered="<html>"), CONTRACT) == []


@pytest.mark.parametrize(("text", "actual"), [("<html>", "<html>"), ("", "empty body"), ('{"a": 1} 2', '{"a": 1} 2')])
def test_a_body_is_one_json_value(text: str, actual: str) -> None:
    (violation,) = answer.body(exchange("getSession", status=200, answered=text), CONTRACT)
    assert violation.clause == f"{READ}/200/content/application~1json"
    assert (violation.path, violation.expected) == ("$", "one JSON value (RFC 8259)")
    assert violation.actual.endswith(f": {actual}")
    assert not violation.actual.startswith("None")
    assert violation.basis == "one_json_value"


def test_a_body_is_held_against_the_schema_of_its_status() -> None:
    error = {"status": 404, "code": "NOT_FOUND", "message": "gone"}
    assert answer.body(exchange("getSession", status=404, answered=json.dumps(error)), CONTRACT) == []
    paths = {
        each.path for each in answer.body(exchange("getSession", status=200, answered=json.dumps(error)), CONTRACT)
    }
    assert "$.sessionId" in paths


def delivery(**data: Json) -> Exchange:
    return exchange("postNotification", sent=json.dumps({"id": "1", "source": "s", "data": data}))


def about(*status: str, info: str = "", **data: Json) -> list[tuple[str, str, str, str, str]]:
    return told(event.data(delivery(**data), CONTRACT, key=ID, status=status, info=info))


def test_an_event_is_about_the_session_in_its_status() -> None:
    assert about("AVAILABLE", sessionId=ID, qosStatus="AVAILABLE") == []
    assert about("AVAILABLE", sessionId="other", qosStatus="AVAILABLE") == [
        (f"{DATA}/properties/sessionId", "$.data.sessionId", f"event $.data.sessionId {ID}", "'other'", "event_about")
    ]
    assert about("AVAILABLE", "UNAVAILABLE", sessionId=ID, qosStatus="REQUESTED") == [
        (f"{DATA}/properties/qosStatus", "$.data.qosStatus", "event $.data.qosStatus AVAILABLE or UNAVAILABLE",
         "'REQUESTED'", "event_status")
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("info", "shown", "expected"),
    [
        ("DURATION_EXPIRED", {"qosStatus": "UNAVAILABLE", "statusInfo": "DELETE_REQUESTED"}, "DURATION_EXPIRED"),
        ("DURATION_EXPIRED", {"qosStatus": "UNAVAILABLE"}, "DURATION_EXPIRED"),
        ("", {"qosStatus": "AVAILABLE", "statusInfo": "DURATION_EXPIRED"}, "only if UNAVAILABLE"),
    ],
)
def test_an_event_says_why_only_where_a_session_ended(info: str, shown: dict[str, Json], expected: str) -> None:
    assert about(str(shown["qosStatus"]), info=info, sessionId=ID, **shown) == [
        (f"{DATA}/properties/statusInfo", "$.data.statusInfo", f"event $.data.statusInfo {expected}",
         repr(shown.get("statusInfo")), "event_status_info")
    ]  # fmt: skip


def test_an_event_may_give_any_reason_where_none_is_wanted() -> None:
    assert about("UNAVAILABLE", sessionId=ID, qosStatus="UNAVAILABLE", statusInfo="NETWORK_TERMINATED") == []
    assert event.data(exchange("postNotification", sent='{"data": 1}'), CONTRACT, key=ID, status=["A"], info="") == []


def test_an_id_stands_for_one_event_of_its_source() -> None:
    first, again = delivery(sessionId=ID), delivery(sessionId=ID)
    assert event.unique_id(first, [again], CONTRACT) == []
    (violation,) = event.unique_id(first, [again, delivery(sessionId="other")], CONTRACT)
    assert violation.clause.endswith("/properties/id")
    assert (violation.path, violation.expected) == ("$.id", "event $.id unique for its source")
    assert (violation.actual, violation.basis) == ("1 twice", "event_id")
    elsewhere = exchange("postNotification", sent=json.dumps({"id": "1", "source": "t", "data": {}}))
    assert event.unique_id(first, [elsewhere], CONTRACT) == []


@pytest.mark.parametrize(
    ("header", "actual"),
    [
        ("application/cloudevents+json", None),
        ("Application/CloudEvents+JSON ; charset=utf-8", None),
        ("application/json", "Content-Type: application/json"),
        (
            "application/json; a=application/cloudevents+json",
            "Content-Type: application/json; a=application/cloudevents+json",
        ),
        (None, "no Content-Type"),
    ],
)
def test_the_media_type_of_an_event(header: str | None, actual: str | None) -> None:
    sent = exchange("postNotification", headers=(("Content-Type", header),) if header else ())
    expected = ("content-type", "event header Content-Type: application/cloudevents+json", actual, "event_media_type")
    assert told(event.media_type(sent, CONTRACT)) == ([(CALLBACKS, *expected)] if actual else [])


@pytest.mark.parametrize(
    ("header", "actual"),
    [
        ("Bearer t", None),
        ("bearer:  t ", None),
        ("Bearer t t", "Authorization: Bearer t t"),
        ("Basic t", "Authorization: Basic t"),
        (" t", "Authorization: t"),
        ("XXXX", "Authorization: XXXX"),
        (None, "no Authorization"),
    ],
)
def test_the_credential_of_an_event(header: str | None, actual: str | None) -> None:
    sent = exchange("postNotification", headers=(("Authorization", header),) if header else ())
    clause = "quality-on-demand#/components/securitySchemes/notificationsBearerAuth"
    expected = (clause, "authorization", "event header Authorization: Bearer t", actual, "event_credential")
    assert told(event.credential(sent, CONTRACT, token="t")) == ([expected] if actual else [])


def test_an_event_is_one_json_value_with_an_id_and_a_source() -> None:
    schema = "quality-on-demand#/components/schemas/CloudEvent"
    json_value = ("$", "event body is one JSON value", "<xml>", "event_json")
    for sent, actual in (("<xml>", "<xml>"), ("", "empty body")):
        (violation,) = event.body(exchange("postNotification", sent=sent), CONTRACT)
        assert (violation.clause, violation.expected, violation.actual, violation.basis) == (
            schema, json_value[1], actual, json_value[3]
        )  # fmt: skip
    assert told(event.named({"id": "", "source": ""}, CONTRACT)) == [
        (f"{schema}/properties/{name}", f"$.{name}", f"event $.{name} a non-empty string (CloudEvents 1.0)", "''",
         "event_named")
        for name in ("id", "source")
    ]  # fmt: skip
    assert [each.value for each in event.named({"id": ""}, CONTRACT)] == [""]
    assert event.named([""], CONTRACT) == event.named({"id": "1", "source": "s"}, CONTRACT) == []
    wrong = event.body(exchange("postNotification", sent='{"id": "", "source": "s"}'), CONTRACT)
    assert [each.path for each in wrong].count("$.id") == 1
    assert {each.basis for each in wrong} == {"event_schema", "event_named"}


@pytest.mark.parametrize(("release", "api"), [("r1.3", "qod-provisioning"), ("r4.1", "quality-on-demand")])
def test_what_an_event_tells_has_its_clause(release: str, api: str) -> None:
    contract = contracts.contract(release, api)
    clause = event.data_clause(contract, "statusInfo")
    assert clause.endswith("/allOf/1/properties/data/properties/statusInfo")
    assert contract.resolved(clause.removeprefix(api))[1]
    assert event.callback_clause(CONTRACT) == CALLBACKS


def test_profiles_have_no_events() -> None:
    profiles = contracts.contract("r3.2", "qos-profiles")
    assert event.callback_clause(profiles) == "qos-profiles"
    with pytest.raises(LookupError, match=r"^qos-profiles has no events$"):
        event.data_clause(profiles)


def test_only_events_with_a_body_are_the_same() -> None:
    first, text = delivery(sessionId=ID), exchange("postNotification", sent="text")
    assert event.same(first, delivery(sessionId=ID))
    assert not event.same(first, text)
    assert not event.same(text, first)
    assert not event.same(text, text)
    assert event.unique_id(text, [text], CONTRACT) == []
    assert event.data(text, CONTRACT, key=ID, status=["A"], info="") == []
