"""Checks of sessions and events, fed with answers that are right and answers that are not."""

import json
from datetime import UTC, datetime

import pytest

from pytest_nac_qod import contracts
from pytest_nac_qod.checks import event as event_checks
from pytest_nac_qod.checks import rules
from pytest_nac_qod.checks.answer import schema
from pytest_nac_qod.checks.session import SessionContext, all_of
from pytest_nac_qod.contracts import Contract
from pytest_nac_qod.foundation.jsontypes import Json, JsonObject
from pytest_nac_qod.verdicts import Violation, judged
from pytest_nac_qod.wire.exchange import Exchange, Request
from pytest_nac_qod.wire.resources import resource_of

ID = "3fa85f64-5717-4562-b3fc-2c963f66afa6"
SENT: JsonObject = {"qosProfile": "QOS_L", "applicationServer": {"ipv4Address": "198.51.100.10"}, "duration": 3600}
SESSION: JsonObject = {**SENT, "sessionId": ID, "qosStatus": "REQUESTED"}
CREDENTIAL = {
    "credentialType": "ACCESSTOKEN",
    "accessTokenExpiresUtc": "2099-01-01T00:00:00Z",
    "accessTokenType": "bearer",
}
TOKEN = {**CREDENTIAL, "accessToken": "made-up"}
ALL = [
    (release, api) for release in contracts.RELEASES for api in contracts.apis(release) if not api.endswith("profiles")
]


def violations(contract: Contract, returned: JsonObject, sent: JsonObject, operation: str = "") -> list[Violation]:
    """All that is wrong with a session or an assignment in an answer."""
    resource = resource_of(contract)
    assert resource
    context = SessionContext(
        contract=contract,
        resource=resource,
        session=returned,
        sent=sent,
        now=datetime(2024, 6, 1, 16, tzinfo=UTC),
        shortest=1,
        longest=86400,
    )
    pointer = contract.response_pointer(operation or resource.create, 200 if operation else 201)
    assert pointer
    items = contract.resolved(pointer)[1].get("type") == "array"
    return [*schema([returned] if items else returned, pointer, contract, direction="response"), *all_of(context)]


def shown(api: str, **more: Json) -> tuple[JsonObject, JsonObject]:
    """What was sent and what is shown, of either API."""
    sink = {"sink": "https://example.com/n"}
    if api == "quality-on-demand":
        return {**SENT, **sink}, {**SESSION, **sink, **more}
    ids = dict.fromkeys(("assignmentId", "provisioningId"), ID)
    return {"qosProfile": "QOS_L", **sink}, {"qosProfile": "QOS_L", **sink, **ids, "status": "REQUESTED", **more}


def operations(contract: Contract) -> list[str]:
    resource = resource_of(contract)
    assert resource
    return [name for name in ("", resource.read, resource.retrieve, resource.extend) if name]


@pytest.mark.parametrize(("release", "api"), ALL)
def test_credential_without_its_token_is_tolerated(release: str, api: str) -> None:
    contract = contracts.contract(release, api)
    sent, returned = shown(api, sinkCredential=CREDENTIAL)
    for operation in operations(contract):
        assert violations(contract, returned, sent, operation) == []


@pytest.mark.parametrize(("release", "api"), ALL)
def test_credential_with_its_token_is_a_warning_with_its_reason(release: str, api: str) -> None:
    contract = contracts.contract(release, api)
    sent, returned = shown(api, sinkCredential=TOKEN)
    for operation in operations(contract):
        (violation,) = violations(contract, returned, sent, operation)
        assert judged([violation]) == "warn"
        assert violation.expected == "$.sinkCredential.accessToken not returned"
        assert "SHOULD NOT" in violation.reason


@pytest.mark.parametrize(("release", "api"), ALL)
def test_rest_of_a_credential_is_still_judged(release: str, api: str) -> None:
    contract = contracts.contract(release, api)
    sent, returned = shown(api, sinkCredential={"credentialType": "ACCESSTOKEN", "accessTokenExpiresUtc": "tomorrow"})
    assert "$.sinkCredential.accessTokenExpiresUtc" in [
        violation.path for violation in violations(contract, returned, sent)
    ]


@pytest.mark.parametrize(("release", "api"), ALL)
def test_token_is_still_required_of_a_request(release: str, api: str) -> None:
    contract = contracts.contract(release, api)
    errors = contract.validate(CREDENTIAL, "#/components/schemas/SinkCredential", direction="request")
    assert [error.path for error in errors] == ["$.accessToken"]


def of_session(release: str, **changes: Json) -> list[tuple[str, str]]:
    contract = contracts.contract(release, "quality-on-demand")
    breaches = violations(contract, {**SESSION, "qosStatus": "AVAILABLE", **changes}, SENT)
    return [(breach.path, breach.expected) for breach in breaches]


NOON = "2024-06-01T12:00:00Z"


@pytest.mark.parametrize("release", contracts.RELEASES)
@pytest.mark.parametrize(
    "changes",
    [
        {"startedAt": NOON, "expiresAt": "2024-06-01T13:00:00Z"},
        {"startedAt": "2024-06-01t12:00:00z", "expiresAt": "2024-06-01t13:00:00.000z"},
        {"startedAt": NOON, "expiresAt": "2024-06-01T18:45:00+05:45"},
        {"startedAt": "2016-12-31T23:59:60Z", "expiresAt": "2017-01-01T01:00:00Z"},
        {"startedAt": NOON, "expiresAt": NOON, "duration": 1, "qosStatus": "UNAVAILABLE",
         "statusInfo": "NETWORK_TERMINATED"},
        {"startedAt": NOON, "expiresAt": NOON, "duration": 1, "qosStatus": "UNAVAILABLE",
         "statusInfo": "DELETE_REQUESTED"},
        {"startedAt": "2024-06-01T12:00:00.200Z", "expiresAt": "2024-06-01T12:00:00.900Z", "duration": 1,
         "qosStatus": "UNAVAILABLE"},
    ],
)  # fmt: skip
def test_times_that_are_right(release: str, changes: JsonObject) -> None:
    assert of_session(release, **changes) == []


@pytest.mark.parametrize("release", contracts.RELEASES)
@pytest.mark.parametrize(
    ("changes", "paths"),
    [
        ({"startedAt": NOON, "expiresAt": "2024-06-01T15:00:00Z"}, ["$.expiresAt"]),
        ({"startedAt": NOON, "expiresAt": "2024-06-01T15:00:00Z", "duration": 3600.0}, ["$.duration", "$.expiresAt"]),
        ({"startedAt": NOON, "expiresAt": "2024-06-01T13:00:00Z", "duration": 3600.0}, ["$.duration"]),
        ({"startedAt": NOON, "expiresAt": NOON, "duration": 1}, ["$.expiresAt"]),
        ({"startedAt": NOON, "expiresAt": NOON, "duration": 600, "qosStatus": "UNAVAILABLE"}, ["$.expiresAt"]),
        ({"startedAt": NOON, "expiresAt": "2024-06-01T11:59:59Z", "duration": 1, "qosStatus": "UNAVAILABLE"},
         ["$.expiresAt"]),
        ({"startedAt": f"{NOON}\n", "expiresAt": "2024-06-01T13:00:00Z"}, ["$.startedAt", "$.startedAt"]),
    ],
)  # fmt: skip
def test_times_that_are_wrong(release: str, changes: JsonObject, paths: list[str]) -> None:
    assert [path for path, _ in of_session(release, **changes)] == paths


def test_duration_beyond_every_calendar_is_judged_all_the_same() -> None:
    breaches = of_session("r3.2", startedAt=NOON, expiresAt="2024-06-01T13:00:00Z", duration=10**400)
    assert {path for path, _ in breaches} == {"$.duration", "$.expiresAt"}
    profile: JsonObject = {"name": "A", "minDuration": {"value": 10**400, "unit": "Milliseconds"}}
    assert rules.duration_bounds({**profile, "maxDuration": {"value": 1, "unit": "Days"}}) == []


def delivered(contract: Contract, event: JsonObject) -> list[str]:
    text = json.dumps(event)
    exchange = Exchange(
        id="x1",
        operation="postNotification",
        role="event",
        request=Request(method="POST", url="/", headers=(), body=text),
        response=None,
        error=None,
        started=NOON,
        seconds=0.0,
    )
    return [f"{violation.path} {violation.expected}" for violation in event_checks.body(exchange, contract)]


@pytest.mark.parametrize(("release", "api"), ALL)
@pytest.mark.parametrize("name", ["id", "source"])
def test_event_with_an_empty_attribute_is_wrong_once(release: str, api: str, name: str) -> None:
    contract = contracts.contract(release, api)
    ids = dict.fromkeys(("sessionId", "assignmentId", "provisioningId"), ID)
    statuses = dict.fromkeys(("qosStatus", "status"), "AVAILABLE")
    event = {
        "id": "1",
        "source": "/x",
        "specversion": "1.0",
        "type": contract.event_types[0],
        "time": NOON,
        "data": {**ids, **statuses},
    }
    assert delivered(contract, event) == []
    (said,) = delivered(contract, {**event, name: ""})
    assert said.startswith(f"$.{name} ")
