"""Reading sessions, by id and by device."""

from pytest_nac_qod.suite import Case, bodies, judging, purpose, send, sinks, states


@purpose("session_read")
def test_session_read(case: Case) -> None:
    created = states.create(case, bodies.full_creation(case.target, sink=sinks.url(case)))
    session = states.available(case, created.body["sessionId"])
    answer = send(case, path={"sessionId": session["sessionId"]}, body=None)
    case.judge(answer)
    judging.session(case, answer, created=created)


@purpose("recently_unavailable_session_kept")
def test_recently_unavailable_session_kept(case: Case) -> None:
    session_id = states.unavailable(case, perhaps_gone=True)
    answer = send(case, path={"sessionId": session_id}, body=None)
    case.judge(answer)
    judging.value(case, answer, "qosStatus", "UNAVAILABLE")
    if "advance_clock" in case.target.hooks:
        case.run.hook("advance_clock", seconds=350)
        answer = send(case, path={"sessionId": session_id}, body=None)
        case.judge(answer)
        judging.value(case, answer, "qosStatus", "UNAVAILABLE")


@purpose("sessions_of_device_listed")
def test_sessions_of_device_listed(case: Case) -> None:
    created = states.create(case, bodies.full_creation(case.target, sink=sinks.url(case)))
    states.available(case, created.body["sessionId"])
    answer = send(case)
    case.judge(answer)
    judging.listing(case, answer, created)


@purpose("no_sessions_for_device")
def test_no_sessions_for_device(case: Case) -> None:
    answer = send(case, body={"device": case.target.devices["idle"]})
    case.judge(answer)
    judging.value(case, answer, "", [])
