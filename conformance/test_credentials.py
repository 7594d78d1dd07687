"""Sinks, and how events authenticate at them."""

from pytest_nac_qod.foundation.jsontypes import JsonObject
from pytest_nac_qod.suite import Case, bodies, judging, purpose, request, ruling, send, sinks


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


@purpose
def test_incomplete_credential(case: Case) -> None:
    complete = bodies.credential(sinks.token(case))
    credential = {name: value for name, value in complete.items() if f"$.{name}" != case.name}
    ruling.accepted(case, send(case, body=with_sink(case, credential)))


@purpose
def test_private_key_jwt_usable(case: Case) -> None:
    body = with_sink(case, {"credentialType": "PRIVATE_KEY_JWT"})
    ruling.succeeded(case, send(case, token="private_key_jwt", body=body))


@purpose
def test_token_uri_not_https(case: Case) -> None:
    credential = {"credentialType": "PRIVATE_KEY_JWT", "tokenUri": "http://auth.example.com/token"}
    ruling.accepted(case, send(case, token="private_key_jwt", body=with_sink(case, credential)))
