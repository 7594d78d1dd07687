"""What an answer must not give away."""

import re

from pytest_nac_qod.wire.exchange import Response

_TRACES = {
    "Python": re.compile(r"Traceback \(most recent call last\)|File \"[^\"]+\.py\", line \d+"),
    "Java": re.compile(r"\bat [\w$.]+\([\w$]+\.(?:java|kt|scala):\d+\)|\b(?:java|javax|org)\.[\w.]+Exception\b"),
    "JavaScript": re.compile(r"\bat .{0,200}\.[cm]?[jt]s:\d+:\d+|node_modules/"),
    ".NET": re.compile(r"\bat [\w.<>`]+\(.{0,200}\) in .{0,200}:line \d+|\bSystem\.[\w.]+Exception\b"),
    "Go": re.compile(r"goroutine \d+ \[|panic: runtime error"),
    "PHP": re.compile(r"PHP (?:Fatal|Warning|Notice)|\.php(?::| on line )\d+"),
    "SQL": re.compile(r"\bSQLSTATE\b|\bORA-\d{5}\b|syntax error at or near"),
}
_TELLING = ("server", "x-powered-by", "x-aspnet-version", "x-aspnetmvc-version", "via")
_VERSION = re.compile(r"[A-Za-z][\w.-]*/\d+(?:\.\d+)+")


def trace_in(response: Response) -> str:
    """The part of an answer that is a stack trace, or an error of a database; empty where there is none."""
    text = response.body.replace('\\"', '"')  # as JSON writes it
    for language, pattern in _TRACES.items():
        if match := pattern.search(text):
            return f"a trace of {language}: {match[0]}"
    return ""


def version_in(response: Response) -> str:
    """The header that names a product with its version (RFC 9110 section 10.2.4); empty where there is none.

    HTTP's own version, as in `Via: 1.1 proxy`, is none.
    """
    for name, value in response.headers:
        if name.lower() in _TELLING and (match := _VERSION.search(value)) and not match[0].upper().startswith("HTTP/"):
            return f"{name}: {match[0]}"
    return ""


def guessable(first: str, second: str) -> bool:
    """Whether two ids given out one after the other differ in so little that others can be guessed from them.

    A random UUID has 122 random bits, one of version 7 has 74; here fewer than 8 characters of 32 differ.
    """
    if first == second:
        return True
    pairs = list(zip(first.lower(), second.lower(), strict=False))
    return sum(left != right for left, right in pairs) < _DIFFERING


_DIFFERING = 8  # hexadecimal digits, which are 32 bits
