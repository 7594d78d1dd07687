"""junit.xml, read back."""

from xml.etree import ElementTree as ET

import pytest

from pytest_nac_qod.report import junit
from pytest_nac_qod.report.records import CaseRecord
from tests.support.report_documents import document, result, violation


def read(*cases: CaseRecord, complete: bool = True) -> ET.Element:
    return ET.fromstring(junit.xml(document(*cases, complete=complete)))


def test_facts_are_properties() -> None:
    case = read(result("fail", case="$.device")).find("testsuite/testcase")
    assert case is not None
    assert case.get("name") == "quality_on_demand_getSession_404.1_not_found [$.device]"
    assert case.get("classname") == "r3.2.quality-on-demand.getSession"
    properties = {entry.get("name"): entry.get("value") for entry in case.iterfind("properties/property")}
    assert properties == {
        "scenario": "quality_on_demand_getSession_404.1_not_found",
        "case": "$.device",
        "release": "r3.2",
        "verdict": "fail",
        "cause": "code-not-found-410-not-found",
        "clause": "quality-on-demand#/paths/~1sessions~1{sessionId}/get/responses/404",
    }
    failure = case.find("failure")
    assert failure is not None
    assert failure.get("message") == "expected 404 NOT_FOUND; actual 410 NOT_FOUND"
    assert failure.text is not None
    assert "      expected  404 NOT_FOUND\n      actual    410 NOT_FOUND\n      clause    quality-on" in failure.text
    assert "\n      again     curl -i -X GET " in failure.text


@pytest.mark.parametrize(
    ("verdict", "element"),
    [
        ("pass", None),
        ("warn", None),
        ("fail", "failure"),
        ("stale", "failure"),
        ("error", "error"),
        ("inconclusive", "error"),
        ("not_tested", "skipped"),
        ("not_applicable", "skipped"),
        ("known", "skipped"),
    ],
)
def test_each_verdict_has_its_element(verdict: str, element: str | None) -> None:
    root = read(result(verdict, reason="why", violations=[violation(severity="should")] if verdict == "warn" else []))
    case = root.find("testsuite/testcase")
    assert case is not None
    kinds = {child.tag for child in case} & {"failure", "error", "skipped"}
    assert kinds == ({element} if element else set())
    counted = {kind: root.get(kind) for kind in ("tests", "failures", "errors", "skipped")}
    assert counted["tests"] == "1"
    assert sum(int(counted[kind] or 0) for kind in ("failures", "errors", "skipped")) == bool(element)


def test_a_truncated_run_is_an_error() -> None:
    assert read(result()).find(".//error") is None
    error = read(result(), complete=False).find(".//error")
    assert error is not None
    assert error.get("message") == "the run ended before its last case"


def test_a_suite_for_each_operation() -> None:
    root = read(result(), result(operation="deleteSession"), result())
    assert [(suite.get("name"), suite.get("tests")) for suite in root] == [
        ("quality-on-demand getSession", "2"),
        ("quality-on-demand deleteSession", "1"),
    ]


def test_what_xml_cannot_hold_is_spelled_out() -> None:
    actual = "\x00\x1b[31m\ud800\ufffe]]><script>\r\n&amp;"
    case = read(result("fail", violations=[violation(actual=actual)]))
    failure = case.find(".//failure")
    assert failure is not None
    assert failure.text is not None
    assert "actual    \\x00\\x1b[31m\\ud800\\ufffe]]><script>\\x0d\\n&amp;" in failure.text
