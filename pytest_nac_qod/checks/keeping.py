"""Whether a session or an assignment is as it was, but for what the network does by itself."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

from pytest_nac_qod.checks import rules as checks
from pytest_nac_qod.checks.answer import body_of
from pytest_nac_qod.contracts import Contract
from pytest_nac_qod.foundation.jsontypes import Json, JsonObject
from pytest_nac_qod.foundation.values import moment
from pytest_nac_qod.verdicts import Violation
from pytest_nac_qod.wire.exchange import Exchange
from pytest_nac_qod.wire.resources import Resource, resource_of

ROUNDING = timedelta(seconds=1)  # times that are reckoned anew may differ by this much


def released(exchange: Exchange, contract: Contract) -> Iterator[Violation]:
    """What was deleted is not shown as AVAILABLE, by itself or in a list (the answer 204 to the deletion)."""
    resource = resource_of(contract)
    body = body_of(exchange.response) if exchange.response else None
    items = body if isinstance(body, list) else [body]
    if resource and any(isinstance(item, dict) and item.get(resource.status) == "AVAILABLE" for item in items):
        deletion = contract.operations[resource.delete]
        yield Violation(
            clause=f"{contract.api}{deletion.pointer}/responses/{deletion.fine}",
            expected=f"$.{resource.status} not AVAILABLE after the deletion",
            actual="AVAILABLE",
            basis="released",
        ).beside()


def changes(resource: Resource, old: JsonObject, new: JsonObject | None, template: Violation) -> Iterator[Violation]:
    """What became different between two readings; it may begin, run out, or be ended by the network meanwhile.

    Args:
        resource: what it is.
        old: as it was read first.
        new: as it was read then; None when it was not found any more.
        template: what a violation is made of; `expected` says when it was as it should be.
    """
    state = old.get(resource.status)
    if new is None:
        if state != "UNAVAILABLE":
            yield replace(template, expected=f"the {resource.noun} {template.expected}", actual="it is gone")
        return
    if new.get(resource.status) == "UNAVAILABLE" != state:
        yield from _ended(resource, state, new.get("statusInfo"), template)
        return
    names = old.keys() & new.keys()  # which properties are shown is another matter
    before, after = ({name: session[name] for name in names} for session in (old, new))
    for wrong in checks.unchanged(before, after):
        name = wrong.path.removeprefix("$.")
        if wrong.basis == "value_kept" and not _near(before[name], after[name]):
            yield replace(
                template,
                path=wrong.path,
                expected=f"{wrong.path} {before[name]!r} {template.expected}",
                actual=wrong.actual,
            )


def _ended(resource: Resource, state: Json, reason: Json, template: Violation) -> Iterator[Violation]:
    """The network may end anything, and needs not say so; that it does so just then is worth a look."""
    path = f"$.{resource.status}"
    said = replace(template, path=path, expected=f"{path} {state!r} {template.expected}")
    if reason == "DELETE_REQUESTED":
        yield replace(said, actual="UNAVAILABLE, DELETE_REQUESTED")
    elif reason is None:
        yield replace(said, actual="UNAVAILABLE, no statusInfo", basis="status_info_missing")
    elif reason == "NETWORK_TERMINATED" and state == "AVAILABLE":  # what is REQUESTED may be refused any moment
        yield replace(said, actual="UNAVAILABLE, NETWORK_TERMINATED", basis="ended_by_network_meanwhile")


def _near(one: Json, other: Json) -> bool:
    times = moment(one), moment(other)
    return times[0] is not None and times[1] is not None and abs(times[0] - times[1]) <= ROUNDING
