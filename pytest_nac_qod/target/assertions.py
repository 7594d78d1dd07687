"""Assertions with which a client authenticates at a token endpoint (RFC 7523), signed by Authlib."""

import warnings
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from cryptography.hazmat.primitives.serialization import load_pem_private_key

METHODS = ("client_secret_basic", "client_secret_post", "client_secret_jwt", "private_key_jwt")
SIGNING = frozenset({"client_secret_jwt", "private_key_jwt"})
ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
LIFETIME = 60  # seconds
_OF_RSA = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512")
_OF_CURVE = {"secp256r1": "ES256", "secp384r1": "ES384", "secp521r1": "ES512"}
_LEAST_RSA = 2048  # bits, RFC 7518 section 3.3
SECRET_BYTES = {"HS256": 32, "HS384": 48, "HS512": 64}  # at least, RFC 7518 section 3.2


class KeyFileError(Exception):
    """A key that nothing can be signed with; the message says why and what to do, and never shows the key."""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Signer:
    """Signs the assertions of one client.

    Attributes:
        method: `client_secret_jwt` or `private_key_jwt`.
        key: the client secret, or a private key in PEM form.
        algorithm: of the signature, as RFC 7518 and RFC 8037 name it; that of the key when empty.
        key_id: `kid` of the header; none is sent when empty.
        audience: whom the assertion is for; the token endpoint when empty.
        lifetime: seconds.
    """

    method: str
    key: str
    algorithm: str = ""
    key_id: str = ""
    audience: str = ""
    lifetime: int = LIFETIME

    def assertion(self, client_id: str, token_url: str) -> dict[str, str]:
        """The parameters of a token request that authenticate the client, with a new assertion each time."""
        from authlib.oauth2 import rfc7523  # type: ignore[import-untyped] # noqa: PLC0415 - of the extra oauth
        from joserfc.errors import SecurityWarning  # noqa: PLC0415 - as the last
        from joserfc.jwk import ECKey, OctKey, OKPKey, RSAKey  # noqa: PLC0415 - as the last

        algorithm = self.algorithm or default_algorithm(self)
        kinds: dict[str, Any] = {"HS": OctKey, "RS": RSAKey, "PS": RSAKey, "ES": ECKey, "Ed": OKPKey}
        sign = rfc7523.client_secret_jwt_sign if self.method == "client_secret_jwt" else rfc7523.private_key_jwt_sign
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", SecurityWarning)  # of the name EdDSA, the only one that some servers know
            signed = sign(
                kinds[algorithm[:2]].import_key(self.key),
                client_id,
                self.audience or token_url,
                alg=algorithm,
                header={"kid": self.key_id} if self.key_id else {},
                expires_in=self.lifetime,
            )
        return {"client_assertion_type": ASSERTION_TYPE, "client_assertion": str(signed)}


def installed() -> bool:
    """Whether assertions can be signed: the extra `oauth` is there."""
    return find_spec("authlib") is not None and find_spec("joserfc") is not None


def default_algorithm(signer: Signer) -> str:
    """The algorithm that fits the key.

    Raises:
        KeyFileError: the key is none.
    """
    return "HS256" if signer.method == "client_secret_jwt" else algorithms(signer.key)[0]


def algorithms(pem: str) -> tuple[str, ...]:
    """The algorithms that a private key can sign with, the usual one first.

    Raises:
        KeyFileError: it is none in PEM form, needs a passphrase, or is of a kind that nobody may use.
    """
    key = _private_key(pem)
    if isinstance(key, rsa.RSAPrivateKey) and key.key_size >= _LEAST_RSA:
        return _OF_RSA
    if isinstance(key, ec.EllipticCurvePrivateKey) and key.curve.name in _OF_CURVE:
        return (_OF_CURVE[key.curve.name],)
    if isinstance(key, ed25519.Ed25519PrivateKey):
        return ("Ed25519", "EdDSA")
    raise KeyFileError(f"no key to sign with; give an RSA key of {_LEAST_RSA} bits, an EC key or an Ed25519 key")


def _private_key(pem: str) -> PrivateKeyTypes:
    try:
        return load_pem_private_key(pem.encode(), password=None)
    except TypeError:
        raise KeyFileError("is encrypted; give the key without a passphrase") from None
    except ValueError:  # UnsupportedAlgorithm is of another kind, and names no part of the key
        raise KeyFileError("not a private key in PEM format; give the client's private key") from None
