"""How a client proves at the token endpoint who it is: a secret (RFC 6749 section 2.3.1) or an assertion (RFC 7523)."""

import base64
import binascii
import json
from collections.abc import Iterable, Mapping
from importlib.util import find_spec
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import load_pem_public_key

from pytest_nac_qod.reference.world import RegisteredClient
from pytest_nac_qod.target.assertions import ASSERTION_TYPE

if TYPE_CHECKING:
    from joserfc import jwk

LEEWAY = 10  # seconds between the clocks of client and server
_SHARED = ["HS256", "HS384", "HS512"]
_SIGNED = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "Ed25519"]


class OAuthError(Exception):
    """A refusal of the token endpoint: its error code (RFC 6749 section 5.2), status, and what went wrong."""

    def __init__(self, code: str, status: int = 400, description: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.status = status
        self.description = description


def authenticated(
    form: Mapping[str, str],
    authorization: str | None,
    clients: Mapping[str, RegisteredClient],
    audiences: Iterable[str],
    used: set[str],
) -> RegisteredClient:
    """The client that a token request proves to come from.

    Args:
        form: parameters of the request.
        authorization: its header.
        clients: by client_id.
        audiences: whom an assertion may be for.
        used: ids of assertions that were taken already; gets that of this one.

    Raises:
        OAuthError: nobody, or in more than one way, or in one that the client has not registered.
    """
    basic = _basic(authorization)
    ways = [basic is not None, "client_secret" in form, "client_assertion" in form]
    if sum(ways) > 1:
        raise OAuthError("invalid_request", description="more than one way to authenticate")
    if "client_assertion" in form:
        return _by_assertion(form, clients, list(audiences), used)
    method = "client_secret_basic" if basic else "client_secret_post"
    name, secret = basic or (form.get("client_id", ""), form.get("client_secret", ""))
    client = clients.get(name)
    if client is None or method not in client.methods or not client.secret or client.secret != secret:
        raise OAuthError("invalid_client", 401)
    return client


def _basic(authorization: str | None) -> tuple[str, str] | None:
    scheme, _, credentials = (authorization or "").partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        name, _, secret = base64.b64decode(credentials, validate=True).decode("utf-8").partition(":")
    except (binascii.Error, UnicodeDecodeError):
        raise OAuthError("invalid_client", 401) from None
    return name, secret


def _by_assertion(
    form: Mapping[str, str], clients: Mapping[str, RegisteredClient], audiences: list[str], used: set[str]
) -> RegisteredClient:
    if find_spec("joserfc") is None:
        raise OAuthError("invalid_client", 401, "assertions need Authlib; pip install 'pytest-nac-qod[oauth]'")
    from joserfc import jws  # noqa: PLC0415 - of the extra oauth
    from joserfc.errors import JoseError  # noqa: PLC0415 - as the last

    if form.get("client_assertion_type") != ASSERTION_TYPE:
        raise OAuthError("invalid_request", description="client_assertion_type is not that of a JWT")
    assertion = form["client_assertion"]
    try:
        name = _subject(jws.extract_compact(assertion.encode()).payload)
        client = clients.get(name)
        if client is None or form.get("client_id", name) != name:
            raise OAuthError("invalid_client", 401)
        claims = _verified(assertion, client, audiences)
    except (JoseError, ValueError, RecursionError) as error:
        raise OAuthError("invalid_client", 401, f"assertion: {error}") from None
    if claims["jti"] in used:
        raise OAuthError("invalid_client", 401, "assertion: used before")
    used.add(claims["jti"])
    return client


def _subject(payload: bytes) -> str:
    """Whom an assertion is about; not to be believed before it is verified."""
    claims = json.loads(payload)
    subject = claims.get("sub") if isinstance(claims, dict) else None
    return subject if isinstance(subject, str) else ""


def _verified(assertion: str, client: RegisteredClient, audiences: list[str]) -> dict[str, str]:
    """The claims of an assertion that the client has signed for us, and lately."""
    from joserfc import jwk, jwt  # noqa: PLC0415 - of the extra oauth

    if "private_key_jwt" in client.methods:
        key: jwk.Key = _public_key(client.public_key)
        algorithms = _SIGNED
    elif "client_secret_jwt" in client.methods:
        key, algorithms = jwk.OctKey.import_key(client.secret), _SHARED
    else:
        raise OAuthError("invalid_client", 401)
    claims = jwt.decode(assertion, key, algorithms=algorithms).claims
    registry = jwt.JWTClaimsRegistry(
        leeway=LEEWAY,
        iss={"essential": True, "value": client.name},
        sub={"essential": True, "value": client.name},
        aud={"essential": True, "values": audiences},
        exp={"essential": True},
        jti={"essential": True},
    )
    registry.validate(claims)
    return claims


def _public_key(pem: str) -> "jwk.Key":
    from joserfc import jwk  # noqa: PLC0415 - of the extra oauth

    key = load_pem_public_key(pem.encode())
    if isinstance(key, rsa.RSAPublicKey):
        return jwk.RSAKey.import_key(pem)
    return (jwk.ECKey if isinstance(key, ec.EllipticCurvePublicKey) else jwk.OKPKey).import_key(pem)
