"""What only assignments have: one for each device, and revocation that may take time."""

from pytest_nac_qod.suite import Case, bodies, endings, judging, purpose, ruling, send, sinks, states


@purpose
def test_assignment_of_device_read(case: Case) -> None:
    created = states.create(case, bodies.full_creation(case.target, case.resource, sink=sinks.url(case)))
    states.await_available(case, created.body[case.resource.id])
    answer = send(case)
    case.judge(answer)
    judging.value(case, answer, case.resource.id, created.body[case.resource.id])
    judging.session(case, answer, created=created)


@purpose
def test_no_assignment_for_device(case: Case) -> None:
    case.judge(send(case, body={"device": case.target.devices["idle"]}))


@purpose
def test_deletion_accepted(case: Case) -> None:
    device = "asynchronous" if "asynchronous" in case.target.devices else "default"
    created = states.create(case, bodies.creation(case.target, case.resource, device=device))
    key = created.body[case.resource.id]
    states.await_available(case, key)
    answer = send(case, path={case.resource.id: key}, body=None)
    case.judge(answer)
    judging.session(case, answer, created=created)
    judging.value(case, answer, case.resource.status, "AVAILABLE")
    judging.value(case, answer, "statusInfo", "DELETE_REQUESTED")
    judging.present(case, answer, "startedAt")


@purpose
def test_assignment_gone_for_device(case: Case) -> None:
    endings.delete(case, states.create_id(case))
    answer = send(case)
    ruling.released(case, answer)
    ruling.accepted(case, answer)
