"""Requests that come at the same time: what they come to is what some order of them, one by one, could come to."""

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

from pytest_nac_qod.checks.answer import CORRELATOR
from pytest_nac_qod.foundation.jsontypes import Json
from pytest_nac_qod.suite import Case, bodies, endings, purpose, ruling, states
from pytest_nac_qod.verdicts import Inconclusive, NotTested
from pytest_nac_qod.wire.client import Answer, new_correlator

Request = Callable[[Case], Answer[Any]]


def at_once(case: Case, *requests: Request) -> list[Answer[Any]]:
    """The answers to requests that are sent at the same time, each over a client of its own."""
    case.run.token("two_legged")  # so that nobody waits for it
    parts = [replace(case, client=case.run.client(case.row.api)) for _ in requests]
    with ThreadPoolExecutor(len(requests)) as pool:
        started = [pool.submit(request, part) for request, part in zip(requests, parts, strict=True)]
        answers = [one.result() for one in started]
    return [_kept(case, part, answer) for part, answer in zip(parts, answers, strict=True)]


def _kept(case: Case, part: Case, answer: Answer[Any]) -> Answer[Any]:
    """The answer, recorded with the others of the case."""
    numbered = replace(answer.exchange, id=f"x{len(case.client.exchanges) + 1}")
    case.client.exchanges.append(numbered)
    case.client.owned.extend(part.client.owned)
    case.client.owners.update(part.client.owners)
    return replace(answer, exchange=numbered)


def sending(
    operation: str, key: str = "", body: Json = None, headers: Mapping[str, str | None] | None = None
) -> Request:
    """A request, to be sent later."""
    return lambda case: case.call(
        operation, path={case.resource.id: key} if key else None, body=body, headers=headers, role="judged"
    )


@purpose
def test_creations_at_once(case: Case) -> None:
    create = sending(case.row.operation, body=bodies.creation(case.target, case.resource))
    answers = at_once(case, create, create)
    statuses = sorted(answer.status for answer in answers)
    if {429, 500, 503} & {*statuses}:
        raise Inconclusive(f"two requests at once were too many: {', '.join(map(str, statuses))}")
    one = [answer.response.is_success for answer in answers].count(True) == 1 and 409 in statuses
    expected = "one of two creations at once accepted, the other one answered 409"
    said = " and ".join(map(str, statuses))
    ruling.require(case, answers[-1].exchange, one, expected=expected, actual=said)


def available(case: Case) -> str:
    """Id of a session that is AVAILABLE."""
    key = states.create_id(case)
    states.await_available(case, key)
    return key


@purpose
def test_extensions_at_once(case: Case) -> None:
    key = available(case)
    extend = sending(case.row.operation, key, bodies.extension(max(1, bodies.additional(case.target) // 2)))
    answers = [answer for answer in at_once(case, extend, extend) if answer.response.is_success]
    if not answers:
        raise Inconclusive("neither of two extensions at once was granted")
    last = max(endings.granted(ruling.shown(answer)) for answer in answers)
    answer = ruling.reached(case.call(case.resource.read, path={case.resource.id: key}))
    ruling.same(case, answer, "duration", last)


@purpose
def test_extension_and_deletion_at_once(case: Case) -> None:
    key = available(case)
    extend = sending(str(case.resource.extend), key, bodies.extension(bodies.additional(case.target)))
    _, deleted = at_once(case, extend, sending(case.row.operation, key))
    if deleted.status != 204:
        raise Inconclusive(f"the deletion was answered {deleted.status}")
    answer = case.call(case.resource.read, path={case.resource.id: key})
    ruling.released(case, answer)


@purpose
def test_correlators_at_once(case: Case) -> None:
    if case.target.x_correlator == "off":
        raise NotTested('the target file says x_correlator = "off"')
    key = states.create_id(case)
    values = [new_correlator() for _ in range(3)]
    requests = [sending(case.row.operation, key, headers={CORRELATOR: value}) for value in values]
    for answer, value in zip(at_once(case, *requests), values, strict=True):
        echo = answer.response.headers.get(CORRELATOR)
        foreign = echo in (case.correlator, *values) and echo != value
        expected = f"x-correlator {value}, as in the request"
        ruling.require(case, answer.exchange, not foreign, expected=expected, actual=f"{echo}, of another request")
