"""Deletes what a run left on its target, as its ledger tells; what may be somebody else's is named only."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import httpx

from pytest_nac_qod import contracts
from pytest_nac_qod.checks.answer import quoted
from pytest_nac_qod.foundation.problems import UnusableError
from pytest_nac_qod.foundation.ticking import elapsed
from pytest_nac_qod.foundation.visible import one_line
from pytest_nac_qod.run.connecting import LEDGER, quiet, tls
from pytest_nac_qod.suite.waits.leftovers import by_device, foreign
from pytest_nac_qod.target import Target, TargetError
from pytest_nac_qod.target.file import load_target
from pytest_nac_qod.target.tokens import TokenError
from pytest_nac_qod.wire.client import Answer, QodClient
from pytest_nac_qod.wire.connections import connection
from pytest_nac_qod.wire.ownership.ledger import Ledger, Owed, account, owed, recognise
from pytest_nac_qod.wire.ownership.removal import STILL_LISTED, Send, can_list, listed, newcomers, remains, remove
from pytest_nac_qod.wire.resources import Resource, resource_of

_OWNERS = ("two_legged", "three_legged", "second_client")  # roles whose tokens a run creates things with


@dataclass(frozen=True, slots=True, kw_only=True)
class Cleaner:
    """What a cleaning works with.

    Attributes:
        book: gets a line for all that is gone.
        say: gets a line for each session or assignment.
        ask: whether to delete what may be somebody else's; None for no.
        until: when it has to be done, by `elapsed`.
    """

    target: Target
    http: httpx.Client
    book: Ledger
    say: Callable[[str], None]
    ask: Callable[[str], bool] | None
    until: float
    left: list[str] = field(default_factory=list)
    named: set[str] = field(default_factory=set)

    def keep(self, what: str, why: str) -> None:
        """Name what is left."""
        self.named.add(what)
        self.left.append(one_line(f"{quoted(what)}: {why}"))
        self.say(self.left[-1])

    def sends(self, client: QodClient, owner: str) -> list[Send]:
        """Calls with the token that created something, or with each that may have."""
        tokens = self.target.tokens
        roles = [role for role in ([owner] if owner else _OWNERS) if role in tokens]
        return [partial(self._send, client, role) for role in roles]

    def _send(self, client: QodClient, role: str, operation: str, **what: Any) -> Answer[Any]:  # noqa: ANN401 - of QodClient.call
        try:
            token = self.target.tokens[role].resolve(self.http)
        except TokenError as error:
            raise httpx.LocalProtocolError(str(error)) from None
        return client.call(operation, headers={"Authorization": f"Bearer {token}"}, **what)


def clean(
    target_file: Path, ledger: Path | None, say: Callable[[str], None], ask: Callable[[str], bool] | None = None
) -> int:
    """Delete every session and assignment that the ledger says is owed; returns how many are left.

    What a create without an answer left is told by what was at its device before; what may be somebody else's is named.

    Args:
        target_file: the target file of the run, for its tokens.
        ledger: the ledger of the run; None for the one in the current folder.
        say: gets a line for each.
        ask: whether to delete what may be somebody else's; None for no.

    Raises:
        TargetError: the target file is unusable.
        LedgerError: there is no ledger, it is another file, or it cannot be read.
    """
    path = ledger or Path(LEDGER)
    target = load_target(target_file)
    recognise(path)
    left = clean_target(target, path, say, ask=ask)
    Ledger(path).settle(owed(path))
    return len(left)


def clean_target(  # noqa: PLR0913 - what a cleaning is about
    target: Target,
    path: Path,
    say: Callable[[str], None],
    *,
    ask: Callable[[str], bool] | None = None,
    without: Collection[str] = (),
    sweep: bool = False,
) -> list[str]:
    """Delete all that the ledger at `path` says is owed; returns what is left, and why.

    Args:
        target: where it is.
        path: of the ledger.
        say: gets a line for each session or assignment.
        ask: whether to delete what may be somebody else's; None for no.
        without: entries of the ledger that are none of our business.
        sweep: look at the devices once more, for what no answer told.
    """
    noted = account(path).without(without)
    with quiet(), connection(timeout=target.timeout, verify=tls(target)) as http:
        until = elapsed() + target.polling.budget
        cleaner = Cleaner(target=target, http=http, book=Ledger(path), say=say, ask=ask, until=until)
        for item in noted.owed:
            if item.key:
                client, resource = _client(cleaner, item)
                _delete(cleaner, client, resource, item.owner, item.key)
        for group in by_device(item for item in noted.owed if not item.key):
            _recover(cleaner, group, noted.created.keys())
        if sweep:
            for group in by_device(item for item in noted.sent if item.before is not None):
                _sweep(cleaner, group, noted.created.keys())
    return cleaner.left


def _sweep(cleaner: Cleaner, group: Sequence[Owed], created: Collection[str]) -> None:
    """Look once more at a device: what a run created may be listed though it was answered as gone.

    What is only like it is named: an answer may have told another id, or somebody else made it meanwhile.
    """
    client, resource = _client(cleaner, group[0])
    if {resource.retrieve, resource.delete} & cleaner.target.unserved.keys():
        return
    owner, device = group[0].owner, group[0].device
    for send in cleaner.sends(client, owner):
        there = listed(send, resource, device) or []
        ours = {item[resource.id] for item in there} & set(created) - cleaner.named
        for key in ours:
            cleaner.book.adopt(key, client.base_url, owner)
            _delete(cleaner, client, resource, owner, key)
        still = {item[resource.id] for item in (listed(send, resource, device) or ())} if ours else set()
        for key in still & ours - cleaner.named:
            cleaner.book.adopt(key, client.base_url, owner)
            cleaner.keep(key, f"not deleted, {STILL_LISTED}")
        known = {*account(cleaner.book.path).created, *cleaner.named}
        for key in newcomers(group, there, known, resource)[1]:
            cleaner.book.doubt(client.base_url, device, owner, {item[resource.id] for item in there} - {key})
            cleaner.keep(key, _doubtful(resource))


def _doubtful(resource: Resource) -> str:
    return f"not deleted, since this {resource.noun} may be somebody else's; cleanup --interactive asks"


def _client(cleaner: Cleaner, item: Owed) -> tuple[QodClient, Resource]:
    """A client of the API that the entry is about; without a ledger, since it is not told whose 404 counts."""
    for api, base_url in cleaner.target.apis.items():
        contract = contracts.contract(cleaner.target.release, api)
        resource = resource_of(contract)
        if base_url == item.base_url and resource:
            headers = cleaner.target.headers
            return QodClient(contract=contract, base_url=base_url, http=cleaner.http, headers=headers), resource
    where = one_line(quoted(item.base_url))
    raise TargetError(f"{cleaner.book.path}: {where}: not among [apis] of {cleaner.target.name}; give the run's target")


def _delete(cleaner: Cleaner, client: QodClient, resource: Resource, owner: str, key: str) -> None:
    """Delete with the token that may; where that is not known, no token alone can say that there is nothing."""
    if resource.delete in cleaner.target.unserved:
        cleaner.keep(key, f"not deleted, {resource.delete} is not served")
        return
    readable = resource.read not in cleaner.target.unserved
    sends = cleaner.sends(client, owner)
    kept = [] if sends else [f"the target file has no tokens.{owner}"]
    for send in sends:
        budget = max(cleaner.until - elapsed(), 0.0)
        why = remove(send, resource, key, budget=budget, readable=readable, doubt=True)
        last = client.exchanges[-1].response if client.exchanges else None
        if not why and last and last.status != 404:
            kept.clear()
            break
        kept += [why] if why else []
    if kept:
        cleaner.keep(key, f"not deleted, {kept[0]}")
    else:
        cleaner.book.gone(key)
        cleaner.say(one_line(f"{quoted(key)}: gone"))


def _recover(cleaner: Cleaner, group: Sequence[Owed], known: Collection[str]) -> None:
    """Look up what creations without an answer left at one device."""
    first = group[0]
    client, resource = _client(cleaner, first)
    what = f"a creation without an answer{f', {len(group)} times' if len(group) > 1 else ''}"
    if not can_list(resource, cleaner.target.unserved):
        cleaner.keep(what, f"not deleted, {resource.retrieve} is not served")
        return
    doubtful: list[str] = []
    told = False
    for send in cleaner.sends(client, first.owner):
        there = listed(send, resource, first.device, foreign=foreign(cleaner.target, first))
        left = remains(group, there, known, resource)
        told = told or left.told
        doubtful += [key for key in left.doubtful if key not in doubtful]
        for entry, key in zip(group, left.ours, strict=False):
            cleaner.book.created(entry.entry, key)
            _delete(cleaner, client, resource, first.owner, key)
    if not told:
        cleaner.keep(what, f"{resource.retrieve} did not tell what it left")
        return
    kept = [key for key in doubtful if not _settled(cleaner, client, resource, first.owner, key)]
    if not kept:
        for entry in group:
            cleaner.book.created(entry.entry, None)


def _settled(cleaner: Cleaner, client: QodClient, resource: Resource, owner: str, key: str) -> bool:
    """Whether somebody has said what to do with what may be somebody else's."""
    if cleaner.ask is None:
        cleaner.keep(key, _doubtful(resource))
        return False
    what = f"{quoted(key)}: a {resource.noun} that may be what a creation without an answer left, or somebody else's"
    if cleaner.ask(one_line(what)):
        _delete(cleaner, client, resource, owner, key)
    return True


def clean_if_reached(target: Target, ledger: Path, say: Callable[[str], None]) -> None:
    """As clean_target; says so if nothing could be deleted, since whether the target can be used is found out later."""
    try:
        clean_target(target, ledger, say)
    except (httpx.TransportError, TokenError, UnusableError) as error:
        say(f"not deleted: {error}")
