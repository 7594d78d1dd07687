"""Text of others, made safe to show: nothing in it steers a terminal, breaks XML or turns the reading order."""

import re

# C0 and C1 controls but tab and newline, surrogates, noncharacters, line separators, and what steers bidirectional text
_STEERING = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufeff\ufffe\uffff]"
)


def visible(text: str) -> str:
    r"""`text` with each character that would steer its reader's device written as `\x1b` or `\u202e`."""
    return _STEERING.sub(_named, text)


def one_line(text: str) -> str:
    r"""As visible, with tabs and newlines written as `\t` and `\n`."""
    return visible(text).replace("\n", "\\n").replace("\t", "\\t")


def _named(match: re.Match[str]) -> str:
    code = ord(match[0])
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"
