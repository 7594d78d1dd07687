"""What a refused request must not do, and what may happen meanwhile all the same."""

from pathlib import Path

import pytest

from pytest_nac_qod import contracts
from pytest_nac_qod.checks import keeping
from pytest_nac_qod.foundation.jsontypes import JsonObject
from pytest_nac_qod.verdicts import Violation
from pytest_nac_qod.wire.resources import Resource, resource_of
from tests.support.target_runs import check, deployment, written

REQUESTED: JsonObject = {"sessionId": "1", "qosStatus": "REQUESTED", "duration": 60}
AVAILABLE: JsonObject = {
    **REQUESTED,
    "qosStatus": "AVAILABLE",
    "startedAt": "2026-01-01T00:00:00Z",
    "expiresAt": "2026-01-01T00:01:00Z",
}
ENDED: JsonObject = {**AVAILABLE, "qosStatus": "UNAVAILABLE"}
DELETED: JsonObject = {**ENDED, "statusInfo": "DELETE_REQUESTED"}


def session() -> Resource:
    resource = resource_of(contracts.contract("r3.2", "quality-on-demand"))
    assert resource is not None
    return resource


def changes(old: JsonObject, new: JsonObject | None) -> list[str]:
    template = Violation(clause="", expected="as before", actual="")
    return [f"{wrong.expected}: {wrong.actual}" for wrong in keeping.changes(session(), old, new, template)]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (AVAILABLE, AVAILABLE),
        (REQUESTED, AVAILABLE),
        (ENDED, None),
        (AVAILABLE, {**ENDED, "duration": 7, "statusInfo": "DURATION_EXPIRED"}),
        (REQUESTED, {**ENDED, "statusInfo": "NETWORK_TERMINATED"}),
        (AVAILABLE, {**AVAILABLE, "expiresAt": "2026-01-01T01:01:00.4+01:00"}),
        ({**AVAILABLE, "sink": "https://a.example"}, AVAILABLE),
    ],
    ids=["nothing", "begun", "ended one gone", "expired", "refused", "rounded", "shows less"],
)
def test_what_the_network_does_by_itself_is_no_change(old: JsonObject, new: JsonObject | None) -> None:
    assert changes(old, new) == []


@pytest.mark.parametrize(
    ("new", "said"),
    [
        (None, "the session as before: it is gone"),
        (DELETED, "$.qosStatus 'AVAILABLE' as before: UNAVAILABLE, DELETE_REQUESTED"),
        (ENDED, "$.qosStatus 'AVAILABLE' as before: UNAVAILABLE, no statusInfo"),
        (
            {**ENDED, "statusInfo": "NETWORK_TERMINATED"},
            "$.qosStatus 'AVAILABLE' as before: UNAVAILABLE, NETWORK_TERMINATED",
        ),
        ({**AVAILABLE, "duration": 120}, "$.duration 60 as before: 120"),
    ],
    ids=["gone", "deleted", "ended", "ended by the network", "longer"],
)
def test_what_a_request_did_is_a_change(new: JsonObject | None, said: str) -> None:
    assert changes(AVAILABLE, new) == [said]


def test_what_a_refused_creation_left_is_told_and_deleted(tmp_path: Path) -> None:
    scenario = "quality_on_demand_createSession_401.1_no_authorization_header"
    with deployment() as server:
        server.reset(["unauthenticated_creation_creates"])
        ran = check(written(tmp_path, server, without=("reset",)), "--scenario", scenario)
        assert server.service.network.sessions == {}
    (result,) = ran.of("fail")
    (wrong,) = result["violations"]
    assert wrong["expected"] == "nothing created by the request that was answered 401"
    assert wrong["actual"] == "a new session of the device"
    assert (wrong["part"], result["id"]) == ("other", scenario)


def test_a_refusal_that_does_nothing_costs_one_look(tmp_path: Path) -> None:
    scenario = "quality_on_demand_createSession_401.1_no_authorization_header"
    with deployment() as server:
        ran = check(written(tmp_path, server, without=("reset",)), "--scenario", scenario)
    (result,) = ran.of("pass")
    operations = [exchange["operation"] for exchange in result["exchanges"]]
    assert operations[operations.index("createSession") :] == ["createSession", "retrieveSessionsByDevice"]
