"""Several sessions at a time: what is done to one, and told of it, is about that one alone."""

from collections.abc import Sequence
from typing import Any

from pytest_nac_qod.checks import keeping
from pytest_nac_qod.checks.answer import described
from pytest_nac_qod.foundation.jsontypes import JsonObject
from pytest_nac_qod.suite import Case, bodies, deliveries, endings, purpose, ruling, send, sinks, states
from pytest_nac_qod.suite.sinks import Listener
from pytest_nac_qod.verdicts import Inconclusive, NotApplicable, Violation
from pytest_nac_qod.wire.client import Answer
from pytest_nac_qod.wire.exchange import Exchange

OTHER = "second"  # role of the other device
NEIGHBOUR = "second_client"  # role of the other client's token
LIFE = 2  # events of what becomes AVAILABLE and is deleted


def two(case: Case) -> tuple[JsonObject, JsonObject]:
    """What two devices have, each AVAILABLE."""
    keys = [
        states.create_id(case, bodies.creation(case.target, case.resource, device=device))
        for device in ("default", OTHER)
    ]
    first, second = (states.await_available(case, key) for key in keys)
    return first, second


def unchanged(case: Case, before: JsonObject, after_what: str) -> None:
    """It is read as it was before something that is none of its business."""
    key = before[case.resource.id]
    answer = case.call(case.resource.read, path={case.resource.id: key})
    if answer.status not in (200, 404):
        raise Inconclusive(f"{case.resource.noun} not read: {described(answer.exchange)}")
    now = ruling.shown(answer) if answer.status == 200 else None
    template = Violation(clause="", expected=f"as before {after_what}", actual="")
    ruling.record(case, answer.exchange, keeping.changes(case.resource, before, now, template))


@purpose
def test_deletion_of_another_device(case: Case) -> None:
    first, second = two(case)
    ruling.reached(send(case, path={case.resource.id: second[case.resource.id]}, body=None))
    unchanged(case, first, f"the deletion of the {case.resource.noun} of another device")


@purpose
def test_extension_of_another_device(case: Case) -> None:
    first, second = two(case)
    body = bodies.extension(bodies.additional(case.target))
    ruling.reached(send(case, path={case.resource.id: second[case.resource.id]}, body=body))
    unchanged(case, first, "the extension of the session of another device")


def disjoint(case: Case) -> tuple[JsonObject, JsonObject]:
    """Two sessions of one device.

    Raises:
        NotApplicable: the target has one at a time for each device.
    """
    body = bodies.creation(case.target, case.resource)
    first = states.create_id(case, {**body, "devicePorts": {"ports": [5060]}})
    answer = case.call(case.resource.create, body={**body, "devicePorts": {"ports": [5061]}})
    if answer.status != 201:
        raise NotApplicable("a device has one session at a time")
    return states.await_available(case, first), states.await_available(case, str(answer.body[case.resource.id]))


@purpose
def test_deletion_of_another_flow(case: Case) -> None:
    first, second = disjoint(case)
    ruling.reached(send(case, path={case.resource.id: second[case.resource.id]}, body=None))
    unchanged(case, first, "the deletion of another session of the device")


@purpose
def test_extension_of_another_flow(case: Case) -> None:
    first, second = disjoint(case)
    body = bodies.extension(bodies.additional(case.target))
    ruling.reached(send(case, path={case.resource.id: second[case.resource.id]}, body=body))
    unchanged(case, first, "the extension of another session of the device")


@purpose
def test_neighbour_leaves_sessions_alone(case: Case) -> None:
    mine = states.await_available(case, states.create_id(case))
    body = bodies.creation(case.target, case.resource, device=OTHER)
    theirs = states.create_id(case, body, token=NEIGHBOUR)
    states.await_available(case, theirs, token=NEIGHBOUR)
    ruling.reached(send(case, token=NEIGHBOUR, path={case.resource.id: theirs}, body=None))
    unchanged(case, mine, f"another client deleted a {case.resource.noun} of its own")


def listened(case: Case) -> list[tuple[Listener, str]]:
    """Two devices, with a sink, a credential and an id each; and another flow of the first where it can have two."""
    ids: list[tuple[Listener, str]] = []
    for device in ("default", OTHER):
        listener = Listener.of(case)
        ids.append((listener, states.create_id(case, listener.creation(device) | ports(case, len(ids)))))
    if case.resource.extend:
        listener = Listener.of(case)
        answer = case.call(case.resource.create, body=listener.creation() | ports(case, len(ids)))
        if answer.status == 201:  # else a device has one session at a time
            ids.append((listener, str(answer.body[case.resource.id])))
    for _, key in ids:
        states.await_available(case, key)
    return ids


def ports(case: Case, number: int) -> JsonObject:
    """What makes a flow another one, as far as what is created has flows."""
    return {"devicePorts": {"ports": [5060 + number]}} if case.resource.extend else {}


def mixed_up(case: Case, events: Sequence[Exchange], key: str) -> None:
    """The events are about `key` and nothing else."""
    for event in events:
        named = deliveries.told(event).get(case.resource.id)
        expected = f"$.data.{case.resource.id} {key!r} in all events at its sink"
        ruling.require(case, event, named in (key, None), expected=expected, actual=repr(named))


@purpose
def test_events_kept_apart(case: Case) -> None:
    sessions = listened(case)
    for _, key in sessions:
        endings.delete(case, key)
    for listener, key in reversed(sessions):  # what is mixed up is most likely at the last sink
        events = deliveries.settled(listener, lambda told: len(told) >= LIFE)
        if not events and not case.violations:
            raise Inconclusive("no event came")
        mixed_up(case, events, key)


@purpose
def test_credentials_kept_apart(case: Case) -> None:
    sessions = listened(case)
    for listener, _ in sessions:
        others = [other.secret for other, _ in sessions if other is not listener]
        for event in deliveries.arrived(listener, 1):
            given = event.request.header("authorization") or ""
            foreign = any(case.run.redactor.text(secret) in given for secret in others)
            expected = "event header Authorization: the access token that was given for this sink"
            ruling.require(
                case, event, not foreign, expected=expected, actual="the one that was given for another sink"
            )


def creation(case: Case, number: int) -> JsonObject:
    """A creation that differs from the other one in all that can differ."""
    body = bodies.creation(case.target, case.resource, device=("default", OTHER)[number])
    return body | {"sink": sinks.url(case)} | ports(case, number)


def of_its_own(case: Case, answer: Answer[Any], shown: JsonObject, sent: JsonObject, foreign: JsonObject) -> None:
    """What is shown is what was sent for it, and not for the other one."""
    for name in ("sink", "devicePorts", "device"):
        wrong = name in shown and shown[name] != sent.get(name) and shown[name] == foreign.get(name)
        expected = f"$.{name} {sent.get(name)!r}"
        ruling.require(
            case, answer.exchange, not wrong, expected=expected, actual=f"{shown.get(name)!r}, of another one"
        )


@purpose
def test_sessions_read_apart(case: Case) -> None:
    sent = [creation(case, number) for number in range(2)]
    keys = [states.create_id(case, body) for body in sent]
    for number, key in enumerate(keys):
        answer = ruling.reached(send(case, path={case.resource.id: key}, body=None))
        ruling.same(case, answer, case.resource.id, key)
        of_its_own(case, answer, ruling.shown(answer), sent[number], sent[1 - number])


@purpose
def test_former_data_forgotten(case: Case) -> None:
    former = creation(case, 0)
    endings.delete(case, states.create_id(case, former))
    key = states.create_id(case)
    answer = ruling.reached(send(case, path={case.resource.id: key}, body=None))
    shown = ruling.shown(answer)
    for name in ("sink", "devicePorts"):
        stale = former.get(name) is not None and shown.get(name) == former[name]
        expected = f"$.{name} absent, as it was not sent"
        ruling.require(
            case, answer.exchange, not stale, expected=expected, actual=f"{shown.get(name)!r}, of the former one"
        )
