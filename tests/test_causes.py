"""A run is told as what a person would say is wrong: one entry for each cause, and its consequences in it."""

import pytest

from pytest_nac_qod.report.causes import Cause, causes
from tests.support.cause_cases import failed, misshown, shown, stopped, told
from tests.support.report_documents import result


def test_a_route_that_is_not_there_is_one_cause_whatever_runs_through_it() -> None:
    answer = shown(404, {"detail": "Not Found"}, operation="retrieveSessionsByDevice")
    cases = [
        failed(answer, "200"),
        failed(answer, "400 INVALID_ARGUMENT"),
        failed(answer, "401 UNAUTHENTICATED"),
        stopped(answer, "retrieveSessionsByDevice answered 404"),
    ]
    assert told(*cases) == [("fail", "retrieveSessionsByDevice is not served: every request is answered 404", 4)]


def test_an_id_that_is_not_found_is_no_missing_route() -> None:
    answer = shown(404, {"status": 404, "code": "IDENTIFIER_NOT_FOUND", "message": "no"})
    assert "not served" not in told(failed(answer, "201"), failed(answer, "400 INVALID_ARGUMENT"))[0][1]


def test_tokens_that_nobody_checks_are_one_cause() -> None:
    created, read = {"sessionId": "s"}, {"sessionId": "s"}
    cases = [
        failed(shown(201, created, token=""), "401 UNAUTHENTICATED"),
        failed(shown(200, read, operation="getSession", token=""), "401 UNAUTHENTICATED"),
        failed(shown(200, read, operation="getSession", token="expired"), "401 UNAUTHENTICATED"),
        failed(shown(200, read, operation="getSession", token="second_client"), "403 PERMISSION_DENIED"),
    ]
    assert told(*cases) == [("fail", "Access tokens are not checked", 4)]


def test_only_expired_tokens_that_are_accepted_are_another_cause() -> None:
    cases = [
        failed(
            shown(200, {}, operation=name, token="expired"),
            "401 UNAUTHENTICATED",
            requirement="An expired token is refused.",
        )
        for name in ("getSession", "deleteSession")
    ]
    assert told(*cases) == [("fail", "An expired token is refused.", 2)]


def test_errors_of_another_shape_and_another_status_are_two_causes() -> None:
    detail = {"detail": [{"loc": ["body", "duration"], "msg": "missing"}]}
    cases = [failed(shown(422, detail), f"400 {code}") for code in ("INVALID_ARGUMENT", "OUT_OF_RANGE", "INVALID_SINK")]
    cases += [failed(shown(404, {"detail": "no"}, operation="getSession"), "404 NOT_FOUND")]
    cases += [misshown(shown(401, {"detail": "no"}), "$", "object with status, code, message", "object with detail")]
    assert told(*cases) == [
        ("fail", "422 instead of 400 throughout", 3),
        ("fail", "Errors are objects with detail, not ErrorInfo with status, code and message", 2),
    ]


def test_another_success_throughout_is_one_cause_with_what_could_not_start() -> None:
    answer = shown(200, {"sessionId": "s"})
    cases = [failed(answer, "201", requirement=name) for name in ("a", "b", "c")]
    assert told(*cases, stopped(answer, "no session to start from: createSession answered 200")) == [
        ("fail", "200 instead of 201 throughout", 4)
    ]


def test_a_missing_header_is_one_cause_in_every_operation() -> None:
    bare = (("content-type", "application/json"),)
    cases = [
        misshown(
            shown(200, {}, operation=name, headers=bare), "x-correlator", f"x-correlator: {name}", "no x-correlator"
        )
        for name in ("createSession", "getSession", "deleteSession")
    ]
    assert told(*cases) == [("fail", "x-correlator is missing from answers", 3)]


def test_a_crash_names_the_property_that_its_requests_share() -> None:
    ports = {"device": {"phoneNumber": "+1"}, "devicePorts": {"ranges": [{"from": 1, "to": 2}]}}
    plain = {"device": {"phoneNumber": "+1"}, "devicePorts": {"ports": [1]}}
    cases = [
        failed(shown(500, None, sent=ports), "201"),
        failed(shown(500, None, sent=ports), "400 OUT_OF_RANGE"),
        result(operation="createSession", exchanges=[shown(201, {}, sent=plain)]),
    ]
    assert told(*cases) == [("fail", "createSession answers 500 when $.devicePorts.ranges is sent", 2)]


def test_nulls_for_absent_properties_are_one_cause_in_every_place() -> None:
    answer = shown(201, {"startedAt": None, "device": {"ipv4Address": None}})
    listed = shown(200, [{"startedAt": None}], operation="retrieveSessionsByDevice")
    cases = [
        misshown(answer, "$.startedAt", "$.startedAt string", "null"),
        misshown(answer, "$.device.ipv4Address", "$.device.ipv4Address object", "null"),
        misshown(listed, "$[0].startedAt", "$[0].startedAt string", "null"),
    ]
    assert told(*cases) == [("fail", "Absent properties are shown as null", 3)]


@pytest.mark.parametrize("time", ["'2026-11-27T08:00:00'", '"2026-11-27T08:00:00.123"', "2026-11-27 08:00:00"])
def test_times_without_zone_are_one_cause(time: str) -> None:
    cases = [
        misshown(shown(201, {}), "$.startedAt", "$.startedAt date-time", time),
        misshown(shown(200, {}, operation="getSession"), "$.expiresAt", "$.expiresAt date-time", time),
    ]
    assert told(*cases) == [("fail", "Times have no zone (RFC 3339 5.6)", 2)]


def test_indexes_of_a_list_tell_no_causes_apart() -> None:
    listed = shown(200, [], operation="retrieveSessionsByDevice")
    cases = [misshown(listed, f"$[{number}].duration", f"$[{number}].duration 600", str(number)) for number in range(3)]
    cases.append(misshown(shown(201, {}), "$.duration", "$.duration 600", "601"))
    assert told(*cases) == [("fail", "Wrong $[*].duration", 4)]


def test_a_state_that_is_never_reached_is_told_once() -> None:
    answer = shown(200, {"qosStatus": "REQUESTED"}, operation="getSession")
    cases = [stopped(answer, f"session still REQUESTED after {budget} s, never AVAILABLE") for budget in (4, 60)]
    assert told(*cases) == [("inconclusive", "What was created never becomes AVAILABLE within polling.budget", 2)]


def test_a_start_that_was_refused_joins_the_cause_that_says_so() -> None:
    answer = shown(403, {"status": 403, "code": "PERMISSION_DENIED", "message": "no"})
    cases = [failed(answer, "201"), stopped(answer, "no session to start from: createSession answered 403")]
    (cause,) = causes(cases)
    assert cause.verdict == "fail"
    assert cause.cases == [0, 1]


def test_a_read_that_succeeds_excuses_nothing_that_stopped_elsewhere() -> None:
    late = misshown(shown(200, {}, operation="getSession"), "$.expiresAt", "$.expiresAt later", "earlier")
    never = stopped(
        shown(200, {"qosStatus": "REQUESTED"}, operation="getSession"),
        "session still REQUESTED after 4 s, never AVAILABLE",
    )
    assert [cause.verdict for cause in causes([late, never])] == ["fail", "inconclusive"]


def test_ids_are_the_same_in_each_run() -> None:
    def run(session: str) -> list[Cause]:
        answer = shown(201, {"sessionId": session})
        return causes([failed(answer, "409 CONFLICT"), misshown(answer, "$.sessionId", f"{session} kept", session)])

    first, second = run("f981736b-17bd-492e-8b8b-7baf9868af9d"), run("1c7ea402-4bd0-4b7a-9c07-3d5d2a6e0f11")
    assert [cause.id for cause in first] == [cause.id for cause in second]
    assert all(cause.id for cause in first)
