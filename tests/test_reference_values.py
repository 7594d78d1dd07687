"""What the embedded server takes for an id, a time, a device and an application server, in each release."""

import json
from collections.abc import Iterator

import httpx
import pytest

from pytest_nac_qod import contracts
from pytest_nac_qod.foundation.jsontypes import Json, JsonObject
from pytest_nac_qod.reference import ReferenceServer
from tests.support.servers import SERVER, Caller, calling, code

PHONE = "+99999991000"
DOCUMENTED: JsonObject = {"publicAddress": "233.252.0.2", "privateAddress": "192.0.2.25", "publicPort": 80}
UUID = "3fa85f64-5717-4562-b3fc-2c963f66afa6"


@pytest.fixture(scope="module", params=contracts.RELEASES)
def call(request: pytest.FixtureRequest) -> Iterator[Caller]:
    with calling(request.param) as caller:
        yield caller


@pytest.fixture(autouse=True)
def _clean(call: Caller) -> None:
    call.renew()


def create(call: Caller, **changes: Json) -> httpx.Response:
    usual: JsonObject = {"device": {"phoneNumber": PHONE}, "applicationServer": SERVER}
    return call("createSession", {**usual, "qosProfile": "QOS_L", "duration": 600, **changes})


def assign(call: Caller, **changes: Json) -> httpx.Response:
    operation = {"r1.3": "createProvisioning", "r2.2": "triggerProvisioning"}.get(call.server.release)
    usual: JsonObject = {"device": {"phoneNumber": PHONE}, "qosProfile": "QOS_L"}
    return call(operation or "createQosAssignment", {**usual, **changes})


def expiring(time: str) -> JsonObject:
    credential = {
        "credentialType": "ACCESSTOKEN",
        "accessToken": "made-up",
        "accessTokenExpiresUtc": time,
        "accessTokenType": "bearer",
    }
    return {"sink": "https://127.0.0.1:9/x", "sinkCredential": credential}


@pytest.mark.parametrize(
    "time",
    [
        "2099-06-01t12:00:00z",
        "2099-06-01T12:00:00.123456789Z",
        "2099-06-01T12:00:00+05:45",
        "2099-12-31T23:59:60Z",
        "9999-12-31T23:59:59-12:00",
    ],
)
def test_session_with_any_spelling_of_an_expiry_can_be_deleted(call: Caller, time: str) -> None:
    created = create(call, **expiring(time))
    assert created.status_code == 201
    call.server.clock.advance(61)
    key = created.json()["sessionId"]
    assert call("deleteSession", key=key).status_code == 204
    assert call("getSession", key=key).status_code == 404


def test_session_with_a_lower_case_expiry_ends_by_itself(call: Caller) -> None:
    created = create(call, **expiring("2099-06-01t12:00:00z"))
    call.server.clock.advance(61)
    call.server.clock.advance(601)
    session = call("getSession", key=created.json()["sessionId"]).json()
    assert (session["qosStatus"], session["statusInfo"]) == ("UNAVAILABLE", "DURATION_EXPIRED")


@pytest.mark.parametrize("time", ["2099-06-01T12:00:00Z\n", "2099-06-01 12:00:00Z", "2099-06-01T12:00:00"])
def test_expiry_that_is_no_date_time_is_refused(call: Caller, time: str) -> None:
    assert code(create(call, **expiring(time))) == (400, "INVALID_ARGUMENT")


@pytest.mark.parametrize(
    "key",
    [
        "3fa85f64-5717-4562-b3fc-2c963f66af_6",
        "3fa85f6457174562b3fc2c963f66afa6",
        "{3fa85f64-5717-4562-b3fc-2c963f66afa6}",
        "urn:uuid:3fa85f64-5717-4562-b3fc-2c963f66afa6",
        "%EF%BC%93fa85f64-5717-4562-b3fc-2c963f66afa6",
        "3fa85f64-5717-4562-b3fc-2c963f66afa6%0A",
    ],
)
def test_id_that_is_no_uuid_is_refused(call: Caller, key: str) -> None:
    assert code(call("getSession", key=key)) == (400, "INVALID_ARGUMENT")


def test_id_is_taken_in_either_case_and_not_without_its_dashes(call: Caller) -> None:
    key = create(call).json()["sessionId"]
    assert call("getSession", key=key.upper()).status_code == 200
    assert code(call("getSession", key=key.replace("-", ""))) == (400, "INVALID_ARGUMENT")
    assert code(call("getSession", key=UUID)) == (404, "NOT_FOUND")


@pytest.mark.parametrize("duration", ["600.0", "6e2", "true", "1" * 400])
def test_duration_that_is_no_integer_is_refused(call: Caller, duration: str) -> None:
    body = {"device": {"phoneNumber": PHONE}, "applicationServer": SERVER, "qosProfile": "QOS_L", "duration": 0}
    text = json.dumps(body).replace('"duration": 0', f'"duration": {duration}')
    assert call("createSession", content=text.encode()).status_code == 400


@pytest.mark.parametrize("number", [PHONE, "+99999991001"])
@pytest.mark.parametrize("address", ["233.252.0.2", "233.252.0.0", "233.252.0.255"])
def test_documented_address_goes_with_any_known_number(call: Caller, number: str, address: str) -> None:
    device = {"phoneNumber": number, "ipv4Address": {**DOCUMENTED, "publicAddress": address}}
    created = create(call, device=device, applicationServer={"ipv4Address": "8.8.8.8"}, duration=60)
    assert created.status_code == 201
    assert created.json()["device"]["phoneNumber"] == number
    listed = call("retrieveSessionsByDevice", {"device": device}).json()
    assert [session["sessionId"] for session in listed] == [created.json()["sessionId"]]
    assert assign(call, device=device).status_code == 201
    assert call("retrieveQoSProfiles", {"device": device}).status_code == 200


def test_documented_device_is_known_by_its_address_alone(call: Caller) -> None:
    device = {"ipv4Address": DOCUMENTED}
    created = create(call, device=device)
    assert (created.status_code, created.json()["device"]) == (201, device)
    everything = {**device, "ipv6Address": "2001:db8:1234:5678:9abc:def0:fedc:ba98", "phoneNumber": PHONE}
    assert create(call, device=everything).status_code == 201


def test_documented_address_beside_a_number_of_nobody(call: Caller) -> None:
    assert create(call, device={"phoneNumber": "+99999999999", "ipv4Address": DOCUMENTED}).status_code == 404


@pytest.mark.parametrize("address", ["224.0.0.1", "233.251.255.255", "233.252.1.0", "239.255.255.250"])
def test_other_multicast_addresses_are_of_no_device(call: Caller, address: str) -> None:
    device = {"phoneNumber": PHONE, "ipv4Address": {**DOCUMENTED, "publicAddress": address}}
    assert code(create(call, device=device)) == (400, "INVALID_ARGUMENT")


@pytest.mark.parametrize(
    "server",
    [
        {"ipv4Address": "198.51.100.0/255.255.255.0"},
        {"ipv4Address": "198.51.100.0/0.0.0.255"},
        {"ipv4Address": "198.51.100.0/33"},
        {"ipv4Address": "198.51.100.0/-1"},
        {"ipv4Address": "198.51.100.0/+24"},
        {"ipv4Address": "198.51.100.0/024"},
        {"ipv4Address": "198.51.100.0/"},
        {"ipv4Address": "198.51.100.0/2 4"},
        {"ipv4Address": "198.51.100.0/24/24"},
        {"ipv4Address": "198.51.100.0/\uff12\uff14"},
        {"ipv4Address": " 198.51.100.10"},
        {"ipv4Address": "198.51.100.10 "},
        {"ipv4Address": "198.51.100.10\n"},
        {"ipv4Address": "198.51.100"},
        {"ipv4Address": "3325256714"},
        {"ipv4Address": ""},
        {"ipv4Address": "2001:db8::1"},
        {"ipv6Address": "fe80::1%eth0"},
        {"ipv6Address": "fe80::1%1/64"},
        {"ipv6Address": "2001:db8::/129"},
        {"ipv6Address": "2001:db8::/ffff:ffff::"},
        {"ipv6Address": "2001:db8::/064"},
        {"ipv6Address": "[2001:db8::1]"},
        {"ipv6Address": "2001:db8::1 "},
        {"ipv6Address": "2001:db8:::1"},
        {"ipv6Address": ""},
        {"ipv6Address": "198.51.100.10"},
        {"ipv4Address": "198.51.100.10", "ipv6Address": "fe80::1%eth0"},
        {},
    ],
    ids=str,
)
def test_what_is_no_application_server_is_refused(call: Caller, server: JsonObject) -> None:
    assert code(create(call, applicationServer=server)) == (400, "INVALID_ARGUMENT")


@pytest.mark.parametrize("server", [{"ipv4Address": "198.051.100.010"}, {"ipAddresses": ["198.51.100.8"]}], ids=str)
def test_server_that_only_the_schema_of_r4_1_knows(call: Caller, server: JsonObject) -> None:
    assert create(call, applicationServer=server).status_code == (201 if call.server.release == "r4.1" else 400)


@pytest.mark.parametrize(
    "server",
    [
        {"ipv4Address": "198.51.100.10"},
        {"ipv4Address": "198.51.100.10/24"},
        {"ipv4Address": "198.51.100.10/32"},
        {"ipv4Address": "0.0.0.0/0"},
        {"ipv6Address": "2001:db8:85a3:8d3:1319:8a2e:370:7344/128"},
        {"ipv6Address": "2001:db8:85a3:8d3::0/64"},
        {"ipv6Address": "2001:DB8::"},
        {"ipv4Address": "198.51.100.10", "ipv6Address": "2001:db8::1"},
    ],
    ids=str,
)
def test_application_server_is_accepted(call: Caller, server: JsonObject) -> None:
    assert create(call, applicationServer=server).status_code == 201


def test_list_beside_an_address_means_nothing_before_r4_1(call: Caller) -> None:
    server = {**SERVER, "ipAddresses": ["no address"]}
    if call.server.release != "r4.1":
        assert create(call, applicationServer=server).status_code == 201
        assert code(create(call, applicationServer=server)) == (409, "CONFLICT")


@pytest.mark.parametrize("path", ["/qod/v0", "/qod/v0.9"])
def test_documented_device_in_the_old_dialects(path: str) -> None:
    with ReferenceServer() as server, httpx.Client(base_url=f"{server.url}{path}") as http:
        form = {"grant_type": "client_credentials", "client_id": "application", "client_secret": "application-secret"}
        token = httpx.post(f"{server.url}/oauth2/token", data=form).json()["access_token"]
        http.headers["Authorization"] = f"Bearer {token}"
        body: JsonObject = {
            "device": {"phoneNumber": "+99999991001", "ipv4Address": DOCUMENTED},
            "applicationServer": {"ipv4Address": "8.8.8.8"},
            "qosProfile": "DOWNLINK_M_UPLINK_L",
            "duration": 60,
        }
        assert http.post("/sessions", json=body).status_code == 201
        body["applicationServer"] = {"ipv4Address": "8.8.8.0/255.255.255.0"}
        assert http.post("/sessions", json=body).status_code == 400
