"""What the README and the pages beside it count is what there is."""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from pytest_nac_qod import catalogue, contracts
from pytest_nac_qod.proof.explain.tables import table as verdicts
from pytest_nac_qod.reference.faults import faults, generated_faults
from pytest_nac_qod.reference.legal import names
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


@pytest.mark.parametrize("release", catalogue.releases())
def test_scenarios_cases_and_rules(release: str) -> None:
    counts = Counter(row.kind for row in catalogue.rows(release))
    cases = [case for case in catalogue.cases(release, contracts.apis(release)) if case.row.kind == "scenario"]
    (row,) = (cells for cells in table("release") if cells[0].partition(" ")[0] == release)
    assert row[1:5] == [
        str(n) for n in (counts["scenario"], len(cases), counts["rule"], len(catalogue.generated_rules(release)))
    ]


def test_cases_of_each_operation() -> None:
    release, apis = contracts.CURRENT, contracts.apis(contracts.CURRENT)
    every = [*catalogue.cases(release, apis), *catalogue.generated_cases(release, apis)]
    counts = Counter(f"{case.row.api} {case.row.operation}" for case in every)
    printed = re.findall(r"^((?:qos|qod|quality)\S+ \S+) +(\d+) +0 +0$", TEXT, re.MULTILINE)
    assert dict(printed) == {operation: str(count) for operation, count in counts.items()}
    assert re.search(rf"^all +{len(every)} +0 +0$", TEXT, re.MULTILINE)
    assert f"nothing required is broken ({len(every)} cases)" in TEXT


def test_legal_behaviours() -> None:
    assert f"can have {len(names())} such behaviours" in TEXT


def test_the_front_page_is_short() -> None:
    assert len(FRONT.splitlines()) < 150
    assert len(re.findall(r"^!\[", FRONT, re.MULTILINE)) == 1


def test_faults() -> None:
    assert f"[each of {len(faults()) + len(generated_faults())} faults]" in FRONT
    assert f"{len(faults()) + len(generated_faults())} named defects, {len(generated_faults())} of which" in TEXT


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
