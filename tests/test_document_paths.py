"""The files that the documents name are there."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
MADE = {"project", "reference", "rows"}  # folders of docs/ that Sphinx fills
DOCUMENTS = [ROOT / name for name in ("README.md", "ARCHITECTURE.md", "CONTRIBUTING.md")] + sorted(
    path for path in ROOT.glob("docs/**/*.md") if path.parent.name not in MADE
)
BASES = (ROOT, ROOT / "pytest_nac_qod")
PLACES = {entry.name for base in BASES for entry in base.glob("[a-z]*") if entry.is_dir()} - {"build", "out"} | {".ci"}
PATH = re.compile(r"(?<![\w./-])((?:[\w.-]+/)+[\w.-]*)")
MADE = {"rows/index.md"}  # when the site is built
LINK = re.compile(r"\]\(([^)#:]+)\)")


def paths(text: str) -> Iterator[str]:
    """What stands as a path of this repository in code spans and blocks; `rX.Y` stands for a release."""
    for code in re.findall(r"```.*?```|`[^`\n]+`", text, re.DOTALL):
        yield from (path for path in PATH.findall(code) if path.partition("/")[0] in PLACES)


def exists(path: str) -> bool:
    return any(list(base.glob(path.rstrip("/").replace("rX.Y", "r[1-9]*"))) for base in BASES)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_each_path_leads_somewhere(document: Path) -> None:
    named = set(paths(document.read_text(encoding="utf-8")))
    assert sorted(path for path in named if not exists(path)) == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_each_link_leads_somewhere(document: Path) -> None:
    links = LINK.findall(document.read_text(encoding="utf-8"))
    assert [link for link in links if link not in MADE and not (document.parent / link).exists()] == []


def test_a_path_that_leads_nowhere_is_seen() -> None:
    here, nowhere = "tests/test_document_paths.py", "tests/nowhere.py"
    assert [*paths(f"`{here}` or\n```\n{nowhere}\n```\nnot {here}")] == [here, nowhere]
    assert exists(here)
    assert not exists(nowhere)


def test_the_walk_names_what_belongs_to_the_rule() -> None:
    """Each file of the walk has the words that its row says to look for."""
    walk = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8").partition("## One rule from end to end")[2]
    for line in (line for line in walk.splitlines() if line.startswith("| ") and "pytest_nac_qod" in line):
        _, _, files, about, _ = (cell.strip() for cell in line.split("|"))
        texts = "".join((ROOT / path).read_text(encoding="utf-8") for path in paths(files + about))
        words = [word.strip("[]") for word in re.findall(r"`([^`/]+)`", about)]
        assert [word for word in words if word not in texts] == [], line
