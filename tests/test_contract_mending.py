"""Documents that contradict themselves are judged by what they evidently mean."""

import pytest

from pytest_nac_qod import contracts
from pytest_nac_qod.foundation.jsontypes import JsonObject


def event(release: str, **data: str) -> tuple[contracts.Contract, JsonObject]:
    api = next(api for api in contracts.apis(release) if api.endswith("provisioning"))
    contract = contracts.contract(release, api)
    body = {
        "id": "1",
        "source": "/assignments/1",
        "specversion": "1.0",
        "type": contract.event_types[0],
        "time": "2026-01-01T00:00:00Z",
        "data": dict.fromkeys(("assignmentId", "provisioningId"), "11111111-2222-4333-8444-555555555555") | data,
    }
    return contract, body


@pytest.mark.parametrize("release", contracts.RELEASES)
def test_provisioning_event_has_to_have_the_status_that_is_described(release: str) -> None:
    contract, right = event(release, status="AVAILABLE")
    assert contract.event_schema is not None
    assert contract.validate(right, contract.event_schema, direction="event") == []
    _, wrong = event(release, qosStatus="AVAILABLE")
    (error,) = contract.validate(wrong, contract.event_schema, direction="event")
    assert error.message == "$.data.status: expected present, got absent"


def test_what_is_shown_stays_as_published() -> None:
    assert "qosStatus" in contracts.show("r3.2", "qos-provisioning")
    assert contracts.mended(contracts.document("r4.1", "qos-provisioning")) == contracts.document(
        "r4.1", "qos-provisioning"
    )
