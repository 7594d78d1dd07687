"""What failures rest on: each row and each check has words that were published, and they stand where it says."""

import ast
import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from pytest_nac_qod import catalogue, contracts
from pytest_nac_qod.catalogue import RowCase, generated_cases
from pytest_nac_qod.catalogue.basis import Basis, bases, check_bases
from pytest_nac_qod.contracts.facts import parse_own
from pytest_nac_qod.foundation.jsontypes import Json
from pytest_nac_qod.report.terminal.basis_table import checks_of, document
from pytest_nac_qod.traffic.rules import rules

ROOT = Path(__file__).parent.parent
WORDS = 8  # of a keyword; sentences are not copied


def every_case(release: str) -> Iterator[RowCase]:
    """All cases of a release, those of generated rules included."""
    yield from catalogue.cases(release, contracts.apis(release))
    yield from generated_cases(release, contracts.apis(release))


@pytest.mark.parametrize("release", contracts.RELEASES)
def test_no_row_is_without_a_basis(release: str) -> None:
    for case in every_case(release):
        basis = case.basis
        assert basis.where, case
        assert basis.says, case
        assert basis.keyword or basis.where == case.row.id, case
        assert len(basis.keyword.split()) <= WORDS, basis.key


@pytest.mark.parametrize("release", contracts.RELEASES)
def test_scenarios_rest_on_themselves_and_weigh_most(release: str) -> None:
    scenarios = [row for row in catalogue.rows(release) if row.kind == "scenario"]
    assert all((row.basis.where, row.basis.strength) == (row.id, "must") for row in scenarios)


def test_each_basis_is_used() -> None:
    used = {case.basis.key for release in contracts.RELEASES for case in every_case(release)}
    used |= {case.row.basis.key for release in contracts.RELEASES for case in every_case(release)}
    assert used >= {key for release in contracts.RELEASES for key in bases(release)}


def keys_in_code() -> set[str]:
    """Every key of a basis that a check gives to a violation."""
    found: set[str] = set()
    folder = ROOT / "pytest_nac_qod"
    paths = [*(folder / "checks").glob("*.py"), *(folder / "suite").glob("*.py"), *(folder / "generated").glob("*.py")]
    for path in [*paths, *(ROOT / "conformance").rglob("*.py")]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.add(node.value)
    of_traffic = rules("r4.1").values()
    return found | {rule.basis for rule in of_traffic} | {rule.assignment for rule in of_traffic}


def test_each_basis_of_a_check_is_named_by_one() -> None:
    wanted = {key for key in check_bases("r3.2") if not key.startswith("error_")}
    assert wanted - keys_in_code() == set()


def violations_without_basis() -> Iterator[str]:
    """Where a pure check makes a violation that rests on nothing; an outcome rests on the row of its case."""
    for path in sorted((ROOT / "pytest_nac_qod" / "checks").glob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for function in (node for node in tree.body if isinstance(node, ast.FunctionDef)):
            for node in ast.walk(function):
                made = isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Violation"
                if made and "basis" not in {keyword.arg for keyword in node.keywords}:  # type: ignore[attr-defined]
                    yield f"{path.stem}.{function.name}"


def test_checks_within_cases_name_their_basis() -> None:
    # the outcome, what only rules of qos-profiles look at, and what is told at the end of a run rest on the row
    resting = {"answer.outcome", "history._wrong", "rules._ascending", "rules._slower"}
    assert set(violations_without_basis()) == resting


@cache
def published_document(path: Path) -> Json:
    found: Json = parse_own(path.read_text(encoding="utf-8"))
    return found


def at(whole: Json, pointer: str) -> Json:
    """What stands at the pointer, references followed; KeyError where it leads nowhere."""
    found = whole
    for part in pointer.removeprefix("#/").split("/"):
        found = _followed(whole, found)
        key = part.replace("~1", "/").replace("~0", "~")
        found = found[int(key)] if isinstance(found, list) else found[key]
    return found


def _followed(whole: Json, found: Json) -> Json:
    while isinstance(found, dict) and "$ref" in found:
        found = at(whole, found["$ref"])
    return found


def text_of(whole: Json, found: Json, depth: int = 4) -> str:
    """The words of a value, with those that its references lead to."""
    found = _followed(whole, found)
    if isinstance(found, dict):
        parts = (f"{name} {text_of(whole, value, depth - 1) if depth else ''}" for name, value in found.items())
        return " ".join(parts)
    if isinstance(found, list):
        return " ".join(text_of(whole, item, depth - 1) if depth else "" for item in found)
    return str(found)


def plain(text: str) -> str:
    return re.sub(r"\s+", " ", text)


def scenario_text(published: Path, release: str, wanted: str) -> str:
    whole = json.loads((published / release / "scenarios.json").read_text(encoding="utf-8"))
    for feature in whole["features"]:
        for scenario in feature["scenarios"]:
            if scenario["id"] == wanted:
                return json.dumps(scenario, ensure_ascii=False).replace('\\"', '"')
    raise KeyError(wanted)


def stands(published: Path, release: str, api: str, basis: Basis, operation: str = "") -> bool:
    """Whether the words stand where the basis says."""
    place = basis.pointer(operation)
    if basis.external:
        return True
    if not place:
        return basis.keyword in scenario_text(published, release, basis.where)
    other, _, pointer = place.partition("#")
    whole = published_document(published / release / f"{other or api}.yaml")
    return basis.keyword.lower() in plain(text_of(whole, at(whole, f"#{pointer}"), 6)).lower()


@pytest.mark.parametrize("release", contracts.RELEASES)
def test_words_of_rows_stand_where_they_are_said_to(published: Path, release: str) -> None:
    places: dict[tuple[str, str, str], Basis] = {}
    for case in every_case(release):
        row = case.row
        for basis in (case.basis, row.basis):
            places[row.api, row.operation, basis.key] = basis
    wrong = []
    for (api, operation, key), basis in places.items():
        pointer = contracts.contract(release, api).operations[operation].pointer
        try:
            there = stands(published, release, api, basis, pointer)
        except (KeyError, IndexError):
            there = False
        if not there:
            wrong.append(f"{api} {operation}: {key} {basis.where} {basis.keyword!r}")
    assert wrong == []


@pytest.mark.parametrize("release", contracts.RELEASES)
def test_words_of_checks_stand_where_they_are_said_to(published: Path, release: str) -> None:
    wrong = []
    for api in contracts.apis(release):
        for basis in checks_of(contracts.contract(release, api), release):
            try:
                there = stands(published, release, api, basis)
            except (KeyError, IndexError):
                there = False
            if not there:
                wrong.append(f"{api}: {basis.key} {basis.where} {basis.keyword!r}")
    assert wrong == []


def test_table_in_the_docs_is_that_of_the_data() -> None:
    assert (ROOT / "docs" / "basis.md").read_text(encoding="utf-8") == document()
