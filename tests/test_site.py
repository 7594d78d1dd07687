"""The pages of the documentation that are made from the code say what the code has."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from pages import project, reference, rows, schemas
from pages.markdown import plain
from pytest_nac_qod import catalogue, contracts, fixtures
from pytest_nac_qod.cli import COMMANDS
from pytest_nac_qod.proof.explain.rows import named_rows
from pytest_nac_qod.run.options import OPTIONS
from pytest_nac_qod.verdicts import VERDICTS

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def pages() -> dict[str, str]:
    return {**reference.pages(), **schemas.pages(), **rows.pages(shown=False), **project.pages()}


def test_every_scenario_and_rule_has_a_page(pages: dict[str, str]) -> None:
    for release in contracts.RELEASES:
        for row in (*catalogue.rows(release), *catalogue.generated_rules(release)):
            text = pages[f"rows/{row.id}.md"]
            assert f"# {row.id}\n" in text
            assert f"]({row.id}.md)" in pages["rows/index.md"]
    assert len(named_rows()) + 1 == sum(name.startswith("rows/") for name in pages)


def test_a_page_tells_what_explain_tells(pages: dict[str, str]) -> None:
    text = pages["rows/nac_overlapping_flow_is_conflict.md"]
    for part in (
        "| Strength | must: a breach fails the case |",
        "| Accepted outcomes | 409 CONFLICT |",
        "## How to mend\n\nLook for what is in the way",
        "nac-qod check --release r3.2 --scenario nac_overlapping_flow_is_conflict",
    ):
        assert part in text


def test_commands_options_fixtures_and_verdicts_are_all_there(pages: dict[str, str]) -> None:
    for command in COMMANDS:
        assert f"## nac-qod {command}\n" in pages["reference/commands.md"]
    for option in OPTIONS:
        assert f"`--qod-{option.name}` | `{option.key}`" in pages["reference/options.md"]
    for name in [name for name in vars(fixtures) if re.match("(qod|nac)_[a-z]+$", name)]:
        assert f"| `{name}` | " in pages["reference/fixtures.md"]
    assert "| `qod_purpose(key)` | " in pages["reference/fixtures.md"]
    for verdict in VERDICTS:
        assert f"| `{verdict}` | " in pages["reference/verdicts.md"]


def test_keys_of_target_file_and_results_are_there(pages: dict[str, str]) -> None:
    for key in ("apis", "tokens.two_legged", "devices.pool", "polling.budget", "sink.url"):
        assert f"| `{key}` | " in pages["reference/target-file.md"]
    for key in ("release", "mode", "results", "summary", "complete", "causes"):
        assert f"| `{key}` | " in pages["reference/results.md"]


def test_each_contradiction_says_how_it_is_judged(pages: dict[str, str]) -> None:
    text = pages["reference/contradictions.md"]
    assert text.count("**Judged:**") == len(catalogue.readings())


def test_each_link_between_made_pages_leads_somewhere(pages: dict[str, str]) -> None:
    for name, text in pages.items():
        for link in re.findall(r"(?<!\\)\]\(([^)#:]+\.md)\)", text):
            place = (Path(name).parent / link).as_posix().replace("rows/../", "").replace("reference/../", "")
            there = place.replace("project/../", "")
            assert there in pages or (ROOT / "docs" / there).exists(), f"{name}: {link}"


def test_nothing_in_a_text_is_taken_for_markup() -> None:
    assert plain("a <b> [c] *d* | e") == r"a \<b\> \[c\] \*d\* \| e".replace(r"\>", ">")
    assert plain("`code with * in it`") == "`code with * in it`"


@pytest.mark.slow
def test_the_site_is_built_without_a_warning(tmp_path: Path) -> None:
    pytest.importorskip("furo")
    words = [sys.executable, "-m", "sphinx", "-q", "-W", "--keep-going", "-b", "html"]
    done = subprocess.run(
        [*words, "docs", tmp_path], capture_output=True, text=True, check=False, cwd=ROOT, timeout=900
    )
    assert (done.returncode, done.stderr) == (0, "")
    text = (tmp_path / "rows" / "nac_overlapping_flow_is_conflict.html").read_text(encoding="utf-8")
    assert "A sample violation" in text
    assert "nac_overlapping_flow_is_conflict" in (tmp_path / "searchindex.js").read_text(encoding="utf-8")
