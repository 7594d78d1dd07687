"""Reading the sessions of a device."""

from pytest_nac_qod.suite import Case, bodies, judging, purpose, send, sinks, states


@purpose("sessions_of_device_listed")
def test_sessions_of_device_listed(case: Case) -> None:
    created = states.create(case, bodies.full_creation(case.target, case.resource, sink=sinks.url(case)))
    states.available(case, created.body["sessionId"])
    answer = send(case)
    case.judge(answer)
    judging.listing(case, answer, created)


@purpose("no_sessions_for_device")
def test_no_sessions_for_device(case: Case) -> None:
    answer = send(case, body={"device": case.target.devices["idle"]})
    case.judge(answer)
    judging.value(case, answer, "", [])
