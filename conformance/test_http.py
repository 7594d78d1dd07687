"""Requests that are no operation's, and headers that may look otherwise."""

import json
from typing import Any

from pytest_nac_qod.checks import keeping
from pytest_nac_qod.checks import rules as checks
from pytest_nac_qod.suite import Case, purpose, request, ruling, send, states
from pytest_nac_qod.verdicts import Violation
from pytest_nac_qod.wire.client import Answer

NOWHERE = "/nac-qod-no-such-path"


def error_object(case: Case, answer: Answer[Any]) -> None:
    """The answer is the error that the rule accepts, in the shape of all errors."""
    ruling.accepted(case, answer)
    ruling.record(case, answer.exchange, checks.error_shape(answer.exchange, case.contract))


@purpose
def test_unknown_path(case: Case) -> None:
    error_object(case, case.call(case.row.operation, suffix=NOWHERE, body={}, role="judged"))


@purpose
def test_unknown_method(case: Case) -> None:
    error_object(case, case.call(case.row.operation, method="PUT", body={}, role="judged"))


@purpose
def test_head_changes_nothing(case: Case) -> None:
    path = {case.resource.id: states.create_id(case)}
    before = ruling.shown(ruling.reached(case.call(case.resource.read, path=path)))
    case.call(case.resource.read, path=path, method="HEAD", role="judged")
    answer = case.call(case.resource.read, path=path)
    now = None if answer.status == 404 else ruling.shown(ruling.reached(answer))
    template = Violation(clause="", expected="as before HEAD", actual="")
    ruling.record(case, answer.exchange, keeping.changes(case.resource, before, now, template))


@purpose
def test_other_media_type(case: Case) -> None:
    _, body = request(case)
    content = json.dumps(body).encode()
    error_object(case, send(case, path={}, content=content, headers={"Content-Type": "text/plain"}))


@purpose
def test_charset_parameter(case: Case) -> None:
    headers = {"Content-Type": "application/json; charset=utf-8"}
    ruling.succeeded(case, ruling.asked(case, headers=headers, with_body=True))


@purpose
def test_scheme_in_any_case(case: Case) -> None:
    authorization = f"bEARER {case.run.token('two_legged')}"
    ruling.succeeded(case, ruling.asked(case, token=None, headers={"Authorization": authorization}))


@purpose
def test_rate_limit(case: Case) -> None:
    case.run.hook("rate_limit", operation=case.row.operation, on=True)
    try:
        answer = send(case)
    finally:
        case.run.hook("rate_limit", operation=case.row.operation, on=False)
    ruling.accepted(case, answer)


@purpose
def test_quota(case: Case) -> None:
    ruling.accepted(case, send(case, token="over_quota"))
