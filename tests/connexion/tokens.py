"""What connexion's mock makes of access tokens: those of the target file, by their scopes."""

_ACTIONS = ("create", "read", "update", "delete", "retrieve-by-device")
_SCOPES = [f"quality-on-demand:sessions:{action}" for action in _ACTIONS]
_KNOWN = {
    "token-of-shop": _SCOPES,
    "token-of-rival": _SCOPES,
    "token-of-phone-3": _SCOPES,
    "token-for-nothing": [],
}


def info(token: str) -> dict[str, object] | None:
    """About a token, as RFC 7662 has it; None for one that is not valid."""
    return {"sub": token, "scope": _KNOWN[token]} if token in _KNOWN else None
