"""What an access token says of itself; the token is not kept."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from pytest_nac_qod.foundation import jwt
from pytest_nac_qod.foundation.jsontypes import JsonObject
from pytest_nac_qod.traffic.seen import Seen
from pytest_nac_qod.wire.exchange import Exchange, header

_CLAIMS = ("client_id", "azp", "appid", "cid")
_SKEW = 300  # seconds by which a token may have expired and be accepted


@dataclass(frozen=True, slots=True)
class SeenToken:
    """Client, whether it is of no use any more, and scopes, as far as it says; the client's name only stands for it."""

    client: str = ""
    lapsed: bool = False
    scopes: frozenset[str] | None = None


_OWN = {  # tokens in recordings of our own, by the roles that stand for them
    "two_legged": SeenToken(client="two_legged"),
    "second_client": SeenToken(client="second_client"),
    "expired": SeenToken(lapsed=True),
    "invalid": SeenToken(lapsed=True),
    "without_scope": SeenToken(scopes=frozenset()),
}


def seen_of(exchange: Exchange, source: str = "") -> Seen:
    """The exchange, with what the label of its token says."""
    facts = facts_of(exchange.request.headers, exchange.started)
    return Seen(exchange=exchange, source=source, client=facts.client, lapsed=facts.lapsed, scopes=facts.scopes)


def facts_of(headers: Sequence[tuple[str, str]], started: str) -> SeenToken:
    """What the token of a request that was sent at this moment says, if it is a JWT or one of our own."""
    token = (header(headers, "authorization") or "").partition(" ")[2].strip()
    own = token.removeprefix("<redacted:tokens.").removesuffix(">")
    if own != token:
        return _OWN.get(own, SeenToken())
    claims = jwt.claims(token)
    ends = jwt.expiry(claims)
    late = ends is not None and ends + _SKEW < datetime.fromisoformat(started).timestamp()
    return SeenToken(_client(claims), lapsed=late, scopes=_scopes(claims))


def _client(claims: JsonObject) -> str:
    name = next((claims[claim] for claim in _CLAIMS if claims.get(claim)), "")
    if not isinstance(name, str) or not name:
        return ""
    digest = hashlib.sha256(f"{claims.get('iss', '')} {name}".encode("utf-8", "surrogatepass")).hexdigest()
    return f"client {digest[:8]}"


def _scopes(claims: JsonObject) -> frozenset[str] | None:
    """The scopes, where there is one of the family among them: else the token is not where they stand."""
    given = claims.get("scope", claims.get("scp"))
    scopes = given.split() if isinstance(given, str) else given if isinstance(given, list) else []
    known = frozenset(scope for scope in scopes if isinstance(scope, str))
    return known if any(scope.startswith(("quality-on-demand:", "qos-", "qod-")) for scope in known) else None
