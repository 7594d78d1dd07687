"""What the README and the pages beside it count is what there is."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from pages import counts
from pytest_nac_qod.proof.explain.tables import table as verdicts
from pytest_nac_qod.sdk import expectations
from pytest_nac_qod.sdk.cases import client_cases
from pytest_nac_qod.sdk.environments import MATRIX, sdk

ROOT = Path(__file__).parent.parent
FRONT = ROOT.joinpath("README.md").read_text(encoding="utf-8")
TEXT = FRONT + "".join(ROOT.joinpath("docs", f"{name}.md").read_text("utf-8") for name in ("running", "proof"))
MATRIX_PAGE = ROOT.joinpath("docs", "sdk-matrix.md").read_text(encoding="utf-8")


def table(first: str, text: str = TEXT) -> Iterator[list[str]]:
    """The cells of the Markdown table whose head begins with `first`, row by row."""
    lines = iter(text[text.index(f"\n| {first} |") + 1 :].splitlines())
    for line in lines:
        if not line.startswith("|"):
            return
        if not line.startswith("|-"):
            yield [cell.strip() for cell in line.strip("|").split("|")]


def test_counts_are_those_that_there_are() -> None:
    assert [path.name for path in counts.stale(ROOT)] == [], "python -m pages.counts brings them up to date"


def test_command_mends_each_count(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    read = [path.relative_to(ROOT).as_posix() for path in (ROOT / "README.md", *(ROOT / "docs").glob("*.md"))]
    for name in read:
        text = (ROOT / name).read_text(encoding="utf-8")
        text = text.replace("| 157 | 193 |", "| 7 | 8 |").replace("each of 3", "each of 1")
        (tmp_path / name).write_text(re.sub(r"\d+ (named|such|to \d+ scenarios)", r"1 \1", text), encoding="utf-8")
    found = counts.stale(tmp_path)
    assert {path.name for path in found} == {"README.md", "proof.md", "comparison.md"}
    assert all(text == ROOT.joinpath(path.relative_to(tmp_path)).read_text("utf-8") for path, text in found.items())


def test_sentence_with_a_count_that_is_gone_is_told() -> None:
    with pytest.raises(LookupError, match=r"^docs/proof.md: nothing reads like "):
        counts.counted("docs/proof.md", "All is proven.")


def test_the_front_page_is_short() -> None:
    assert len(FRONT.splitlines()) < 150
    assert len(re.findall(r"^!\[", FRONT, re.MULTILINE)) == 1


def test_matrix_of_sdks_is_what_we_know_of_each() -> None:
    head, *rows = table("case", MATRIX_PAGE)
    assert head[1:] == [*MATRIX]
    assert [row[0] for row in rows] == [*client_cases()]
    for place, version in enumerate(MATRIX, 1):
        failing = [row[0] for row in rows if row[place] == "✗"]
        assert sorted(failing) == sorted(expectation.id for expectation in expectations.shipped(sdk(version)))


def test_verdicts_are_those_that_are_explained() -> None:
    means = {name: entry["means"] for name, entry in verdicts("verdicts.toml", "pytest_nac_qod").items()}
    known, stale = means.pop("known"), means.pop("stale")
    printed = dict(table("verdict"))
    assert known.removeprefix("the expectations file ") in printed.pop("`known`, `stale`")
    assert stale
    assert printed == {f"`{name}`": text for name, text in means.items()} | {"verdict": "means"}


@pytest.mark.parametrize("name", ["main", "tests"])
def test_commands_that_ci_runs(name: str) -> None:
    assert FRONT.count(f"<!-- command: {name} -->\n```sh\n") == 1
