"""What a run has exercised of the schemas: constraints kept and broken by requests, properties seen in answers."""

import json
import time

import pytest

from pytest_nac_qod import contracts
from pytest_nac_qod.foundation.jsontypes import Json, JsonObject
from pytest_nac_qod.report.page import coverage, exercise, walking
from pytest_nac_qod.report.page.page import html
from pytest_nac_qod.report.records import ExchangeRecord
from tests.support.report_documents import document, exchange, result

QOD = "quality-on-demand"
CONTRACT = contracts.contract(contracts.CURRENT, QOD)
BODY: JsonObject = {
    "device": {"phoneNumber": "+123456789"},
    "applicationServer": {"ipv4Address": "198.51.100.1"},
    "qosProfile": "QOS_L",
    "duration": 60,
}


def met(value: Json) -> set[tuple[str, str, bool]]:
    pointer = CONTRACT.request_pointer("createSession")
    assert pointer is not None
    return set(walking.met(CONTRACT, pointer, value))


@pytest.mark.parametrize(
    ("changed", "path", "keyword"),
    [
        ({"duration": 0}, "$.duration", "minimum"),
        ({"duration": "60"}, "$.duration", "type"),
        ({"duration": 60.0}, "$.duration", "type"),
        ({"qosProfile": "QOS L"}, "$.qosProfile", "pattern"),
        ({"qosProfile": "x" * 300}, "$.qosProfile", "maxLength"),
        ({"device": {}}, "$.device", "minProperties"),
        ({"device": {"phoneNumber": "123"}}, "$.device.phoneNumber", "pattern"),
        ({"sink": "no uri"}, "$.sink", "format"),
        ({"devicePorts": {"ports": []}}, "$.devicePorts.ports", "minItems"),
        ({"devicePorts": {"ranges": [{"from": 1}]}}, "$.devicePorts.ranges[*].to", "required"),
    ],
)
def test_constraint_is_broken_by_what_breaks_it(changed: JsonObject, path: str, keyword: str) -> None:
    assert (path, keyword, True) in met(BODY | changed) or (path, keyword, False) not in met(BODY)
    assert (path, keyword, False) in met(BODY | changed)


def test_valid_body_breaks_nothing_and_is_among_what_is_stated() -> None:
    pointer = CONTRACT.request_pointer("createSession")
    assert pointer is not None
    seen = met(BODY)
    assert all(holds for _, _, holds in seen)
    assert {(path, keyword) for path, keyword, _ in seen} <= set(walking.stated(CONTRACT, pointer))


@pytest.mark.parametrize("release", contracts.RELEASES)
def test_every_request_and_answer_of_a_release_can_be_walked(release: str) -> None:
    for api in contracts.apis(release):
        contract = contracts.contract(release, api)
        for name, operation in contract.operations.items():
            answers = [contract.response_pointer(name, status) for status in operation.success]
            for pointer in filter(None, (contract.request_pointer(name), *answers)):
                assert list(walking.stated(contract, pointer))
                for value in (None, 1, "x", [], [1], {}, {"device": 1}):
                    assert list(walking.met(contract, pointer, value))


def sent(body: str, answer: str, number: int = 1) -> ExchangeRecord:
    """A creation that was answered 201."""
    request: Json = {"method": "POST", "url": "http://127.0.0.1/sessions", "headers": [], "body": body}
    response: Json = {"status": 201, "headers": [], "body": answer}
    return exchange(number, operation="createSession", request=request, response=response)


def run(*bodies: Json, answer: Json = None) -> exercise.Exercise:
    """What is told of createSession after these requests."""
    exchanges = [sent(json.dumps(body), json.dumps(answer), number) for number, body in enumerate(bodies, 1)]
    told = exercise.of_operations(document(result(operation="createSession", exchanges=exchanges)))
    (item,) = [item for item in told if item.operation == f"{QOD} createSession"]
    return item


def test_constraints_are_kept_and_broken_apart() -> None:
    item = run(BODY, BODY | {"duration": 0})
    assert "$.duration minimum" in item.kept
    assert item.broken == ("$.duration minimum",)
    assert "$.duration minimum" not in (*item.unkept, *item.unbroken)
    assert "$.sink format" in item.unkept
    assert item.constraints == len(item.kept) + len(item.unkept) == len(item.broken) + len(item.unbroken)


def test_properties_of_answers_are_seen_or_not() -> None:
    item = run(BODY, answer=BODY | {"sessionId": "x"})
    assert {"$.sessionId", "$.device.phoneNumber"} <= set(item.seen)
    assert {"$.expiresAt", "$.device.ipv4Address.publicPort"} <= set(item.unseen)


def test_what_is_no_json_is_passed_over() -> None:
    told = exercise.of_operations(document(result(operation="createSession", exchanges=[sent("{", "<html>")])))
    assert {item.kept for item in told} == {()}


def test_hundreds_of_requests_take_a_moment() -> None:
    begun = time.process_time()
    run(*(BODY | {"duration": number} for number in range(1, 501)))
    assert time.process_time() - begun < 15


def test_without_a_verdict_names_scenarios_and_rules() -> None:
    left = [result("not_tested", id="a", reason="x"), result("error", id="nac_b", kind="rule", reason="x"), result()]
    (item,) = coverage.unjudged(left)
    assert (item.reason, item.cases, item.scenarios, item.rules) == ("x", 2, ("a",), ("nac_b",))


def test_page_says_what_was_exercised_and_counts_published_and_own_apart() -> None:
    page = html(
        document(result(), result("fail", id="nac_b", kind="rule"), result("not_tested", id="nac_c", kind="rule"))
    )
    assert "Constraints of its request body" in page
    assert "never broken" in page
    assert "<li>published scenarios: 1 pass</li>" in page
    assert "<li>rules of this suite: 1 fail, 1 not tested</li>" in page
    assert "1 of rules" in page
