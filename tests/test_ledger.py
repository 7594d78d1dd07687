"""What a run owes, even after a kill."""

import os
import re
from pathlib import Path

import pytest

from pytest_nac_qod.run.remains.cleaning import clean
from pytest_nac_qod.wire.ownership.ledger import Ledger, LedgerError, Owed, account, owed

BASE = "https://host/quality-on-demand/v1"
BODY = {"device": {"phoneNumber": "+99999991000"}}


def test_nothing_is_owed_after_the_deletion(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "deep" / "ledger.jsonl")
    key = ledger.intend("createSession", BASE, BODY)
    assert owed(ledger.path) == [Owed(BASE, BODY["device"], None)]  # killed before the answer
    ledger.created(key, "s-1")
    assert owed(ledger.path) == [Owed(BASE, BODY["device"], "s-1")]
    ledger.gone("s-1")
    assert owed(ledger.path) == []


def test_refused_creation_owes_nothing(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "ledger.jsonl")
    ledger.created(ledger.intend("createSession", BASE, "no object"), None)
    assert owed(ledger.path) == []


def test_torn_last_line_is_passed_over(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "ledger.jsonl")
    ledger.created(ledger.intend("createSession", BASE, BODY), "s-1")
    with ledger.path.open("a") as file:
        file.write('{"gone": "s-')
    assert owed(ledger.path) == [Owed(BASE, BODY["device"], "s-1")]


TARGET = """[apis]
quality-on-demand = "http://127.0.0.1:1/q/v1"
[tokens.two_legged]
value = "t"
[devices.default]
phoneNumber = "+123456789"
[profiles.default]
name = "QOS_L"
"""


@pytest.mark.parametrize("content", ["to do:\n- buy milk\n", TARGET, '{"results": []}', "{}\n", "\n", '{"entry'])
def test_a_file_that_is_no_ledger_stays(tmp_path: Path, content: str) -> None:
    (tmp_path / "target.toml").write_text(TARGET, encoding="utf-8")
    (tmp_path / "mine.txt").write_text(content, encoding="utf-8")
    said = "mine.txt: no line of it is one of a ledger; give the ledger of the run as --ledger"
    with pytest.raises(LedgerError, match=re.escape(said)):
        clean(tmp_path / "target.toml", tmp_path / "mine.txt", print)
    assert (tmp_path / "mine.txt").read_text(encoding="utf-8") == content


def test_a_pipe_and_a_device_are_no_ledger(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "pipe", Path(os.devnull)):
        with pytest.raises(LedgerError, match=re.escape(f"{path}: a pipe or a device, and no file; give the ledger")):
            account(path)
