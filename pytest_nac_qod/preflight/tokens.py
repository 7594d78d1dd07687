"""Whether each token can be obtained, is valid now, and has the scopes that its role needs."""

from collections.abc import Iterable
from datetime import UTC, datetime

import httpx

from pytest_nac_qod.preflight.finding import Finding
from pytest_nac_qod.preflight.jwt import TokenFacts, facts
from pytest_nac_qod.target.tokens import ClientCredentials, StaticToken, TokenError, TokenSource
from pytest_nac_qod.wire.redaction import Redactor

SOON = 900.0  # seconds for which a token that is not renewed should last


def token(
    role: str, source: TokenSource, http: httpx.Client, redactor: Redactor, scopes: Iterable[str]
) -> list[Finding]:
    """Obtain the token of a role, and look at what it says of itself.

    Args:
        role: of the target file.
        source: gives the token.
        http: for its endpoint.
        redactor: learns the token before anything is said of it.
        scopes: that all operations of the run need.
    """
    about = f"tokens.{role}"
    try:
        value = source.resolve(http)
    except TokenError as error:
        return [Finding("fail", about, str(error).removeprefix(f"{about}: "))]
    redactor.register(about, value)
    known = facts(value)
    if isinstance(source, ClientCredentials):
        lifetime = source.lifetime
        known = TokenFacts(
            _now() + lifetime if known.expires is None and lifetime is not None else known.expires,
            known.scopes if source.granted is None else frozenset(source.granted.split()),
        )
    return [judged(role, known, frozenset(scopes), _now(), renewed=not isinstance(source, StaticToken))]


def judged(role: str, known: TokenFacts, scopes: frozenset[str], now: float, *, renewed: bool) -> Finding:
    """What is said of a token.

    Args:
        role: of the target file; `expired` has to be, `without_scope` must have none of `scopes`.
        known: of the token.
        scopes: that all operations of the run need.
        now: seconds since 1970.
        renewed: whether a run gets a new one when it ends.
    """
    about = f"tokens.{role}"
    left = None if known.expires is None else known.expires - now
    if role == "expired":
        return _expired(about, known, left)
    if left is not None and left <= 0:
        return Finding("fail", about, f"expired on {_moment(known.expires)}; get a new one")
    granted = {scope for scope in scopes if known.scopes is not None and _covered(scope, known.scopes)}
    if role == "without_scope" and granted:
        return Finding("fail", about, f"has {_listed(granted)}; give one without any scope of these APIs")
    if role != "without_scope" and known.scopes is not None and scopes - granted:
        return Finding("warn", about, f"lacks {_listed(scopes - granted)}; have the scopes granted")
    if left is not None and left < SOON and not renewed:
        return Finding("warn", about, f"expires in {left / 60:.0f} min, which a run may outlast; get a new one")
    origin = "obtained" if renewed else "given"
    lasts = f"valid until {_moment(known.expires)}" if left is not None else "it does not say for how long it is valid"
    scoped = "" if known.scopes is None else f", scopes: {' '.join(sorted(known.scopes)) or 'none'}"
    return Finding("ok", about, f"{origin}; {lasts}{scoped}")


def _expired(about: str, known: TokenFacts, left: float | None) -> Finding:
    if left is None:
        return Finding("ok", about, "given; it does not say when it expired")
    if left > 0:
        return Finding("fail", about, f"is still valid, until {_moment(known.expires)}; give one that has expired")
    return Finding("ok", about, f"expired on {_moment(known.expires)}")


def _covered(scope: str, granted: Iterable[str]) -> bool:
    """Whether a scope was granted, by name or by a pattern such as `quality-on-demand:*`."""
    return any(scope == pattern or (pattern.endswith("*") and scope.startswith(pattern[:-1])) for pattern in granted)


def _now() -> float:
    return datetime.now(UTC).timestamp()


def _moment(seconds: float | None) -> str:
    return datetime.fromtimestamp(seconds or 0, UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _listed(scopes: Iterable[str]) -> str:
    return " ".join(sorted(scopes))
