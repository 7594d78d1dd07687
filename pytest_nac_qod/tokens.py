"""Access tokens: given, or obtained with OAuth2 client credentials."""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import httpx

from pytest_nac_qod.field_values import token_problem
from pytest_nac_qod.jsontypes import Json
from pytest_nac_qod.problems import UnusableError
from pytest_nac_qod.secret_forms import in_address, without_userinfo

MARGIN = 30.0  # seconds before its expiry from which a token is no longer handed out
DEFAULT_LIFETIME = 300.0  # seconds, for token endpoints that do not say expires_in


class TokenError(UnusableError):
    """No token could be had; the message names the role, the endpoint and its answer, never a secret."""


@dataclass(frozen=True, slots=True, repr=False)
class StaticToken:
    """A token that was given as it is."""

    value: str

    def resolve(self, http: httpx.Client) -> str:  # noqa: ARG002 - as every token source
        """The token."""
        return self.value

    def secrets(self) -> dict[str, str]:
        """The token by what it is."""
        return {"": self.value}


@dataclass(slots=True, kw_only=True, repr=False)
class ClientCredentials:
    """Tokens by the client credentials grant (RFC 6749 section 4.4), kept until shortly before they expire.

    Attributes:
        role: of the target file, for messages.
        scope: names separated by spaces, or empty to leave the choice to the server.
        clock: seconds, for expiry.
        lifetime: seconds, as the server said of the last token; None when it did not.
        granted: scopes, as the server said of the last token; None when it did not.
    """

    role: str
    token_url: str
    client_id: str
    client_secret: str
    scope: str = ""
    clock: Callable[[], float] = time.monotonic
    lifetime: float | None = field(default=None, init=False)
    granted: str | None = field(default=None, init=False)
    _token: str = field(default="", init=False)
    _until: float = field(default=0.0, init=False)

    def resolve(self, http: httpx.Client) -> str:
        """A token that is still valid for a while.

        Raises:
            TokenError: the endpoint cannot be reached, refuses, or answers without a token.
        """
        if not self._token or self.clock() >= self._until:
            self._token, lifetime = self._fetch(http)
            self._until = self.clock() + max(lifetime - MARGIN, 0.0)
        return self._token

    def secrets(self) -> dict[str, str]:
        """The client secret, and what the address of the token endpoint may hold, by what they are."""
        hidden = {f".token_url.{number}": found for number, found in enumerate(in_address(self.token_url))}
        return {".client_secret": self.client_secret, **hidden}

    def _fetch(self, http: httpx.Client) -> tuple[str, float]:
        form = {"grant_type": "client_credentials", **({"scope": self.scope} if self.scope else {})}
        where = f"tokens.{self.role}: {without_userinfo(self.token_url).partition('?')[0]}"
        try:
            response = http.post(self.token_url, data=form, auth=(self.client_id, self.client_secret))
            body = response.json() if "json" in response.headers.get("content-type", "") else None
        except httpx.TransportError as error:
            raise TokenError(f"{where} cannot be reached: {type(error).__name__}: {error}") from None
        except ValueError:
            body = None
        fields = body if isinstance(body, dict) else {}
        if response.status_code != 200:
            said = fields.get("error", "no OAuth error code")
            raise TokenError(
                f"{where} answered {response.status_code} ({said}); check client_id, client_secret and scope"
            )
        token = fields.get("access_token")
        if not isinstance(token, str) or not token:
            raise TokenError(f"{where} answered 200 without an access_token; is it a token endpoint?")
        if problem := token_problem(token):
            raise TokenError(f"{where} answered 200 with an access_token that {problem}")
        lifetime, granted = fields.get("expires_in"), fields.get("scope")
        self.lifetime = _seconds(lifetime)
        self.granted = granted if isinstance(granted, str) else None
        return token, DEFAULT_LIFETIME if self.lifetime is None else self.lifetime


def _seconds(lifetime: Json) -> float | None:
    """`expires_in` (RFC 6749 section 5.1); None when it is no number of seconds."""
    try:
        found = float(lifetime) if isinstance(lifetime, int | float) else math.nan
    except OverflowError:
        found = math.inf
    return found if math.isfinite(found) else None


TokenSource = StaticToken | ClientCredentials
