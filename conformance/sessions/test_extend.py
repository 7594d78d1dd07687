"""Extending a session."""

from pytest_nac_qod.suite import Case, bodies, judging, purpose, send, sinks, states


@purpose("session_extended")
def test_session_extended(case: Case) -> None:
    created = states.create(case, bodies.full_creation(case.target, case.resource, sink=sinks.url(case)))
    session = states.available(case, created.body["sessionId"])
    additional = bodies.additional(case.target)
    answer = send(case, path={"sessionId": session["sessionId"]}, body=bodies.extension(additional))
    case.judge(answer)
    judging.session(case, answer, created=created)
    before = session.get("duration")
    least = max(before, additional) if isinstance(before, int) else additional
    judging.at_least(case, answer, least, "what it was before")


@purpose("extension_capped")
def test_extension_capped(case: Case) -> None:
    session = states.available(case, states.created(case))
    longest = case.target.profiles["default"].max_duration
    assert longest is not None
    answer = send(case, path={"sessionId": session["sessionId"]}, body=bodies.extension(longest))
    case.judge(answer)
    judging.granted_duration(case, answer)
    judging.at_least(case, answer, longest, "the maximum of the profile", severity="should")


@purpose("extension_of_unavailable_session")
def test_extension_of_unavailable_session(case: Case) -> None:
    session_id = states.unavailable(case)
    case.judge(send(case, path={"sessionId": session_id}, body=bodies.extension(60)))
