"""What HTTP can carry as a token, header, client secret or address; no message shows the value."""

import re
from collections.abc import Callable, Iterator, Mapping
from urllib.parse import quote, urlsplit

import httpx

from pytest_nac_qod.foundation.jsontypes import Json, JsonObject

_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")  # RFC 9110 section 5.6.2
_DOTS = (".", "..")  # segments of a path that are taken away on the way (RFC 3986 section 5.2.4)
_LONGEST_SEGMENT = 4096  # characters that servers still take in a path
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")


def token_problem(value: str) -> str:
    """What keeps a header from carrying an access token (RFC 6750 section 2.1); empty when nothing does."""
    return _broken(value) or _spaced(value) or _foreign(value)


def header_problem(value: str) -> str:
    """What keeps `value` from being that of a header (RFC 9110 section 5.5); empty when nothing does."""
    return _broken(value.replace("\t", " ")) or _spaced(value) or _foreign(value)


def secret_problem(value: str) -> str:
    """What keeps `value` from being the id or the secret of a client (RFC 6749 appendix A); empty when nothing does."""
    return _broken(value)


def address_problem(url: str) -> str:
    """What keeps requests from being sent to `url`, which begins with http:// or https://; empty when nothing does."""
    if match := _CONTROL.search(url):
        return f"has the control character {_code(match[0])} in it; give the address without"
    try:
        httpx.URL(url)
        host, _ = urlsplit(url).hostname, urlsplit(url).port  # which raises ValueError
        (host or "").encode("idna")  # as sockets do: no part of a name is empty, or longer than 63 characters
    except (httpx.InvalidURL, ValueError):
        return "no address that can be called; check host and port, which is at most 65535"
    return "" if host else "no address that can be called; it needs a host"


def base_problem(url: str) -> str:
    """As address_problem, for an address that paths are added to; empty when that can be done."""
    if ends := re.search("[?#]", url):
        kind = "a query" if ends[0] == "?" else "a fragment"
        return address_problem(url) or f"has {kind}, and paths are added to it; give the address without"
    return address_problem(url)


def of_target(content: JsonObject, environ: Mapping[str, str]) -> Iterator[str]:
    """What HTTP cannot carry of a target file that has its right shape, as `key: what is wrong; what to do`."""
    for api, url in content["apis"].items():
        yield from _said(f"apis.{api}", base_problem(url))
    for role, entry in content["tokens"].items():
        yield from _of_token(f"tokens.{role}", entry, environ)
    for name, value in content.get("headers", {}).items():
        if not _NAME.fullmatch(name):
            yield f"headers.{name}: no name of a header (RFC 9110 section 5.1); it has letters, digits and hyphens"
        elif isinstance(value, str):
            yield from _said(f"headers.{name}", header_problem(value))
        else:
            yield from _of_variable(f"headers.{name}.env", value["env"], environ, header_problem)
    for name, hook in content.get("hooks", {}).items():
        yield from _said(f"hooks.{name}", address_problem(hook) if isinstance(hook, str) else "")
    if url := content.get("sink", {}).get("url"):
        yield from _said("sink.url", address_problem(url))


def _of_token(key: str, entry: Mapping[str, Json], environ: Mapping[str, str]) -> Iterator[str]:
    literal: Mapping[str, Callable[[str], str]] = {
        "value": token_problem,
        "token_url": address_problem,
        "client_id": secret_problem,
        "client_secret": secret_problem,
    }
    for name, problem in literal.items():
        if name in entry:
            yield from _said(f"{key}.{name}", problem(entry[name]))
    for name, problem in {"env": token_problem, "client_secret_env": secret_problem}.items():
        if name in entry:
            yield from _of_variable(f"{key}.{name}", entry[name], environ, problem)


def _of_variable(key: str, variable: str, environ: Mapping[str, str], problem: Callable[[str], str]) -> Iterator[str]:
    yield from _said(f"{key}: {variable}", problem(environ.get(variable, "")), " ")


def _said(key: str, problem: str, between: str = ": ") -> Iterator[str]:
    if problem:
        yield f"{key}{between}{problem}"


def _broken(value: str) -> str:
    if value.endswith(("\n", "\r")) and not _CONTROL.search(value.rstrip("\r\n")):
        return 'ends with a line break; take it off, as "$(cat FILE)" in a shell does'
    match = _CONTROL.search(value)
    return f"has the control character {_code(match[0])} in it; give it without" if match else ""


def _spaced(value: str) -> str:
    return "begins or ends with a space; take it off" if value != value.strip(" \t") else ""


def _foreign(value: str) -> str:
    foreign = next((character for character in value if not character.isascii()), "")
    return f"has {_code(foreign)} in it, which no header can carry; give it in ASCII" if foreign else ""


def _code(character: str) -> str:
    return f"U+{ord(character):04X}"


def segment(value: str) -> str:
    """A path parameter such that it stays one segment of the path, whatever it is.

    Raises:
        ValueError: it is empty, which would make another path of it, or longer than a path may be.
    """
    if problem := segment_problem(value):
        raise ValueError(problem)
    return "%2E" * len(value) if value in _DOTS else quote(value, safe="", errors="surrogatepass")


def filled(template: str, values: Mapping[str, str]) -> str:
    """A path with its parameters, each of which stays one segment.

    Raises:
        httpx.LocalProtocolError: one of them cannot stand in a path.
    """
    try:
        return template.format_map({name: segment(value) for name, value in values.items()})
    except ValueError as error:
        raise httpx.LocalProtocolError(str(error)) from None


def segment_problem(value: str) -> str:
    """Why no path can have `value` as a segment; empty when it can."""
    if not value:
        return "an empty path parameter would make another path"
    return f"a path parameter of {len(value)} characters fits into no path" if len(value) > _LONGEST_SEGMENT else ""


def usable_id(value: object) -> bool:
    """Whether a session or an assignment can be told, and deleted, by this id of it."""
    return isinstance(value, str) and value not in _DOTS and not segment_problem(value)
