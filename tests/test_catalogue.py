"""Catalogue, published list and tests held against each other."""

import ast
import json
from collections import Counter
from pathlib import Path

import pytest

from pytest_nac_qod import catalogue, contracts
from pytest_nac_qod.foundation.jsontypes import JsonObject
from tests.support.manifest import COVERED

CONFORMANCE = Path(__file__).parent.parent / "conformance"


def published_scenarios(published: Path, release: str) -> list[tuple[str, str, JsonObject]]:
    document = json.loads((published / release / "scenarios.json").read_text(encoding="utf-8"))
    return [
        (feature["api"], feature["operation"], scenario)
        for feature in document["features"]
        for scenario in feature["scenarios"]
    ]


@pytest.mark.parametrize("release", COVERED)
def test_catalogue_is_the_published_list_in_published_order(published: Path, release: str) -> None:
    theirs = published_scenarios(published, release)
    ours = [row for row in catalogue.rows(release) if row.kind == "scenario"]
    assert [(row.api, row.operation, row.id) for row in ours] == [(*where, item["id"]) for *where, item in theirs]
    for row, (*_, item) in zip(ours, theirs, strict=True):
        outline = [next(iter(example.values())) for example in item.get("examples") or []]
        assert list(row.cases) == (outline or [""]), row.id
    assert (len(ours), sum(len(row.cases) for row in ours)) == COVERED[release]


@pytest.mark.parametrize("release", COVERED)
def test_rows_name_operations_of_the_release_and_statuses_that_it_documents(release: str) -> None:
    for row in catalogue.rows(release):
        operation = contracts.contract(release, row.api).operations[row.operation]
        if row.kind == "rule":  # some are about what no operation documents
            continue
        for outcome in row.accepted:
            assert outcome.status in (*operation.success, *operation.errors), row.id


def purposes_under_test() -> list[str]:
    """The key of every `@purpose` in the suite, which is the name of its test."""
    return [
        node.name.removeprefix("test_")
        for path in sorted(CONFORMANCE.rglob("test_*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef)
        if any(isinstance(mark, ast.Name) and mark.id == "purpose" for mark in node.decorator_list)
    ]


def test_each_purpose_has_exactly_one_test_and_at_least_one_row() -> None:
    tested = Counter(purposes_under_test())
    rows = [
        row
        for release in catalogue.releases()
        for row in (*catalogue.rows(release), *catalogue.generated_rules(release))
    ]
    used = {row.purpose.key for row in rows}
    assert [key for key, times in tested.items() if times > 1] == []
    assert set(tested) == set(catalogue.purposes()) == used


def test_ids_are_unique_within_a_release() -> None:
    for release in catalogue.releases():
        ids = Counter(row.id for row in catalogue.rows(release))
        assert [row for row, times in ids.items() if times > 1] == []


def test_each_reading_is_used_and_says_what_is_tolerated() -> None:
    rows = [row for release in catalogue.releases() for row in catalogue.rows(release)]
    used = {reading.key for row in rows for reading in row.readings}
    used |= {lenient.reason for row in rows for lenient in (*row.lenient, *row.inapplicable)}
    assert used == set(catalogue.readings())


def test_outcomes_read_as_they_are_written() -> None:
    assert str(catalogue.Outcome.parse("400 INVALID_ARGUMENT")) == "400 INVALID_ARGUMENT"
    assert catalogue.Outcome.parse("204") == catalogue.Outcome(204)
