"""Two runs side by side: better, worse, and neither."""

import json
from pathlib import Path

import pytest

from pytest_nac_qod.cli import main
from pytest_nac_qod.foundation.jsontypes import Json
from pytest_nac_qod.report import results
from pytest_nac_qod.report.comparing import Change, IncomparableError, compare, lines

ABOUT: Json = {"suite": {"name": "pytest-nac-qod", "version": "1"}, "release": "r3.2", "mode": "lenient",
                     "target": {"name": "x", "apis": {}}}  # fmt: skip


def entry(scenario: str, verdict: str, case: str = "") -> Json:
    return {"id": scenario, "kind": "scenario", "case": case, "api": "quality-on-demand", "operation": "getSession",
            "verdict": verdict, "reason": "", "violations": [], "exchanges": [], "seconds": 0.1}  # fmt: skip


def run(*entries: tuple[str, str], mode: str = "lenient") -> Json:
    return results.document(ABOUT | {"mode": mode}, [entry(*row) for row in entries], complete=True)


def written(path: Path, document: Json) -> str:
    path.write_text(json.dumps(document), encoding="utf-8")
    return str(path)


@pytest.mark.parametrize(
    ("old", "new", "kind"),
    [
        ("pass", "pass", "same"),
        ("pass", "stale", "same"),
        ("known", "fail", "same"),
        ("fail", "known", "same"),
        ("error", "error", "same"),
        ("fail", "pass", "better"),
        ("known", "stale", "better"),
        ("fail", "warn", "better"),
        ("warn", "pass", "better"),
        ("not_tested", "pass", "better"),
        ("inconclusive", "warn", "better"),
        ("pass", "warn", "worse"),
        ("pass", "fail", "worse"),
        ("pass", "known", "worse"),
        ("not_applicable", "fail", "worse"),
        ("pass", "not_tested", "worse"),
        ("warn", "error", "worse"),
        ("fail", "not_tested", "other"),
        ("known", "error", "other"),
        ("not_tested", "not_applicable", "other"),
    ],
)
def test_what_a_change_of_verdict_means(old: str, new: str, kind: str) -> None:
    comparison = compare(run(("a", old)), run(("a", new)))
    changes = {"better": comparison.better, "worse": comparison.worse, "other": comparison.other}
    assert changes.pop(kind, [Change("a", old, new)]) == [Change("a", old, new)]
    assert not any(changes.values())
    assert comparison.same == (kind == "same")
    assert comparison.status == (kind == "worse")


@pytest.mark.parametrize(
    ("old", "new", "kind"),
    [
        (None, "pass", "better"),
        (None, "fail", "worse"),
        (None, "not_tested", "other"),
        ("pass", None, "worse"),
        ("fail", None, "other"),
        ("not_tested", None, "other"),
    ],
)
def test_what_a_case_means_that_only_one_run_has(old: str | None, new: str | None, kind: str) -> None:
    before, after = (run(*([("a", verdict)] if verdict else [])) for verdict in (old, new))
    comparison = compare(before, after)
    assert getattr(comparison, kind) == [Change("a", old or "not run", new or "not run")]


def test_cases_of_one_scenario_are_told_apart() -> None:
    old = run(("a", "pass", "$.x"), ("a", "fail", "$.y"))  # type: ignore[arg-type] # with cases
    new = run(("a", "fail", "$.x"), ("a", "pass", "$.y"))  # type: ignore[arg-type] # with cases
    comparison = compare(old, new)
    assert (comparison.worse, comparison.better) == (
        [Change("a [$.x]", "pass", "fail")],
        [Change("a [$.y]", "fail", "pass")],
    )


def test_it_is_said_in_words_with_the_worst_first() -> None:
    old = run(("a", "pass"), ("b", "fail"), ("c", "not_tested"), ("d", "pass"))
    new = run(("a", "fail"), ("b", "pass"), ("c", "not_applicable"), ("d", "pass"))
    assert list(lines(compare(old, new), complete=False)) == [
        "worse (1)",
        "  a: pass, now fail",
        "better (1)",
        "  b: fail, now pass",
        "other changes (1)",
        "  c: not_tested, now not_applicable",
        "1 worse, 1 better, 1 other changes, 1 as before",
        "the newer run did not finish",
    ]


def broken(scenario: str, *titles: str) -> Json:
    """A case that fails for each of these requirements."""
    wrong = [{"rule": scenario, "clause": "c", "expected": "x", "actual": "y", "exchange": "x1", "path": f"$.{title}"}
             for title in titles]  # fmt: skip
    return entry(scenario, "fail") | {"violations": wrong}


def told(old: list[Json], new: list[Json]) -> list[str]:
    before, after = (results.document(ABOUT, entries, complete=True) for entries in (old, new))
    return list(lines(compare(before, after)))


def test_a_case_that_fails_for_another_cause_too_is_worse() -> None:
    old, new = [broken("a", "duration")], [broken("a", "duration", "sink")]
    assert told(old, new) == [
        "new causes (1)",
        "  Wrong $.sink",
        "causes: 1 new, 0 gone, 1 as before",
        "0 worse, 0 better, 0 other changes, 1 as before",
    ]
    before, after = (results.document(ABOUT, entries, complete=True) for entries in (old, new))
    assert (compare(before, after).status, compare(after, before).status) == (1, 0)


def test_a_cause_that_is_gone_is_better() -> None:
    assert told([broken("a", "duration"), broken("b", "duration")], [entry("a", "pass"), entry("b", "pass")])[:2] == [
        "causes that are gone (1)",
        "  Wrong $.duration",
    ]


def test_the_same_failures_under_another_title_are_no_new_cause() -> None:
    said = told([broken("a", "duration"), broken("b", "duration")], [broken("a", "expiresAt"), entry("b", "pass")])
    assert said[:4] == [
        "causes that are gone (1)",
        "  Wrong $.duration",
        "causes that are told otherwise (1)",
        "  Wrong $.expiresAt",
    ]


@pytest.mark.parametrize(("name", "one", "other"), [("release", "r3.2", "r4.1"), ("mode", "lenient", "strict")])
def test_runs_of_different_kinds_are_not_compared(name: str, one: str, other: str) -> None:
    with pytest.raises(IncomparableError) as caught:
        compare(run(), run() | {name: other})
    assert str(caught.value) == f"one run has {name} {one}, the other {other}; compare runs with the same one"


def test_command_exits_1_when_something_got_worse(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    old = written(tmp_path / "old.json", run(("a", "pass"), ("b", "fail")))
    new = written(tmp_path / "new.json", run(("a", "fail"), ("b", "fail")))
    assert main(["compare", old, new]) == 1
    assert "  a: pass, now fail" in capsys.readouterr().out.splitlines()
    assert main(["compare", new, old]) == 0
    assert main(["compare", old, old]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "0 worse, 0 better, 0 other changes, 2 as before"


def test_command_exits_2_on_what_it_cannot_use(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good = written(tmp_path / "good.json", run(("a", "pass")))
    strict = written(tmp_path / "strict.json", run(mode="strict"))
    (tmp_path / "bad.json").write_text("{}", encoding="utf-8")
    for new in (str(tmp_path / "none.json"), str(tmp_path / "bad.json"), strict):
        assert main(["compare", good, new]) == 2
        (said,) = capsys.readouterr().err.splitlines()
        assert said.startswith("nac-qod: ")
