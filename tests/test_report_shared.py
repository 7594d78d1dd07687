"""What is handed to others: runs side by side in one page, and a submission in one archive."""

import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from pytest_nac_qod.cli import main
from pytest_nac_qod.report import writing
from pytest_nac_qod.report.bundle import LAYOUT
from pytest_nac_qod.report.records import ResultsDocument
from pytest_nac_qod.report.signing import verifying
from tests.support.chromium import browser
from tests.support.report_documents import API, document, result

__all__ = ["browser"]

PHONE = {"width": 390, "height": 844}


def of(name: str, verdict: str) -> ResultsDocument:
    target = {"name": name, "apis": {API: f"https://{name}.example/{API}/v1"}}
    return document(result(verdict), result(id="quality_on_demand_getSession_401.1_no_authorization"), target=target)


@pytest.fixture
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Reports of three targets, one of which fails a case."""
    monkeypatch.chdir(tmp_path)
    for name, verdict in (("a", "pass"), ("b", "fail"), ("c", "pass")):
        writing.write(of(name, verdict), tmp_path / name)
    return tmp_path


def test_three_targets_stand_in_one_page(folders: Path, browser: Browser, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compare", "--html", "a", "b", "c"]) == 0
    assert capsys.readouterr().out == "compare.html\n"
    context = browser.new_context(viewport=PHONE)  # type: ignore[arg-type] # as Playwright has it
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto((folders / "compare.html").as_uri())
    expect(page.get_by_role("heading", level=1)).to_have_text("3 runs side by side")
    expect(page.get_by_role("row", name="Target")).to_contain_text("abc")
    causes = page.get_by_role("region", name="Causes").locator("tbody tr")
    assert causes.count() == 1
    assert [cell.strip() for cell in causes.locator("td").all_inner_texts()][1].startswith("✗ 1")
    differing = page.get_by_role("region", name="Cases that differ").locator("tbody tr")
    expect(differing).to_have_count(1)
    expect(differing).to_contain_text("getSession_404.1_not_found")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert asked == [(folders / "compare.html").as_uri()]
    context.close()


@pytest.mark.parametrize("words", [["compare", "a"], ["compare", "a", "b", "c"], ["compare", "--html", "a"]])
def test_how_many_runs_are_compared(folders: Path, words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(words) == 2
    assert capsys.readouterr().err == "nac-qod: give two runs; --html takes more\n"
    assert not (folders / "compare.html").exists()


def test_a_submission_has_a_layout_and_can_be_verified(folders: Path) -> None:
    (folders / "product.md").write_text("Gateway 3", encoding="utf-8")
    words = ["report", "b", "--bundle", "b.zip", "--product", "product.md"]
    assert main(words) == 0
    first = (folders / "b.zip").read_bytes()
    assert main(words) == 0
    assert (folders / "b.zip").read_bytes() == first
    with zipfile.ZipFile(folders / "b.zip") as archive:
        names = archive.namelist()
        archive.extractall(folders / "out")
    assert {name.partition("/")[0] for name in names} == {name.strip("/") for name in LAYOUT}
    assert (folders / "out" / "product" / "product.md").read_text(encoding="utf-8") == "Gateway 3"
    assert list(verifying.problems(folders / "out" / "report", None)) == []
    statement = (folders / "out" / "statement.txt").read_text(encoding="utf-8")
    assert "Target: b\n" in statement
    assert statement.endswith("Verdicts: 1 pass, 1 fail\n")


def test_a_product_needs_an_archive(folders: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert (folders / "b").is_dir()
    assert main(["report", "b", "--product", "product.md"]) == 2
    assert capsys.readouterr().err == "nac-qod: --product goes into an archive; add --bundle ZIP\n"
    assert main(["report", "b", "--bundle", "b.zip", "--product", "none.md"]) == 2
    assert capsys.readouterr().err.startswith("nac-qod: none.md: No such file or directory")
