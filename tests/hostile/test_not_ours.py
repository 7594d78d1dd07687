"""What stood at a target before a run, or came from somebody else meanwhile, stays."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from tests.hostile.test_left_behind import READ, creation, id_as
from tests.hostile.trouble import OTHER_SERVER, Asked, Bench, bench, customer


def for_a_customer(body: bytes) -> bytes:
    return json.dumps(json.loads(body) | {"applicationServer": OTHER_SERVER}).encode()


def test_what_stood_there_stops_the_run(tmp_path: Path) -> None:
    with bench(tmp_path) as target:
        theirs = customer(target)
        done = target.check(READ)
        assert target.there == {theirs}
        assert not any(method == "DELETE" for method, _ in target.spoiler.seen[1:])
    assert done.status == 3
    (said,) = [line for line in done.text.splitlines() if theirs in line]
    assert f"quality-on-demand: session {theirs} of this client stood at devices.default before the run" in said
    assert not done.document["results"]
    assert not done.ledger


@pytest.mark.parametrize(("answer", "stays"), [("n\n", True), ("", True), ("y\n", False)])
def test_what_may_be_somebody_elses_is_named(tmp_path: Path, answer: str, stays: bool) -> None:  # noqa: FBT001
    """The creation never arrives, and the customer creates a session for the same device in the same moment."""
    with bench(tmp_path, creation(lost=True, carried_out=True, sent=for_a_customer), budget=2) as target:
        done = target.check(READ)
        (theirs,) = target.there
        assert done.status == 3
        assert done.ledger
        assert f"1 left: {theirs}: not deleted, since this session may be somebody else's" in done.text
        again = target.cleanup()
        assert (again.returncode, target.there) == (1, {theirs})
        assert again.stdout.splitlines() == [
            f"{theirs}: not deleted, since this session may be somebody else's; cleanup --interactive asks"
        ]
        asked = target.cleanup("--interactive", answer=answer)
        assert (asked.returncode, bool(target.there)) == (0, stays), asked.stdout
        assert not (tmp_path / "out" / "nac-qod-ledger.jsonl").exists()


@pytest.mark.parametrize("form", ["x/../{}", "{}?x", "{}#x", "%2e%2e/{}"])
def test_an_id_never_becomes_another_path(tmp_path: Path, form: str) -> None:
    ours = "/quality-on-demand/v1/sessions"
    theirs: list[str] = []

    def change(body: bytes) -> bytes:
        return id_as(form.format(theirs[0]))(body)

    with bench(tmp_path, creation(carried_out=True, change=change)) as target:
        theirs.append(customer(target, "idle"))
        done = target.check(READ)
        assert target.there == set(theirs), done.text
        own = [path for method, path in target.spoiler.seen if method != "POST"]
    assert done.status in (1, 3)
    assert all(path.startswith(f"{ours}/") and path.count("/") == ours.count("/") + 1 for path in own), own
    assert not any(path == f"{ours}/{theirs[0]}" for path in own)


@pytest.mark.parametrize(("duration", "named"), [(4000, False), (None, True)], ids=["for longer", "the very same"])
def test_what_a_customer_creates_while_we_delete_stays(tmp_path: Path, duration: int | None, named: bool) -> None:  # noqa: FBT001
    """For the same device, with the same credentials; what is like ours in all is named."""
    theirs = "5f0c3a1e-7b64-4c1d-9a2f-000000000002"
    benches: list[Bench] = []

    def spoil(asked: Asked) -> None:
        if asked.deletes and asked.number == 1:
            sessions = benches[0].server.service.network.sessions
            ours = sessions[asked.path.rpartition("/")[2]]
            sessions.add(replace(ours, id=theirs, duration=duration or ours.duration))

    with bench(tmp_path, spoil) as target:
        benches.append(target)
        done = target.check(READ)
        assert target.there == {theirs}, done.text
        assert (done.status, done.verdicts(), done.ledger) == (0, ["pass"], named)
        said = f"{theirs}: not deleted, since this session may be somebody else's; cleanup --interactive asks"
        assert done.account == {"created": 1, "deleted": 1, "left": [said] if named else []}
        if named:
            again = target.cleanup()
            assert (again.returncode, again.stdout, target.there) == (1, f"{said}\n", {theirs})
            assert target.cleanup("--interactive", answer="y\n").returncode == 0
            assert target.there == set()
            assert not (tmp_path / "out" / "nac-qod-ledger.jsonl").exists()
