"""What connexion's mock makes of access tokens: each is valid, with all scopes."""

from typing import Any


def info(token: str) -> dict[str, Any]:
    """About any token, as RFC 7662 has it."""
    actions = ("create", "read", "update", "delete", "retrieve-by-device")
    return {"sub": token, "scope": [f"quality-on-demand:sessions:{action}" for action in actions]}
