"""What the list of a device holds: just what it has, each once and as it is read."""

from typing import Any

from pytest_nac_qod.checks import keeping
from pytest_nac_qod.checks.answer import body_of, described
from pytest_nac_qod.foundation.jsontypes import JsonObject
from pytest_nac_qod.suite import Case, bodies, endings, purpose, ruling, send, states
from pytest_nac_qod.suite.waits import waiting
from pytest_nac_qod.verdicts import Inconclusive, NotApplicable, Violation
from pytest_nac_qod.wire.client import Answer

PORTS = (5060, 5061, 5062, 5063)


def items(answer: Answer[Any]) -> list[JsonObject]:
    """What the answer lists; the one assignment that it is.

    Raises:
        Inconclusive: it is neither.
    """
    payload = body_of(answer.exchange.response) if answer.exchange.response else None
    payload = [payload] if isinstance(payload, dict) else payload
    if not isinstance(payload, list):
        raise Inconclusive(f"no list to look into: {described(answer.exchange)}")
    return [item for item in payload if isinstance(item, dict)]


def ids(case: Case, answer: Answer[Any]) -> list[str]:
    """The ids in the list, in its order."""
    return [str(item.get(case.resource.id)) for item in items(answer)]


@purpose
def test_other_devices_not_listed(case: Case) -> None:
    states.create_id(case)
    other = states.create_id(case, bodies.creation(case.target, case.resource, device="second"))
    answer = ruling.reached(send(case))
    expected = f"{case.resource.noun} {other} of another device not there"
    ruling.require(case, answer.exchange, other not in ids(case, answer), expected=expected, actual="it is there")


@purpose
def test_sessions_listed_once(case: Case) -> None:
    body = bodies.creation(case.target, case.resource)
    keys = [states.create_id(case, {**body, "devicePorts": {"ports": PORTS[:1]}})]
    for port in PORTS[1:]:
        answer = case.call(case.resource.create, body={**body, "devicePorts": {"ports": [port]}})
        if answer.status == 201 and isinstance(answer.body, dict):
            keys.append(str(answer.body.get(case.resource.id)))
    answer = ruling.reached(send(case))
    listed = ids(case, answer)
    for key in keys:
        times = listed.count(key)
        if times == 0 and _ended(case, key):
            continue  # the network may end any of them meanwhile
        expected = f"session {key}, one of {len(keys)}, once in the list"
        ruling.require(case, answer.exchange, times == 1, expected=expected, actual=f"{times} times")


def _ended(case: Case, key: str) -> bool:
    if not case.serves(case.resource.read):
        return False
    read = case.call(case.resource.read, path={case.resource.id: key})
    return ruling.shown(read).get(case.resource.status) == "UNAVAILABLE"


@purpose
def test_listed_as_read(case: Case) -> None:
    key = states.create_id(case)
    before = states.await_available(case, key)
    if case.resource.extend and case.serves(case.resource.extend):
        case.call(
            case.resource.extend, path={case.resource.id: key}, body=bodies.extension(bodies.additional(case.target))
        )
        before = ruling.shown(ruling.reached(case.call(case.resource.read, path={case.resource.id: key})))
    answer = ruling.reached(send(case))
    shown = [item for item in items(answer) if item.get(case.resource.id) == key]
    if not shown:
        raise Inconclusive(f"{case.resource.noun} {key} is not in the list")
    template = Violation(clause="", expected="as it was read just before", actual="")
    ruling.record(case, answer.exchange, keeping.changes(case.resource, before, shown[0], template))


@purpose
def test_ended_session_in_list(case: Case) -> None:
    key = states.create_id(case)
    endings.terminate(case, key)
    states.until(case, key, "UNAVAILABLE")
    answer = send(case)
    if answer.status == 404 and not case.resource.extend:
        raise NotApplicable("an assignment that has ended is not found by its device")
    ruling.reached(answer)
    for item in items(answer):
        if item.get(case.resource.id) == key:
            status = item.get(case.resource.status)
            expected = f"$.{case.resource.status} 'UNAVAILABLE' of the {case.resource.noun} that has ended"
            ruling.require(case, answer.exchange, status == "UNAVAILABLE", expected=expected, actual=status)


@purpose
def test_deleted_stays_deleted(case: Case) -> None:
    key = states.create_id(case)
    endings.delete(case, key)
    if not waiting.settle(case):
        endings.elapse(case, min(1.0, case.target.polling.budget))
    answer = case.call(case.resource.read, path={case.resource.id: key}, role="judged")
    if answer.status == 200:
        status = ruling.shown(answer).get(case.resource.status)
        ended = status == "UNAVAILABLE"
        expected = f"404, or $.{case.resource.status} 'UNAVAILABLE', once it was deleted"
        ruling.require(case, answer.exchange, ended, expected=expected, actual=f"200, {status}")


@purpose
def test_other_assignment_not_found(case: Case) -> None:
    other = states.create_id(case, bodies.creation(case.target, case.resource, device="second"))
    answer = send(case)
    if answer.response.is_success:
        key = ruling.shown(answer).get(case.resource.id)
        expected = "no assignment of another device"
        ruling.require(case, answer.exchange, key != other, expected=expected, actual=f"assignment {key}")


@purpose
def test_sessions_of_device_counted(case: Case) -> None:
    before = ids(case, ruling.reached(send(case)))
    key = states.create_id(case)
    answer = ruling.reached(send(case))
    extra = [identifier for identifier in ids(case, answer) if identifier not in (key, *before)]
    expected = f"nothing more in the list than before but session {key}"
    ruling.require(case, answer.exchange, not extra, expected=expected, actual=f"also {', '.join(extra)}")
