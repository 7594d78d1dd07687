"""Values that a recorder took out, such as `[REDACTED]`, `***` or `eyJhbGciOi...`: nothing tells what they were."""

import re
from collections.abc import Iterable

from pytest_nac_qod.traffic.seen import MASKED

_WORDS = r"(?:redacted|removed|masked|filtered|sanitized|omitted|scrubbed|hidden)"
_VALUE = rf"[\[<({{*_]+[\w .-]{{0,30}}{_WORDS}[\w .-]{{0,30}}[\])>}}*_]+|{_WORDS}|[^\"\\\s]*\*{{3,}}[^\"\\\s]*|x{{4,}}"
_CUT = r"[^\"\\\s]*(?:\.\.\.|…)[^\"\\\s]*"
_SECRET = re.compile(f"(?:{_VALUE}|{_CUT})", re.IGNORECASE)
_TEXT = re.compile(rf'"(?:{_VALUE})"', re.IGNORECASE)
_TOKEN = re.compile(rf'("(?:accessToken|refreshToken)"\s*:\s*)"(?:{_VALUE}|{_CUT})"', re.IGNORECASE)
_AUTHORIZATION = re.compile(r"((?:[A-Za-z]+ +)?)(.*)", re.DOTALL)


def of_headers(headers: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Header fields, with one label for credentials that were taken out."""
    return [(name, _credentials(value) if name.lower() == "authorization" else value) for name, value in headers]


def of_body(body: str) -> tuple[str, bool]:
    """A body with that label for tokens that were taken out, and whether anything else was."""
    labelled = _TOKEN.sub(rf'\1"{MASKED}"', body)
    return labelled, bool(_TEXT.search(labelled))


def _credentials(value: str) -> str:
    scheme, rest = ("", value) if _SECRET.fullmatch(value) else _AUTHORIZATION.findall(value)[0]
    return f"{scheme}{MASKED}" if _SECRET.fullmatch(rest) else value
