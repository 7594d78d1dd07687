"""What a reader asks first of report.html: when, of what, what was exercised; on paper and on a phone."""

import json
import re

import pytest
from playwright.sync_api import expect

from pytest_nac_qod.report import har
from pytest_nac_qod.report.page import coverage
from pytest_nac_qod.report.records import ResultsDocument
from tests.support.chromium import Show, browser, show
from tests.support.report_documents import API, document, exchange, result, violation

__all__ = ["browser", "show"]

PHONE = {"width": 390, "height": 844}
CAUSES = 43


def long_run() -> ResultsDocument:
    """A run with 43 causes, each shown by an answer with 300 sessions and one very long text."""
    sessions = [{"sessionId": f"s{number}", "text": "x" * 40} for number in range(300)]
    cases = []
    for number in range(CAUSES):
        body = json.dumps({"code": "NOT_FOUND", "long": "y" * 50_000, "sessions": sessions})
        answer = {"status": 404, "headers": [["content-type", "application/json"]], "body": body}
        wrong = violation(path=f"$.property{number}", expected="a text", actual="absent")
        case = {"id": f"nac_rule_{number}", "kind": "rule", "exchanges": [exchange(response=answer)]}
        cases.append(result("fail", violations=[wrong], requirement=f"Requirement {number}.", **case))
    return document(*cases)


def pages(pdf: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page\b", pdf))


def test_time_addresses_and_versions_come_before_the_findings(show: Show) -> None:
    about = show(document(result())).locator(".top .about")
    expect(about).to_contain_text(f"{API}: http://127.0.0.1:9091/{API}/v1")
    expect(about).to_contain_text("2026-11-24T05:54:01.567Z to 2026-11-24T05:54:05.239Z (4 s)")
    expect(about).to_contain_text("pytest-nac-qod ")


@pytest.mark.slow
def test_many_causes_take_few_pages_and_the_recording_keeps_all(show: Show) -> None:
    run = long_run()
    page = show(run)
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator(".cause").count() == CAUSES
    example = page.locator(".cause .messages").first
    expect(example.locator("mark").first).to_be_visible()
    expect(example.locator(".far").first).to_be_hidden()
    expect(example.get_by_text(re.compile(r"… \d+ lines")).first).to_be_visible()
    assert pages(page.pdf(format="A4")) < 40
    assert har.text(run).count("y" * 50_000) == CAUSES
    page.emulate_media(media="screen")
    assert "y" * 50_000 in str(example.locator("pre").last.text_content())


def test_long_names_do_not_make_a_phone_scroll_sideways(show: Show) -> None:
    names = {"api": "qos-provisioning", "operation": "getQosAssignmentByDeviceOfSomeVeryLongName"}
    page = show(document(result("fail", **names), result()), viewport=PHONE)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_filters_that_leave_nothing_say_so(show: Show) -> None:
    page = show(document(result(), result("fail")))
    page.locator("#text").fill("nothing is called so")
    expect(page.locator("#shown")).to_have_text("0 of 2 shown; take a filter away")
    page.locator("#text").fill("")
    expect(page.locator("#shown")).to_have_text("2 of 2 shown")


def test_what_was_exercised_stands_beside_what_was_not(show: Show) -> None:
    run = document(result(), result("not_tested", reason="add [tokens.expired]", exchanges=[]))
    (read,) = [item for item in coverage.of_operations(run) if item.operation.endswith(" getSession")]
    assert (read.requests, read.seen, read.others) == (1, (), ("410 NOT_FOUND (1)",))
    assert {"200", "404 NOT_FOUND", "401 UNAUTHENTICATED"} <= set(read.unseen)
    section = show(run).locator("#coverage")
    expect(section).to_contain_text("0 of ")
    expect(section.get_by_role("row", name=re.compile("getSession")).first).to_contain_text("410 NOT_FOUND (1)")
    expect(section).to_contain_text("1 case: add [tokens.expired]")


def test_a_release_of_somebody_else_has_no_list_of_answers() -> None:
    assert coverage.of_operations(document(result(release="r9.9"), release="r9.9")) == []
