"""What a refused request must not do: anything. Looked at after each request that a row expects to be refused."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pytest_nac_qod.checks.answer import body_of
from pytest_nac_qod.foundation.jsontypes import Json, JsonObject
from pytest_nac_qod.suite import keeping
from pytest_nac_qod.suite.case import Case
from pytest_nac_qod.verdicts import NoAnswer, Violation
from pytest_nac_qod.wire.client import Answer
from pytest_nac_qod.wire.exchange import Exchange
from pytest_nac_qod.wire.resources import resource_of

BASIS = "refusal_changes_nothing"
_OWN_DEVICE = "three_legged"  # role of the token that names its device itself
_LISTING = ("two_legged", "second_client", _OWN_DEVICE)  # roles that can see what they would have created


@dataclass(frozen=True, slots=True)
class Listed:
    """What a client sees of a device: the request for it, and the ids that were there before."""

    token: str
    body: JsonObject
    keys: frozenset[str]


@dataclass(frozen=True, slots=True)
class Before:
    """What a refused request could change, as it was before it.

    Attributes:
        shown: each session or assignment of the case by id, as its owner read it.
        listed: those of the device that a creation is about.
    """

    shown: Mapping[str, JsonObject] = field(default_factory=dict)
    listed: Listed | None = None


def before(case: Case, token: str | None, body: Json) -> Before:
    """What there is before a request that the row expects to be refused; nothing where it changes nothing anyway."""
    resource = resource_of(case.contract)
    refusable = any(outcome.status >= 400 for outcome in case.row.accepted)
    if resource is None or not refusable or case.row.operation in (resource.read, resource.retrieve):
        return Before()
    readable = case.client.owned if case.serves(resource.read) else ()
    shown = {key: found for key in readable if (found := _read(case, key)[0])}
    created = case.row.operation == resource.create
    return Before(shown, _listed(case, token, body) if created and case.serves(resource.retrieve) else None)


def judge(case: Case, earlier: Before, answer: Answer[Any]) -> None:
    """Nothing that there was before is different after a refusal, and nothing has come to be."""
    if not 400 <= answer.status < 500:
        return
    for key, old in earlier.shown.items():
        new, exchange = _read(case, key)
        if exchange is not None:
            case.record(
                exchange,
                keeping.changes(
                    case.resource,
                    old,
                    new,
                    _violation(case, f"as before the request that was answered {answer.status}"),
                ),
            )
    if earlier.listed:
        keys, exchange = _keys(case, earlier.listed.token, earlier.listed.body)
        if exchange is not None and keys - earlier.listed.keys - set(case.client.owned):
            expected = f"nothing created by the request that was answered {answer.status}"
            case.record(exchange, [_violation(case, expected, f"a new {case.resource.noun} of the device")])


def _read(case: Case, key: str) -> tuple[JsonObject | None, Exchange | None]:
    """What its owner reads, None when it is gone; no exchange where that cannot be told."""
    try:
        owner = case.owners.get(key, "two_legged")
        answer = case.call(case.resource.read, token=owner, path={case.resource.id: key})
    except NoAnswer:
        return None, None
    if answer.status == 404:
        return None, answer.exchange
    found = body_of(answer.exchange.response) if answer.status == 200 and answer.exchange.response else None
    return (found, answer.exchange) if isinstance(found, dict) else (None, None)


def _listed(case: Case, token: str | None, body: Json) -> Listed | None:
    role = token if token in _LISTING else "two_legged"
    known = [
        device for device in case.target.devices.values() if isinstance(body, dict) and body.get("device") == device
    ]
    question = {} if role == _OWN_DEVICE else {"device": known[0] if known else case.target.devices["default"]}
    keys, exchange = _keys(case, role, question)
    return Listed(role, question, frozenset(keys)) if exchange is not None else None


def _keys(case: Case, token: str, body: JsonObject) -> tuple[set[str], Exchange | None]:
    """The ids of what is not over that a client finds for a device; no exchange where that cannot be told."""
    try:
        answer = case.call(case.resource.retrieve, token=token, body=body)
    except NoAnswer:
        return set(), None
    found = body_of(answer.exchange.response) if answer.exchange.response else None
    if answer.status == 404:
        return set(), answer.exchange
    items = [found] if isinstance(found, dict) else found
    if answer.status != 200 or not isinstance(items, list):
        return set(), None
    present = (item for item in items if isinstance(item, dict) and item.get(case.resource.status) != "UNAVAILABLE")
    keys = (item.get(case.resource.id) for item in present)
    return {key for key in keys if isinstance(key, str)}, answer.exchange


def _violation(case: Case, expected: str, actual: str = "") -> Violation:
    clause = f"{case.contract.api}{case.contract.operations[case.row.operation].pointer}/responses"
    return Violation(clause=clause, expected=expected, actual=actual, path="$", basis=BASIS)
