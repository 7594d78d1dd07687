"""Access tokens: given, or obtained with OAuth2 client credentials (RFC 6749), however the client authenticates."""

import math
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

import httpx

from pytest_nac_qod.foundation.jsontypes import Json
from pytest_nac_qod.foundation.problems import UnusableError
from pytest_nac_qod.foundation.ticking import elapsed
from pytest_nac_qod.target.assertions import Signer
from pytest_nac_qod.wire.field_values import token_problem
from pytest_nac_qod.wire.secret_forms import in_address, without_userinfo

MARGIN = 30.0  # seconds before its expiry from which a token is no longer handed out
_LONGEST_LIFETIME = 10 * 365 * 86400  # seconds; what is longer may end after the last moment that is a date
DEFAULT_LIFETIME = 300.0  # seconds, for token endpoints that do not say expires_in
_LONGEST_CODE = 64  # characters; every assertion is longer


class TokenError(UnusableError):
    """No token could be obtained; the message names the role, the endpoint and its answer, never a secret."""


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
        client_secret: empty for a client that has none, but a key.
        post: whether the secret stands in the body instead of the Authorization header (`client_secret_post`).
        signer: signs assertions, instead of sending the secret.
        scope: names separated by spaces, or empty to leave the choice to the server.
        clock: seconds, for expiry.
        lifetime: seconds, as the server said of the last token; None when it did not.
        granted: scopes, as the server said of the last token; None when it did not.
    """

    role: str
    token_url: str
    client_id: str
    client_secret: str = ""
    post: bool = False
    signer: Signer | None = None
    scope: str = ""
    clock: Callable[[], float] = elapsed
    lifetime: float | None = field(default=None, init=False)
    granted: str | None = field(default=None, init=False)
    _token: str = field(default="", init=False)
    _until: float = field(default=0.0, init=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, init=False, compare=False)

    def resolve(self, http: httpx.Client) -> str:
        """A token that is still valid for a while.

        Raises:
            TokenError: the endpoint cannot be reached, refuses, or answers without a token.
        """
        with self._lock:
            if not self._token or self.clock() >= self._until:
                self._token, lifetime = self._fetch(http)
                self._until = self.clock() + max(lifetime - MARGIN, 0.0)
            return self._token

    def secrets(self) -> dict[str, str]:
        """The client secret or key, and what the address of the token endpoint may hold, by what they are."""
        hidden = {f".token_url.{number}": secret for number, secret in enumerate(in_address(self.token_url))}
        if self.signer and self.signer.method == "private_key_jwt":
            return {".private_key": self.signer.key, **hidden}
        return {".client_secret": self.client_secret, **hidden}

    def _identification(self) -> tuple[dict[str, str], tuple[str, str] | None]:
        """What says who the client is: parameters of the body, or user name and password (RFC 6749 section 2.3.1)."""
        if self.signer:
            return {"client_id": self.client_id, **self.signer.assertion(self.client_id, self.token_url)}, None
        if self.post:
            return {"client_id": self.client_id, "client_secret": self.client_secret}, None
        return {}, (self.client_id, self.client_secret)

    def _fetch(self, http: httpx.Client) -> tuple[str, float]:
        who, basic = self._identification()
        form = {**who, "grant_type": "client_credentials", **({"scope": self.scope} if self.scope else {})}
        where = f"tokens.{self.role}: {without_userinfo(self.token_url).partition('?')[0]}"
        try:
            response = http.post(self.token_url, data=form, auth=basic or httpx.USE_CLIENT_DEFAULT)
            body = response.json() if "json" in response.headers.get("content-type", "") else None
        except httpx.TransportError as error:
            raise TokenError(f"{where} cannot be reached: {type(error).__name__}: {error}") from None
        except (ValueError, RecursionError):
            body = None
        fields = body if isinstance(body, dict) else {}
        if response.status_code != 200:
            said = _error_code(fields.get("error"))
            proof = self.signer.method.rpartition("_jwt")[0] if self.signer else "client_secret"
            raise TokenError(f"{where} answered {response.status_code} ({said}); check client_id, {proof} and scope")
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
    """`expires_in` (RFC 6749 section 5.1); None when it is no number of seconds that a token can last."""
    try:
        seconds = float(lifetime) if isinstance(lifetime, int | float) else math.nan
    except OverflowError:
        seconds = math.inf
    return seconds if abs(seconds) <= _LONGEST_LIFETIME else None


def _error_code(said: object) -> str:
    """The error code of an answer; nothing as long as what a server may have copied from the request."""
    short = isinstance(said, str) and len(said) <= _LONGEST_CODE
    return str(said) if short else "no OAuth error code"


TokenSource = StaticToken | ClientCredentials
