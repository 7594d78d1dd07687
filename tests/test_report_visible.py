"""Text of others, made safe to show."""

from xml.etree import ElementTree as ET

import pytest

from pytest_nac_qod.foundation.visible import one_line, visible
from pytest_nac_qod.report.terminal import failure


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain, \u00fcml\u00e4ut, \u65e5\u672c, \U0001f600", "plain, \u00fcml\u00e4ut, \u65e5\u672c, \U0001f600"),
        ("\x1b[31mred\x1b[0m", "\\x1b[31mred\\x1b[0m"),
        ("\x00\x07\x08\x7f\x9b31m", "\\x00\\x07\\x08\\x7f\\x9b31m"),
        ("user\u202egpj.exe", "user\\u202egpj.exe"),
        ("\ud800", "\\ud800"),
        ("\ufffe\uffff", "\\ufffe\\uffff"),
        ("two\nlines\tand a tab\r", "two\nlines\tand a tab\\x0d"),
    ],
)
def test_what_steers_a_device_is_spelled_out(text: str, shown: str) -> None:
    assert visible(text) == shown
    shown.encode("utf-8")


def test_every_character_is_fit_for_xml() -> None:
    everything = "".join(map(chr, range(0x10000)))
    element = ET.Element("a")
    element.text = visible(everything)
    assert ET.fromstring(ET.tostring(element, encoding="utf-8")).text == visible(everything)


def test_one_line_is_one_line() -> None:
    assert one_line("a\nb\tc\r\n\u2028d").splitlines() == ["a\\nb\\tc\\x0d\\n\\u2028d"]


def test_a_failure_has_no_lines_but_its_own() -> None:
    violation = {
        "rule": "r",
        "clause": "c",
        "expected": "x",
        "actual": "\x1b[2J\nPASS  all",
        "exchange": "x9",
        "severity": "must",
        "reason": "",
    }
    result = {"verdict": "fail", "id": "r", "case": "", "reason": "", "violations": [violation], "exchanges": []}
    assert failure.lines(result, "r3.2") == [
        "FAIL  r  r3.2",
        "      expected  x",
        "      actual    \\x1b[2J\\nPASS  all",
        "      clause    c",
    ]
