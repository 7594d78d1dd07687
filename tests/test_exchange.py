"""Bodies as RFC 8259 has them."""

import json

import httpx
import pytest

from pytest_nac_qod import contracts
from pytest_nac_qod.foundation.jsontypes import Json
from pytest_nac_qod.wire.client import QodClient
from pytest_nac_qod.wire.exchange import BODY_LIMIT, Exchange, NotJsonError, Request, Response, Role, header, parse_json
from pytest_nac_qod.wire.transport.pacing import TooLargeError


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"a": 1, "a": 2}', "duplicate name 'a'"),
        ('{"a": NaN}', "NaN is no JSON value"),
        ("[-Infinity]", "-Infinity is no JSON value"),
        ("[" * 900 + "]" * 900, "nested more than 200 deep"),
        ('{"a":' * 201 + "1" + "}" * 201, "nested more than 200 deep"),
        ("[" * 100_000 + "]" * 100_000, "nested more than 200 deep"),
        ("{} x", "Extra data: line 1 column 4 (char 3)"),
        ("", "Expecting value: line 1 column 1 (char 0)"),
    ],
)
def test_what_is_no_json_says_why(text: str, message: str) -> None:
    with pytest.raises(NotJsonError) as caught:
        parse_json(text)
    assert str(caught.value) == message


def test_an_id_is_read_however_deep_something_beside_it_is() -> None:
    deep = '{"sessionId": "1", "more": %s}' % ("[" * 900 + "]" * 900)
    with httpx.Client(transport=httpx.MockTransport(lambda _: httpx.Response(200, text=deep))) as http:
        client = QodClient(contract=contracts.contract("r3.2", "quality-on-demand"), base_url="http://h", http=http)
        body: Json = client.get_session("1").body
    assert body["sessionId"] == "1"
    assert parse_json(json.dumps(body)) == body


def test_what_is_not_too_deep_is_read() -> None:
    assert parse_json("[" * 200 + "]" * 200)


def test_a_name_that_comes_twice_among_many_is_found_at_once() -> None:
    names = "".join(f'"{number}": 1, ' for number in range(100_000))
    with pytest.raises(NotJsonError, match="duplicate name 'x'"):
        parse_json(f'{{{names}"x": 1, "x": 2}}')


def test_repeated_headers_are_joined() -> None:
    assert header((("A", "1"), ("b", "2"), ("a", "3")), "a") == "1, 3"
    assert header((), "a") is None


def test_long_bodies_are_cut_in_results_only() -> None:
    exchange = Exchange(
        id="x1",
        operation="getSession",
        role="judged",
        request=Request(method="GET", url="http://host/", headers=(), body=""),
        response=Response(status=200, headers=(), body="x" * (BODY_LIMIT + 1)),
        error=None,
        started="2026-01-01T00:00:00Z",
        seconds=0.5,
    )
    kept = exchange.to_dict()["response"]["body"]
    assert kept.endswith("… (20001 characters in all)")
    assert exchange.response is not None
    assert len(exchange.response.body) == BODY_LIMIT + 1


def test_a_case_keeps_no_more_than_it_can_hold() -> None:
    large = b"{}" + b" " * 9_000_000
    with httpx.Client(transport=httpx.MockTransport(lambda _: httpx.Response(200, content=large))) as http:
        api = contracts.contract("r3.2", "quality-on-demand")
        client = QodClient(contract=api, base_url="http://h", http=http)
        client.get_session("1")
        with pytest.raises(TooLargeError, match="the answers of this case are larger than 15 MB in all"):
            client.get_session("1")
        assert [each.response is not None for each in client.exchanges] == [True, False]
        assert client.exchanges[1].error == "TooLargeError: the answers of this case are larger than 15 MB in all"
        assert client.call("deleteSession", path={"sessionId": "1"}, role="cleanup").status == 200
        client.forget()
        assert client.get_session("1").status == 200


def test_the_record_of_a_run_keeps_no_large_body() -> None:
    large, small = ("[" + " " * size + "]" for size in (200_000, 2_000))
    for body, kept in ((large, ""), (small, small)):
        answer = httpx.Response(200, text=body)
        with httpx.Client(transport=httpx.MockTransport(lambda _, answer=answer: answer)) as http:
            api = contracts.contract("r3.2", "quality-on-demand")
            light = QodClient(contract=api, base_url="http://h", http=http).get_session("1").exchange.light()
        assert light.response is not None
        assert (light.response.status, light.response.body) == (200, kept)


@pytest.mark.parametrize("role", ["judged", "cleanup"])
def test_an_answer_has_no_more_values_than_memory_has_room_for(role: Role) -> None:
    many = b"[" + b"[]," * 250_000 + b"[]]"
    with httpx.Client(transport=httpx.MockTransport(lambda _: httpx.Response(200, content=many))) as http:
        client = QodClient(contract=contracts.contract("r3.2", "quality-on-demand"), base_url="http://h", http=http)
        with pytest.raises(TooLargeError, match="the body of the answer has more than 250,000 values"):
            client.call("retrieveSessionsByDevice", body={}, role=role)
