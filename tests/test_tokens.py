"""Tokens from a real token endpoint."""

from collections.abc import Iterator

import httpx
import pytest

from pytest_nac_qod.reference import ReferenceServer
from pytest_nac_qod.target.tokens import ClientCredentials, TokenError


@pytest.fixture
def http() -> Iterator[httpx.Client]:
    with httpx.Client() as client:
        yield client


def source(url: str, secret: str = "application-secret", scope: str = "") -> ClientCredentials:  # noqa: S107 - of the embedded server
    return ClientCredentials(
        role="two_legged", token_url=url, client_id="application", client_secret=secret, scope=scope
    )


def test_token_is_kept_until_shortly_before_it_expires(qod_reference: ReferenceServer, http: httpx.Client) -> None:
    now = [1000.0]
    credentials = source(f"{qod_reference.url}/oauth2/token")
    credentials.clock = lambda: now[0]
    first = credentials.resolve(http)
    now[0] += 3569
    assert credentials.resolve(http) == first
    now[0] += 2
    assert credentials.resolve(http) != first


@pytest.mark.parametrize(
    ("secret", "scope", "said"),
    [("wrong-secret", "", "401 (invalid_client)"), ("application-secret", "admin", "400 (invalid_scope)")],
)
def test_refusal_is_told_without_the_secret(
    qod_reference: ReferenceServer, http: httpx.Client, secret: str, scope: str, said: str
) -> None:
    url = f"{qod_reference.url}/oauth2/token"
    with pytest.raises(TokenError) as caught:
        source(url, secret, scope).resolve(http)
    assert str(caught.value) == (f"tokens.two_legged: {url} answered {said}; check client_id, client_secret and scope")


def test_endpoint_that_is_none(qod_reference: ReferenceServer, http: httpx.Client) -> None:
    with pytest.raises(TokenError, match=r"answered 404 \(no OAuth error code\)"):
        source(f"{qod_reference.url}/nothing").resolve(http)
    with pytest.raises(TokenError, match="cannot be reached: ConnectError"):
        source("http://127.0.0.1:1/token").resolve(http)


def test_secrets_are_known_to_the_redactor_only() -> None:
    credentials = source("http://host/token")
    assert credentials.secrets() == {".client_secret": "application-secret"}
    assert "application-secret" not in repr(credentials)


@pytest.mark.parametrize("token", ["s3cret\n", "s3\x00cret", "s3cret\x1b[2J", "s3crét"])
def test_a_token_that_no_header_can_carry_is_refused(token: str) -> None:
    answer = httpx.Response(200, json={"access_token": token, "expires_in": 10**400})
    with (
        httpx.Client(transport=httpx.MockTransport(lambda _: answer)) as client,
        pytest.raises(TokenError) as caught,
    ):
        source("https://host/token").resolve(client)
    said = str(caught.value)
    assert said.startswith("tokens.two_legged: https://host/token answered 200 with an access_token that ")
    assert "s3" not in said


@pytest.mark.parametrize("lifetime", ["10" * 200, "1e999", "NaN", "-Infinity", "1e15", "-1e15", "null"])
def test_a_lifetime_that_is_no_number_of_seconds_is_passed_over(lifetime: str) -> None:
    text = f'{{"access_token": "token", "expires_in": {lifetime}}}'
    answer = httpx.Response(200, text=text, headers={"content-type": "application/json"})
    with httpx.Client(transport=httpx.MockTransport(lambda _: answer)) as client:
        credentials = source("https://host/token")
        assert credentials.resolve(client) == "token"
    assert credentials.lifetime is None


def test_an_answer_nested_without_end_is_told_in_one_line() -> None:
    answer = httpx.Response(200, text="[" * 100_000, headers={"content-type": "application/json"})
    with (
        httpx.Client(transport=httpx.MockTransport(lambda _: answer)) as client,
        pytest.raises(TokenError, match="answered 200 without an access_token; is it a token endpoint"),
    ):
        source("https://host/token").resolve(client)
