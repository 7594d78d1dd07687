"""Who may call."""

from uuid import uuid4

from pytest_nac_qod.suite import Case, purpose, send


@purpose("no_authorization")
def test_no_authorization(case: Case) -> None:
    case.judge(send(case, token=None))


@purpose("expired_token")
def test_expired_token(case: Case) -> None:
    case.judge(send(case, token="expired"))


@purpose("invalid_token")
def test_invalid_token(case: Case) -> None:
    token = uuid4().hex
    case.run.redactor.register("tokens.invalid", token)
    case.judge(send(case, authorization=f"Bearer {token}"))


@purpose("missing_scope")
def test_missing_scope(case: Case) -> None:
    case.judge(send(case, token="without_scope"))
