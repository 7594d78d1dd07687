"""junit.xml, read back."""

from xml.etree import ElementTree as ET

import pytest

from pytest_nac_qod import __version__
from pytest_nac_qod.report import junit
from pytest_nac_qod.report.records import CaseRecord
from tests.support.junit import valid
from tests.support.report_documents import document, result, violation


def read(*cases: CaseRecord, complete: bool = True) -> ET.Element:
    return valid(junit.xml(document(*cases, complete=complete)))


def properties(suite: ET.Element | None) -> dict[str | None, str | None]:
    assert suite is not None
    return {entry.get("name"): entry.get("value") for entry in suite.iterfind("properties/property")}


def test_what_is_known_of_a_case_is_a_property_of_its_suite() -> None:
    root = read(result("fail", case="$.device"), result())
    assert properties(root.find("testsuite")) == {
        "suite": f"pytest-nac-qod {__version__}",
        "release": "r3.2",
        "mode": "lenient",
        "target": "My deployment",
        "complete": "true",
        "quality_on_demand_getSession_404.1_not_found [$.device]": (
            "scenario; r3.2; fail; cause code-not-found-410-not-found; "
            "clause quality-on-demand#/paths/~1sessions~1{sessionId}/get/responses/404"
        ),
        "quality_on_demand_getSession_404.1_not_found": "scenario; r3.2; pass",
    }


def test_a_failure_says_what_was_expected_and_how_to_see_it_again() -> None:
    case = read(result("fail", case="$.device")).find("testsuite/testcase")
    assert case is not None
    assert case.get("name") == "quality_on_demand_getSession_404.1_not_found [$.device]"
    assert case.get("classname") == "r3.2.quality-on-demand.getSession"
    failure = case.find("failure")
    assert failure is not None
    assert failure.get("message") == "expected 404 NOT_FOUND; actual 410 NOT_FOUND"
    assert failure.text is not None
    assert "      expected  404 NOT_FOUND\n      actual    410 NOT_FOUND\n      clause    quality-on" in failure.text
    assert "\n      again     curl -i -X GET " in failure.text


def test_warnings_and_notes_are_output_of_the_suite() -> None:
    warning = result("warn", violations=[violation(severity="should")])
    note = result("pass", violations=[violation(severity="may")])
    output = read(warning, note, result()).findtext("testsuite/system-out")
    assert output is not None
    assert [line for line in output.splitlines() if not line.startswith(" ")] == [
        "WARN  quality_on_demand_getSession_404.1_not_found  r3.2",
        "PASS  quality_on_demand_getSession_404.1_not_found  r3.2",
    ]
    assert "      note      nothing published forbids this" in output.splitlines()


@pytest.mark.parametrize(
    ("started", "timestamp"),
    [
        ("2026-11-24T05:54:01.567Z", "2026-11-24T05:54:01"),
        ("2026-11-24T05:54:01.567+02:00", "2026-11-24T03:54:01"),
        ("yesterday", "2026-11-24T05:54:03"),  # when the first request was sent
    ],
)
def test_the_time_is_utc_without_a_zone(started: str, timestamp: str) -> None:
    made = document(result())
    made["run"]["started"] = started
    assert [suite.get("timestamp") for suite in valid(junit.xml(made))] == [timestamp]


def test_valid_without_anything_to_tell_the_time_by() -> None:
    made = document(result(exchanges=[]))
    del made["run"]
    assert valid(junit.xml(made))[0].get("timestamp") == "1970-01-01T00:00:00"


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
    suite = root[0]
    counted = {kind: suite.get(kind) for kind in ("tests", "failures", "errors", "skipped")}
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
