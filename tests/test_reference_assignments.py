"""The embedded server's provisioning API, in each release: qos-provisioning, and qod-provisioning up to r2.2."""

import json
from collections.abc import Iterator
from uuid import uuid4

import httpx
import pytest

from pytest_nac_qod import contracts
from pytest_nac_qod.foundation.jsontypes import JsonObject
from pytest_nac_qod.wire.sink import Sink, Subscription
from tests.support.servers import DELAY, Caller, calling, code

OPERATIONS = ("create", "get", "revoke", "retrieve")
NAMES = {
    "r1.3": ("createProvisioning", "getProvisioningById", "deleteProvisioning", "retrieveProvisioningByDevice"),
    "r2.2": ("triggerProvisioning", "getProvisioningById", "revokeProvisioning", "retrieveProvisioningByDevice"),
    "r3.2": ("createQosAssignment", "getQosAssignmentById", "revokeQosAssignment", "getQosAssignmentByDevice"),
}
NOBODY = str(uuid4())


class Provisioning:
    """The four operations by what they do."""

    def __init__(self, caller: Caller) -> None:
        self.caller = caller
        release = caller.server.release
        self.names = dict(zip(OPERATIONS, NAMES.get(release, NAMES["r3.2"]), strict=True))
        self.id_name = "assignmentId" if release >= "r3" else "provisioningId"
        self.devices = caller.target

    def __call__(
        self, what: str, body: JsonObject | None = None, *, key: str = "", client: str = "application"
    ) -> httpx.Response:
        return self.caller(self.names[what], body, key=key, client=client)

    def created(self, device: str = "default", **more: object) -> str:
        answer = self("create", {"device": self.devices[device], "qosProfile": "QOS_L", **more})
        assert answer.status_code == 201, answer.text
        return str(answer.json()[self.id_name])

    def until(self, key: str, status: str) -> JsonObject:
        self.caller.server.clock.advance(DELAY)
        assignment: JsonObject = self("get", key=key).json()
        assert assignment["status"] == status
        return assignment


@pytest.fixture(scope="module", params=contracts.RELEASES)
def api(request: pytest.FixtureRequest) -> Iterator[Provisioning]:
    with calling(request.param) as caller:
        yield Provisioning(caller)


@pytest.fixture(autouse=True)
def _clean(api: Provisioning) -> None:
    api.caller.renew()


@pytest.fixture(scope="module")
def sink(api: Provisioning) -> Iterator[Sink]:
    with Sink() as receiver:
        api.caller.http.post(api.caller.server.control_url("trust_sink"), json={"pem": receiver.ca_pem})
        yield receiver


def hook(api: Provisioning, name: str, **arguments: object) -> None:
    answer = api.caller.http.post(api.caller.server.control_url(name), json=arguments)
    assert answer.status_code == 204, answer.text


def credential(accepted: str = "sink-token") -> JsonObject:
    return {
        "credentialType": "ACCESSTOKEN",
        "accessToken": accepted,
        "accessTokenExpiresUtc": "2099-01-01T00:00:00Z",
        "accessTokenType": "bearer",
    }


def events(api: Provisioning, place: Subscription, count: int) -> list[JsonObject]:
    """The data of the first events, judged but for the property that up to r3.2 is required without being declared."""
    contract = api.caller.contract(api.names["create"])
    arrived = place.wait(lambda seen: len(seen) >= count, timeout=120)
    contents = []
    for event in arrived:
        assert dict(event.headers)["authorization"] == "Bearer sink-token"
        assert dict(event.headers)["content-type"] == "application/cloudevents+json"
        body = json.loads(event.body)
        errors = contract.validate(body, "#/components/schemas/CloudEvent", direction="event")
        assert [error.path for error in errors] in ([], ["$.data.qosStatus"])
        assert body["type"] == f"org.camaraproject.{contract.api}.v0.status-changed"
        contents.append(body["data"])
    return contents


def test_assignment_lives_until_it_is_revoked(api: Provisioning) -> None:
    key = api.created()
    first = api("get", key=key).json()
    assert first["status"] == "REQUESTED"
    assert "startedAt" not in first
    assignment = api.until(key, "AVAILABLE")
    assert assignment["qosProfile"] == "QOS_L"
    assert assignment["device"] == api.devices["default"]
    assert "statusInfo" not in assignment
    assert assignment["startedAt"].endswith("Z")
    assert api("retrieve", {"device": api.devices["default"]}).json() == assignment
    api.caller.server.clock.advance(10 * 86400)
    assert api("get", key=key).json() == assignment
    assert api("revoke", key=key).status_code == 204
    assert code(api("get", key=key)) == (404, "NOT_FOUND")
    assert code(api("revoke", key=key)) == (404, "NOT_FOUND")
    assert code(api("retrieve", {"device": api.devices["default"]})) == (404, "NOT_FOUND")


def test_asynchronous_revocation(api: Provisioning, sink: Sink) -> None:
    place = sink.subscribe()
    key = api.created("asynchronous", sink=place.url, sinkCredential=credential())
    before = api.until(key, "AVAILABLE")
    answer = api("revoke", key=key)
    assert answer.status_code == 202
    assert answer.json() == {**before, "statusInfo": "DELETE_REQUESTED"}
    assert code(api("create", {"device": api.devices["asynchronous"], "qosProfile": "QOS_S"})) == (409, "CONFLICT")
    api.caller.server.clock.advance(DELAY)
    assert code(api("get", key=key)) == (404, "NOT_FOUND")
    over = {api.id_name: key, "status": "UNAVAILABLE", "statusInfo": "DELETE_REQUESTED"}
    assert events(api, place, 2) == [{api.id_name: key, "status": "AVAILABLE"}, over]
    api.created("asynchronous")


def test_events_of_a_synchronous_revocation(api: Provisioning, sink: Sink) -> None:
    place = sink.subscribe()
    key = api.created(sink=place.url, sinkCredential=credential())
    api.until(key, "AVAILABLE")
    assert api("revoke", key=key).status_code == 204
    over = {api.id_name: key, "status": "UNAVAILABLE", "statusInfo": "DELETE_REQUESTED"}
    assert events(api, place, 2) == [{api.id_name: key, "status": "AVAILABLE"}, over]


def test_revoking_what_has_not_begun_sends_no_event(api: Provisioning, sink: Sink) -> None:
    place = sink.subscribe()
    key = api.created("asynchronous", sink=place.url, sinkCredential=credential())
    assert api("revoke", key=key).status_code == 204
    api.caller.server.clock.advance(DELAY)
    assert place.events() == ()


def test_network_termination_stays_readable_and_stands_in_the_way(api: Provisioning, sink: Sink) -> None:
    place = sink.subscribe()
    key = api.created(sink=place.url, sinkCredential=credential())
    api.until(key, "AVAILABLE")
    hook(api, "terminate_session", session_id=key)
    over = {api.id_name: key, "status": "UNAVAILABLE", "statusInfo": "NETWORK_TERMINATED"}
    assert events(api, place, 2)[1] == over
    api.caller.server.clock.advance(359)
    assert api("get", key=key).json().items() >= over.items()
    assert api("retrieve", {"device": api.devices["default"]}).json()["status"] == "UNAVAILABLE"
    assert code(api("create", {"device": api.devices["default"], "qosProfile": "QOS_L"})) == (409, "CONFLICT")
    api.caller.server.clock.advance(2)
    assert code(api("get", key=key)) == (404, "NOT_FOUND")
    api.created()


def test_refused_by_the_network(api: Provisioning) -> None:
    hook(api, "refuse_next_session")
    key = api.created()
    assignment = api.until(key, "UNAVAILABLE")
    assert assignment["statusInfo"] == "NETWORK_TERMINATED"
    assert "startedAt" not in assignment
    assert api("revoke", key=key).status_code == 204
    api.created()


def test_one_for_each_device(api: Provisioning) -> None:
    api.created()
    body = {"device": api.devices["several"], "qosProfile": "QOS_E"}
    assert code(api("create", body)) == (409, "CONFLICT")
    assert code(api("create", body, client="neighbour")) == (409, "CONFLICT")
    api.created("second")


def test_another_client_may_not(api: Provisioning) -> None:
    key = api.created()
    for answer in (
        api("get", key=key, client="neighbour"),
        api("revoke", key=key, client="neighbour"),
        api("retrieve", {"device": api.devices["default"]}, client="neighbour"),
    ):
        assert code(answer) == (403, "PERMISSION_DENIED")
    assert api("get", key=key).status_code == 200


def test_three_legged_token(api: Provisioning) -> None:
    answer = api("create", {"qosProfile": "QOS_L"}, client="three_legged")
    assert answer.status_code == 201
    assert "device" not in answer.json()
    assert api("retrieve", {}, client="three_legged").json()[api.id_name] == answer.json()[api.id_name]
    other = api.created()
    assert code(api("get", key=other, client="three_legged")) == (403, "PERMISSION_DENIED")


def test_sink_credential_never_comes_back(api: Provisioning) -> None:
    key = api.created(sink="https://127.0.0.1:9/nobody", sinkCredential=credential("very-secret"))
    answer = api("get", key=key)
    assert answer.json()["sink"] == "https://127.0.0.1:9/nobody"
    assert "very-secret" not in answer.text


def test_ids(api: Provisioning) -> None:
    for what in ("get", "revoke"):
        assert code(api(what, key="no-uuid")) == (400, "INVALID_ARGUMENT")
        assert code(api(what, key=NOBODY)) == (404, "NOT_FOUND")


def test_profile_that_cannot_be_used(api: Provisioning) -> None:
    release = api.caller.server.release
    body: JsonObject = {"device": api.devices["default"]}
    assert code(api("create", {**body, "qosProfile": "nobody-has-it"})) == (400, "INVALID_ARGUMENT")
    inactive = code(api("create", {**body, "qosProfile": "QOS_PAUSED"}))
    deprecated = code(api("create", {**body, "qosProfile": "QOS_OLD"}))
    restricted = code(api("create", {**body, "qosProfile": "QOS_FLEET"}))
    if release >= "r3":
        assert inactive == deprecated == restricted == (422, "QOS_PROVISIONING.QOS_PROFILE_NOT_APPLICABLE")
    else:
        assert inactive == deprecated == (400, "INVALID_ARGUMENT")
        assert restricted == (422, "SERVICE_NOT_APPLICABLE" if release > "r1.3" else "DEVICE_NOT_APPLICABLE")
    assert api("create", {"device": api.devices["restricted"], "qosProfile": "QOS_FLEET"}).status_code == 201
