"""Patterns of a contract, which are ECMA-262's, as Python's regular expressions."""

import re

_PART = re.compile(r"\\.|.", re.DOTALL)
_OUTSIDE = {
    "$": r"\Z",
    ".": r"[^\n\r\u2028\u2029]",
    r"\d": "[0-9]",
    r"\D": "[^0-9]",
    r"\w": "[A-Za-z0-9_]",
    r"\W": "[^A-Za-z0-9_]",
}
_IN_CLASS = {r"\d": "0-9", r"\w": "A-Za-z0-9_"}


def in_python(pattern: str) -> str:
    r"""The pattern with which `re.search` finds what the pattern matches in ECMA-262.

    As they stand, `$` lets a line end follow in Python, `.` matches line ends other than `\n`, and `\d` and `\w`
    match digits and letters of any script.

    >>> in_python(r"^\d+[.$]?$")
    '^[0-9]+[.$]?\\Z'
    """
    parts: list[str] = []
    within = False  # a class in brackets
    for part in _PART.findall(pattern):
        parts.append((_IN_CLASS if within else _OUTSIDE).get(part, part))
        within = part != "]" if within else part == "["
    return "".join(parts)
