"""How the embedded server's releases differ, on sessions: devices, codes, credentials, addresses, strictness."""

from collections.abc import Iterator

import httpx
import pytest

from pytest_nac_qod import contracts
from pytest_nac_qod.foundation.jsontypes import Json, JsonObject
from tests.support.servers import SERVER, Caller, calling, code

PLAIN = {"credentialType": "PLAIN", "identifier": "somebody", "secret": "something"}
REFRESH = {
    "credentialType": "REFRESHTOKEN",
    "accessToken": "x",
    "accessTokenExpiresUtc": "2099-01-01T00:00:00Z",
    "accessTokenType": "bearer",
    "refreshToken": "y",
    "refreshTokenEndpoint": "https://127.0.0.1:9/token",
}
TOKEN = {name: REFRESH[name] for name in ("accessToken", "accessTokenExpiresUtc", "accessTokenType")}


@pytest.fixture(scope="module", params=contracts.RELEASES)
def call(request: pytest.FixtureRequest) -> Iterator[Caller]:
    with calling(request.param) as caller:
        yield caller


@pytest.fixture(autouse=True)
def _clean(call: Caller) -> None:
    call.renew()


def session(call: Caller, device: str | None = "default", **more: Json) -> JsonObject:
    given = {"device": call.target[device]} if device else {}
    return {**given, "applicationServer": SERVER, "qosProfile": "QOS_L", "duration": 600, **more}


def create(call: Caller, device: str | None = "default", client: str = "application", **more: Json) -> httpx.Response:
    return call("createSession", session(call, device, **more), client=client)


def by_release(call: Caller, **answers: tuple[int, str]) -> tuple[int, str]:
    """What a release answers; named by the first one that does, as r1_3."""
    names = [name for name in answers if name.replace("_", ".") <= call.server.release]
    return answers[max(names)]


def test_device_that_nobody_has(call: Caller) -> None:
    wanted = by_release(call, r1_3=(404, "DEVICE_NOT_FOUND"), r2_2=(404, "IDENTIFIER_NOT_FOUND"))
    assert code(create(call, "not_found")) == wanted
    assert code(call("retrieveSessionsByDevice", {"device": call.target["not_found"]})) == wanted
    assert code(call("retrieveQoSProfiles", {"device": call.target["not_found"]})) == wanted


def test_device_that_the_service_is_not_offered_to(call: Caller) -> None:
    wanted = by_release(call, r1_3=(422, "DEVICE_NOT_APPLICABLE"), r2_2=(422, "SERVICE_NOT_APPLICABLE"))
    assert code(create(call, "not_applicable")) == wanted
    assert code(call("retrieveQoSProfiles", {"device": call.target["not_applicable"]})) == wanted


def test_no_device_without_a_token_that_has_one(call: Caller) -> None:
    wanted = by_release(call, r1_3=(422, "UNIDENTIFIABLE_DEVICE"), r2_2=(422, "MISSING_IDENTIFIER"))
    assert code(create(call, None)) == wanted
    assert code(call("retrieveSessionsByDevice", {})) == wanted


def test_identifiers_that_are_not_supported(call: Caller) -> None:
    wanted = by_release(call, r1_3=(422, "UNSUPPORTED_DEVICE_IDENTIFIERS"), r2_2=(422, "UNSUPPORTED_IDENTIFIER"))
    assert code(create(call, "unsupported")) == wanted
    wanted = by_release(call, r1_3=(422, "UNPROCESSABLE_ENTITY"), r2_2=(422, "UNSUPPORTED_IDENTIFIER"))
    assert code(call("retrieveQoSProfiles", {"device": call.target["unsupported"]})) == wanted


def test_device_with_the_token_of_that_device(call: Caller) -> None:
    answer = create(call, "three_legged", client="three_legged")
    if call.server.release == "r1.3":
        assert answer.status_code == 201
        ((name, value),) = answer.json()["device"].items()
        assert call.target["three_legged"][name] == value
    else:
        assert code(answer) == (422, "UNNECESSARY_IDENTIFIER")


def test_device_with_the_token_of_another(call: Caller) -> None:
    wanted = by_release(call, r1_3=(403, "INVALID_TOKEN_CONTEXT"), r2_2=(422, "UNNECESSARY_IDENTIFIER"))
    assert code(create(call, "default", client="three_legged")) == wanted
    assert code(call("retrieveQoSProfiles", {"device": call.target["default"]}, client="three_legged")) == wanted


def test_identifiers_of_different_devices(call: Caller) -> None:
    answer = create(call, "mismatched")
    if call.server.release >= "r3":
        assert answer.status_code == 201
        assert answer.json()["device"] == call.target["default"]
    else:
        mismatch = (422, "DEVICE_IDENTIFIERS_MISMATCH"), (422, "IDENTIFIER_MISMATCH")
        assert code(answer) == by_release(call, r1_3=mismatch[0], r2_2=mismatch[1])


def test_device_echo(call: Caller) -> None:
    shown = create(call, "several").json()["device"]
    assert shown == call.target["default"]
    assert "device" not in create(call, None, client="three_legged").json()


def test_device_echo_is_the_identifier_that_was_used(call: Caller) -> None:
    second = call.target["second"]["ipv4Address"]
    device = {"phoneNumber": call.target["not_found"]["phoneNumber"], "ipv4Address": second}
    answer = call("createSession", {**session(call, None), "device": device})
    if call.server.release >= "r3":
        assert answer.json()["device"] == {"ipv4Address": second}
    else:
        assert answer.status_code == 422


@pytest.mark.parametrize("profile", ["QOS_PAUSED", "QOS_OLD"])
def test_profile_that_cannot_be_used(call: Caller, profile: str) -> None:
    prefixed = (422, "QUALITY_ON_DEMAND.QOS_PROFILE_NOT_APPLICABLE")
    wanted = by_release(call, r1_3=(400, "INVALID_ARGUMENT"), r3_2=prefixed)
    assert code(create(call, qosProfile=profile)) == wanted


@pytest.mark.parametrize("credential", [PLAIN, REFRESH])
def test_credentials_that_nobody_may_use(call: Caller, credential: JsonObject) -> None:
    wanted = by_release(call, r1_3=(400, "INVALID_CREDENTIAL"), r4_1=(400, "INVALID_ARGUMENT"))
    assert code(create(call, sink="https://127.0.0.1:9", sinkCredential=credential)) == wanted


def test_private_key(call: Caller) -> None:
    answer = {}
    for client in ("application", "keyholder"):
        credential = {"credentialType": "PRIVATE_KEY_JWT"}
        answer[client] = create(call, client=client, sink="https://127.0.0.1:9", sinkCredential=credential)
    if call.server.release >= "r4":
        assert code(answer["application"]) == (422, "PRIVATE_KEY_JWT_NOT_CONFIGURED")
        assert answer["keyholder"].status_code == 201
    else:
        assert code(answer["application"]) == code(answer["keyholder"]) == (400, "INVALID_ARGUMENT")


def test_inner_sink(call: Caller) -> None:
    wanted = by_release(call, r1_3=(400, "INVALID_ARGUMENT"), r3_2=(400, "INVALID_SINK"))
    assert code(create(call, sink="https://169.254.169.254/latest")) == wanted


def test_http_sink(call: Caller) -> None:
    answer = create(call, sink="http://127.0.0.1:9")
    if call.server.release >= "r3":
        assert code(answer) == (400, "INVALID_SINK")
    else:
        assert answer.status_code == 201


def test_port_0(call: Caller) -> None:
    answer = create(call, applicationServerPorts={"ports": [0]})
    if call.server.release >= "r4":
        assert code(answer) == (400, "OUT_OF_RANGE")
    else:
        assert answer.status_code == 201


@pytest.mark.parametrize("place", ["body", "device", "ipv4Address", "applicationServer", "ports", "credential"])
def test_unknown_property(call: Caller, place: str) -> None:
    extra: JsonObject = {"surprise": 1}
    body: JsonObject = session(call, "several", sink="https://127.0.0.1:9")
    body["applicationServerPorts"] = {"ranges": [{"from": 1, "to": 2}]}
    body["sinkCredential"] = {"credentialType": "ACCESSTOKEN", **TOKEN}
    assert call("createSession", body).status_code == 201
    call.server.reset()
    device: JsonObject = call.target["several"]
    changed: JsonObject = {
        "body": extra,
        "device": {"device": {**device, **extra}},
        "ipv4Address": {"device": {**device, "ipv4Address": {**device["ipv4Address"], **extra}}},
        "applicationServer": {"applicationServer": {**SERVER, **extra}},
        "ports": {"applicationServerPorts": {"ranges": [{"from": 1, "to": 2, **extra}]}},
        "credential": {"sinkCredential": {**body["sinkCredential"], **extra}},
    }[place]
    answer = call("createSession", {**body, **changed})
    if call.server.release >= "r4":
        assert code(answer) == (400, "INVALID_ARGUMENT")
    else:
        assert answer.status_code == 201


def test_unknown_property_of_other_bodies(call: Caller) -> None:
    bodies: JsonObject = {
        "retrieveSessionsByDevice": {"device": call.target["idle"]},
        "retrieveQoSProfiles": {"name": "QOS_L"},
    }
    for operation, body in bodies.items():
        answer = call(operation, {**body, "surprise": 1})
        assert answer.status_code == (400 if call.server.release >= "r4" else 200)


def test_list_of_addresses(call: Caller) -> None:
    if call.server.release < "r4":
        return
    addresses = ["198.51.100.7", "2001:db8::7"]
    answer = create(call, applicationServer={"ipAddresses": addresses})
    assert answer.json()["applicationServer"] == {"ipAddresses": addresses}
    assert code(create(call, applicationServer={"ipv4Address": "198.51.100.0/28"})) == (409, "CONFLICT")
    assert create(call, applicationServer={"ipAddresses": ["198.51.100.8"]}).status_code == 201


@pytest.mark.parametrize(
    "server",
    [
        {"ipAddresses": []},
        {"ipAddresses": [f"198.51.100.{number}" for number in range(17)]},
        {"ipAddresses": ["198.51.100.7", "198.51.100.7"]},
        {"ipAddresses": ["198.51.100.0/28"]},
        {"ipAddresses": ["nowhere"]},
        {"ipAddresses": ["198.51.100.7"], "ipv4Address": "198.51.100.8"},
    ],
)
def test_lists_of_addresses_that_are_none(call: Caller, server: JsonObject) -> None:
    answer = create(call, applicationServer=server)
    if call.server.release >= "r4":
        assert code(answer) == (400, "INVALID_ARGUMENT")


@pytest.mark.parametrize("malformed", ["with space", "ä", "x" * 257])
def test_malformed_correlator(call: Caller, malformed: str) -> None:
    answer = call("retrieveQoSProfiles", {}, headers={"x-correlator": malformed})
    if call.server.release >= "r3":
        assert code(answer) == (400, "INVALID_ARGUMENT")
        assert "x-correlator" not in answer.headers
    else:
        assert answer.status_code == 200
        assert answer.headers.get("x-correlator") == (malformed if call.server.release == "r1.3" else None)


@pytest.mark.parametrize("key", ["no-uuid", "../sessions", "%00"])
def test_malformed_id(call: Caller, key: str) -> None:
    url = f"{call.server.base_url()}/sessions/{key}"
    answer = call.http.get(url, headers={"Authorization": f"Bearer {call.token('application')}"})
    assert answer.status_code in (400, 404, 405)
    assert answer.json()["status"] == answer.status_code


def test_path_of_each_api(call: Caller) -> None:
    for api in call.server.apis:
        assert call.server.base_url(api).startswith(f"{call.server.url}/{api}/v")
