"""Extending a session."""

from typing import Any

from pytest_nac_qod.foundation.jsontypes import JsonObject
from pytest_nac_qod.foundation.values import moment
from pytest_nac_qod.suite import Case, bodies, endings, judging, purpose, ruling, send, sinks, states
from pytest_nac_qod.verdicts import NotApplicable, NotTested
from pytest_nac_qod.wire.client import Answer


@purpose
def test_session_extended(case: Case) -> None:
    created = states.create(case, bodies.full_creation(case.target, case.resource, sink=sinks.url(case)))
    session = states.await_available(case, created.body["sessionId"])
    additional = bodies.additional(case.target)
    answer = send(case, path={"sessionId": session["sessionId"]}, body=bodies.extension(additional))
    case.judge(answer)
    judging.session(case, answer, created=created)
    before = session.get("duration")
    least = max(before, additional) if isinstance(before, int) else additional
    judging.at_least(case, answer, least, "what it was before")


@purpose
def test_extension_capped(case: Case) -> None:
    session = states.await_available(case, states.create_id(case))
    longest = case.target.profiles["default"].max_duration
    assert longest is not None
    answer = send(case, path={"sessionId": session["sessionId"]}, body=bodies.extension(longest))
    case.judge(answer)
    judging.granted_duration(case, answer)
    judging.at_least(case, answer, longest, "the maximum of the profile", basis="extension_to_the_maximum")


@purpose
def test_extension_of_unavailable_session(case: Case) -> None:
    tried = extension_while_requested(case)
    try:
        session_id = states.create_unavailable(case)
    except NotTested:
        if tried:
            return
        raise
    case.judge(send(case, path={"sessionId": session_id}, body=bodies.extension(60)))


def extension_while_requested(case: Case) -> bool:
    """Try to extend what is not AVAILABLE yet, and judge the answer; whether there was anything to judge.

    The session may become AVAILABLE meanwhile, as its extension then says.
    """
    device = "second" if "second" in case.target.devices else "default"
    created = states.create(case, bodies.creation(case.target, case.resource, device=device))
    if created.body.get("qosStatus") != "REQUESTED":
        case.clean()
        return False
    answer = send(case, path={"sessionId": created.body["sessionId"]}, body=bodies.extension(60))
    late = answer.response.is_success and ruling.shown(answer).get("qosStatus") != "REQUESTED"
    if not late:
        case.judge(answer)
    case.clean()
    return not late


Extended = tuple[JsonObject, Answer[Any]]


def extended(case: Case, seconds: int | None = None) -> Extended:
    """An AVAILABLE session, and the answer to its extension.

    Raises:
        Inconclusive: it was not extended.
    """
    session = states.await_available(case, states.create_id(case))
    seconds = bodies.additional(case.target) if seconds is None else seconds
    answer = send(case, path={case.resource.id: session[case.resource.id]}, body=bodies.extension(seconds))
    return session, ruling.reached(answer)


def read(case: Case, session: JsonObject) -> Answer[Any]:
    """The session as it is read."""
    return ruling.reached(case.call(case.resource.read, path={case.resource.id: session[case.resource.id]}))


@purpose
def test_extension_adds(case: Case) -> None:
    session, answer = extended(case)
    ruling.same(case, answer, "duration", endings.granted(session) + bodies.additional(case.target))


@purpose
def test_extension_moves_expiry(case: Case) -> None:
    session, answer = extended(case)
    after = ruling.shown(answer)
    old, new = moment(session.get("expiresAt")), moment(after.get("expiresAt"))
    if old is None or new is None:
        raise NotApplicable("the session shows no expiresAt, which is optional")
    moved, added = (new - old).total_seconds(), endings.granted(after) - endings.granted(session)
    expected = f"$.expiresAt moved by {added} s, as the duration was, from {session['expiresAt']}"
    ruling.require(case, answer.exchange, abs(moved - added) <= 1, expected=expected, actual=after["expiresAt"])


@purpose
def test_extension_persists(case: Case) -> None:
    session, answer = extended(case)
    after, retrieval = ruling.shown(answer), read(case, session)
    for name in ("duration", "expiresAt"):
        ruling.same(case, retrieval, name, after.get(name, "absent"))


@purpose
def test_extension_cap_persists(case: Case) -> None:
    longest = case.target.profiles["default"].max_duration or 0
    session, _ = extended(case, longest)
    retrieval = read(case, session)
    duration = endings.granted(ruling.shown(retrieval))
    expected = f"$.duration at most {longest} s"
    ruling.require(case, retrieval.exchange, duration <= longest, expected=expected, actual=duration)


@purpose
def test_extension_takes_effect(case: Case) -> None:
    session = states.await_available(case, states.create_id(case, endings.short(case)))
    body = bodies.extension(endings.beyond(case, session))
    answer = ruling.reached(send(case, path={case.resource.id: session[case.resource.id]}, body=body))
    lasting = endings.granted(ruling.shown(answer))
    added = lasting - endings.granted(session)
    if added < 2:  # as little as it may, or the session has all that its profile allows
        raise NotApplicable(f"the extension added {added} s only")
    end = endings.approach(case, session, lasting)
    retrieval = case.call(case.resource.read, path={case.resource.id: session[case.resource.id]})
    endings.require_before(retrieval, end)
    if retrieval.status == 404:
        expected = "the session, which lasts longer now"
        ruling.require(case, retrieval.exchange, holds=False, expected=expected, actual="404")
    else:
        ruling.lasts(case, ruling.reached(retrieval))


@purpose
def test_extension_not_positive(case: Case) -> None:
    session_id = states.await_available(case, states.create_id(case))[case.resource.id]
    ruling.accepted(case, send(case, path={case.resource.id: session_id}, body=bodies.extension(int(case.name))))


@purpose
def test_started_at_does_not_move(case: Case) -> None:
    session = states.await_available(case, states.create_id(case))
    path = {case.resource.id: session[case.resource.id]}
    assert case.resource.extend
    case.call(case.resource.extend, path=path, body=bodies.extension(bodies.additional(case.target)))
    answer = ruling.reached(send(case, path=path, body=None))
    ruling.same(case, answer, "startedAt", session.get("startedAt", "absent"))
