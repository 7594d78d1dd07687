"""Each fault fails the cases that it breaks, and no others: every check is proven, none fails for another reason."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from pytest_nac_qod import catalogue
from pytest_nac_qod.jsontypes import JsonObject
from pytest_nac_qod.reference.faults import Fault, UnknownFaultError, faults, named
from pytest_nac_qod.verdicts import EXIT_BROKEN

RELEASE = "r3.2"
API = "quality-on-demand"
KNOWN = {str(case) for case in catalogue.cases(RELEASE, (API,))}


def cases(fault: Fault) -> set[str]:
    """The cases of quality-on-demand that must fail, each by itself."""
    rows = {row.id: row for row in catalogue.rows(RELEASE)}
    listed: set[str] = set()
    for entry in fault.fails[RELEASE]:
        whole = rows.get(entry)
        listed |= {str(catalogue.RowCase(whole, case)) for case in whole.cases} if whole else {entry}
    return listed & KNOWN


def run(fault: Fault, folder: Path) -> tuple[int, JsonObject, str]:
    command = [
        sys.executable,
        "-m",
        "pytest_nac_qod",
        "check",
        "--fault",
        fault.name,
        "--api",
        API,
        "--report",
        str(folder),
    ]
    plain = ["-p", "no:cacheprovider", "-p", "no:randomly", "-p", "no:hypothesispytest", "-p", "no:xdist"]
    done = subprocess.run(
        [*command, "--mode", fault.mode, "--", "-q", *plain], capture_output=True, text=True, check=False, timeout=300
    )
    return done.returncode, json.loads((folder / "results.json").read_text(encoding="utf-8")), done.stdout


@pytest.mark.parametrize("name", [name for name, fault in faults().items() if cases(fault)])
def test_fault_fails_exactly_what_it_breaks(name: str, tmp_path: Path) -> None:
    fault = named(name)
    status, document, output = run(fault, tmp_path)
    failed = [result for result in document["results"] if result["verdict"] == "fail"]
    found = {f"{result['id']} [{result['case']}]" if result["case"] else result["id"] for result in failed}
    assert found == cases(fault)
    assert {result["verdict"] for result in document["results"]} <= {"pass", "fail", "inconclusive"}
    assert status == EXIT_BROKEN
    for result in failed:
        assert all(violation["rule"] == result["id"] for violation in result["violations"])
        for part in ("expected", "actual", "clause", "again"):
            assert f"\n      {part}" in output
        assert all(violation["clause"] and violation["expected"] for violation in result["violations"])


def test_each_case_is_failed_by_some_fault() -> None:
    tripped = set().union(*(cases(fault) for fault in faults().values()))
    assert KNOWN - tripped == set()


def test_there_are_at_least_forty() -> None:
    assert len(faults()) >= 40


def test_unknown_fault_names_near_ones() -> None:
    with pytest.raises(UnknownFaultError) as caught:
        named("conflict_ignord")
    assert str(caught.value) == "unknown fault 'conflict_ignord'; did you mean conflict_ignored?"
