"""What is of another kind throughout, or one defect told by several requirements, is one cause."""

from pytest_nac_qod.foundation.jsontypes import Json
from tests.support.cause_cases import failed, misshown, shown, stopped, told
from tests.support.report_documents import result

UUID = "2cbe5a7c-1b0e-4d4e-9b1a-6f3f0c0f7c11"


def test_times_of_another_form_are_one_cause() -> None:
    cases = [
        misshown(shown(201, {}), f"$.{name}", f"$.{name} an RFC 3339 date-time with a zone", "1764230000000")
        for name in ("startedAt", "expiresAt")
    ]
    cases.append(misshown(shown(201, {}), "$.startedAt", "$.startedAt of type string", "1764230000000"))
    assert told(*cases) == [("fail", "Times are no date-times of RFC 3339", 3)]


def test_bodies_by_other_names_are_one_cause_with_what_could_not_start() -> None:
    def lacking(answer: Json) -> Json:
        cases = [misshown(answer, f"$.{name}", "present", "absent") for name in ("sessionId", "duration", "qosStatus")]
        return {**cases[0], "violations": [case["violations"][0] for case in cases]}

    created = shown(201, {"session_id": "s", "qos_status": "REQUESTED"})
    read = shown(200, {"session_id": "s"}, operation="getSession")
    cases = [lacking(created), lacking(read), stopped(created, "no session to start from: createSession answered 201")]
    title = "2 operations succeed with a body of another kind: an object with qos_status, session_id"
    assert told(*cases) == [("fail", title, 3)]


def test_a_code_that_no_requirement_knows_is_one_cause() -> None:
    answer = shown(400, {"status": 400, "code": "BAD_REQUEST", "message": "no"})
    cases = [failed(answer, f"400 {code}") for code in ("INVALID_ARGUMENT", "OUT_OF_RANGE", "INVALID_SINK")]
    assert told(*cases) == [("fail", "Errors have the code BAD_REQUEST, which is none of the document's", 3)]


def test_a_crash_instead_of_each_refusal_is_one_cause() -> None:
    answers = [shown(500, None, operation=name, sent={"x": name}) for name in ("createSession", "getSession", "other")]
    cases = [failed(answer, "400 INVALID_ARGUMENT") for answer in answers]
    cases.append(result("inconclusive", reason="what a creation without an answer left may be in the way"))
    fine = [result(operation="createSession", exchanges=[shown(201, {}, sent={"x": number})]) for number in range(9)]
    assert told(*cases, *fine) == [("fail", "500 instead of 400 throughout", 4)]


def test_a_crash_of_several_operations_on_the_same_is_one_cause() -> None:
    cases = [
        failed(shown(500, None, operation=name), "404 NOT_FOUND", requirement="A malformed id is refused.")
        for name in ("getSession", "deleteSession")
    ]
    assert told(*cases) == [("fail", "getSession and deleteSession answer 500", 2)]


def test_a_crash_on_ids_that_are_none_is_one_cause_whatever_rules_ask_for_them() -> None:
    def read(identifier: str, status: int, operation: str) -> Json:
        answer = shown(status, {}, operation=operation)
        answer["request"]["url"] += f"/{identifier}"
        return answer

    asked = {
        "getSession": ("A malformed id is refused.", "An id is no path."),
        "deleteSession": ("A malformed id is refused.",),
    }
    cases = [
        failed(read("no-uuid", 500, operation), "404 NOT_FOUND", requirement=requirement)
        for operation, requirements in asked.items()
        for requirement in requirements
    ]
    fine = [result(operation=name, exchanges=[read(UUID, status, name)]) for name in asked for status in (200, 404)]
    title = "getSession and deleteSession answer 500 when an id that is not a UUID is sent"
    assert told(*cases, *fine) == [("fail", title, 3)]


def test_what_is_let_through_and_refused_further_on_is_one_cause() -> None:
    cases = [
        failed(shown(201, {}), "401 UNAUTHENTICATED", requirement="An expired token is refused."),
        failed(
            shown(404, {"status": 404, "code": "NOT_FOUND", "message": "no"}, operation="getSession"),
            "401 UNAUTHENTICATED",
            requirement="An expired token is refused.",
        ),
    ]
    assert told(*cases) == [("fail", "An expired token is refused.", 2)]


def test_bounds_that_nobody_heeds_are_one_cause() -> None:
    cases = [
        failed(shown(201, {}), "400 QUALITY_ON_DEMAND.DURATION_OUT_OF_RANGE", requirement=name)
        for name in ("A duration above the maximum is refused.", "A duration below the minimum is refused.")
    ]
    assert [(verdict, number) for verdict, _, number in told(*cases)] == [("fail", 2)]


def test_the_same_refusal_in_two_operations_is_one_cause() -> None:
    body = {"status": 409, "code": "CONFLICT", "message": "no"}
    cases = [
        failed(shown(409, body, operation=name), "201", requirement="What was deleted leaves the device free.")
        for name in ("createSession", "createQosAssignment")
    ]
    assert told(*cases) == [("fail", "createSession and createQosAssignment answer 409 CONFLICT instead of 201", 2)]


def test_what_another_client_did_is_one_cause_with_what_came_of_it() -> None:
    used = shown(204, operation="deleteSession", token="second_client")
    gone = shown(404, {"status": 404, "code": "NOT_FOUND", "message": "no"}, operation="getSession")
    missing = failed(gone, "200")
    missing["exchanges"] = [{**used, "id": "x9"}, *missing["exchanges"]]
    own = "Only the client that created a session can use it."
    assert told(failed(used, "403 PERMISSION_DENIED", requirement=own), missing) == [("fail", own, 2)]


def test_a_remark_is_one_whatever_shows_it() -> None:
    def slower(rate: str) -> Json:
        case = misshown(shown(200, {}, operation="getQosProfile"), f"$.{rate}", f"{rate} of L", "less")
        return {**case["violations"][0], "severity": "may"}

    case = result(requirement="A larger label is not slower.", violations=[slower("maxUp"), slower("maxDown")])
    assert told(case) == [("note", "A larger label is not slower.", 1)]


def test_no_event_at_all_is_one_cause() -> None:
    def missed(requirement: str) -> Json:
        case = misshown(shown(201, {}), "", "an event that tells AVAILABLE", "no event")
        return {**case, "requirement": requirement}

    late = result("inconclusive", reason="0 of 1 events came within 4 s", exchanges=[])
    assert told(*map(missed, ("start", "end", "expiry")), late) == [("fail", "No event is sent to any sink", 4)]


def test_an_event_that_is_missed_explains_what_waited_for_it() -> None:
    missed = misshown(shown(201, {}), "", "an event that tells UNAVAILABLE", "AVAILABLE")
    late = result("inconclusive", reason="the end was not told in time", exchanges=[shown(201, {})])
    assert [verdict for verdict, _, _ in told(missed, late)] == ["fail"]


def test_tokens_that_nobody_takes_are_one_cause() -> None:
    cases = [
        failed(shown(401, {"status": 401, "code": "UNAUTHENTICATED", "message": "no"}, token=role), expected)
        for role in ("two_legged", "three_legged")
        for expected in ("201", "400 INVALID_ARGUMENT", "404 NOT_FOUND")
    ]
    assert told(*cases) == [("fail", "Every token is refused (401)", 6)]


def test_tokens_of_three_kinds_that_nobody_heeds_are_one_cause() -> None:
    cases = [
        failed(shown(200, {}, operation=name, token=role), "401 UNAUTHENTICATED", requirement=f"{role} is refused.")
        for name, role in (("getSession", "expired"), ("deleteSession", "without_scope"), ("getSession", "made up"))
    ]
    assert told(*cases) == [("fail", "Access tokens are not checked", 3)]


def test_values_of_its_own_are_one_cause_and_no_header() -> None:
    names = ("duration", "sink", "device", "qosProfile", "startedAt", "expiresAt")
    cases = [misshown(shown(201, {name: "x"}), f"$.{name}", f"$.{name} as sent", "'x'") for name in names]
    bare = shown(201, {}, headers=(("content-type", "application/json"),))
    cases.append(misshown(bare, "x-correlator", "x-correlator: c", "no x-correlator"))
    title = "createSession answers with values of its own, regardless of what is sent"
    assert told(*cases) == [("fail", title, 6), ("fail", "x-correlator is missing from answers", 1)]


def test_an_operation_that_refuses_whatever_is_sent_is_one_cause() -> None:
    refusal = shown(400, {"status": 400, "code": "INVALID_ARGUMENT", "message": "no"})
    right = result("pass", operation="createSession", exchanges=[{**refusal, "role": "judged"}])
    cases = [
        failed(refusal, "201", requirement="A valid request creates a session."),
        failed(refusal, "422 MISSING_IDENTIFIER", requirement="A request without a device is refused."),
        failed(refusal, "404 IDENTIFIER_NOT_FOUND", requirement="An unknown device is not found."),
        stopped(refusal, "no session to start from: createSession answered 400 INVALID_ARGUMENT"),
        right,
    ]
    assert told(*cases) == [("fail", "createSession answers 400 INVALID_ARGUMENT to whatever is sent", 4)]
    served = result("pass", operation="createSession", exchanges=[shown(201, {})])
    assert len(told(*cases, served)) == 3


def test_a_conflict_with_nothing_is_one_cause_whatever_meets_it() -> None:
    conflict = shown(409, {"status": 409, "code": "CONFLICT", "message": "no"})
    cases = [
        failed(conflict, "201", requirement="A valid request creates a session."),
        failed(conflict, "201 or 422 UNSUPPORTED_IDENTIFIER", requirement="A device can be named by its address."),
    ]
    assert told(*cases) == [("fail", "createSession answers 409 CONFLICT instead of 201", 2)]
    other = failed(conflict, "404 IDENTIFIER_NOT_FOUND", requirement="An unknown device is not found.")
    assert len(told(cases[1], other)) == 2
