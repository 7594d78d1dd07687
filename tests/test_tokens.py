"""Tokens from a real token endpoint."""

from collections.abc import Iterator

import httpx
import pytest

from pytest_nac_qod.reference import ReferenceServer
from pytest_nac_qod.tokens import ClientCredentials, TokenError


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
    found = source(f"{qod_reference.url}/oauth2/token")
    found.clock = lambda: now[0]
    first = found.resolve(http)
    now[0] += 3569
    assert found.resolve(http) == first
    now[0] += 2
    assert found.resolve(http) != first


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
    found = source("http://host/token")
    assert found.secrets() == {".client_secret": "application-secret"}
    assert "application-secret" not in repr(found)
