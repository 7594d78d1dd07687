"""What becomes of what is created: one defect told by several rules, or by several properties, is one cause."""

from pytest_nac_qod.foundation.jsontypes import Json
from tests.support.cause_cases import failed, misshown, shown, stopped, told
from tests.support.report_documents import result, violation

START, END, LATE = "2026-11-27T10:00:00Z", "2026-11-27T11:00:00Z", "2026-11-27T12:00:00Z"


def session(ends: str) -> Json:
    return {"sessionId": "s", "startedAt": START, "expiresAt": ends, "duration": 7200}


def judged(answer: Json, *wrong: Json, requirement: str = "A rule.") -> Json:
    case = result("fail", operation=answer["operation"], exchanges=[answer], violations=list(wrong))
    return {**case, "requirement": requirement}


def said(expected: str, actual: str, path: str = "") -> Json:
    return violation(clause="x#/y", expected=expected, actual=actual, path=path)


def test_a_duration_and_the_end_that_goes_with_it_are_one_cause() -> None:
    wrong = said("$.duration 3600", "7200", "$.duration"), said(f"$.expiresAt {END}", LATE, "$.expiresAt")
    assert told(judged(shown(200, session(LATE)), *wrong)) == [("fail", "Wrong $.duration", 1)]
    apart = told(judged(shown(200, session(END)), *wrong))
    assert [title for _, title, _ in apart] == ["Wrong $.duration", "Wrong $.expiresAt"]


def test_what_a_rule_says_of_a_property_joins_what_is_wrong_with_it() -> None:
    answer = shown(200, session(LATE))
    shows = [misshown(answer, "$.duration", "$.duration at most 3600 s", "7200") for _ in range(2)]
    rule = judged(answer, said("$.duration from 1 s to 3600 s", "7200"), requirement="No extension goes too far.")
    assert told(*shows, rule) == [("fail", "Wrong $.duration", 3)]


def test_a_status_that_is_wrong_at_one_moment_is_a_cause_of_its_own() -> None:
    answer = shown(200, {"qosStatus": "AVAILABLE"})
    shows = misshown(answer, "$.qosStatus", "$.qosStatus one of the enum", "'available'")
    rule = judged(answer, said("$.qosStatus not AVAILABLE after the deletion", "AVAILABLE"), requirement="It is gone.")
    assert [title for _, title, _ in told(shows, rule)] == ["Wrong $.qosStatus", "What was deleted is still AVAILABLE"]


def test_a_part_of_a_wrong_value_is_no_cause_of_its_own() -> None:
    answer = shown(201, {"applicationServer": {"ipv4Address": "198.51.100.0/24/32"}})
    wrong = (
        said("$.applicationServer as in the request", "other", "$.applicationServer"),
        said("$.applicationServer.ipv4Address matching ^x$", "other", "$.applicationServer.ipv4Address"),
    )
    assert told(judged(answer, *wrong)) == [("fail", "Wrong $.applicationServer", 1)]


def test_a_refused_request_that_acts_is_one_cause_whatever_it_changed() -> None:
    before = "as before the request that was answered 409"
    changed = judged(
        shown(200, session(LATE), operation="getSession"),
        said(f"$.duration 3600 {before}", "7200", "$.duration"),
        said(f"$.sink 'a' {before}", "'b'", "$.sink"),
    )
    listed = shown(200, [], operation="retrieveSessionsByDevice")
    created = judged(listed, said("nothing created by the request that was answered 409", "a new session", "$"))
    assert told(changed, created) == [("fail", "A request that is answered 409 acts all the same", 2)]


def test_a_change_of_something_else_belongs_to_what_was_done() -> None:
    answer = shown(200, session(LATE), operation="getSession")
    after = "as before the extension of the session of another device"
    changed = judged(
        answer,
        said(f"$.duration 3600 {after}", "7200", "$.duration"),
        said(f"$.expiresAt '{END}' {after}", LATE, "$.expiresAt"),
        requirement="Extending what one device has leaves alone what another one has.",
    )
    assert told(changed) == [("fail", "Extending what one device has leaves alone what another one has.", 1)]


def test_ids_that_are_given_twice_are_one_cause_with_all_that_follows() -> None:
    first = shown(201, {"sessionId": "same"}, sent={"device": {"phoneNumber": "+1"}})
    second = {**shown(201, {"sessionId": "same"}, sent={"device": {"phoneNumber": "+2"}}), "id": "x2"}
    mixed = judged(first, said("the session as before", "it is gone"))
    mixed["exchanges"].append(second)
    unjudged = stopped(first, "session not deleted: deleteSession answered 404 NOT_FOUND")
    unjudged["exchanges"] = [first, second]
    assert told(mixed, unjudged) == [("fail", "What is created gets an id that something else has already", 2)]


def test_an_id_may_be_used_again_after_its_deletion() -> None:
    key = "2cbe5a7c-1b0e-4d4e-9b1a-6f3f0c0f7c11"
    first = shown(201, {"sessionId": key}, sent={"device": {"phoneNumber": "+1"}})
    gone = {**shown(204, operation="deleteSession"), "id": "x2"}
    gone["request"] |= {"method": "DELETE", "url": f"http://127.0.0.1/sessions/{key}"}
    second = {**shown(201, {"sessionId": key}, sent={"device": {"phoneNumber": "+2"}}), "id": "x3"}
    case = judged(first, said("another thing", "wrong"), requirement="Another rule.")
    case["exchanges"] += [gone, second]
    assert told(case) == [("fail", "Another rule.", 1)]


def test_a_list_that_lacks_what_was_created_is_one_cause() -> None:
    answer = shown(200, [], operation="retrieveSessionsByDevice")
    cases = [
        judged(answer, said("session s in the list", "not there"), requirement="Listed at once."),
        judged(answer, said("session s, one of 4, once in the list", "0 times"), requirement="Listed once."),
        judged(answer, said("session s listed once", "0 sessions, not this one"), requirement="Listed as created."),
    ]
    unjudged = stopped(answer, "session s is not in the list")
    assert told(*cases, unjudged) == [("fail", "retrieveSessionsByDevice does not list what was created", 4)]


def test_a_flow_that_is_still_in_use_is_no_cause_of_its_own() -> None:
    refused = failed(shown(409, {"status": 409, "code": "CONFLICT", "message": "no"}), "201")
    waiting = stopped(
        shown(200, [], operation="retrieveSessionsByDevice"), "what was created before is still in the way"
    )
    assert told(refused, waiting) == [("fail", "createSession answers 409 CONFLICT instead of 201", 2)]


def test_what_is_shown_and_acted_on_is_one_cause() -> None:
    requirement = "What was deleted is gone."
    shows = judged(shown(200, {}, operation="getSession"), said("gone", "AVAILABLE"), requirement=requirement)
    extends = failed(shown(200, {}, operation="extend"), "404 NOT_FOUND", requirement=requirement)
    assert told(shows, extends) == [("fail", requirement, 2)]


def test_what_cannot_be_seen_to_become_available_joins_the_status_that_is_wrong() -> None:
    shows = misshown(
        shown(201, {"qosStatus": "available"}), "$.qosStatus", "$.qosStatus one of the enum", "'available'"
    )
    refused = shown(409, {"status": 409, "code": "CONFLICT", "message": "no"}, operation="extendQosSessionDuration")
    waiting = stopped(refused, "session still available after 4 s, never AVAILABLE")
    assert told(shows, waiting) == [("fail", "Wrong $.qosStatus", 2)]
    elsewhere = {**waiting, "api": "qos-provisioning"}
    assert len(told(shows, elsewhere)) == 2


def test_a_case_that_looks_at_401_joins_what_stands_for_it() -> None:
    answer = shown(403, {"status": 403, "code": "PERMISSION_DENIED", "message": "no"}, token="")
    cases = [failed(answer, "401 UNAUTHENTICATED", requirement=name) for name in ("a", "b", "c")]
    looking = stopped(shown(200, []), "the request without a token was answered 403")
    assert told(*cases, looking) == [("fail", "403 instead of 401 throughout", 4)]


def test_what_a_refused_request_changed_is_told_once_in_its_case() -> None:
    kept = shown(200, {"sessionId": "1"}, operation="getSession")
    changed = violation(expected="$.sink 'a' as before the request that was answered 409", actual="'b'", path="$.sink")
    astray = violation(expected="no event at the sink of the refused request", actual="UNAVAILABLE", path="")
    case = result("fail", operation="createSession", exchanges=[kept], violations=[changed, astray])
    waiting = result("inconclusive", operation="createSession", reason="0 of 1 events came within 4 s")
    assert told(case, waiting) == [("fail", "A request that is answered 409 acts all the same", 2)]


def test_events_at_the_sink_of_something_else_are_missed_at_their_own() -> None:
    event = shown(204, operation="event")
    astray = judged(
        event, said("$.data.sessionId '1' in all events at its sink", "'2'"), requirement="Sinks are kept apart."
    )
    waiting = result("inconclusive", operation="createSession", reason="no event came")
    assert told(astray, waiting) == [("fail", "Sinks are kept apart.", 2)]


def test_what_a_deletion_took_away_is_not_missed_again() -> None:
    read = shown(404, {"status": 404, "code": "NOT_FOUND", "message": "no"}, operation="getSession")
    gone = said("the session as before the deletion of the session of another device", "it is gone")
    missing = {**read, "operation": "deleteSession"}
    waiting = stopped(missing, "session not deleted: deleteSession answered 404 NOT_FOUND")
    assert told(judged(read, gone), waiting) == [("fail", "A rule.", 2)]
    assert len(told(waiting, judged(read, said("as it was", "it is another")))) == 2


def test_what_is_said_of_a_session_and_of_an_assignment_is_one_cause() -> None:
    shows = [
        judged(
            shown(200, {}, operation=f"get{noun}"), said(f"$.{name} 'UNAVAILABLE' of the {noun} that has ended", "A")
        )
        for name, noun in (("qosStatus", "session"), ("status", "assignment"))
    ]
    assert told(*shows) == [("fail", "A rule.", 2)]


def test_events_that_nobody_can_read_are_one_cause_with_those_that_seem_to_be_missing() -> None:
    event = shown(204, {}, operation="postNotification")
    text = judged(event, said("$.data of type object", "'{…}'", "$.data"), requirement="An event tells the start.")
    missed = judged(event, said("an event that tells UNAVAILABLE", ","), requirement="An event tells the end.")
    assert told(text, missed) == [("fail", "Wrong $.data", 2)]
    other = judged(event, said("$.data.qosStatus AVAILABLE", "'UNAVAILABLE'", "$.data.qosStatus"), requirement="Right.")
    assert len(told(other, missed)) == 2


def test_an_event_that_is_missed_is_one_cause_for_sessions_and_assignments() -> None:
    cases = [
        judged(shown(201, {}), said(f"an event with $.data.{name} UNAVAILABLE at the sink within 5 s", "no event"),
               requirement=f"The end of {name} is told.")
        for name in ("qosStatus", "status")
    ]  # fmt: skip
    assert told(*cases) == [("fail", "No event tells that something is UNAVAILABLE", 2)]


def test_a_filter_that_is_ignored_is_one_cause_whatever_rules_use_it() -> None:
    asked = shown(200, [], operation="retrieveQoSProfiles", sent={"status": "ACTIVE"})
    shows = misshown(asked, "$[1].status", "$[1].status 'ACTIVE'", "'INACTIVE'")
    rule = judged(asked, said("none but ACTIVE", "INACTIVE"), requirement="The lists fit.")
    other = judged(shown(200, [], operation="retrieveQoSProfiles", sent={"name": "QOS_L"}),
                   said("none but QOS_L", "QOS_S"), requirement="The names fit.")  # fmt: skip
    assert [title for _, title, _ in told(shows, rule, other)] == ["Wrong $[*].status", "The names fit."]


def test_an_end_that_is_missed_is_no_cause_beside_the_session_that_does_not_end() -> None:
    read = shown(200, session(LATE), operation="getSession")
    lasts = judged(read, said("$.qosStatus 'UNAVAILABLE'", "AVAILABLE"), requirement="It ends in time.")
    waits = stopped(read, "session still AVAILABLE after its end, never UNAVAILABLE")
    assert told(lasts, waits) == [("fail", "It ends in time.", 2)]


def test_what_the_owner_is_let_do_is_no_cause_for_what_is_not_found() -> None:
    sink = failed(shown(201, {}), "400 INVALID_SINK, 403 PERMISSION_DENIED or 422", requirement="That sink is refused.")
    hidden = failed(shown(404, {"code": "NOT_FOUND"}, operation="getSession"), "200", requirement="It is read.")
    gone = {**hidden, "exchanges": [shown(201, {}), *hidden["exchanges"]]}
    gone["violations"][0]["exchange"] = gone["exchanges"][-1]["id"]
    assert sorted(title for _, title, _ in told(sink, gone)) == [
        "That sink is refused.", "getSession answers 404 NOT_FOUND instead of 200",
    ]  # fmt: skip
