"""The forms in which a secret may travel, and where secrets hide: in addresses, and in the environment."""

import base64
import html
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from urllib.parse import parse_qsl, unquote, urlsplit

_SHORTEST_CODE = 8  # characters of a Base64 or hexadecimal form, below which it is found by chance
_SHORTEST_VARIABLE = 8  # characters of a secret in the environment
_VARIABLE = re.compile(r"TOKEN|SECRET|PASSWORD|PASSWD|PASSPHRASE|API_?KEY|PRIVATE_?KEY|CREDENTIAL", re.IGNORECASE)


@dataclass(slots=True, eq=False)
class Form:
    """One way to write a secret, made ready when a text first has its sign: most secrets are met in few ways, or none.

    Attributes:
        sign: text that is cheap to look for, without which the form cannot be there.
        expression: a regular expression for it; None where the sign is all.
    """

    sign: str
    expression: Callable[[], re.Pattern[str]] | None = None
    _compiled: re.Pattern[str] | None = None

    def replaced(self, text: str, label: str) -> str:
        """`text`, which has the sign, with the label in place of the form."""
        if self.expression is None:
            return text.replace(self.sign, label)
        if self._compiled is None:
            self._compiled = self.expression()
        return self._compiled.sub(lambda _: label, text)


def forms(secret: str) -> tuple[Form, ...]:
    """The ways to write `secret` that whoever has it can be expected to use.

    As it is, with whatever JSON, URLs and HTML do to some of its characters, repeatedly; with each character as JSON's
    or a URL's escape; in Base64 at any offset, as in Basic; in hexadecimal digits.
    """
    raw = secret.encode("utf-8", "surrogatepass")
    plain = max(re.findall(r"[\w.~-]+", secret, re.ASCII), key=len, default="")
    codes = {*_base64(raw), raw.hex(), raw.hex().upper()}
    return (
        Form(plain, None if plain == secret else partial(_expression, secret, plain)),
        Form("\\", lambda: re.compile("".join(rf"\\+u{unit:04x}" for unit in _utf16(secret)), re.IGNORECASE)),
        Form("%", lambda: re.compile("".join(f"%(?:25)*{byte:02x}" for byte in raw), re.IGNORECASE)),
        *(Form(code) for code in codes if len(code) >= _SHORTEST_CODE),
    )


def _expression(secret: str, plain: str) -> re.Pattern[str]:
    return re.compile("".join(map(_written, secret)), re.IGNORECASE if plain != secret else 0)


def _written(character: str) -> str:
    """A regular expression for what may stand for a character."""
    if re.fullmatch(r"[\w.~-]", character, re.ASCII):
        return character.replace(".", r"\.")
    raw = character.encode("utf-8", "surrogatepass")
    ways = {
        rf"\\*{re.escape(character)}",
        "".join(rf"\\+u{unit:04x}" for unit in _utf16(character)),
        "".join(f"%(?:25)*{byte:02x}" for byte in raw),
        re.escape(raw.decode("latin-1")),
        *(re.escape(name) for name in (html.escape(character), f"&#{ord(character)};", f"&#x{ord(character):x};")),
        *((r"\+",) if character == " " else ()),
        *((r"\\+",) if character == "\\" else ()),
    }
    return f"(?:{'|'.join(sorted(ways, key=len, reverse=True))})"


def _utf16(text: str) -> Iterator[int]:
    units = text.encode("utf-16-be", "surrogatepass")
    return (int.from_bytes(units[at : at + 2], "big") for at in range(0, len(units), 2))


def _base64(raw: bytes) -> Iterator[str]:
    """What stands in Base64 of anything that has `raw` in it: the characters that depend on `raw` alone."""
    for offset in range(3):
        start, end = -(-8 * offset // 6), 8 * (offset + len(raw)) // 6
        for encode in (base64.b64encode, base64.urlsafe_b64encode):
            yield encode(bytes(offset) + raw).decode("ascii")[start:end]


def in_address(url: str) -> Iterator[str]:
    """The password, or a user name that stands alone, and the values of the query."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return
    user, _, password = parts.netloc.rpartition("@")[0].partition(":")
    yield from (unquote(credential) for credential in (password or user,) if credential)
    yield from (value for _, value in parse_qsl(parts.query) if value)


def in_environment(environ: Mapping[str, str]) -> dict[str, str]:
    """The variables whose names say that they hold a secret, by labels that may be shown; plain words are left out."""
    return {
        f"env.{name}": value
        for name, value in environ.items()
        if _VARIABLE.search(name) and len(value) >= _SHORTEST_VARIABLE and not value.isalpha()
    }


def without_userinfo(text: str) -> str:
    """`text` with the user names and passwords of its addresses left out."""
    return re.sub(r"(://)[^/@\s]*@", r"\1", text)


def origin(url: str) -> str:
    """Scheme, host and port of an address: what may be shown of one that may hold a secret anywhere else."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"
