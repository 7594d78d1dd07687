"""What the end of a run deletes at a device, and what it names only."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import httpx
import pytest

from pytest_nac_qod.foundation.jsontypes import JsonObject
from pytest_nac_qod.reference import ReferenceServer
from pytest_nac_qod.run.remains.account import Settled, settle
from pytest_nac_qod.target import Target
from pytest_nac_qod.wire.ownership.ledger import Ledger, owed
from pytest_nac_qod.wire.redaction import Redactor
from tests.support.target_runs import deployment

THEIRS = "5f0c3a1e-7b64-4c1d-9a2f-000000000002"


@dataclass(slots=True)
class AtTheEnd:
    """A run that has created a session, deleted it, and comes to its end."""

    server: ReferenceServer
    target: Target
    ledger: Ledger
    body: JsonObject

    def created(self) -> str:
        """The id of a new session, which the ledger knows."""
        base = self.target.apis["quality-on-demand"]
        with httpx.Client(base_url=base, headers=self.authorization()) as http:
            entry = self.ledger.intend("createSession", base, self.body, owner="two_legged", before=())
            key = str(http.post("/sessions", json=self.body).raise_for_status().json()["sessionId"])
        self.ledger.created(entry, key)
        return key

    def authorization(self) -> dict[str, str]:
        with httpx.Client() as http:
            return {"Authorization": f"Bearer {self.target.tokens['two_legged'].resolve(http)}"}

    def twin(self, key: str, duration: int | None = None) -> None:
        """Somebody else creates a session like one that there is."""
        sessions = self.server.service.network.sessions
        sessions.add(replace(sessions[key], id=THEIRS, duration=duration or sessions[key].duration))

    def forget(self, key: str) -> None:
        """The session is gone, as the ledger says."""
        self.server.service.network.sessions.drop(key)
        self.ledger.gone(key)

    def settled(self) -> Settled:
        return settle(self.target, self.ledger.path, (), Redactor())

    def there(self) -> set[str]:
        return set(self.server.service.network.sessions)


@pytest.fixture
def end(tmp_path: Path) -> Iterator[AtTheEnd]:
    with deployment() as server:
        target = server.target()
        body = {
            "device": target.devices["default"],
            "applicationServer": {"ipv4Address": "198.51.100.10"},
            "qosProfile": target.profiles["default"].name,
            "duration": 60,
        }
        yield AtTheEnd(server, target, Ledger(tmp_path / "ledger.jsonl"), body)


def test_a_session_like_ours_is_named_where_no_creation_was_lost(end: AtTheEnd) -> None:
    end.twin(key := end.created())
    end.forget(key)
    said = f"{THEIRS}: not deleted, since this session may be somebody else's; cleanup --interactive asks"
    assert end.settled() == Settled(created=1, deleted=1, left=(said,))
    assert end.there() == {THEIRS}
    (item,) = owed(end.ledger.path)
    assert (item.key, item.device, item.owner) == (None, end.body["device"], "two_legged")
    assert end.settled().left == (said,)  # again, by what the ledger has kept
    assert end.there() == {THEIRS}


def test_a_session_for_another_time_is_nobody_of_ours(end: AtTheEnd) -> None:
    end.twin(key := end.created(), duration=3600)
    end.forget(key)
    assert end.settled() == Settled(created=1, deleted=1, left=())
    assert end.there() == {THEIRS}
    assert not end.ledger.path.exists()


def test_what_was_said_to_be_gone_and_is_still_listed_is_deleted(end: AtTheEnd) -> None:
    end.ledger.gone(end.created())
    assert end.settled() == Settled(created=1, deleted=1, left=())
    assert end.there() == set()
    assert not end.ledger.path.exists()
