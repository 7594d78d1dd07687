"""Secrets replaced by stable labels at the moment an exchange is captured."""

import hashlib
import re
import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from pytest_nac_qod.foundation.jsontypes import Json
from pytest_nac_qod.wire.secret_forms import Form, forms

_SECRET_HEADERS = re.compile(
    r"(?:proxy-)?authorization|(?:set-)?cookie2?|authentication-info"
    r"|.*(?:api-?key|(?:access|account|client|private|subscription)-?key|secret|passw).*|(?:.*-)?(?:token|credential)",
    re.IGNORECASE,
)
_CREDENTIALS = re.compile(  # a scheme of the IANA registry is no secret
    r"(basic|bearer|concealed|digest|dpop|gnap|hoba|mutual|negotiate|oauth|privatetoken|scram-sha-\d+|vapid) +(.+)",
    re.IGNORECASE | re.DOTALL,
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
_EVER: dict[str, str] = {}  # labels by secret, of all redactors


def _unnamed(secret: str) -> str:
    """Label for a secret that was never registered; equal secrets get equal labels, so checks can compare them."""
    return f"<redacted:{hashlib.sha256(secret.encode('utf-8', 'surrogatepass')).hexdigest()[:8]}>"


def remember(secrets: Iterable[tuple[str, str]]) -> None:
    """Note labels and secrets, without the space around them, for what is printed of an unexpected error."""
    bare = ((label, secret.strip()) for label, secret in secrets)
    _EVER.update({secret: label for label, secret in bare if len(secret) >= _SHORTEST_SECRET})


def ever_registered() -> dict[str, str]:
    """The label of every secret that this process knows."""
    return _EVER.copy()


@dataclass(frozen=True, slots=True)
class _Known:
    """All that is registered at one moment, never changed: the label and forms of each secret, the longest first."""

    secrets: Mapping[str, tuple[str, tuple[Form, ...]]] = field(default_factory=dict, repr=False)
    clean: set[str] = field(default_factory=set, repr=False)  # most texts come again and again
    headers: dict[tuple[str, str], tuple[str, str]] = field(default_factory=dict, repr=False)  # and so do headers

    def extended(self, label: str, secret: str) -> "_Known":
        secrets = {**self.secrets, secret: (label, forms(secret))}
        return _Known(dict(sorted(secrets.items(), key=lambda item: len(item[0]), reverse=True)))


@dataclass(slots=True)
class Redactor:
    """Replaces secrets in text and headers with `<redacted:label>`; may be used by several threads.

    The same secret always becomes the same label, so a check may compare two captured values without ever seeing
    the secret itself.
    """

    _known: _Known = field(default_factory=_Known, repr=False)  # replaced as a whole, so that nobody sees half of it
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False, compare=False)

    @property
    def labels(self) -> dict[str, str]:
        """The label of each secret, the longest secret first."""
        return {secret: label for secret, (label, _) in self._known.secrets.items()}

    def register(self, label: str, secret: str) -> None:
        """Make `secret`, in whatever form it turns up, read `<redacted:label>`. Under four characters it is ignored."""
        if len(secret) < _SHORTEST_SECRET:
            return
        remember([(label, secret)])
        with self._lock:
            if secret not in self._known.secrets:
                self._known = self._known.extended(label, secret)

    def register_all(self, secrets: Mapping[str, str]) -> None:
        """Register each label and secret of `secrets`."""
        for label, secret in secrets.items():
            self.register(label, secret)

    def text(self, text: str) -> str:
        """`text` without registered secrets and without the values of properties that hold secrets by their name."""
        known = self._known
        if text in known.clean:
            return text
        redacted = self._redacted(text, known.secrets)
        if redacted == text and len(text) < _SHORT and len(known.clean) < _MANY:
            known.clean.add(text)
        return redacted

    def _redacted(self, text: str, secrets: Mapping[str, tuple[str, tuple[Form, ...]]]) -> str:
        for label, written in secrets.values():
            for form in written:
                if form.sign in text:  # few are, so the rest has to be quick
                    text = form.replaced(text, f"<redacted:{label}>")
        text = _SECRET_PROPERTIES.sub(lambda m: m[1] + self._value(m[2]) + m[3], text)
        return _SECRET_PARAMETERS.sub(lambda m: m[1] + self._value(m[2]), text) if "=" in text else text

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
        known = self._known.headers
        return tuple(known.get(pair) or self._remembered(known, pair) for pair in pairs)

    def _remembered(self, known: dict[tuple[str, str], tuple[str, str]], pair: tuple[str, str]) -> tuple[str, str]:
        """A header as it may be kept; remembered, if it is short, among those of the same secrets."""
        name, value = pair
        redacted = self.text(name), self._header(name, value)
        if len(name) + len(value) < _SHORT and len(known) < _MANY:
            known[pair] = redacted
        return redacted

    def _value(self, value: str) -> str:
        if value.startswith("Bearer "):  # a scheme is no secret, and a label must stay one
            return f"Bearer {self._value(value.removeprefix('Bearer '))}"
        return value if not value or _LABEL.fullmatch(value) else _unnamed(value)

    def _header(self, name: str, value: str) -> str:
        value = self.text(value)
        if not _SECRET_HEADERS.fullmatch(name):
            return value
        with_scheme = _CREDENTIALS.fullmatch(value) if name.lower().endswith("authorization") else None
        return f"{with_scheme[1]} {self._value(with_scheme[2])}" if with_scheme else self._value(value)
