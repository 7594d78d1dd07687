"""Nothing stays at a target that a run created, and nothing goes that it did not create."""

import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pytest_nac_qod.wire.transport.pacing import LARGEST_BODY
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
    session = json.loads(body)
    return json.dumps({name: session[name] for name in session if name != "sessionId"}).encode()


def cut(body: bytes) -> bytes:
    return body[: len(body) // 2]


def page(_: bytes) -> bytes:
    return b"<!DOCTYPE html><title>Created</title>"


def id_as(value: object) -> Callable[[bytes], bytes]:
    def change(body: bytes) -> bytes:
        session = json.loads(body)
        assert "sessionId" in session
        return json.dumps(session | {"sessionId": value}).encode()

    return change


BOMB = gzip.compress(b" " * (2 * LARGEST_BODY), 1)


def looks(status: int, **how: Any) -> Spoil:  # noqa: ANN401 - as the class has it
    """Spoils the first looks at a session."""
    left = [1, 1]

    def spoil(asked: Asked) -> Spoiled | None:
        return (
            Spoiled(status=status, **how)
            if asked.method == "GET" and "/sessions/" in asked.path and left and left.pop()
            else None
        )

    return spoil


CLEAN: dict[str, tuple[Spoil, int]] = {
    "creation lost, never arrived": (creation(lost=True), 3),
    "creation lost, but carried out": (creation(lost=True, carried_out=True), 3),
    "creation answered 500, but carried out": (creation(status=500, carried_out=True), 1),
    "creation answered 503, but carried out": (creation(status=503, carried_out=True), 0),
    "creation answered 429": (creation(status=429), 0),
    "creation answered with half a body": (creation(carried_out=True, change=cut), 1),
    "creation answered without an id": (creation(carried_out=True, change=without_id), 1),
    "creation answered with a number as id": (creation(carried_out=True, change=id_as(17)), 1),
    "creation answered with an empty id": (creation(carried_out=True, change=id_as("")), 1),
    "creation answered with .. as id": (creation(carried_out=True, change=id_as("..")), 1),
    "creation answered with 10 kB as id": (creation(carried_out=True, change=id_as("x" * 10_000)), 1),
    "creation answered with a/b as id": (creation(carried_out=True, change=id_as("a/b")), 1),
    "creation answered with %2e%2e as id": (creation(carried_out=True, change=id_as("%2e%2e")), 1),
    "creation answered with half a character as id": (creation(carried_out=True, change=id_as("\ud800")), 1),
    "creation answered with the id of nothing": (
        creation(carried_out=True, change=id_as("5f0c3a1e-7b64-4c1d-9a2f-000000000001")),
        1,
    ),
    "creation answered with a list as id": (creation(carried_out=True, change=id_as([["x"]])), 1),
    "creation answered with a page": (creation(carried_out=True, change=page), 1),
    "creation answered 503 for a day": (creation(status=503, headers=(("retry-after", "86400"),)), 3),
    "creation answered 429 until the year 9999": (
        creation(status=429, headers=(("retry-after", "Fri, 31 Dec 9999 23:59:59 GMT"),)),
        3,
    ),
    "creation answered 429 for nonsense": (creation(status=429, headers=(("retry-after", "-1e9 \xff"),)), 0),
    "first deletions answered 500": (deletions(3, status=500), 0),
    "first deletions answered 429": (deletions(2, status=429, headers=(("retry-after", "1"),)), 0),
    "first deletions answered 503": (deletions(3, status=503), 0),
    "first deletions lost": (deletions(2, lost=True), 0),
    "first deletions answered 200 with a page": (deletions(1, status=200, body=b"<html>"), 0),
    "first looks answered with a gzip bomb": (
        looks(500, body=BOMB, headers=(("content-encoding", "gzip"),)),
        3,
    ),
    "first looks answered 299": (looks(299, body=b"{}"), 3),
    "first deletion answered 404, but not done": (deletions(1, status=404, body=b"{}"), 0),
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


def test_what_is_said_to_be_gone_and_stays_is_named(tmp_path: Path) -> None:
    with bench(tmp_path, deletions(10_000, status=404, body=b"{}"), budget=1) as target:
        done = target.check(READ)
        (left,) = target.there
    assert done.account == {
        "created": 1,
        "deleted": 0,
        "left": [f"{left}: not deleted, answered as gone, but still listed"],
    }
    assert done.ledger
