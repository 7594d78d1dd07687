"""report.html when a target is hostile, or a run large."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from pytest_nac_qod.report.page.page import html
from pytest_nac_qod.report.records import CaseRecord, ResultsDocument
from tests.support.chromium import Show, browser, show
from tests.support.report_documents import document, exchange, result, violation

__all__ = ["browser", "show"]


HOSTILE = (
    "</script><script>window.pwned = 1</script>",
    "<img src=x onerror='window.pwned = 1'>",
    '"><svg onload=alert(1)>',
    "<!--<script>",
    "]]>",
    "{{ 7 * 7 }}{% raw %}",
    "\x1b[2J\x1b]0;owned\x07\x00\x9b31m",
    "user\u202egpj.exe\u2028\ud800",
    "javascript:alert(1)",
)


@pytest.mark.parametrize("text", HOSTILE)
def test_whatever_the_target_says_stays_text(show: Show, text: str) -> None:
    said = exchange(
        request={"method": text, "url": text, "headers": [[text, text]], "body": text},
        response={"status": 500, "headers": [[text, text]], "body": text},
    )
    spoilt = violation(actual=text, expected=text, clause=text, path=text, reason=text)
    hostile = result("fail", id=text, case=text, api=text, operation=text, reason=text, exchanges=[said])
    page = show(document({**hostile, "violations": [spoilt]}, target={"name": text, "apis": {text: text}}))
    page.locator("#case-0 > summary").click()
    assert page.evaluate("window.pwned") is None
    assert page.locator("img, #cases svg, main script, .facts a").count() == 0
    shown = page.locator("#case-0 .actual dd").inner_text()
    assert not any(character in shown for character in "\x00\x07\x1b\x9b\u202e\u2028\ud800")
    if text.isprintable():
        assert shown == text
        assert text in page.locator("h1").inner_text()


def test_injected_script_could_not_run_anyway(browser: Browser, tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    path.write_text(html(document(result())), encoding="utf-8")
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(path.as_uri())
        outcome = page.evaluate(
            """async () => {
              const script = document.createElement("script");
              script.textContent = "window.pwned = 1";
              document.body.append(script);
              try { await fetch("http://127.0.0.1:9/"); return "fetched"; } catch { return window.pwned ?? "refused"; }
            }"""
        )
        assert outcome == "refused"


def large() -> ResultsDocument:
    """As a whole run against a bad target: 655 cases, 5,000 exchanges with bodies of usual size."""
    body = json.dumps({"device": {"phoneNumber": "+99999991000"}, "padding": "x" * 300, "qosStatus": "AVAILABLE"})
    kept: list[CaseRecord] = []
    for number in range(655):
        count = 8 if number < 415 else 7
        response = {"status": 200, "headers": [["content-type", "application/json"]] * 6, "body": body}
        exchanges = [exchange(at, response=response, seconds=0.001 + number % 97 / 500) for at in range(1, count + 1)]
        operation = ("getSession", "createSession", "deleteSession", "extendQosSessionDuration")[number % 4]
        name = f"quality_on_demand_{operation}_{number // 4}_scenario"
        verdict = ("pass", "pass", "fail")[number % 3]
        kept.append(result(verdict, id=name, operation=operation, exchanges=exchanges))
    return document(*kept)


def work(browser: Browser, path: Path, act: Callable[[Page], object]) -> float:
    """Seconds of work of the page's thread, from before it opens to after `act`; what else the machine does is none."""
    with browser.new_context() as context:
        page = context.new_page()
        page.set_default_timeout(120_000)
        session = context.new_cdp_session(page)
        session.send("Performance.enable", {"timeDomain": "threadTicks"})
        page.goto(path.as_uri())
        act(page)
        metrics = session.send("Performance.getMetrics")["metrics"]
        (seconds,) = (metric["value"] for metric in metrics if metric["name"] == "TaskDuration")
        return float(seconds)


FILTER = """() => {
  const text = document.getElementById("text");
  text.value = "_12_scenario";
  text.dispatchEvent(new Event("input"));
  document.body.getBoundingClientRect();
}"""


@pytest.mark.slow
def test_a_whole_run_opens_in_a_second_of_work(browser: Browser, tmp_path: Path) -> None:
    whole = large()
    assert len(whole["results"]) == 655
    assert sum(len(case["exchanges"]) for case in whole["results"]) == 5000
    path = tmp_path / "report.html"
    path.write_text(html(whole), encoding="utf-8")
    opened = work(browser, path, lambda page: expect(page.locator("#cases")).to_be_visible())
    filtered = work(browser, path, lambda page: page.evaluate(FILTER))
    assert opened < 2  # 0.6 as measured; a thread that is often interrupted works a little longer
    assert filtered - opened < 1


@pytest.mark.slow
def test_a_whole_run_can_be_searched(show: Show) -> None:
    page = show(large())
    assert page.evaluate("document.querySelectorAll('*').length") < 16 * 655  # exchanges are built once they are opened
    page.evaluate(FILTER)
    expect(page.locator("#shown")).to_have_text("4 of 655 shown")
    page.locator("#case-50 > summary").click()
    expect(page.locator("#case-50 .exchange")).to_have_count(8)


@pytest.mark.parametrize("text", ["x", "<", "\u00e4"])
def test_page_of_large_bodies_stays_small(text: str) -> None:
    large = {"headers": [["x-large", text * 4_000]], "body": text * 20_000}
    said = exchange(request={"method": "POST", "url": "https://h/x", **large}, response={"status": 200, **large})
    page = html(document(*(result(case=str(number), exchanges=[said] * 5) for number in range(100))))
    assert len(page.encode()) < 20_000_000
    assert "characters in results.json)" in page


def test_page_of_small_bodies_shows_them_whole() -> None:
    said = exchange(request={"method": "POST", "url": "https://h/x", "headers": [], "body": "y" * 19_999})
    assert "y" * 19_999 in html(document(result(exchanges=[said])))
