"""Who sees which sessions, and who can change them."""

from dataclasses import replace

from pytest_nac_qod.checks import keeping
from pytest_nac_qod.suite import Case, bodies, purpose, ruling, send, states
from pytest_nac_qod.verdicts import Violation


@purpose
def test_found_by_each_identifier(case: Case) -> None:
    device = case.target.devices["several"]
    key = states.create_id(case, bodies.creation(case.target, case.resource, device="several"))
    for name in sorted(case.target.identifier_types & device.keys()):
        answer = send(case, body={"device": {name: device[name]}})
        ruling.accepted(case, answer)
        if answer.status != 200:
            continue  # an identifier that the provider does not support
        listed = ruling.listed(case, answer, key)
        expected = f"session {key} found by {name}"
        ruling.require(case, answer.exchange, listed, expected=expected, actual="not in the list")


@purpose
def test_three_legged_retrieval(case: Case) -> None:
    key = states.create_id(case, bodies.creation(case.target, case.resource, device=None), token="three_legged")
    answer = send(case, token="three_legged", body={})
    ruling.accepted(case, answer)
    listed = ruling.listed(case, answer, key)
    ruling.require(case, answer.exchange, listed, expected=f"session {key} in the list", actual="not there")


@purpose
def test_three_legged_read_without_device(case: Case) -> None:
    key = states.create_id(case, bodies.creation(case.target, case.resource, device=None), token="three_legged")
    answer = send(case, token="three_legged", path={case.resource.id: key}, body=None)
    ruling.accepted(case, answer)
    ruling.same(case, answer, "device", "absent")


@purpose
def test_sessions_of_others_not_listed(case: Case) -> None:
    key = states.create_id(case)
    answer = ruling.reached(send(case, token="second_client"))
    hidden = not ruling.listed(case, answer, key)
    expected = f"session {key} of another client not in the list"
    ruling.require(case, answer.exchange, hidden, expected=expected, actual="it is there")


@purpose
def test_conflict_of_another_client(case: Case) -> None:
    states.create_id(case, token="second_client")
    ruling.accepted(case, send(case))


@purpose
def test_others_change_nothing(case: Case) -> None:
    before = states.await_available(case, states.create_id(case))
    path, statuses = {case.resource.id: before[case.resource.id]}, []
    if case.resource.extend and case.serves(case.resource.extend):
        body = bodies.extension(bodies.additional(case.target))
        statuses.append(case.call(case.resource.extend, token="second_client", path=path, body=body).status)
    if case.serves(case.resource.delete):
        statuses.append(case.call(case.resource.delete, token="second_client", path=path).status)
    answer = send(case, path=path, body=None)
    refused = bool(statuses) and min(statuses) >= 400
    gone = refused and answer.status == 404
    if not gone:
        ruling.accepted(case, answer)
    then = f"as before the request that was answered {statuses[-1]}" if refused else "as its own client left it"
    template = Violation(clause="", expected=then, actual="")
    wrong = keeping.changes(case.resource, before, None if gone else ruling.shown(answer), template)
    ruling.record(case, answer.exchange, (replace(item, path="") for item in wrong))
