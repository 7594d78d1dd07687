"""The embedded server as an HTTP server: bodies, methods, paths, tokens, rates."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace

import httpx
import pytest

from pytest_nac_qod import contracts
from tests.support.servers import Caller, calling, code


@pytest.fixture(scope="module", params=contracts.RELEASES)
def call(request: pytest.FixtureRequest) -> Iterator[Caller]:
    with calling(request.param) as caller:
        yield caller


def bodied(call: Caller) -> list[str]:
    names = []
    for api in call.server.apis:
        contract = contracts.contract(call.server.release, api)
        names += [name for name in contract.operations if contract.request_pointer(name)]
    return names


KEYS = {"name": "QOS_L"}
NOBODY = "3fa85f64-5717-4562-b3fc-2c963f66afa6"


def key(call: Caller, operation: str) -> str:
    path = call.contract(operation).operations[operation].path
    return "" if "{" not in path else KEYS.get(path.partition("{")[2].partition("}")[0], NOBODY)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b'{"device": {}, "device": {}}',
        b'{"duration": NaN}',
        b'{"duration": Infinity}',
        b"{} {}",
        b"{}]",
        b"\xff\xfe{}",
        '{"qosProfile": "é"}'.encode("latin-1"),
        "{}".encode("utf-16"),
        b"\xef\xbb\xbf{}",
        b"[" * 100_000,
        b'{"duration": ' + b"9" * 5000 + b"}",
        b"null",
        b'"text"',
        b"[]",
    ],
)
def test_body_that_is_no_json_object(call: Caller, content: bytes) -> None:
    for operation in bodied(call):
        answer = call(operation, key=key(call, operation), content=content)
        assert code(answer) == (400, "INVALID_ARGUMENT")
        assert answer.headers["x-correlator"] == "a-b-1"


@pytest.mark.parametrize(
    "media", ["text/plain", "application/xml", "application/json; charset=utf-16", "application/json; charset=latin-1"]
)
def test_media_type_that_is_not_json_in_utf8(call: Caller, media: str) -> None:
    answer = call("retrieveQoSProfiles", content=b"{}", headers={"Content-Type": media})
    assert code(answer) == (400, "INVALID_ARGUMENT")


@pytest.mark.parametrize("media", ["application/json; charset=UTF-8", 'Application/JSON;charset="utf-8"'])
def test_media_type_with_its_charset(call: Caller, media: str) -> None:
    assert call("retrieveQoSProfiles", content=b"{}", headers={"Content-Type": media}).status_code == 200


def test_unknown_path_is_an_error_object(call: Caller) -> None:
    for path in ("", "/", "/nowhere", f"{call.server.base_url('qos-profiles').removeprefix(call.server.url)}/nowhere"):
        answer = call.http.post(f"{call.server.url}{path}", json={}, headers={"x-correlator": "a-b-1"})
        assert code(answer) == (404, "NOT_FOUND")
        assert answer.headers["content-type"] == "application/json"
        assert answer.headers["x-correlator"] == "a-b-1"


def test_unknown_method_is_an_error_object_that_says_which_there_are(call: Caller) -> None:
    url = f"{call.server.base_url()}/sessions/{NOBODY}"
    for method in ("PUT", "PATCH", "POST", "TRACE"):
        answer = call.http.request(method, url, headers={"x-correlator": "a-b-1"})
        assert code(answer) == (405, "METHOD_NOT_ALLOWED")
        assert set(answer.headers["allow"].split(", ")) == {"DELETE", "GET", "HEAD", "OPTIONS"}
        assert answer.headers["x-correlator"] == "a-b-1"


def test_options_says_which_methods_there_are(call: Caller) -> None:
    answer = call.http.options(f"{call.server.base_url()}/sessions")
    assert answer.status_code == 204
    assert answer.headers["allow"] == "POST, OPTIONS"


def test_head_is_get_without_its_body(call: Caller) -> None:
    url = f"{call.server.base_url('qos-profiles')}/qos-profiles/QOS_L"
    headers = {"Authorization": f"Bearer {call.token('application')}"}
    head, get = call.http.head(url, headers=headers), call.http.get(url, headers=headers)
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == get.headers["content-length"]
    assert call.http.head(url).status_code == 401


def operations(call: Caller) -> list[str]:
    return [name for api in call.server.apis for name in contracts.contract(call.server.release, api).operations]


def test_every_operation_wants_a_token_with_its_scope(call: Caller) -> None:
    for operation in operations(call):
        where = key(call, operation)
        for headers in ({}, {"Authorization": "Basic eDp5"}, {"Authorization": "Bearer nobody"}):
            assert code(call(operation, {}, key=where, client=None, headers=headers)) == (401, "UNAUTHENTICATED")
        assert code(call(operation, {}, key=where, client="expired")) == (401, "UNAUTHENTICATED")
        assert code(call(operation, {}, key=where, client="scopeless")) == (403, "PERMISSION_DENIED")


def test_every_operation_has_a_rate_limit_and_a_quota(call: Caller) -> None:
    for operation in operations(call):
        where = key(call, operation)
        limit(call, operation, on=True)
        assert code(call(operation, {}, key=where)) == (429, "TOO_MANY_REQUESTS")
        limit(call, operation, on=False)
        assert call(operation, {}, key=where).status_code != 429
        assert code(call(operation, {}, key=where, client="spendthrift")) == (429, "QUOTA_EXCEEDED")


def limit(call: Caller, operation: str, *, on: bool) -> None:
    url = call.server.control_url("rate_limit")
    assert call.http.post(url, json={"operation": operation, "on": on}).status_code == 204


def test_every_scope_of_the_family_can_be_had(call: Caller) -> None:
    scopes = {
        scope
        for api in call.server.apis
        for operation in contracts.contract(call.server.release, api).operations.values()
        for scope in operation.scopes
    }
    form = {"grant_type": "client_credentials", "client_id": "application", "client_secret": "application-secret"}
    answer = call.http.post(f"{call.server.url}/oauth2/token", data={**form, "scope": " ".join(scopes)})
    assert set(answer.json()["scope"].split()) == scopes


def test_what_goes_wrong_inside_is_an_error_object(call: Caller) -> None:
    network = call.server.service.network
    right = network.decisions
    network.decisions = replace(right, of_name=lambda _profile, _name: bool(1 / 0))

    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(call.server.app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://inside") as http:
            path = call.server.service.contracts["qos-profiles"].base_path
            headers = {"Authorization": "Bearer three-legged-token", "x-correlator": "a-b-1"}
            return await http.post(f"{path}/retrieve-qos-profiles", json={}, headers=headers)

    answer = asyncio.run(ask())
    network.decisions = right
    assert code(answer) == (500, "INTERNAL")
    assert answer.headers["x-correlator"] == "a-b-1"


def test_without_a_socket(call: Caller) -> None:
    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(call.server.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://inside") as http:
            path = call.server.service.contracts["qos-profiles"].base_path
            headers = {"Authorization": "Bearer three-legged-token"}
            return await http.get(f"{path}/qos-profiles/QOS_L", headers=headers)

    assert asyncio.run(ask()).status_code == 200
