"""The token endpoint: client credentials, and what an access token stands for."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from uuid import uuid4

from pytest_nac_qod.foundation.jsontypes import JsonObject
from pytest_nac_qod.foundation.ticking import elapsed
from pytest_nac_qod.reference.client_auth import OAuthError, authenticated
from pytest_nac_qod.reference.refusals import Refusal
from pytest_nac_qod.reference.world import Grant, World, covers
from pytest_nac_qod.wire.secret_forms import origin

LIFETIME = 3600  # seconds


@dataclass(slots=True)
class Issuer:
    """Access tokens that were issued; real time counts for them, so that moving the server's clock ends no login."""

    world: World
    clock: Callable[[], float] = elapsed
    grants: dict[str, Grant] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)  # ids of assertions

    def token(self, form: Mapping[str, str], authorization: str | None, url: str = "") -> JsonObject:
        """Answer a token request (RFC 6749 section 4.4) that came to `url`.

        Raises:
            OAuthError: the grant, the client or the scope is not right.
        """
        if form.get("grant_type") != "client_credentials":
            raise OAuthError("unsupported_grant_type")
        client = authenticated(form, authorization, self.world.clients, (url, origin(url)), self.used)
        scopes = tuple(form.get("scope", "").split()) or client.scopes
        if not all(covers(client.scopes, scope) for scope in scopes):
            raise OAuthError("invalid_scope")
        token = uuid4().hex
        self.grants[token] = Grant(client.name, scopes, expires=self.clock() + LIFETIME)
        return {"access_token": token, "token_type": "Bearer", "expires_in": LIFETIME, "scope": " ".join(scopes)}

    def grant(self, token: str) -> Grant | None:
        """What a token stands for; None when it was never issued."""
        return self.grants.get(token) or self.world.tokens.get(token)


def bearer(authorization: str | None) -> str:
    """The token of an Authorization header (RFC 6750 section 2.1).

    Raises:
        Refusal: 401 when there is none.
    """
    scheme, _, token = (authorization or "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise Refusal(401, "UNAUTHENTICATED")
    return token.strip()
