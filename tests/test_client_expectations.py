"""Known failures of clients: the format, and ours."""

from pathlib import Path

import pytest

from pytest_nac_qod.run.known.expectations import ExpectationsError
from pytest_nac_qod.sdk.cases import client_cases
from pytest_nac_qod.sdk.environments import MATRIX, sdk
from pytest_nac_qod.sdk.expectations import applied, read, shipped
from pytest_nac_qod.sdk.running import CaseResult
from pytest_nac_qod.verdicts import Verdict

ENTRY = '[[known]]\nrule = "nac_client_null"\nrelease = "8.0.0"\nreason = "why"\n'


@pytest.fixture
def known(tmp_path: Path) -> Path:
    path = tmp_path / "known.toml"
    path.write_text(ENTRY, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("verdict", "release", "becomes"),
    [
        ("fail", "8.0.0", "known"),
        ("pass", "8.0.0", "stale"),
        ("not_applicable", "8.0.0", "not_applicable"),
        ("inconclusive", "8.0.0", "inconclusive"),
        ("fail", "7.0.0", "fail"),
        ("pass", "7.0.0", "pass"),
    ],
)
def test_listed_failures_are_known_and_listed_passes_stale(
    known: Path, verdict: Verdict, release: str, becomes: str
) -> None:
    result = CaseResult(case=client_cases()["nac_client_null"], verdict=verdict)
    (judged,) = applied([result], read(known), release)
    assert judged.verdict == becomes


def test_a_case_that_does_not_exist_is_named(known: Path) -> None:
    known.write_text(ENTRY.replace("_null", "_nul"), encoding="utf-8")
    with pytest.raises(ExpectationsError) as caught:
        read(known)
    said = "entry 1: rule: no case of a client: 'nac_client_nul'; did you mean nac_client_null?"
    assert str(caught.value) == f"{known}: {said}"


@pytest.mark.parametrize("spec", MATRIX)
def test_ours_are_for_the_version_that_they_are_named_after(spec: str) -> None:
    entries = shipped(sdk(spec))
    assert entries
    assert {entry.release for entry in entries} == {sdk(spec).version}


def test_versions_that_were_not_measured_have_none() -> None:
    assert shipped(sdk("2.0.0")) == ()
