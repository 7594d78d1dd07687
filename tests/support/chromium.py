"""The system's Chromium, driven by Playwright, as fixtures."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from pytest_nac_qod.report.page import page as report_page
from pytest_nac_qod.report.records import ResultsDocument

QUIET = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
Show = Callable[..., Page]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    executable = shutil.which("chromium")
    if executable is None:
        pytest.skip("no Chromium on this machine; apt-get install chromium")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=executable, args=QUIET)
        yield chromium
        chromium.close()


@pytest.fixture
def show(browser: Browser, tmp_path: Path) -> Iterator[Show]:
    """Opens the page of a document; nothing but the page itself may be asked for, and no script of it may fail."""
    contexts = []
    wrong: list[str] = []
    requested: list[str] = []

    def open_page(document: ResultsDocument, **options: object) -> Page:
        path = tmp_path / "report.html"
        path.write_text(report_page.html(document), encoding="utf-8")
        context = browser.new_context(**options)  # type: ignore[arg-type] # options of Playwright
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(120_000)
        page.on("request", lambda request: requested.append(request.url.split("#")[0]))
        page.on("console", lambda message: wrong.append(message.text))
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("dialog", lambda dialog: wrong.append(dialog.message))
        page.goto(path.as_uri())
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert wrong == []
    assert set(requested) == {(tmp_path / "report.html").as_uri()}


def screenshot(page: Page, name: str) -> None:
    """Keep a picture for people, in the folder that QOD_SCREENSHOTS names."""
    if folder := os.environ.get("QOD_SCREENSHOTS"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)
