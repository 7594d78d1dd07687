"""The token endpoint: client credentials, and what an access token stands for."""

import base64
import binascii
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from uuid import uuid4

from pytest_nac_qod.jsontypes import JsonObject
from pytest_nac_qod.reference.refusals import Refusal
from pytest_nac_qod.reference.world import Grant, World

LIFETIME = 3600  # seconds


class OAuthError(Exception):
    """A refusal of the token endpoint: its error code (RFC 6749 section 5.2) and status."""

    def __init__(self, code: str, status: int = 400) -> None:
        super().__init__(code)
        self.code = code
        self.status = status


@dataclass(slots=True)
class Issuer:
    """Access tokens that were issued; real time counts for them, so that moving the server's clock ends no login."""

    world: World
    clock: Callable[[], float] = time.time
    grants: dict[str, Grant] = field(default_factory=dict)

    def token(self, form: Mapping[str, str], authorization: str | None) -> JsonObject:
        """Answer a token request (RFC 6749 section 4.4).

        Raises:
            OAuthError: the grant, the client or the scope is not right.
        """
        if form.get("grant_type") != "client_credentials":
            raise OAuthError("unsupported_grant_type")
        name, secret = _basic(authorization) or (form.get("client_id", ""), form.get("client_secret", ""))
        client = self.world.clients.get(name)
        if client is None or client.secret != secret:
            raise OAuthError("invalid_client", 401)
        scopes = tuple(form.get("scope", "").split()) or client.scopes
        if not all(covers(client.scopes, scope) for scope in scopes):
            raise OAuthError("invalid_scope")
        token = uuid4().hex
        self.grants[token] = Grant(name, scopes, expires=self.clock() + LIFETIME)
        return {"access_token": token, "token_type": "Bearer", "expires_in": LIFETIME, "scope": " ".join(scopes)}

    def grant(self, token: str) -> Grant | None:
        """What a token stands for; None when it was never issued."""
        return self.grants.get(token) or self.world.tokens.get(token)


def covers(scopes: tuple[str, ...], wanted: str) -> bool:
    """Whether one of `scopes` is `wanted`, or a pattern for it."""
    return any(scope == wanted or (scope.endswith("*") and wanted.startswith(scope[:-1])) for scope in scopes)


def bearer(authorization: str | None) -> str:
    """The token of an Authorization header (RFC 6750 section 2.1).

    Raises:
        Refusal: 401 when there is none.
    """
    scheme, _, token = (authorization or "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise Refusal(401, "UNAUTHENTICATED")
    return token.strip()


def _basic(authorization: str | None) -> tuple[str, str] | None:
    scheme, _, credentials = (authorization or "").partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        name, _, secret = base64.b64decode(credentials, validate=True).decode("utf-8").partition(":")
    except (binascii.Error, UnicodeDecodeError):
        raise OAuthError("invalid_client", 401) from None
    return name, secret
