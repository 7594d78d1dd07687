"""Who sees which sessions, and who can change them."""

from pytest_nac_qod.suite import Case, bodies, purpose, ruling, send, states


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
    path = {case.resource.id: before[case.resource.id]}
    if case.resource.extend and case.serves(case.resource.extend):
        body = bodies.extension(bodies.additional(case.target))
        case.call(case.resource.extend, token="second_client", path=path, body=body)
    if case.serves(case.resource.delete):
        case.call(case.resource.delete, token="second_client", path=path)
    answer = send(case, path=path, body=None)
    ruling.accepted(case, answer)
    for name in (case.resource.status, "duration"):
        ruling.same(case, answer, name, before.get(name, "absent"))
