"""Secrets replaced by stable labels at the moment an exchange is captured."""

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

_SECRET_HEADERS = frozenset({"authorization", "proxy-authorization", "cookie", "set-cookie", "x-api-key"})
_SECRET_PROPERTIES = re.compile(
    r'("(?:accessToken|refreshToken|secret|access_token|client_secret|client_assertion)"\s*:\s*")((?:[^"\\]|\\.)*)(")'
)
_LABEL = re.compile(r"<redacted:[^<>]*>")
_SHORTEST_SECRET = 4


def _unnamed(secret: str) -> str:
    """Label for a secret that nobody registered: equal secrets keep equal labels, so checks can still compare."""
    return f"<redacted:{hashlib.sha256(secret.encode('utf-8', 'surrogateescape')).hexdigest()[:8]}>"


@dataclass(slots=True)
class Redactor:
    """Replaces secrets in text and headers with `<redacted:label>`.

    The same secret always becomes the same label, so a check may compare two captured values without ever seeing
    the secret itself.
    """

    labels: dict[str, str] = field(default_factory=dict)

    def register(self, label: str, secret: str) -> None:
        """Make `secret` read `<redacted:label>` wherever it turns up. Secrets under four characters are ignored."""
        if len(secret) >= _SHORTEST_SECRET:
            self.labels.setdefault(secret, label)

    def register_all(self, secrets: Mapping[str, str]) -> None:
        """Register each label and secret of `secrets`."""
        for label, secret in secrets.items():
            self.register(label, secret)

    def text(self, text: str) -> str:
        """`text` without registered secrets and without the values of properties that hold secrets by their name."""
        for secret in sorted(self.labels, key=len, reverse=True):
            text = text.replace(secret, f"<redacted:{self.labels[secret]}>")
        return _SECRET_PROPERTIES.sub(lambda m: m[1] + self._value(m[2]) + m[3], text)

    def headers(self, pairs: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
        """`pairs` of header name and value, with the values of authenticating headers replaced."""
        return tuple((name, self._header(name, value)) for name, value in pairs)

    def _value(self, value: str) -> str:
        return value if not value or _LABEL.fullmatch(value) else _unnamed(value)

    def _header(self, name: str, value: str) -> str:
        value = self.text(value)
        if name.lower() not in _SECRET_HEADERS:
            return value
        scheme, _, credentials = value.partition(" ")
        if not credentials:
            return self._value(value)
        return f"{scheme} {self._value(credentials)}"
