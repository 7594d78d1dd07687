"""What a refused request must not do: anything. Looked at after each request that a row expects to be refused."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from pytest_nac_qod.checks import keeping
from pytest_nac_qod.checks.answer import body_of
from pytest_nac_qod.foundation.jsontypes import Json, JsonObject
from pytest_nac_qod.suite.case import Case
from pytest_nac_qod.suite.waits import leftovers
from pytest_nac_qod.verdicts import NoAnswer, Violation
from pytest_nac_qod.wire.client import Answer
from pytest_nac_qod.wire.exchange import Exchange
from pytest_nac_qod.wire.ownership.removal import ENDED
from pytest_nac_qod.wire.resources import resource_of

_BASIS: Final = "refusal_changes_nothing"
_OWN_DEVICE = "three_legged"  # role of the token that names its device itself
_LISTING = ("two_legged", "second_client", _OWN_DEVICE)  # roles that can see what they would have created


@dataclass(frozen=True, slots=True)
class Question:
    """How a client asks what a device has, and the ids that were there before the run created anything."""

    token: str
    body: JsonObject
    before: frozenset[str]


@dataclass(frozen=True, slots=True)
class Before:
    """What a refused request could change, as it was before it.

    Attributes:
        shown: each session or assignment of the case by id, as its owner read it.
        question: for what the device of a creation has; None where nobody can tell.
    """

    shown: Mapping[str, JsonObject] = field(default_factory=dict)
    question: Question | None = None


def before(case: Case, token: str | None, body: Json) -> Before:
    """What there is before a request that the row expects to be refused; nothing where it changes nothing anyway."""
    resource = resource_of(case.contract)
    refusable = any(outcome.status >= 400 for outcome in case.row.accepted)
    if resource is None or not refusable or case.row.operation in (resource.read, resource.retrieve):
        return Before()
    readable = case.client.owned if case.serves(resource.read) else ()
    shown = {key: seen for key in readable if (seen := _last_read(case, key) or _read(case, key)[0])}
    created = case.row.operation == resource.create
    return Before(shown, _question(case, token, body) if created and case.serves(resource.retrieve) else None)


def judge(case: Case, earlier: Before, answer: Answer[Any]) -> None:
    """Nothing that there was before is different after a refusal, and nothing has come to be."""
    if not 400 <= answer.status < 500:
        return
    wrong = _violation(case, f"as before the request that was answered {answer.status}")
    for key, old in earlier.shown.items():
        new, exchange = _read(case, key)
        if exchange is not None:
            case.record(exchange, keeping.changes(case.resource, old, new, wrong))
    if earlier.question and not case.client.lost and case.contract.api not in case.run.lost:
        _nothing_new(case, earlier.question, answer)


def _nothing_new(case: Case, question: Question, answer: Answer[Any]) -> None:
    keys, exchange = _keys(case, question)
    new = keys - question.before - case.client.owners.keys() - case.run.created.keys() - case.run.left.keys()
    if case.serves(case.resource.read):  # a list may as well be wrong, which is another matter
        new = {key for key in new if _read(case, key, question.token)[0]}
    if exchange is None or not new:
        return
    expected = f"nothing created by the request that was answered {answer.status}"
    case.record(exchange, [_violation(case, expected, f"a new {case.resource.noun} of the device")])
    for key in new:
        _own(case, key, question)


def _own(case: Case, key: str, question: Question) -> None:
    """Take into the account what a refused request created, so that it is deleted."""
    client, owner = case.client, question.token
    if client.ledger:
        entry = client.ledger.intend(case.resource.create, client.base_url, question.body, owner=owner)
        client.ledger.created(entry, key)
    client.owned.append(key)
    client.owners[key] = owner


def _last_read(case: Case, key: str) -> JsonObject | None:
    """What the last exchange of the case showed, if that was its reading."""
    last = case.client.exchanges[-1] if case.client.exchanges else None
    if last is None or last.operation != case.resource.read or last.response is None or last.response.status != 200:
        return None
    shown = body_of(last.response)
    return shown if isinstance(shown, dict) and shown.get(case.resource.id) == key else None


def _read(case: Case, key: str, token: str = "") -> tuple[JsonObject | None, Exchange | None]:
    """What its owner reads, None when it is gone; no exchange where that cannot be told."""
    try:
        owner = token or case.client.owners.get(key, "two_legged")
        answer = case.call(case.resource.read, token=owner, path={case.resource.id: key})
    except NoAnswer:
        return None, None
    if answer.status == 404:
        return None, answer.exchange
    shown = body_of(answer.exchange.response) if answer.status == 200 and answer.exchange.response else None
    return (shown, answer.exchange) if isinstance(shown, dict) else (None, None)


def _question(case: Case, token: str | None, body: Json) -> Question | None:
    role = token if token in _LISTING else "two_legged"
    device = None if role == _OWN_DEVICE else _device(case, body)
    if device is None and role != _OWN_DEVICE:
        return None
    asked: JsonObject = {} if device is None else {"device": device}
    if case.target.embedded:  # put back to its beginning before each case
        return Question(role, asked, frozenset())
    there = leftovers.standing(case.run, case.contract.api, role, device)
    return None if there is None else Question(role, asked, frozenset(item[case.resource.id] for item in there))


def _device(case: Case, body: Json) -> JsonObject | None:
    """The device of the target file that a creation is about; the default one where it names none."""
    named = body.get("device") if isinstance(body, dict) else None
    if not isinstance(named, dict):
        return case.target.devices["default"]
    known = case.target.devices.values()
    return next((device for device in known if any(named.get(name) == value for name, value in device.items())), None)


def _keys(case: Case, question: Question) -> tuple[set[str], Exchange | None]:
    """The ids of what is not over that a client finds for a device; no exchange where that cannot be told."""
    try:
        answer = case.call(case.resource.retrieve, token=question.token, body=question.body)
    except NoAnswer:
        return set(), None
    body = body_of(answer.exchange.response) if answer.exchange.response else None
    items = [body] if isinstance(body, dict) else body
    if answer.status != 200 or not isinstance(items, list):
        return set(), None
    present = (item for item in items if isinstance(item, dict) and item.get(case.resource.status) != ENDED)
    return {key for item in present if isinstance(key := item.get(case.resource.id), str)}, answer.exchange


def _violation(case: Case, expected: str, actual: str = "") -> Violation:
    clause = f"{case.contract.api}{case.contract.operations[case.row.operation].pointer}/responses"
    return Violation(clause=clause, expected=expected, actual=actual, path="$", basis=_BASIS).beside()
