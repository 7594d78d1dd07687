"""What the published documents allow costs no failure: checks on answers and events, by themselves."""

import json
from datetime import UTC, datetime

import pytest

from pytest_nac_qod import contracts
from pytest_nac_qod.catalogue.basis import check_bases
from pytest_nac_qod.checks import answer, event, session
from pytest_nac_qod.foundation.jsontypes import JsonObject
from pytest_nac_qod.suite.deliveries import distinct, statuses
from pytest_nac_qod.wire.exchange import Exchange, Request, Response
from pytest_nac_qod.wire.resources import resource_of

KEY = "3fa85f64-5717-4562-b3fc-2c963f66afa6"
DEVICE = {"phoneNumber": "+99999991000", "ipv6Address": "2001:db8::1"}


def exchange(
    *, body: str = "", status: int = 200, sent: str = "", headers: tuple[tuple[str, str], ...] = ()
) -> Exchange:
    return Exchange(
        id="x1",
        operation="createSession",
        role="judged",
        request=Request(method="POST", url="http://t/", headers=headers, body=sent),
        response=Response(status=status, headers=(("content-type", "text/html"),), body=body),
        error=None,
        started="2026-01-01T00:00:00Z",
        seconds=0.0,
    )


def weights(release: str, found: JsonObject, sent: JsonObject) -> list[str]:
    """How much each violation of a session weighs."""
    contract = contracts.contract(release, "quality-on-demand")
    resource = resource_of(contract)
    assert resource is not None
    context = session.SessionContext(
        contract=contract, resource=resource, session=found, sent=sent, now=datetime(2026, 1, 1, tzinfo=UTC)
    )
    violations = [*session.device(context), *session.started_at(context), *session.expires_at(context)]
    return [check_bases(release)[one.basis].strength for one in violations]


@pytest.mark.parametrize("release", contracts.RELEASES)
@pytest.mark.parametrize("name", DEVICE)
def test_one_identifier_of_several_is_right_in_each_release(release: str, name: str) -> None:
    found = {"qosStatus": "REQUESTED", "device": {name: DEVICE[name]}}
    assert weights(release, found, {"device": DEVICE}) == []


@pytest.mark.parametrize(
    ("release", "device", "expected"),
    [
        ("r1.3", DEVICE, ["may"]),
        ("r2.2", DEVICE, ["may"]),
        ("r3.2", DEVICE, ["must"]),
        ("r2.2", None, ["should"]),
        ("r3.2", None, ["must"]),
        ("r2.2", {"phoneNumber": "+1234567"}, ["must"]),
    ],
)
def test_other_echoes_weigh_what_the_texts_say(release: str, device: JsonObject | None, expected: list[str]) -> None:
    found: JsonObject = {"qosStatus": "REQUESTED"} | ({"device": device} if device else {})
    assert weights(release, found, {"device": DEVICE}) == expected


def test_times_that_are_missing_warn_and_times_too_early_fail() -> None:
    assert weights("r3.2", {"qosStatus": "AVAILABLE"}, {}) == ["should", "should"]
    assert weights("r3.2", {"qosStatus": "REQUESTED", "startedAt": "2025-12-31T23:59:59Z"}, {}) == ["must"]


def told(identity: str, **data: str) -> Exchange:
    return exchange(sent=json.dumps({"id": identity, "source": "s", "data": data}))


def test_event_that_is_sent_again_is_the_same_event() -> None:
    contract = contracts.contract("r3.2", "quality-on-demand")
    first, again = (told("1", sessionId=KEY, qosStatus="AVAILABLE") for _ in range(2))
    other = told("1", sessionId=KEY, qosStatus="UNAVAILABLE")
    assert distinct([first, again]) == [first]
    assert distinct([first, other]) == [first, other]
    assert event.unique_id(first, [again], contract) == []
    assert len(event.unique_id(first, [other], contract)) == 1


def test_event_of_an_assignment_may_have_both_names_of_its_status() -> None:
    both = told("1", assignmentId=KEY, status="UNAVAILABLE", qosStatus="UNAVAILABLE", statusInfo="NETWORK_TERMINATED")
    contract = contracts.contract("r3.2", "qos-provisioning")
    assert statuses([both]) == ["UNAVAILABLE NETWORK_TERMINATED"]
    assert event.data(both, contract, key=KEY, status=("UNAVAILABLE",), info="NETWORK_TERMINATED") == []


@pytest.mark.parametrize(("header", "broken"), [("Bearer t", 0), ("bearer t", 0), ("Bearer: t", 0), ("Basic t", 1)])
def test_credential_of_an_event_as_steps_spell_it(header: str, broken: int) -> None:
    contract = contracts.contract("r3.2", "quality-on-demand")
    assert len(event.credential(exchange(headers=(("Authorization", header),)), contract, token="t")) == broken


@pytest.mark.parametrize(("status", "broken"), [(415, 0), (503, 0), (204, 1)])
def test_body_that_nothing_documents_is_not_judged(status: int, broken: int) -> None:
    contract = contracts.contract("r3.2", "quality-on-demand")
    assert len(answer.body(exchange(body="<html>", status=status), contract)) == broken
