"""The matrix of SDKs: its table, and what it makes of an SDK that cannot be installed."""

from pathlib import Path

import pytest

from pytest_nac_qod.cli import main
from pytest_nac_qod.foundation.exits import EXIT_UNJUDGED
from pytest_nac_qod.sdk.cases import client_cases
from pytest_nac_qod.sdk.environments import sdk
from pytest_nac_qod.sdk.kinds import ClientFinding
from pytest_nac_qod.sdk.running import CaseResult
from pytest_nac_qod.sdk.showing import lines, matrix
from pytest_nac_qod.verdicts import Verdict, Violation

CASE = client_cases()["nac_client_duration"]


def result(verdict: Verdict, findings: int = 0) -> CaseResult:
    violation = Violation(clause=CASE.clause, expected="3600 in $.duration", actual="sent 60 | nothing", rule=CASE.id)
    return CaseResult(case=CASE, verdict=verdict, findings=(ClientFinding(violation, "make(`it`)"),) * findings)


def test_table_has_a_row_for_each_case_and_a_column_for_each_client() -> None:
    columns = {"3.1.0": [result("pass")], "8.0.0": [result("known", 1)], "npm:10.0.0": [result("fail", 1)]}
    assert list(matrix(columns)) == [
        "| case | 3.1.0 | 8.0.0 | npm:10.0.0 |",
        "|---|:-:|:-:|:-:|",
        "| nac_client_duration | ✓ | ✗ | **✗** |",
        "",
        "✓ passes, ✗ fails as our expectations for that version list it, n/a: the client has no such call or order.",
        "",
        (
            "- `nac_client_duration` (8.0.0, npm:10.0.0): the duration arrives in seconds, as it was given. "
            "`make('it')`: expected"
        ),
        "  3600 in $.duration; sent 60 \\| nothing",
    ]


def test_a_recommendation_has_a_mark_of_its_own() -> None:
    lines_of = list(matrix({"8.0.0": [result("warn", 1)], "10.0.0": [result("pass")]}))
    assert lines_of[2] == "| nac_client_duration | (✓) | ✓ |"
    assert "(✓) goes against a recommendation" in lines_of[4]


def test_a_case_with_many_findings_shows_the_first_three() -> None:
    shown = list(lines(result("fail", 5), "tiny 1"))
    assert shown[0] == "FAIL  nac_client_duration  tiny 1"
    assert sum("expected" in line for line in shown) == 3
    assert shown[-1] == "                and 2 more like these"


def test_an_sdk_that_cannot_be_installed_leaves_its_column_unjudged(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["sdk-matrix", "--sdk", "1.0.1", "--cache", str(tmp_path), "--python", "/no/such/python"]
    assert main(words) == EXIT_UNJUDGED
    captured = capsys.readouterr()
    assert "| nac_client_create | ? |" in captured.out
    assert "--python /no/such/python is not a Python interpreter" in captured.err


@pytest.mark.parametrize(
    ("spec", "name", "slug"),
    [
        ("8.0.0", "network-as-code 8.0.0", "python-8.0.0"),
        ("10.0.0/v0", "network-as-code 10.0.0/v0", "python-10.0.0-v0"),
        ("10.0.0/async", "network-as-code 10.0.0/async", "python-10.0.0-async"),
        ("npm:10.0.0", "network-as-code npm:10.0.0", "npm-10.0.0"),
    ],
)
def test_sdks_have_names(spec: str, name: str, slug: str) -> None:
    assert (str(sdk(spec)), sdk(spec).name, sdk(spec).slug) == (spec, name, slug)
