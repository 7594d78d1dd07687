"""Known failures: excused while they fail, reported once they do not, and clear errors for a file that is not right."""

import json
from datetime import date
from pathlib import Path

import jsonschema
import pytest

from pytest_nac_qod import catalogue
from pytest_nac_qod.cli import main
from pytest_nac_qod.foundation.jsontypes import Json, JsonObject
from pytest_nac_qod.report import results
from pytest_nac_qod.run.known import causes as known_causes
from pytest_nac_qod.run.known import expectations
from pytest_nac_qod.run.known.expectations import Expectation, ExpectationsError, applied, covering
from pytest_nac_qod.verdicts import Verdict
from tests.support.commands import nac_qod

PORTS = "quality_on_demand_createSession_400.5_out_of_range_port"
SUCCESS = "quality_on_demand_createSession_01_generic_success_scenario"
EXTEND = "quality_on_demand_extendQosSessionDuration_01_generic_success_scenario"
CHECK = ("check", "--verbose", "--max-examples", "0")
QUIET = ("-p", "no:cacheprovider", "-p", "no:randomly", "-p", "no:xdist", "-q")
ENTRY = f"""
[[known]]
scenario = "{EXTEND}"
release = "r3.2"
reason = "the network cannot extend"
"""


def conflict() -> str:
    """Id of the scenario that a conflict is about."""
    rows = catalogue.rows("r3.2")
    return next(row.id for row in rows if "createSession_409" in row.id)


def written(folder: Path, text: str) -> Path:
    path = folder / "expectations.toml"
    path.write_text(text, encoding="utf-8")
    return path


def complaints(folder: Path, text: str) -> list[str]:
    with pytest.raises(ExpectationsError) as caught:
        expectations.read(written(folder, text))
    return str(caught.value).replace(f"{folder}/", "").splitlines()


def check(folder: Path, *options: str) -> tuple[int, Json, str]:
    words = (*CHECK, "--report", "out", "--expectations", "expectations.toml", *options, "--", *QUIET, "-ra")
    done = nac_qod(*words, folder=folder)
    path = folder / "out" / "results.json"
    report: JsonObject = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    if report:
        jsonschema.validate(report, results.schema())
    return done.returncode, report, done.stdout + done.stderr


def test_an_entry_has_all_its_keys(tmp_path: Path) -> None:
    text = f"""
[[known]]
scenario = "{PORTS}"
case = "$.devicePorts.ports[*]"
release = "r3.2"
reason = "the gateway cuts ports to 16 bit"
issue = "https://issues.example.com/17"
expires = 2027-01-31
"""
    assert expectations.read(written(tmp_path, text)) == (
        Expectation(
            id=PORTS,
            release="r3.2",
            reason="the gateway cuts ports to 16 bit",
            case="$.devicePorts.ports[*]",
            issue="https://issues.example.com/17",
            expires=date(2027, 1, 31),
            place="expectations.toml: entry 1",
        ),
    )


@pytest.mark.parametrize(
    ("verdict", "expires", "becomes", "reason"),
    [
        ("fail", None, "known", "why (https://i.example/1)"),
        ("fail", date(2026, 5, 2), "known", "why (https://i.example/1)"),
        ("fail", date(2026, 5, 1), "fail", "e.toml: entry 1 no longer excuses it: it expired on 2026-05-01"),
        ("pass", None, "stale", "e.toml: entry 1 lists it as failing, but it does not fail; remove the entry"),
        ("warn", None, "stale", "e.toml: entry 1 lists it as failing, but it does not fail; remove the entry"),
        ("pass", date(2026, 5, 1), "pass", "said"),
        ("error", None, "error", "said"),
        ("inconclusive", None, "inconclusive", "said"),
        ("not_tested", None, "not_tested", "said"),
        ("not_applicable", None, "not_applicable", "said"),
    ],
)
def test_what_a_listed_case_comes_to(verdict: Verdict, expires: date | None, becomes: str, reason: str) -> None:
    listed = Expectation(id="a", release="r3.2", reason="why", issue="https://i.example/1", expires=expires,
                         place="e.toml: entry 1")  # fmt: skip
    assert applied(verdict, "said", listed, date(2026, 5, 2)) == (becomes, reason)


def test_an_entry_covers_its_case_or_all_of_them_in_its_release_only() -> None:
    first, second, *_ = (case for case in catalogue.cases("r3.2", ("quality-on-demand",)) if case.row.id == SUCCESS)
    whole = Expectation(id=SUCCESS, release="r3.2", reason="all")
    single = Expectation(id=SUCCESS, release="r3.2", reason="one", case=first.case)
    other = Expectation(id=SUCCESS, release="r4.1", reason="other release")
    assert covering([other, whole, single], first) == single
    assert covering([other, whole, single], second) == whole
    assert covering([other], first) is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("x = 1", ["x: unknown key; entries stand under [[known]]"]),
        ("[known]\nrelease = 'r3.2'", ["known: expected a list of tables; write [[known]] before each entry"]),
        ("[[known]]", ["entry 1: give exactly one of scenario, rule and cause",
                       "entry 1: release: missing; add it", "entry 1: reason: missing; add it"]),
        (ENTRY + 'scenaro = "x"', ['entry 1: scenaro: unknown key; did you mean "scenario"?']),
        (ENTRY + "issue = 17", ["entry 1: issue: expected a text, got 17"]),
        (ENTRY + 'issue = ""', ["entry 1: issue: expected a text, not an empty one"]),
        (ENTRY + 'rule = "nac_x"', ["entry 1: give exactly one of scenario, rule and cause"]),
        (ENTRY + 'expires = "2027-01-31"',
         ["entry 1: expires: expected a date such as 2027-01-31 without quotes, got '2027-01-31'"]),
        (ENTRY + "expires = 2027-01-31T10:00:00Z", [
            ("entry 1: expires: expected a date such as 2027-01-31 without quotes, got "
             "datetime.datetime(2027, 1, 31, 10, 0, tzinfo=datetime.timezone.utc)")]),
        (ENTRY.replace("Duration_01", "Duration_1"),
         [f"entry 1: scenario: no scenario of r3.2: '{EXTEND.replace('_01', '_1')}'; did you mean {EXTEND}?"]),
        (ENTRY.replace("scenario", "rule", 1).replace(EXTEND, "nac_no_such_rule"),
         ["entry 1: rule: no rule of r3.2: 'nac_no_such_rule'"]),
        (ENTRY.replace("r3.2", "r9.9"),
         [f"entry 1: release: unknown release 'r9.9'; known: {', '.join(catalogue.releases())}"]),
        (ENTRY + 'case = "$.x"', [f"entry 1: case: no case '$.x' of {EXTEND}; it has no cases; remove the key"]),
        (ENTRY + ENTRY, ["entry 2: already listed as entry 1; remove one of them"]),
        (ENTRY + "=", ["not valid TOML: Invalid statement (at line 6, column 1); mend it there"]),
    ],
)  # fmt: skip
def test_a_file_that_is_not_right_is_told_what_to_mend(tmp_path: Path, text: str, said: list[str]) -> None:
    assert complaints(tmp_path, text) == [f"expectations.toml: {problem}" for problem in said]


def test_a_file_that_is_not_there_or_no_text(tmp_path: Path) -> None:
    with pytest.raises(ExpectationsError) as caught:
        expectations.read(tmp_path / "no.toml")
    said = f"{tmp_path}/no.toml: cannot be read: No such file or directory; nac-qod expectations writes one"
    assert str(caught.value) == said
    (tmp_path / "expectations.toml").write_bytes(b"x = '\xff'")
    with pytest.raises(ExpectationsError, match="byte 5: not UTF-8; save it as UTF-8"):
        expectations.read(tmp_path / "expectations.toml")


def test_a_known_failure_does_not_fail_the_run(tmp_path: Path) -> None:
    written(tmp_path, f'[[known]]\nscenario = "{conflict()}"\nrelease = "r3.2"\nreason = "gateway bug"\n')
    status, document, output = check(tmp_path, "--fault", "conflict_ignored", "--scenario", "*_createSession_40*")
    known = [result for result in document["results"] if result["verdict"] == "known"]
    assert [result["id"] for result in known] == [conflict()]
    assert known[0]["expectation"] == {"place": "expectations.toml: entry 1", "reason": "gateway bug"}
    assert known[0]["reason"] == "gateway bug"
    assert known[0]["violations"]
    assert status == 0
    assert "nothing required is broken" in output
    assert "1 xfailed" in output


def test_a_known_failure_that_passes_is_stale_and_fails_the_run(tmp_path: Path) -> None:
    written(tmp_path, f'[[known]]\nscenario = "{conflict()}"\nrelease = "r3.2"\nreason = "gateway bug"\n')
    status, document, output = check(tmp_path, "--scenario", "*_createSession_40*")
    assert document["summary"]["stale"] == 1
    assert status == 1
    lines = output.splitlines()
    said = "expectations.toml: entry 1 lists it as failing, but it does not fail; remove the entry"
    assert f"STALE  {conflict()}  r3.2" in lines
    assert f"stale: {conflict()}: {said}" in lines
    cases = len(document["results"])
    assert f"nothing required is broken, but a known failure no longer fails ({cases} cases)" in lines


@pytest.mark.slow
def test_an_entry_that_has_expired_excuses_no_more(tmp_path: Path) -> None:
    entry = f'[[known]]\nscenario = "{conflict()}"\nrelease = "r3.2"\nreason = "gateway bug"\nexpires = 2026-01-01\n'
    written(tmp_path, entry)
    status, document, output = check(tmp_path, "--fault", "conflict_ignored", "--scenario", conflict())
    assert document["summary"]["fail"] == 1
    assert status == 1
    assert "reason    expectations.toml: entry 1 no longer excuses it: it expired on 2026-01-01" in output


def test_unusable_expectations_are_a_usage_error(tmp_path: Path) -> None:
    written(tmp_path, ENTRY.replace("r3.2", "r9.9"))
    status, document, output = check(tmp_path)
    assert (status, document) == (2, {})
    known = ", ".join(catalogue.releases())
    assert f"ERROR: expectations.toml: entry 1: release: unknown release 'r9.9'; known: {known}" in output.splitlines()


@pytest.mark.slow
def test_what_is_written_from_a_run_excuses_just_that_run(tmp_path: Path) -> None:
    written(tmp_path, "")
    options = ("--fault", "device_port_maximum_unchecked", "--scenario", "*_createSession_400.5*")
    status, document, _ = check(tmp_path, *options)
    assert status == 1
    text = known_causes.written(document)
    written(tmp_path, text)
    status, again, _ = check(tmp_path, *options)
    assert status == 0
    assert again["summary"]["known"] == document["summary"]["fail"]
    assert known_causes.written(again) == text
    entry = expectations.read(tmp_path / "expectations.toml")[0]
    assert entry.reason.startswith("expected 400 OUT_OF_RANGE")


def test_one_entry_covers_a_cause_and_is_stale_once_it_is_gone(tmp_path: Path) -> None:
    written(tmp_path, "")
    some = ("--scenario", "*_createSession_40*")
    status, document, _ = check(tmp_path, "--fault", "correlator_dropped_on_errors", *some)
    assert (status, len(document["causes"])) == (1, 1)
    written(tmp_path, known_causes.written(document))
    (entry,) = expectations.read(tmp_path / "expectations.toml")
    assert (entry.cause, entry.reason) == (document["causes"][0]["id"], "x-correlator is missing from answers")
    status, again, _ = check(tmp_path, "--fault", "correlator_dropped_on_errors", *some)
    assert status == 0
    assert again["summary"]["known"] == document["summary"]["fail"] > 1
    assert known_causes.written(again) == known_causes.written(document)
    status, _, output = check(tmp_path, *some)
    assert status == 1
    said = f"expectations.toml: entry 1 lists the cause {entry.cause}, which is none any more; take the entry away"
    assert f"stale: {said}" in output.splitlines()


def test_what_is_written_keeps_what_was_said_of_a_known_failure_and_drops_what_is_stale() -> None:
    common = {"kind": "rule", "case": "", "reason": "why", "operation": "getSession", "violations": [], "exchanges": []}
    kept = {"place": "e.toml: entry 1", "reason": "why", "issue": "https://i.example/1", "expires": "2027-01-31"}
    report: Json = {
        "release": "r3.2",
        "results": [
            common | {"id": "nac_a", "verdict": "known", "expectation": kept},
            common | {"id": "nac_b", "verdict": "stale", "expectation": kept},
            common | {"id": "nac_c", "verdict": "pass"},
        ],
    }
    assert known_causes.written(report).partition("\n\n")[2] == (
        '[[known]]\nrule = "nac_a"\nrelease = "r3.2"\nreason = "why"\nissue = "https://i.example/1"\n'
        "expires = 2027-01-31\n"
    )


def test_a_reason_is_one_line_of_bounded_length() -> None:
    violation = {"expected": "400\n[[known]]", "actual": '201 """ \x1b[31m' + "x" * 500}
    violation |= {"exchange": "x1", "clause": "c"}
    result = {"kind": "rule", "id": "nac_a", "case": "", "verdict": "fail", "reason": "", "violations": [violation]}
    result |= {"operation": "getSession", "exchanges": []}
    run: Json = {"release": "r3.2", "results": [result]}
    text = known_causes.written(run)
    assert "\x1b" not in text
    assert text.count("[[known]]") == 3  # in the comment, for the entry, within its reason
    assert len(text.splitlines()[-1]) < 230


def test_without_failures_there_is_nothing_to_expect() -> None:
    run: Json = {"release": "r3.2", "results": []}
    text = known_causes.written(run)
    assert all(line.startswith("#") for line in text.splitlines())


def test_command_writes_the_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    about: Json = {"suite": {"name": "pytest-nac-qod", "version": "1"}, "release": "r3.2", "mode": "lenient",
             "target": {"name": "x", "apis": {}}}  # fmt: skip
    violation = {"rule": PORTS, "clause": "c", "expected": "400", "actual": "201", "exchange": "x1"}
    failed: Json = {"id": PORTS, "kind": "scenario", "case": "$.devicePorts.ports[*]", "api": "quality-on-demand",
              "operation": "createSession", "verdict": "fail", "reason": "", "violations": [violation], "exchanges": [],
              "seconds": 0.1}  # fmt: skip
    results.write(results.document(about, [failed], complete=True), tmp_path)
    assert main(["expectations", "--from", str(tmp_path / "results.json")]) == 0
    text = capsys.readouterr().out
    assert text.endswith(
        f'[[known]]\nscenario = "{PORTS}"\ncase = "$.devicePorts.ports[*]"\nrelease = "r3.2"\n'
        'reason = "expected 400, got 201"\n'
    )
    path = tmp_path / "known.toml"
    assert main(["expectations", "--from", str(tmp_path), "-o", str(path)]) == 0
    assert path.read_text(encoding="utf-8") == text
    assert capsys.readouterr().out == f"{path}: say why each is known, then: nac-qod check --expectations {path}\n"
    assert main(["expectations", "--from", str(tmp_path / "none.json")]) == 2
    assert capsys.readouterr().err.startswith(f"nac-qod: {tmp_path}/none.json: no such file; ")
