"""Each status and code that the contracts document can be had from the embedded server."""

from collections.abc import Iterator

import pytest

from pytest_nac_qod import contracts
from pytest_nac_qod.foundation.jsontypes import JsonObject
from tests.support.servers import SERVER, Caller, calling

# Never answered. r1.3: what goes wrong on our side, a device that retrieve-qos-profiles does not need, and a
# general code where there is a special one. Up to r2.2: another name of UNAUTHENTICATED that the texts tell nowhere
# apart. r4.1: the code for kinds of credential that its schemas know no more, so that they break the schema.
ANOTHER_NAME = (401, "AUTHENTICATION_REQUIRED")
UNUSED = {
    "r1.3": {
        ANOTHER_NAME,
        (422, "UNIDENTIFIABLE_DEVICE"),
        (422, "UNPROCESSABLE_ENTITY"),
        (500, "INTERNAL"),
        (503, "UNAVAILABLE"),
    },
    "r2.2": {ANOTHER_NAME},
    "r3.2": set(),
    "r4.1": {(400, "INVALID_CREDENTIAL")},
}
CREATES = ("createSession", "createProvisioning", "triggerProvisioning", "createQosAssignment")
NOBODY = "3fa85f64-5717-4562-b3fc-2c963f66afa6"
BEARER = {"accessToken": "x", "accessTokenExpiresUtc": "2099-01-01T00:00:00Z", "accessTokenType": "bearer"}


@pytest.fixture(scope="module", params=contracts.RELEASES)
def call(request: pytest.FixtureRequest) -> Iterator[Caller]:
    with calling(request.param) as caller:
        caller.renew()
        yield caller


def bodies(call: Caller, operation: str) -> Iterator[tuple[JsonObject, str]]:
    """Bodies that are refused, each for a reason of its own, with the client that sends them."""
    devices = call.target
    usual: JsonObject = {"qosProfile": "QOS_L"} if operation in CREATES else {}
    if operation == "createSession":
        usual |= {"applicationServer": SERVER, "duration": 600}
    good = {**usual, "device": devices["second"]}
    yield {**good, "device": {}}, "application"
    for role in ("not_found", "not_applicable", "unsupported", "mismatched"):
        yield {**usual, "device": devices[role]}, "application"
    yield usual, "application"
    yield good, "three_legged"
    ipv4 = {"publicAddress": "203.0.113.12", "publicPort": 70000}
    yield {**good, "device": {"ipv4Address": ipv4}}, "application"
    if operation in CREATES:
        sink = {"sink": "https://127.0.0.1:9"}
        for credential in (
            {"credentialType": "PLAIN", "identifier": "x", "secret": "y"},
            {"credentialType": "ACCESSTOKEN", **BEARER, "accessTokenType": "mac"},
            {"credentialType": "PRIVATE_KEY_JWT"},
        ):
            yield {**good, **sink, "sinkCredential": credential}, "application"
        yield {**good, "sink": "http://127.0.0.1:9"}, "application"
        yield {**good, "qosProfile": "QOS_PAUSED"}, "application"
        yield {**good, "duration": 1}, "application"
        yield good, "application"
        yield good, "application"


def keys(call: Caller, operation: str) -> tuple[str, ...]:
    parameter = call.contract(operation).operations[operation].path.partition("{")[2].partition("}")[0]
    resources = [*call.server.service.network.sessions, *call.server.service.network.assignments]
    return {"": ("",), "name": ("no-such-profile", "x", "QOS_L")}.get(parameter, (NOBODY, "no-uuid", *resources))


def reached(call: Caller, operation: str) -> Iterator[tuple[int, str]]:
    """Statuses and codes of requests of all kinds; an empty code where there is no error."""
    taken = call.contract(operation).request_pointer(operation)
    requests = list(bodies(call, operation)) if taken and operation != "extendQosSessionDuration" else []
    if operation == "extendQosSessionDuration":
        requests = [({}, "application"), ({"requestedAdditionalDuration": 60}, "application")]
    clients = ("application", "neighbour", "expired", "scopeless", "spendthrift")
    for key in keys(call, operation):
        for body, client in requests or [({}, "application")]:
            answer = call(operation, body, key=key, client=client)
            yield answer.status_code, answer.json().get("code", "") if answer.status_code >= 400 else ""
        for client in clients[1:]:
            answer = call(operation, requests[-1][0] if requests else {}, key=key, client=client)
            yield answer.status_code, answer.json().get("code", "") if answer.status_code >= 400 else ""
    call.server.service.network.limited.add(operation)
    answer = call(operation, {}, key=keys(call, operation)[0])
    yield answer.status_code, answer.json()["code"]


def test_documented_codes(call: Caller) -> None:
    for api in call.server.apis:
        contract = contracts.contract(call.server.release, api)
        documented = {
            (status, code)
            for operation in contract.operations.values()
            for status, codes in operation.errors.items()
            for code in codes
        }
        statuses = {status for operation in contract.operations.values() for status in operation.success}
        deletions_last = sorted(contract.operations, key=lambda name: contract.operations[name].method == "DELETE")
        pairs = {pair for operation in deletions_last for pair in reached(call, operation)}
        assert documented - pairs <= UNUSED[call.server.release]
        assert statuses - {status for status, _ in pairs} <= {202, 204}
