"""Sinks, and how events authenticate at them."""

from pytest_nac_qod.foundation.jsontypes import JsonObject
from pytest_nac_qod.suite import Case, bodies, judging, purpose, request, ruling, send, sinks
from pytest_nac_qod.target import Target
from pytest_nac_qod.target.tokens import ClientCredentials, TokenSource
from pytest_nac_qod.verdicts import NotTested


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
    token = without_key(case.target)
    case.judge(send(case, token=token, body=with_sink(case, {"credentialType": "PRIVATE_KEY_JWT"})))


def without_key(target: Target) -> str:
    """Role of the token of a client that has shared no key.

    Raises:
        NotTested: there is none but that of the client that has.
    """
    holder = target.tokens.get("private_key_jwt")
    for role in ("two_legged", "second_client"):
        if role in target.tokens and not same_client(target.tokens[role], holder):
            return role
    raise NotTested("tokens.two_legged is of the client that has shared its key; add [tokens.second_client]")


def same_client(token: TokenSource, other: TokenSource | None) -> bool:
    """Whether two tokens of the target file are of one client, as far as the file says."""
    if isinstance(token, ClientCredentials) and isinstance(other, ClientCredentials):
        return token.client_id == other.client_id
    return token == other


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
