"""A device of the target file by another identifier of its own."""

import re
from pathlib import Path

import pytest

from pytest_nac_qod.target import TargetError
from pytest_nac_qod.target.file import load_target
from tests.support.target_runs import check, deployment, written

ALIAS = '[devices.alias]\nipv6Address = "2001:db8:1:1::11"'
RULES = ("--scenario", "nac_conflict_by_other_identifier", "--scenario", "nac_sessions_are_found_by_each_identifier")
SEVERAL = re.compile(r"\[devices\.several\].*?(?=\n\[devices\.second\])", re.DOTALL)


def without_several(path: Path) -> Path:
    text, count = SEVERAL.subn("", path.read_text(encoding="utf-8"))
    assert count == 1
    path.write_text(text, encoding="utf-8")
    return path


def test_alias_gives_the_rules_what_they_need(tmp_path: Path) -> None:
    with deployment() as server:
        ran = check(without_several(written(tmp_path, server, ALIAS)), *RULES, "--max-examples", "0")
    assert set(ran.verdicts().values()) == {"pass"}
    sent = [exchange["request"]["body"] for result in ran.document["results"] for exchange in result["exchanges"]]
    assert any('"2001:db8:1:1::11"' in body and "phoneNumber" not in body for body in sent)


def test_without_it_the_report_says_what_to_add(tmp_path: Path) -> None:
    with deployment() as server:
        ran = check(without_several(written(tmp_path, server)), *RULES, "--max-examples", "0")
    said = "add [devices.alias], the default device by another identifier, or [devices.several]"
    assert {result["reason"] for result in ran.of("not_tested")} == {f"the target file has no devices.several; {said}"}
    assert len(ran.of("not_tested")) == len(ran.document["results"]) == 2


@pytest.mark.parametrize(
    ("alias", "said"),
    [
        ('phoneNumber = "+99999991009"',
         "devices.alias.phoneNumber: devices.default has one too; give identifiers of other kinds"),
        ('ipv6Address = "2001:db8::9"',
         "devices.alias.ipv6Address: not that of devices.several, which is the same device; give one for both"),
    ],
)  # fmt: skip
def test_problem_names_key_and_mend(tmp_path: Path, alias: str, said: str) -> None:
    with deployment() as server:
        path = written(tmp_path, server, f"[devices.alias]\n{alias}")
    with pytest.raises(TargetError) as caught:
        load_target(path, {})
    assert str(caught.value) == f"{path}: {said}"
