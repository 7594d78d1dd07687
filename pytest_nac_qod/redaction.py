"""Secrets replaced by stable labels at the moment an exchange is captured."""

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from pytest_nac_qod.jsontypes import Json
from pytest_nac_qod.secret_forms import Form, forms

_SECRET_HEADERS = frozenset(
    {"authorization", "proxy-authorization", "cookie", "set-cookie", "x-api-key", "x-rapidapi-key"}
)
_SECRET_PROPERTIES = re.compile(
    r'("(?:accessToken|refreshToken|notificationAuthToken|secret|access_token|client_secret|client_assertion)"\s*:\s*")((?:[^"\\]|\\.)*)(")'
)
_SECRET_PARAMETERS = re.compile(
    r"((?:\b|_)(?:access_token|refresh_token|id_token|client_secret|client_assertion|password)=)([^&\s\"'<>;]+)"
)
_LABEL = re.compile(r"<redacted:[^<>]*>")
_SHORTEST_SECRET = 4
_SHORT, _MANY = 64, 4096  # texts that are remembered to hold no secret


def _unnamed(secret: str) -> str:
    """Label for a secret that nobody registered: equal secrets keep equal labels, so checks can still compare."""
    return f"<redacted:{hashlib.sha256(secret.encode('utf-8', 'surrogateescape')).hexdigest()[:8]}>"


@dataclass(slots=True)
class Redactor:
    """Replaces secrets in text and headers with `<redacted:label>`.

    The same secret always becomes the same label, so a check may compare two captured values without ever seeing
    the secret itself.

    Attributes:
        labels: of each secret, the longest first.
    """

    labels: dict[str, str] = field(default_factory=dict, repr=False)
    _forms: dict[str, tuple[Form, ...]] = field(default_factory=dict, repr=False)
    _clean: set[str] = field(default_factory=set, repr=False)  # most headers come again and again

    def register(self, label: str, secret: str) -> None:
        """Make `secret`, in whatever form it turns up, read `<redacted:label>`. Under four characters it is ignored."""
        if len(secret) >= _SHORTEST_SECRET and secret not in self.labels:
            known = self.labels | {secret: label}
            self.labels = {one: known[one] for one in sorted(known, key=len, reverse=True)}
            self._forms[secret] = forms(secret)
            self._clean = set()  # a new one: another thread may be about to add what it read before

    def register_all(self, secrets: Mapping[str, str]) -> None:
        """Register each label and secret of `secrets`."""
        for label, secret in secrets.items():
            self.register(label, secret)

    def text(self, text: str) -> str:
        """`text` without registered secrets and without the values of properties that hold secrets by their name."""
        clean = self._clean
        if text in clean:
            return text
        found = self._redacted(text)
        if found == text and len(text) < _SHORT and len(clean) < _MANY:
            clean.add(text)
        return found

    def _redacted(self, text: str) -> str:
        for secret, label in self.labels.items():
            for form in self._forms[secret]:
                if form.sign in text:
                    text = form.pattern.sub(f"<redacted:{label}>", text)
        text = _SECRET_PROPERTIES.sub(lambda m: m[1] + self._value(m[2]) + m[3], text)
        return _SECRET_PARAMETERS.sub(lambda m: m[1] + self._value(m[2]), text)

    def value(self, value: Json) -> Json:
        """`value` with each text in it redacted, names of properties included."""
        match value:
            case str():
                return self.text(value)
            case dict():
                return {self.text(name): self.value(item) for name, item in value.items()}
            case list() | tuple():
                return [self.value(item) for item in value]
            case _:
                return value

    def headers(self, pairs: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
        """`pairs` of header name and value, with the values of authenticating headers replaced."""
        return tuple((self.text(name), self._header(name, value)) for name, value in pairs)

    def _value(self, value: str) -> str:
        if value.startswith("Bearer "):  # a scheme is no secret, and a label must stay one
            return f"Bearer {self._value(value.removeprefix('Bearer '))}"
        return value if not value or _LABEL.fullmatch(value) else _unnamed(value)

    def _header(self, name: str, value: str) -> str:
        value = self.text(value)
        if name.lower() not in _SECRET_HEADERS:
            return value
        scheme, _, credentials = value.partition(" ")
        if not credentials:
            return self._value(value)
        return f"{scheme} {self._value(credentials)}"
