"""Nothing stays at a target that a run created, and nothing goes that it did not create."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.hostile.trouble import OTHER_SERVER, Asked, Spoil, Spoiled, bench
from tests.support.target_runs import check, deployment, written

CREATION = "quality_on_demand_createSession_01_*"
READ = "quality_on_demand_getSession_01_*"
DELETION = "quality_on_demand_deleteSession_01_*"


def creation(**how: object) -> Spoil:
    """Spoils the first creation that is judged or set up; the probe sends a broken one, and is let through."""
    left = [1]

    def spoil(asked: Asked) -> Spoiled | None:
        own = asked.creates and b"duration" in asked.body and OTHER_SERVER["ipv4Address"].encode() not in asked.body
        if not own or not left:
            return None
        left.pop()
        return Spoiled(**how)  # type: ignore[arg-type] # as the class has it

    return spoil


def deletions(number: int, **how: object) -> Spoil:
    def spoil(asked: Asked) -> Spoiled | None:
        return Spoiled(**how) if asked.deletes and asked.number <= number else None  # type: ignore[arg-type] # as above

    return spoil


def without_id(body: bytes) -> bytes:
    return body.replace(b'"sessionId":', b'"id":')


def number_as_id(body: bytes) -> bytes:
    start = body.index(b'"sessionId":"') + len(b'"sessionId":')
    return body[:start] + b"17" + body[body.index(b'"', start + 1) + 1 :]


def cut(body: bytes) -> bytes:
    return body[: len(body) // 2]


def id_as(value: bytes) -> Callable[[bytes], bytes]:
    def change(body: bytes) -> bytes:
        start = body.index(b'"sessionId":"') + len(b'"sessionId":"')
        return body[:start] + value + body[body.index(b'"', start) :]

    return change


CLEAN: dict[str, tuple[Spoil, int]] = {
    "creation lost, never arrived": (creation(lost=True), 3),
    "creation lost, but carried out": (creation(lost=True, carried_out=True), 3),
    "creation answered 500, but carried out": (creation(status=500, carried_out=True), 1),
    "creation answered 503, but carried out": (creation(status=503, carried_out=True), 0),
    "creation answered 429": (creation(status=429), 0),
    "creation answered with half a body": (creation(carried_out=True, change=cut), 1),
    "creation answered without an id": (creation(carried_out=True, change=without_id), 1),
    "creation answered with a number as id": (creation(carried_out=True, change=number_as_id), 1),
    "creation answered with an empty id": (creation(carried_out=True, change=id_as(b"")), 1),
    "creation answered with .. as id": (creation(carried_out=True, change=id_as(b"..")), 1),
    "creation answered with 10 kB as id": (creation(carried_out=True, change=id_as(b"x" * 10_000)), 1),
    "first deletions answered 500": (deletions(3, status=500), 0),
    "first deletions answered 429": (deletions(2, status=429, headers=(("retry-after", "1"),)), 0),
    "first deletions answered 503": (deletions(3, status=503), 0),
    "first deletions lost": (deletions(2, lost=True), 0),
}


@pytest.mark.parametrize("name", CLEAN)
def test_all_is_deleted(tmp_path: Path, name: str) -> None:
    spoil, status = CLEAN[name]
    with bench(tmp_path, spoil) as target:
        done = target.check(CREATION, READ)
        assert (done.status, target.there) == (status, set()), done.text
    account = done.account
    assert (account["created"], account["left"]) == (account["deleted"], []), account
    assert not done.ledger
    assert f"at the target: {account['created']} created, {account['deleted']} deleted, 0 left" in done.text
    assert "Traceback" not in done.text


def test_a_client_that_has_used_up_its_quota_leaves_nothing(tmp_path: Path) -> None:
    with deployment() as server:
        ran = check(written(tmp_path, server), "--scenario", "*_quota_is_429")
    assert {result["verdict"] for result in ran.of("pass")} == {"pass"}
    assert (ran.status, ran.document["run"]["account"]) == (0, {"created": 0, "deleted": 0, "left": []}), ran.text
    assert not (tmp_path / "out" / "nac-qod-ledger.jsonl").exists()
