"""How sessions are read, live and end."""

from pytest_nac_qod.checks import history
from pytest_nac_qod.checks import rules as checks
from pytest_nac_qod.suite import Case, bodies, endings, judging, purpose, ruling, send, sinks, states


@purpose
def test_deleted_is_gone(case: Case) -> None:
    key = states.create_id(case)
    endings.delete(case, key)
    body = bodies.extension(60) if case.row.operation == case.resource.extend else None
    answer = send(case, path={case.resource.id: key}, body=body)
    ruling.released(case, answer)
    ruling.accepted(case, answer)
    if case.row.operation == case.resource.read:
        ruling.of_run(case, history.back_again, own=False)


@purpose
def test_session_listed_after_creation(case: Case) -> None:
    key = states.create_id(case)
    answer = ruling.reached(send(case))
    listed = ruling.listed(case, answer, key)
    ruling.require(case, answer.exchange, listed, expected=f"session {key} in the list", actual="not there")


@purpose
def test_session_not_listed_after_deletion(case: Case) -> None:
    key = states.create_id(case)
    endings.delete(case, key)
    answer = ruling.reached(send(case))
    ruling.released(case, answer)
    gone = not ruling.listed(case, answer, key)
    ruling.require(case, answer.exchange, gone, expected=f"session {key} not in the list", actual="still there")


@purpose
def test_read_as_answered(case: Case) -> None:
    created = states.create(case, bodies.full_creation(case.target, case.resource, sink=sinks.url(case)))
    states.await_available(case, created.body[case.resource.id])
    answer = send(case, path={case.resource.id: created.body[case.resource.id]}, body=None)
    ruling.accepted(case, answer)
    ruling.record(case, answer.exchange, checks.unchanged(ruling.shown(created), ruling.shown(answer)))


@purpose
def test_id_never_reused(case: Case) -> None:
    first = states.create_id(case)
    endings.delete(case, first)
    answer = states.create(case)
    second = ruling.shown(answer).get(case.resource.id)
    ruling.require(
        case, answer.exchange, second != first, expected=f"$.{case.resource.id} never used before", actual=second
    )
    ruling.of_run(case, history.reused_ids, own=False)


@purpose
def test_session_expires(case: Case) -> None:
    session = states.await_available(case, states.create_id(case, endings.short(case)))
    endings.expire(case, session)
    answer = send(case, path={case.resource.id: session[case.resource.id]}, body=None)
    ruling.accepted(case, answer)
    if answer.status == 200:
        ruling.same(case, answer, "qosStatus", "UNAVAILABLE")
        ruling.status_info(case, answer, "DURATION_EXPIRED", "NETWORK_TERMINATED")


@purpose
def test_session_lasts(case: Case) -> None:
    session = states.await_available(case, states.create_id(case, endings.short(case, ample=True)))
    end = endings.approach(case, session, endings.granted(session))
    answer = send(case, path={case.resource.id: session[case.resource.id]}, body=None)
    endings.require_before(answer, end)
    ruling.accepted(case, answer)
    ruling.lasts(case, answer)


@purpose
def test_terminated_says_why(case: Case) -> None:
    key = states.create_id(case)
    endings.terminate(case, key)
    states.until(case, key, "UNAVAILABLE", how=states.TERMINATED)
    answer = send(case, path={case.resource.id: key}, body=None)
    ruling.accepted(case, answer)
    ruling.status_info(case, answer, "NETWORK_TERMINATED")


@purpose
def test_refused_says_why(case: Case) -> None:
    states.require_progress(case)
    case.run.hook("refuse_next_session")
    answer = ruling.reached(send(case))
    shown = ruling.shown(answer)
    if shown.get(case.resource.status) != "UNAVAILABLE":
        key = ruling.created_id(case, answer)
        states.until(case, key, "UNAVAILABLE", how=states.REFUSED)
        answer = ruling.reached(case.call(case.resource.read, path={case.resource.id: key}))
    ruling.status_info(case, answer, "NETWORK_TERMINATED")


@purpose
def test_sessions_of_device_listed(case: Case) -> None:
    created = states.create(case, bodies.full_creation(case.target, case.resource, sink=sinks.url(case)))
    states.await_available(case, created.body["sessionId"])
    answer = send(case)
    case.judge(answer)
    judging.listing(case, answer, created)


@purpose
def test_no_sessions_for_device(case: Case) -> None:
    answer = send(case, body={"device": case.target.devices["idle"]})
    case.judge(answer)
    judging.value(case, answer, "", [])
