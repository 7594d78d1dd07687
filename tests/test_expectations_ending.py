"""A run says which known failures will soon be known no more."""

import re
from datetime import date, timedelta
from pathlib import Path

import pytest

from pytest_nac_qod import catalogue
from pytest_nac_qod.run.known import expectations
from pytest_nac_qod.run.known.expectations import Expectation
from tests.support.commands import nac_qod


def conflict() -> str:
    """Id of the scenario that a conflict is about."""
    return next(row.id for row in catalogue.rows("r3.2") if "createSession_409" in row.id)


@pytest.mark.parametrize(
    ("expires", "said"),
    [
        (date(2027, 1, 31), "known.toml: entry 1 expires in 7 days, on 2027-01-31: nulls"),
        (date(2027, 1, 25), "known.toml: entry 1 expires in 1 day, on 2027-01-25: nulls"),
        (date(2027, 1, 24), "known.toml: entry 1 expires today, on 2027-01-24: nulls"),
        (date(2027, 2, 1), ""),
        (date(2027, 1, 23), ""),
        (None, ""),
    ],
)
def test_an_entry_is_told_of_in_the_week_before_it_expires(expires: date | None, said: str) -> None:
    entry = Expectation(id="", cause="nulls", release="r3.2", reason="x", expires=expires, place="known.toml: entry 1")
    assert list(expectations.ending([entry], date(2027, 1, 24))) == [said] * bool(said)


def test_a_run_says_which_entries_expire_soon(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    soon = expectations.today() + timedelta(days=3)
    entry = f'[[known]]\nscenario = "{conflict()}"\nrelease = "r3.2"\nreason = "gateway bug"\nexpires = {soon}\n'
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    (tmp_path / "known.toml").write_text(entry, encoding="utf-8")
    words = ["--fault", "conflict_ignored", "--scenario", conflict(), "--expectations", "known.toml"]
    done = nac_qod("check", "--max-examples", "0", *words, folder=tmp_path)
    status, printed = done.returncode, done.stdout
    assert status == 0
    assert re.search(rf"^\S+: entry 1 expires in [234] days?, on {soon}: {conflict()}$", printed, re.MULTILINE)
    assert re.search(r"^::warning title=QoD expectations::\S+: entry 1 expires", printed, re.MULTILINE)
