"""Results as they are written while a run goes on."""

import json
from pathlib import Path

import jsonschema
import pytest

from pytest_nac_qod import __version__
from pytest_nac_qod.foundation.jsontypes import Json, JsonObject
from pytest_nac_qod.report import journal, results
from pytest_nac_qod.report.journal import Journal

ABOUT: Json = {"suite": {"name": "pytest-nac-qod", "version": __version__}, "release": "r3.2", "mode": "lenient",
         "target": {"name": "x", "apis": {}}}  # fmt: skip


def entry(case: str = "", verdict: str = "pass") -> Json:
    return {"id": "a_01", "kind": "scenario", "case": case, "api": "quality-on-demand", "operation": "getSession",
            "verdict": verdict, "reason": "", "violations": [], "exchanges": [], "seconds": 0.1}  # fmt: skip


def document(folder: Path) -> JsonObject:
    found: JsonObject = json.loads((folder / "results.json").read_text(encoding="utf-8"))
    jsonschema.validate(found, results.schema())
    return found


def test_results_are_valid_after_each_case_and_at_most_a_second_behind(tmp_path: Path) -> None:
    now = 0.0
    book = Journal(tmp_path, {}, clock=lambda: now)
    book.begin(ABOUT)
    for number in range(3):
        book.add(entry(str(number)))
        assert len(journal.read(tmp_path).results) == number + 1
        assert len(document(tmp_path)["results"]) == 1
    now = journal.INTERVAL
    book.add(entry("3", "fail"))
    found = document(tmp_path)
    assert (len(found["results"]), found["complete"]) == (4, False)
    assert found["summary"] == {"pass": 3, "fail": 1}
    journal.close(tmp_path, book, complete=True)
    assert not (tmp_path / journal.FILE).exists()


@pytest.mark.slow
def test_writing_results_takes_a_small_share_of_the_time(tmp_path: Path) -> None:
    ticks = iter(range(0, 10_000, 10))  # each look at the clock finds it ten seconds later
    book = Journal(tmp_path, {}, clock=lambda: float(next(ticks)))
    book.begin(ABOUT)
    written = []
    for number in range(60):
        book.add(entry(str(number)))
        written.append(len(document(tmp_path)["results"]))
    journal.close(tmp_path, book, complete=False)
    assert sorted(set(written)) == [1, 21, 41]


def test_a_torn_last_line_is_passed_over_and_the_last_result_of_a_case_counts(tmp_path: Path) -> None:
    book = Journal(tmp_path, {"mode": "strict"})
    book.begin(ABOUT)
    for verdict in ("error", "pass"):
        book.add(entry(verdict=verdict))
    journal.close(tmp_path, book, complete=False)
    with (tmp_path / journal.FILE).open("a", encoding="utf-8") as file:
        file.write('{"id": "a_02", "ca')
    found = journal.read(tmp_path)
    assert [result["verdict"] for result in found.results] == ["pass"]
    assert found.given == {"mode": "strict"}


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "not the journal of a run; start a new run"),
        ("[]\n", "not the journal of a run; start a new run"),
        ('{"given": {}, "about": {}}\n{}\n{}\n', "line 2: not the result of a case; start a new run"),
    ],
)
def test_what_is_no_journal_is_said_to_be_none(tmp_path: Path, text: str, problem: str) -> None:
    path = tmp_path / journal.FILE
    path.write_text(text, encoding="utf-8")
    with pytest.raises(journal.JournalError) as caught:
        journal.read(tmp_path)
    assert str(caught.value) == f"{path}: {problem}"
