"""What a run owes, even after a kill."""

from pathlib import Path

from pytest_nac_qod.wire.ownership.ledger import Ledger, Owed, owed

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
