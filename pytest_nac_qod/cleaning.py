"""Deletes what an interrupted run left on its target, as its ledger tells."""

from collections.abc import Callable
from pathlib import Path

import httpx

from pytest_nac_qod import contracts
from pytest_nac_qod.client import QodClient
from pytest_nac_qod.ledger import Ledger, Owed, owed
from pytest_nac_qod.suite.connecting import LEDGER, tls
from pytest_nac_qod.target import Target
from pytest_nac_qod.target_file import load_target

API = "quality-on-demand"


def clean(target_file: Path, ledger: Path | None, say: Callable[[str], None]) -> int:
    """Delete every session that the ledger says is owed; returns how many are left.

    A create whose answer nobody saw is looked up by its device; only sessions of our own client are ever seen there.

    Args:
        target_file: the target file of the run, for its tokens.
        ledger: the ledger of the run; None for the one in the current folder.
        say: gets a line for each session.

    Raises:
        TargetError: the target file is unusable.
        OSError: the ledger cannot be read.
    """
    return clean_target(load_target(target_file), ledger or Path(LEDGER), say)


def clean_target(target: Target, path: Path, say: Callable[[str], None]) -> int:
    """Delete every session that the ledger at `path` says is owed; returns how many are left."""
    book = Ledger(path)
    left = 0
    with httpx.Client(timeout=target.timeout, verify=tls(target)) as http:
        client = _client(target, http, book)
        for item in owed(path):
            for session in [item.session_id] if item.session_id else _sessions_of(client, item):
                status = client.delete_session(session).status
                gone = status in (202, 204, 404)
                left += not gone
                say(f"{session}: {'gone' if gone else f'not deleted, answered {status}'}")
    if not left:
        path.unlink()
    return left


def _client(target: Target, http: httpx.Client, book: Ledger) -> QodClient:
    return QodClient(
        contract=contracts.contract(target.release, API),
        base_url=target.apis[API],
        http=http,
        token=lambda: target.tokens["two_legged"].resolve(http),
        headers=target.headers,
        ledger=book,
    )


def _sessions_of(client: QodClient, item: Owed) -> list[str]:
    if item.device is None:
        return []
    answer = client.call("retrieveSessionsByDevice", body={"device": item.device})
    listed = answer.body if answer.status == 200 and isinstance(answer.body, list) else []
    return [session["sessionId"] for session in listed if isinstance(session, dict) and "sessionId" in session]
