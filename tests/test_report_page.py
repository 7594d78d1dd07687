"""report.html in a real browser: what it says, how it is used, and that it keeps to itself."""

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped] # has no types
from playwright.sync_api import Browser, expect

from pytest_nac_qod.foundation.jsontypes import JsonObject
from pytest_nac_qod.report import har
from pytest_nac_qod.report.records import ResultsDocument
from tests.support.chromium import Show, browser, screenshot, show
from tests.support.report_documents import API, CORRELATOR, document, exchange, result, violation

__all__ = ["browser", "show"]

PHONE = {"width": 390, "height": 844}


def mixed() -> ResultsDocument:
    """One case of each verdict, in two operations."""
    missing = violation(
        clause=f"{API}#/components/headers/x-correlator",
        expected=f"x-correlator: {CORRELATOR}",
        actual="no x-correlator",
        path="x-correlator",
    )
    tolerated = violation(severity="should", reason="another text of the release allows it")
    create = {"operation": "createSession", "requirement": "A port outside the range of port numbers is refused."}
    return document(
        result("fail"),
        result("fail", id="quality_on_demand_getSession_401.1_no_authorization_header", violations=[missing]),
        result("pass", id="quality_on_demand_createSession_01_generic", case="$.device", **create),
        result(
            "warn", id="quality_on_demand_createSession_01_generic", case="$.sink", violations=[tolerated], **create
        ),
        result("inconclusive", id="quality_on_demand_createSession_02_event", reason="never AVAILABLE", **create),
        result("not_tested", id="quality_on_demand_createSession_401.2", reason="add [tokens.expired]", exchanges=[]),
        result("not_applicable", id="quality_on_demand_createSession_02_3", reason="no events", exchanges=[]),
        result("error", id="quality_on_demand_createSession_409.1", reason="ConnectError: refused", **create),
        result(
            "known",
            id="quality_on_demand_createSession_422.1",
            violations=[violation()],
            expectation={"place": "known.toml: entry 1", "reason": "next release", "expires": "2027-01-31"},
            **create,
        ),
        result("stale", id="quality_on_demand_createSession_422.2", reason="passes now", **create),
    )


def test_headline_comes_first(show: Show) -> None:
    page = show(mixed())
    assert page.title() == "2 causes: 2 published scenarios broken · My deployment · r3.2"
    expect(page.locator(".headline .verdict")).to_have_text("✗ 2 causes: 2 published scenarios broken")
    expect(page.locator(".headline li").first).to_have_text("6 of 10 cases came to a verdict; 1 passed.")
    assert page.locator(".shares").get_attribute("aria-label") == (
        "1 pass, 2 fail, 1 warn, 1 inconclusive, 1 not applicable, 1 not tested, 1 error, 1 known, 1 stale"
    )
    screenshot(page, "mixed")


def test_findings_show_the_offending_part(show: Show) -> None:
    page = show(mixed())
    finding = page.locator(".cause", has_text="x-correlator is missing")
    finding.locator("summary").first.click()
    expect(finding.locator(".expected dd")).to_have_text("x-correlator: …")
    expect(finding.locator("mark")).to_have_text("(no x-correlator)")
    expect(finding.locator(".shell")).to_contain_text("curl -i -X GET")
    finding.get_by_role("link").click()
    case = page.locator("#case-1")
    expect(case).to_have_attribute("open", "")
    expect(case.locator("summary").first).to_be_focused()


@pytest.mark.parametrize(
    ("broken", "body", "marked"),
    [
        (violation(), '{"status": 410, "code": "NOT_FOUND"}', ["HTTP 410"]),
        (violation(expected="410 GONE"), '{"status": 410, "code": "NOT_FOUND"}', ['"code": "NOT_FOUND"']),
        (violation(path="$.a[1].b", clause="c#/x"), '{"a": [{"b": 1}, {"b": 2}]}', ['"b": 2']),
        (violation(path="$.a", clause="c#/x"), '{"a": {"b": 1}}', ['"a": {', '"b": 1', "}"]),
        (violation(path="$.a.b", clause="c#/x"), '{"a": {}}', ["(no b)"]),
        (violation(path="$.a", clause="c#/x"), '{"a": 12345678901234567890.10}', ['"a": 12345678901234567890.10']),
        (violation(path="$", clause="c#/x"), "no JSON", ["no JSON"]),
        (violation(path="$", clause="c#/x"), "", ["(empty body)"]),
        (violation(path="Content-Type", clause="c#/x"), "{}", ["content-type: application/json"]),
        (violation(path="", clause="c#/x"), "{}", ["HTTP 410"]),
    ],
)
def test_what_is_marked(show: Show, broken: JsonObject, body: str, marked: list[str]) -> None:
    response = {"status": 410, "headers": [["content-type", "application/json"]], "body": body}
    page = show(document(result("fail", violations=[broken], exchanges=[exchange(response=response)])))
    assert [text.strip() for text in page.locator(".cause mark").all_inner_texts()] == marked


def test_an_event_is_marked_where_the_target_wrote_it(show: Show) -> None:
    request = {"method": "POST", "url": "/abc", "headers": [], "body": '{"type": "wrong"}'}
    event = exchange(role="event", operation="postNotification", request=request)
    broken = violation(path="$.type", clause="c#/x", expected="event $.type right", actual="'wrong'")
    page = show(document(result("fail", violations=[broken], exchanges=[event])))
    expect(page.locator(".cause .messages > div").first.locator("mark")).to_have_text('  "type": "wrong"')


def test_cases_are_filtered_by_verdict_operation_and_text(show: Show) -> None:
    page = show(mixed())
    shown = page.locator("#shown")
    expect(shown).to_have_text("10 of 10 shown")
    page.get_by_role("button", name="fail 2").click()
    expect(shown).to_have_text("2 of 10 shown")
    page.get_by_role("button", name="warn 1").click()
    expect(shown).to_have_text("3 of 10 shown")
    expect(page.get_by_role("button", name="warn 1")).to_have_attribute("aria-pressed", "true")
    page.get_by_label("Operation").select_option(f"{API} createSession")
    expect(shown).to_have_text("1 of 10 shown")
    expect(page.locator(".case:visible")).to_have_count(1)
    page.get_by_role("button", name="warn 1").click()
    page.get_by_role("button", name="fail 2").click()
    page.get_by_label("Operation").select_option("")
    page.get_by_label("Text").fill("CONNECTERROR")
    expect(shown).to_have_text("1 of 10 shown")
    page.get_by_label("Text").fill("headers/x-correlator")
    expect(shown).to_have_text("1 of 10 shown")


def test_a_link_to_a_hidden_case_shows_it(show: Show) -> None:
    page = show(mixed())
    page.get_by_label("Text").fill("nothing has this")
    expect(page.locator("#shown")).to_have_text("0 of 10 shown; take a filter away")
    page.locator(".matrix td.fail a").first.click()
    expect(page.locator("#case-0")).to_be_visible()
    expect(page.locator("#shown")).to_have_text("10 of 10 shown")


def test_a_case_is_filled_when_it_is_opened(show: Show) -> None:
    page = show(mixed())
    case = page.locator("#case-3")
    assert case.locator(".body").inner_html() == ""
    case.locator("summary").first.focus()
    page.keyboard.press("Enter")
    expect(case.locator(".clause", has_text="Tolerated")).to_contain_text("another text of the release allows it")
    expect(case.locator(".expected dd")).to_have_text("404 NOT_FOUND")
    expect(case.locator(".actual dd")).to_have_text("410 NOT_FOUND")
    expect(case.locator(".exchange > summary")).to_contain_text("x1 judged · getSession")
    expect(case.get_by_role("button", name="Copy")).to_be_visible()


def test_a_known_failure_says_why_it_is_known(show: Show) -> None:
    page = show(mixed())
    page.locator("#case-8 > summary").click()
    known = page.locator("#case-8 .clause", has_text="Known")
    expect(known).to_have_text("Knownnext release · until 2027-01-31 · known.toml: entry 1")


def test_keyboard_reaches_everything(show: Show) -> None:
    page = show(mixed())
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the findings")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.locator(".cause summary").first).to_be_focused()
    focusable = "a[href], button, input, select, summary, [tabindex='0']"
    unreachable = f'[...document.querySelectorAll("{focusable}")].filter((found) => found.tabIndex < 0).length'
    assert page.evaluate(unreachable) == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [None, PHONE], ids=["desk", "phone"])
def test_accessible(show: Show, scheme: str, viewport: JsonObject | None) -> None:
    page = show(mixed(), color_scheme=scheme, **({"viewport": viewport} if viewport else {}))
    for number in (0, 2):
        page.locator(f"#case-{number} > summary").click()
    screenshot(page, f"{scheme}-{'phone' if viewport else 'desk'}")
    findings = Axe().run(page)
    assert findings.violations_count == 0, findings.generate_report()


def test_fits_a_phone(show: Show) -> None:
    page = show(mixed(), viewport=PHONE)
    page.locator("#case-0 > summary").click()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_on_paper_findings_are_open_and_controls_gone(show: Show) -> None:
    page = show(mixed())
    closed = page.locator(".cause:not([open])[data-case]")
    assert closed.count() > 1
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert closed.count() == 0
    expect(page.locator(".cause mark").first).to_be_visible()
    expect(page.locator(".filters")).to_be_hidden()
    expect(page.locator("nav")).to_be_hidden()
    expect(page.locator(".case.pass")).to_be_hidden()
    expect(page.locator(".case.fail").first).to_be_visible()
    expect(page.get_by_text("The printed page leaves out the cases that passed")).to_be_visible()
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert closed.count() > 1
    assert page.pdf(format="A4").startswith(b"%PDF")


def test_latency_is_a_distribution(show: Show) -> None:
    times = [exchange(number, seconds=0.001 * 2**number) for number in range(1, 9)]
    silent = exchange(9, response=None, error="ReadTimeout: none", seconds=10.0)
    page = show(document(result(exchanges=[*times, silent]), result(exchanges=[exchange(seconds=0.05)])))
    figure = page.locator("#latency figure")
    expect(figure.locator("figcaption")).to_have_text(
        "getSession 9 exchanges · median 32 ms · 95 % within 205 ms · longest 256 ms"
    )
    marks = figure.locator(".marks").get_attribute("d") or ""
    assert marks.count("M") == 9
    assert page.locator(".axis text").all_text_contents() == ["1 ms", "10 ms", "100 ms", "1 s"]


def test_statement_says_how_to_repeat_the_run(show: Show) -> None:
    page = show(mixed())
    facts = dict(
        zip(
            page.locator(".facts th").all_inner_texts(),
            page.locator(".facts td").all_inner_texts(),
            strict=True,
        )
    )
    assert facts["Declared unsupported"] == "events: no callbacks"
    assert facts["Deviations tolerated"] == "another text of the release allows it (1 case)"
    assert facts["Level"] == "full"
    assert facts["Seed"] == "17"
    assert facts["Time"] == "2026-11-24T05:54:01.567Z to 2026-11-24T05:54:05.239Z (4 s)"
    expect(page.locator("#statement .shell")).to_have_text(
        f"nac-qod check --target operator.toml --mode lenient --mandatory --api {API} --release r3.2"
    )
    expect(page.locator(".disclaimer")).to_contain_text("not a certificate of GSMA or CAMARA")


def test_an_incomplete_run_says_so(show: Show) -> None:
    page = show(document(result(), complete=False))
    expect(page.locator(".headline .verdict")).to_have_text("? Incomplete run")
    expect(page.locator(".headline li").first).to_have_text(
        "The run ended before its last case; these are its results until then."
    )


def test_archive_opens_in_a_browser(browser: Browser, tmp_path: Path) -> None:
    archive = tmp_path / "exchanges.har"
    archive.write_text(har.text(document(result("fail"))), encoding="utf-8")
    with browser.new_context() as context:
        context.route_from_har(archive)
        page = context.new_page()
        answer = page.goto(exchange()["request"]["url"])
        assert answer is not None
        assert (answer.status, answer.json()["code"]) == (410, "NOT_FOUND")
