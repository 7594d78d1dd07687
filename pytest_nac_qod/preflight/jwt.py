"""What a JSON Web Token says of itself (RFC 7519), decoded without verification: a hint, no proof."""

import base64
import binascii
import json
from dataclasses import dataclass

from pytest_nac_qod.foundation.jsontypes import JsonObject


@dataclass(frozen=True, slots=True)
class TokenFacts:
    """What is known of an access token without asking anybody.

    Attributes:
        expires: seconds since 1970 at which it ends; None when it does not say.
        scopes: that it was given; None when it does not say.
    """

    expires: float | None = None
    scopes: frozenset[str] | None = None


def facts(token: str) -> TokenFacts:
    """Expiry and scopes of a token; nothing for one that is no JWT."""
    claims = _claims(token)
    expires = claims.get("exp")
    scope = claims.get("scope", claims.get("scp"))  # RFC 8693 section 4.2; `scp` is what some servers write instead
    names = scope.split() if isinstance(scope, str) else scope
    return TokenFacts(
        float(expires) if isinstance(expires, int | float) and not isinstance(expires, bool) else None,
        frozenset(map(str, names)) if isinstance(names, list) else None,
    )


def _claims(token: str) -> JsonObject:
    parts = token.split(".")
    if len(parts) != 3:
        return {}
    try:
        claims = json.loads(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
    except (binascii.Error, ValueError):
        return {}
    return claims if isinstance(claims, dict) else {}
