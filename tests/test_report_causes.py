"""One cause, one entry, worst first."""

import json

from pytest_nac_qod.foundation.jsontypes import Json
from pytest_nac_qod.report.causes import causes, untested
from pytest_nac_qod.report.page.matrix import matrices
from tests.support.report_documents import API, document, exchange, result, violation

UUIDS = ("f981736b-17bd-492e-8b8b-7baf9868af9d", "1c7ea402-4bd0-4b7a-9c07-3d5d2a6e0f11")


def correlator(operation: str, uuid: str) -> Json:
    missing = violation(
        clause=f"{API}#/components/headers/x-correlator",
        expected=f"x-correlator: {uuid}",
        actual="no x-correlator",
        path="x-correlator",
    )
    return result("fail", operation=operation, violations=[missing])


def outcome(operation: str, actual: str, **changes: Json) -> Json:
    clause = f"{API}#/paths/~1{operation}/post/responses/401"
    wrong = violation(clause=clause, expected="401 UNAUTHENTICATED", actual=actual)
    status, _, code = actual.partition(" ")
    body = json.dumps({"code": code}) if code.isupper() else ""
    answer = {"status": int(status[:3]), "headers": [], "body": body}
    shown = exchange(operation=operation, response=answer)
    requirement = "No token, no answer."
    return result(
        "fail", operation=operation, violations=[wrong], requirement=requirement, exchanges=[shown], **changes
    )


def test_equal_breaches_are_one_cause_whatever_the_operation() -> None:
    entries = causes([correlator("getSession", UUIDS[0]), correlator("deleteSession", UUIDS[1])])
    assert [(cause.title, cause.cases, cause.expected) for cause in entries] == [
        ("x-correlator is missing from answers", [0, 1], "x-correlator: …")
    ]


def test_the_steps_of_a_generated_test_make_no_other_cause() -> None:
    told = correlator("getSession", UUIDS[0])
    generated = correlator("getSession", UUIDS[1])
    generated["violations"][0]["actual"] += "; after: two_legged creates default, 600 s"
    (cause,) = causes([told, generated])
    assert (cause.cases, cause.actual) == ([0, 1], ["no x-correlator"])


def test_a_requirement_broken_in_several_operations_is_one_cause() -> None:
    (cause,) = causes([outcome("create", f"201; session {UUIDS[0]} was created"), outcome("read", "200")])
    assert (cause.title, cause.cases) == ("No token, no answer.", [0, 1])
    assert cause.actual == ["201; session … was created", "200"]
    assert len(cause.clauses) == 2


def test_a_crash_is_another_cause_than_no_refusal() -> None:
    assert len(causes([outcome("create", "200"), outcome("create", "500 with no error object: oops")])) == 2
    assert len(causes([outcome("create", "403 PERMISSION_DENIED"), outcome("read", "404 NOT_FOUND")])) == 2


def test_a_wrong_status_with_the_right_code_is_one_cause_whatever_was_required() -> None:
    cases = [outcome("create", "403 UNAUTHENTICATED"), outcome("read", "403 UNAUTHENTICATED")]
    cases[1]["requirement"] = "An expired token is not accepted."
    (cause,) = causes(cases)
    assert (cause.title, cause.cases) == ("403 UNAUTHENTICATED instead of 401 UNAUTHENTICATED", [0, 1])


def test_worst_and_most_frequent_come_first() -> None:
    cases = [
        result("warn", violations=[violation(severity="should", reason="tolerated")]),
        result("inconclusive", reason=f"no session {UUIDS[0]}", exchanges=[]),
        result("inconclusive", reason=f"no session {UUIDS[1]}", exchanges=[]),
        correlator("getSession", UUIDS[0]),
        outcome("create", "200"),
        outcome("read", "200"),
        result("not_tested", reason="add [tokens.expired]"),
        result(),
    ]
    assert [(cause.verdict, len(cause.cases)) for cause in causes(cases)] == [
        ("fail", 2),
        ("fail", 1),
        ("inconclusive", 2),
        ("warn", 1),
    ]
    assert [(cause.title, cause.cases) for cause in untested(cases)] == [("add [tokens.expired]", [6])]


def test_a_cause_names_an_exchange_that_shows_it() -> None:
    shown = result("fail", exchanges=[exchange(1), exchange(2)], violations=[violation(exchange="x2")])
    assert causes([shown])[0].example == (0, "x2", 0)
    assert causes([result("error", reason="no answer", exchanges=[])])[0].example is None


def test_matrix_has_scenarios_in_the_order_of_their_numbers() -> None:
    ids = ("10_late", "9_early", "400.1_refused")
    cases = [result(id=f"quality_on_demand_getSession_{name}") for name in ids]
    cases += [
        result("fail", id="quality_on_demand_deleteSession_9_early", operation="deleteSession", case="a"),
        result(id="quality_on_demand_deleteSession_9_early", operation="deleteSession", case="b"),
        result(id="nac_etag_kept"),
    ]
    (matrix,) = matrices(document(*cases))
    assert matrix.operations == ("getSession", "deleteSession")
    assert [name for name, _ in matrix.rows] == ["9 early", "10 late", "400.1 refused", "etag kept"]
    early = matrix.rows[0][1]
    assert early[0] is not None
    assert early[1] is not None
    assert (early[1].verdict, early[1].cases, early[1].worst) == ("fail", (3, 4), 1)
    assert matrix.rows[1][1][1] is None
