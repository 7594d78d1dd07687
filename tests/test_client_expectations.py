"""Known failures of clients: the format, and ours."""

from datetime import date
from pathlib import Path

import pytest

from pytest_nac_qod.sdk import expectations
from pytest_nac_qod.sdk.cases import client_cases
from pytest_nac_qod.sdk.environments import MATRIX, sdk
from pytest_nac_qod.sdk.expectations import applied, parsed, read, shipped
from pytest_nac_qod.sdk.problems import SdkError
from pytest_nac_qod.sdk.running import CaseResult
from pytest_nac_qod.verdicts import Verdict

ENTRY = '[[expectation]]\nid = "nac_client_null"\nrelease = "8.0.0"\nreason = "why"\n'


def result(verdict: Verdict) -> CaseResult:
    return CaseResult(case=client_cases()["nac_client_null"], verdict=verdict)


@pytest.mark.parametrize(
    ("verdict", "release", "becomes"),
    [
        ("fail", "8.0.0", "known"),
        ("pass", "8.0.0", "stale"),
        ("not_applicable", "8.0.0", "stale"),
        ("inconclusive", "8.0.0", "inconclusive"),
        ("fail", "7.0.0", "fail"),
        ("pass", "7.0.0", "pass"),
    ],
)
def test_listed_failures_are_known_and_listed_passes_stale(verdict: Verdict, release: str, becomes: str) -> None:
    (found,) = applied([result(verdict)], parsed(ENTRY, "known.toml"), release)
    assert found.verdict == becomes


@pytest.mark.parametrize(("today", "becomes"), [(date(2027, 1, 31), "known"), (date(2027, 2, 1), "fail")])
def test_an_expired_entry_counts_no_more(today: date, becomes: str) -> None:
    (found,) = applied([result("fail")], parsed(ENTRY + "expires = 2027-01-31\n", "known.toml"), "8.0.0", today)
    assert found.verdict == becomes


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[", "known.toml: no TOML: "),
        ("[other]", "known.toml: expected nothing but [[expectation]] tables"),
        (
            ENTRY + "when = 1",
            "known.toml: expectation 1: unknown key when; known are expires, id, issue, reason, release",
        ),
        ('[[expectation]]\nid = "nac_client_null"', "known.toml: expectation 1: release is missing or no text"),
        (ENTRY.replace("_null", "_nil"), "known.toml: expectation 1: id nac_client_nil is no case"),
        (ENTRY + 'expires = "soon"', "known.toml: expectation 1: expires is no date; write it as expires = 2027-01-31"),
    ],
)
def test_unusable_files_get_one_clear_error(text: str, said: str) -> None:
    with pytest.raises(SdkError) as caught:
        list(parsed(text, "known.toml"))
    assert str(caught.value).startswith(said)


def test_a_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / "known.toml"
    path.write_text(ENTRY, encoding="utf-8")
    (found,) = read(path)
    assert (found.id, found.release, found.reason) == ("nac_client_null", "8.0.0", "why")


@pytest.mark.parametrize("spec", MATRIX)
def test_ours_are_for_the_version_that_they_are_named_after(spec: str) -> None:
    found = shipped(sdk(spec))
    assert found
    assert {one.release for one in found} == {sdk(spec).version}
    assert len({one.id for one in found}) == len(found)


def test_versions_that_were_not_measured_have_none() -> None:
    assert expectations.shipped(sdk("2.0.0")) == ()
