"""What is wrong, on the terminal: causes first, and the milder ones only on request."""

from pytest_nac_qod.foundation.jsontypes import Json
from pytest_nac_qod.report.terminal import causes
from tests.support.report_documents import result, violation


def shown(verdict: str, path: str, **changes: Json) -> Json:
    severity = {"warn": "should"}.get(verdict, "must")
    wrong = violation(path=path, expected=f"{path} present", actual="absent", severity=severity)
    return result(verdict, violations=[wrong], **changes)


def test_causes_come_first_then_published_scenarios_and_rules_apart() -> None:
    cases = [shown("fail", "$.duration"), shown("fail", "$.duration", id="nac_x", kind="rule"), shown("warn", "$.sink")]
    said = list(causes.lines(cases))
    assert said[:4] == [
        "1 cause in 2 cases, 1 warning",
        "1 published scenario and 1 rule broken",
        "",
        "FAIL  Missing $.duration  (2 cases)",
    ]
    assert said[-1] == "1 milder one beside: -v tells it"


def test_milder_ones_are_told_on_request_and_where_nothing_is_worse() -> None:
    warned = shown("warn", "$.sink")
    for said in (causes.lines([shown("fail", "$.duration"), warned], verbose=True), causes.lines([warned])):
        assert list(said)[-1] == "WARN  Missing $.sink  (1 case)"
