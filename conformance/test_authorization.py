"""Who may call."""

from uuid import uuid4

from pytest_nac_qod.suite import Case, purpose, request, send


@purpose
def test_no_authorization(case: Case) -> None:
    case.judge(send(case, token=None))


@purpose
def test_expired_token(case: Case) -> None:
    case.judge(send(case, token="expired"))


@purpose
def test_invalid_token(case: Case) -> None:
    token = uuid4().hex
    case.run.redactor.register("tokens.invalid", token)
    case.judge(send(case, authorization=f"Bearer {token}"))


@purpose
def test_missing_scope(case: Case) -> None:
    case.judge(send(case, token="without_scope"))


@purpose
def test_too_many_requests(case: Case) -> None:
    path, body = request(case)
    case.run.hook("rate_limit", operation=case.row.operation, on=True)
    try:
        case.judge(send(case, path=path, body=body))
    finally:
        case.run.hook("rate_limit", operation=case.row.operation, on=False)


@purpose
def test_malformed_correlator(case: Case) -> None:
    case.judge(send(case, headers={"x-correlator": "no correlator!"}))
