"""Sinks, and how events authenticate at them."""

from pytest_nac_qod.foundation.jsontypes import JsonObject
from pytest_nac_qod.suite import Case, bodies, judging, purpose, request, send, sinks


def with_sink(case: Case, credential: JsonObject | None = None) -> JsonObject:
    """A creation whose events go to a sink of this case, with a credential."""
    _, usual = request(case)
    credential = bodies.credential(sinks.token(case)) if credential is None else credential
    body: JsonObject = {**usual, "sink": sinks.url(case), "sinkCredential": credential}
    return body


@purpose
def test_sink_credential_accepted(case: Case) -> None:
    answer = send(case, body=with_sink(case))
    case.judge(answer)
    judging.access_token(case, answer)


@purpose
def test_unusable_credential_type(case: Case) -> None:
    credential = bodies.UNUSABLE_CREDENTIALS[case.name](sinks.token(case))
    case.judge(send(case, body=with_sink(case, credential)))


@purpose
def test_access_token_type_not_bearer(case: Case) -> None:
    credential = bodies.credential(sinks.token(case)) | {"accessTokenType": "mac"}
    case.judge(send(case, body=with_sink(case, credential)))


@purpose
def test_private_key_jwt_not_configured(case: Case) -> None:
    case.judge(send(case, body=with_sink(case, {"credentialType": "PRIVATE_KEY_JWT"})))
