"""How what was created is deleted, and whose word counts."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from pytest_nac_qod import contracts
from pytest_nac_qod.foundation.jsontypes import JsonObject
from pytest_nac_qod.wire.client import Answer, QodClient
from pytest_nac_qod.wire.ownership.ledger import Ledger, Owed, owed, traits
from pytest_nac_qod.wire.ownership.removal import Remains, remains, remove
from pytest_nac_qod.wire.resources import resource_of

BASE = "https://host/quality-on-demand/v1"
RESOURCE = resource_of(contracts.contract("r3.2", "quality-on-demand"))
assert RESOURCE is not None


def client(answers: Iterator[httpx.Response], ledger: Ledger | None = None) -> QodClient:
    http = httpx.Client(transport=httpx.MockTransport(lambda _: next(answers)))
    api = contracts.contract("r3.2", "quality-on-demand")
    return QodClient(contract=api, base_url=BASE, http=http, ledger=ledger)


def run(*answers: httpx.Response, budget: float = 60, doubt: bool = False) -> tuple[str, list[str], list[float]]:
    """What kept it, what was asked, and the pauses."""
    asking, pauses = client(iter(answers)), list[float]()

    def send(operation: str, **what: Any) -> Answer[Any]:  # noqa: ANN401 - of QodClient.call
        return asking.call(operation, **what)

    assert RESOURCE is not None
    kept = remove(send, RESOURCE, "s-1", budget=budget, doubt=doubt, pause=pauses.append)
    return kept, [each.request.method for each in asking.exchanges], pauses


def test_deletions_are_sent_again_after_pauses() -> None:
    busy = httpx.Response(503, headers={"retry-after": "2"})
    assert run(httpx.Response(500), busy, httpx.Response(204)) == ("", ["DELETE"] * 3, [0.25, 2.0])
    assert run(*[httpx.Response(500)] * 9, budget=0) == ("answered 500", ["DELETE"], [])
    assert run(httpx.Response(403)) == ("answered 403", ["DELETE"], [])


def test_an_accepted_deletion_is_waited_for() -> None:
    there, over = httpx.Response(200, json={"qosStatus": "AVAILABLE"}), {"qosStatus": "UNAVAILABLE"}
    for last in (httpx.Response(404), httpx.Response(200, json=over)):
        assert run(httpx.Response(202), there, last) == ("", ["DELETE", "GET", "GET"], [0.25])
    kept, asked, _ = run(httpx.Response(202), there, budget=0)
    assert (kept, asked) == ("accepted, but still there", ["DELETE", "GET"])


def test_a_deletion_in_doubt_is_looked_at() -> None:
    done, there = httpx.Response(204), httpx.Response(200, json={"qosStatus": "AVAILABLE"})
    for over in (httpx.Response(404), httpx.Response(200, json={"qosStatus": "UNAVAILABLE"}), httpx.Response(500)):
        assert run(done, there, over, doubt=True) == ("", ["DELETE", "GET", "GET"], [0.25])
    assert run(httpx.Response(404), doubt=True) == ("", ["DELETE"], [])
    kept, asked, _ = run(done, there, budget=0, doubt=True)
    assert (kept, asked) == ("was answered as done, but it is still AVAILABLE", ["DELETE", "GET"])


@pytest.mark.parametrize(
    ("owner", "status", "how", "left"),
    [
        ("two_legged", 404, {}, 0),
        ("two_legged", 204, {}, 0),
        ("two_legged", 202, {}, 1),
        ("second_client", 404, {}, 1),
        ("second_client", 204, {}, 1),
        ("two_legged", 404, {"suffix": "/x"}, 1),
        ("two_legged", 404, {"method": "PUT"}, 1),
    ],
)
def test_only_the_owner_can_tell_that_it_is_gone(
    tmp_path: Path, owner: str, status: int, how: dict[str, str], left: int
) -> None:
    ledger = Ledger(tmp_path / "ledger.jsonl")
    asking = client(iter([httpx.Response(201, json={"sessionId": "s-1"}), httpx.Response(status)]), ledger)
    asking.call("createSession", body={}, owner="two_legged")
    asking.call("deleteSession", path={"sessionId": "s-1"}, owner=owner, **how)  # type: ignore[arg-type] # as named
    assert (len(owed(ledger.path)), len(asking.owned)) == (left, left)


@pytest.mark.parametrize(
    ("answer", "left"),
    [
        (httpx.Response(201, content=b'{"sess'), 1),
        (httpx.Response(201, json={"sessionId": 7}), 1),
        (httpx.Response(200, json=[]), 1),
        (httpx.Response(429), 1),
        (httpx.Response(500), 1),
        (httpx.Response(409), 0),
        (httpx.Response(400), 0),
    ],
)
def test_an_answer_without_an_id_leaves_it_open(tmp_path: Path, answer: httpx.Response, left: int) -> None:
    ledger = Ledger(tmp_path / "ledger.jsonl")
    client(iter([answer]), ledger).call("createSession", body={})
    assert [item.key for item in owed(ledger.path)] == [None] * left


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(201, json={"session_id": "s-1"}),
        httpx.Response(201, json={"data": {"sessionId": "s-1"}}),
        httpx.Response(201, json={"id": "s-1"}),
        httpx.Response(201, json={}, headers={"Location": "/quality-on-demand/v1/sessions/s-1"}),
    ],
)
def test_an_id_that_stands_elsewhere_is_enough_to_delete(tmp_path: Path, answer: httpx.Response) -> None:
    ledger = Ledger(tmp_path / "ledger.jsonl")
    client(iter([answer]), ledger).call("createSession", body={})
    assert [item.key for item in owed(ledger.path)] == ["s-1"]


def test_the_ledger_keeps_what_is_left_and_no_secret(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "ledger.jsonl")
    body = {"sink": "https://h/secret-path", "sinkCredential": {"accessToken": "secret-token"}}
    for key in ("s-1", "s-2"):
        ledger.created(ledger.intend("createSession", BASE, body), key)
    ledger.created(ledger.intend("createSession", BASE, body), None)
    assert "secret" not in ledger.path.read_text(encoding="utf-8")
    ledger.gone("s-1")
    ledger.settle(owed(ledger.path))
    assert len(ledger.path.read_text(encoding="utf-8").splitlines()) == 2
    assert [item.key for item in owed(ledger.path)] == ["s-2"]
    ledger.gone("s-2")
    ledger.settle(owed(ledger.path))
    assert not ledger.path.exists()


NOW = datetime(2030, 1, 1, tzinfo=UTC)
SENT: JsonObject = {"qosProfile": "QOS_L", "applicationServer": {"ipv4Address": "198.51.100.10"}, "duration": 60}


def lost(before: frozenset[str] | None = frozenset()) -> Owed:
    return Owed(BASE, {}, None, "e", "two_legged", before, traits(SENT), NOW.isoformat())


def session(key: str, **more: object) -> JsonObject:
    return {"sessionId": key, "startedAt": (NOW + timedelta(seconds=3)).isoformat(), **SENT, **more}


@pytest.mark.parametrize(
    ("there", "creation", "expected"),
    [
        ([session("a")], lost(), Remains(ours=("a",))),
        ([session("a")], lost(frozenset({"a"})), Remains()),
        ([session("a")], lost(None), Remains(doubtful=("a",))),
        ([session("known")], lost(), Remains()),
        ([session("a", qosProfile="QOS_S")], lost(), Remains(doubtful=("a",))),
        ([session("a", sink="https://theirs.example")], lost(), Remains(doubtful=("a",))),
        ([session("a", duration=3600)], lost(), Remains(doubtful=("a",))),
        ([{"sessionId": "a", **SENT}], lost(), Remains(ours=("a",))),
        ([{"sessionId": "a", **SENT}], replace(lost(), sent={}), Remains(doubtful=("a",))),
        ([session("a", startedAt=(NOW - timedelta(hours=1)).isoformat())], lost(), Remains(doubtful=("a",))),
        ([session("a", startedAt="now")], lost(), Remains(doubtful=("a",))),
        ([session("a"), session("b")], lost(), Remains(doubtful=("a", "b"))),
        ([], lost(), Remains()),
        (None, lost(), Remains(told=False)),
    ],
)
def test_what_a_lost_creation_left(there: list[JsonObject] | None, creation: Owed, expected: Remains) -> None:
    assert RESOURCE is not None
    assert remains([creation], there, {"known"}, RESOURCE) == expected
