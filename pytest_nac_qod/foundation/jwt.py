"""What a JSON Web Token says of itself (RFC 7519), decoded without verification: a hint, no proof."""

import base64
import json

from pytest_nac_qod.foundation.jsontypes import JsonObject

_EARLIEST, _LATEST = 0, 253402300799  # to the end of the year 9999, as far as a date can be told


def claims(token: str) -> JsonObject:
    """The claims of a token; none of one that is no JWT."""
    parts = token.split(".")
    if len(parts) != 3:
        return {}
    try:
        body = json.loads(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
    except (ValueError, RecursionError):  # whoever issued the token wrote this
        return {}
    return body if isinstance(body, dict) else {}


def expiry(claims: JsonObject) -> float | None:
    """Seconds since 1970 at which the token ends (RFC 7519 section 4.1.4); None when it does not say."""
    ends = claims.get("exp")
    if not isinstance(ends, int | float) or isinstance(ends, bool):
        return None
    return float(min(_LATEST, max(_EARLIEST, ends)))  # an integer of any size is JSON, but no float
