"""Expiry and scopes of an access token, without asking anybody."""

from dataclasses import dataclass

from pytest_nac_qod.foundation import jwt


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
    claims = jwt.claims(token)
    scope = claims.get("scope", claims.get("scp"))  # RFC 8693 section 4.2; `scp` is what some servers write instead
    names = scope.split() if isinstance(scope, str) else scope
    return TokenFacts(
        jwt.expiry(claims),
        frozenset(map(str, names)) if isinstance(names, list) else None,
    )
