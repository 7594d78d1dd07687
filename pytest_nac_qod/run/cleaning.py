"""Deletes what an interrupted run left on its target, as its ledger tells."""

from collections.abc import Callable, Iterator
from pathlib import Path

import httpx

from pytest_nac_qod import contracts
from pytest_nac_qod.foundation.jsontypes import Json
from pytest_nac_qod.run.connecting import LEDGER, tls
from pytest_nac_qod.target import Target, TargetError
from pytest_nac_qod.target.file import load_target
from pytest_nac_qod.target.tokens import TokenError
from pytest_nac_qod.wire.client import GONE, QodClient
from pytest_nac_qod.wire.connections import connection
from pytest_nac_qod.wire.ledger import Ledger, Owed, owed
from pytest_nac_qod.wire.resources import Resource, resource_of

_OWNERS = ("two_legged", "three_legged", "second_client")  # roles whose tokens a run creates things with


def clean(target_file: Path, ledger: Path | None, say: Callable[[str], None]) -> int:
    """Delete every session and assignment that the ledger says is owed; returns how many are left.

    A create whose answer nobody saw is looked up by its device; only what is our own client's is ever seen there.

    Args:
        target_file: the target file of the run, for its tokens.
        ledger: the ledger of the run; None for the one in the current folder.
        say: gets a line for each.

    Raises:
        TargetError: the target file is unusable, or the target cannot be reached.
        LedgerError: there is no ledger, or it cannot be read.
    """
    return clean_target(load_target(target_file), ledger or Path(LEDGER), say)


def clean_target(target: Target, path: Path, say: Callable[[str], None]) -> int:
    """Delete all that the ledger at `path` says is owed; returns how much is left."""
    book = Ledger(path)
    left = 0
    with connection(timeout=target.timeout, verify=tls(target)) as http:
        for item in owed(path):
            clients = list(_clients(target, http, book, item))
            if not clients:
                raise TargetError(f"{path}: {item.base_url}: not among [apis] of {target.name}; give the run's target")
            resource = _resource(clients[0])
            needed = (resource.delete,) if item.key else (resource.delete, resource.retrieve)
            if missing := [operation for operation in needed if operation in target.unserved]:
                left += 1
                say(f"{item.key or 'a creation without an answer'}: not deleted, {missing[0]} is not served")
                continue
            try:
                for key in [item.key] if item.key else _keys_of(clients[0], item):
                    status = _delete(clients, key)
                    gone = status in GONE
                    left += not gone
                    say(f"{key}: {'gone' if gone else f'not deleted, answered {status}'}")
            except (httpx.TransportError, TokenError) as error:
                raise TargetError(f"{item.base_url}: {error}; the ledger {path} is kept; try again") from None
    if not left:
        path.unlink()
    return left


def _clients(target: Target, http: httpx.Client, book: Ledger, item: Owed) -> Iterator[QodClient]:
    """A client of the API that the entry is about, for each token that may have created it."""
    for api, base_url in target.apis.items():
        for role in _OWNERS:
            if base_url == item.base_url and role in target.tokens:
                source = target.tokens[role]
                yield QodClient(
                    contract=contracts.contract(target.release, api),
                    base_url=base_url,
                    http=http,
                    token=lambda source=source: source.resolve(http),  # type: ignore[misc] # its one default
                    headers=target.headers,
                    ledger=book,
                )


def _delete(clients: list[QodClient], key: str) -> int:
    """Delete with the first token that may; returns the last answer's status."""
    status = 0
    for client in clients:
        resource = _resource(client)
        status = client.call(resource.delete, path={resource.id: key}).status
        if status in GONE:
            break
    return status


def _resource(client: QodClient) -> Resource:
    found = resource_of(client.contract)
    assert found is not None  # noqa: S101 - nothing else stands in a ledger
    return found


def _keys_of(client: QodClient, item: Owed) -> list[str]:
    if item.device is None:
        return []
    resource = _resource(client)
    answer = client.call(resource.retrieve, body={"device": item.device})
    body: Json = answer.body if answer.status == 200 else []
    found = body if isinstance(body, list) else [body]
    return [one[resource.id] for one in found if isinstance(one, dict) and resource.id in one]
