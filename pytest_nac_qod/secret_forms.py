"""The forms in which a secret may travel, and where secrets hide: in addresses, and in the environment."""

import base64
import html
import json
import re
from collections.abc import Iterator, Mapping
from urllib.parse import parse_qsl, quote, quote_plus, unquote, urlsplit

_SHORTEST_CODE = 8  # characters of a Base64 or hexadecimal form, below which it is found by chance
_SHORTEST_VARIABLE = 8  # characters of a secret in the environment
_VARIABLE = re.compile(r"TOKEN|SECRET|PASSWORD|PASSWD|API_?KEY|PRIVATE_?KEY|CREDENTIAL", re.IGNORECASE)


def forms(secret: str) -> frozenset[str]:
    """`secret` as it is, and as JSON, URLs, HTML, hexadecimal digits and Base64 (at any offset, as in Basic) put it."""
    raw = secret.encode("utf-8", "surrogatepass")
    escaped = {form for ascii_only in (True, False) for form in _json(secret, ascii_only=ascii_only)}
    found = {
        secret,
        raw.decode("latin-1"),
        *escaped,
        *(form for text in escaped for form in _json(text, ascii_only=True)),
        "".join(f"\\u{unit:04x}" for unit in _utf16(secret)),
        *_percent(raw),
        html.escape(secret),
        html.escape(secret, quote=False),
        html.escape(secret).replace("&#x27;", "&#39;"),
    }
    codes = {*_base64(raw), raw.hex(), raw.hex().upper()}
    return frozenset(found | {code for code in codes if len(code) >= _SHORTEST_CODE})


def _json(text: str, *, ascii_only: bool) -> Iterator[str]:
    plain = json.dumps(text, ensure_ascii=ascii_only)[1:-1]
    yield from (plain, plain.replace("/", "\\/"))


def _utf16(text: str) -> Iterator[int]:
    units = text.encode("utf-16-be", "surrogatepass")
    return (int.from_bytes(units[at : at + 2], "big") for at in range(0, len(units), 2))


def _percent(raw: bytes) -> Iterator[str]:
    for form in (quote(raw, safe=""), quote(raw), quote_plus(raw), "".join(f"%{byte:02X}" for byte in raw)):
        yield form
        yield re.sub("%..", lambda found: found[0].lower(), form)


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
    yield from (unquote(found) for found in (password or user,) if found)
    yield from (value for _, value in parse_qsl(parts.query) if value)


def in_environment(environ: Mapping[str, str]) -> dict[str, str]:
    """The variables whose name says that they hold a secret, by a label that may be shown."""
    return {
        f"env.{name}": value
        for name, value in environ.items()
        if _VARIABLE.search(name) and len(value) >= _SHORTEST_VARIABLE
    }


def without_userinfo(text: str) -> str:
    """`text` with the user names and passwords of its addresses left out."""
    return re.sub(r"(://)[^/@\s]*@", r"\1", text)


def origin(url: str) -> str:
    """Scheme, host and port of an address: what may be shown of one that may hold a secret anywhere else."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"
