"""Recordings that are broken in any way: they are read, or one line says which file and what is wrong with it."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pytest_nac_qod.foundation.problems import UnusableError
from pytest_nac_qod.traffic.reading import read
from pytest_nac_qod.wire.redaction import Redactor
from tests.support.recordings import har_of, netstring
from tests.support.traffic import create
from tests.support.traffic import read as reads
from tests.support.variants import Write, try_each

TRAFFIC = [create(), reads(1)]
REQUEST = {
    "method": "GET",
    "scheme": "https",
    "host": "api.example.com",
    "port": 443,
    "path": "/quality-on-demand/v1/sessions/1",
    "headers": [["Accept", "application/json"]],
    "content": "",
    "timestamp_start": 1_800_000_000.0,
    "timestamp_end": 1_800_000_000.5,
}
ANSWER = {"status_code": 200, "headers": [["Content-Encoding", "gzip"]], "content": "{}", "timestamp_end": 1.8e9}
FLOW = {"type": "http", "request": REQUEST, "response": ANSWER, "error": {"msg": "x"}}


def bytewise(value: Any, name: str = "") -> Any:  # noqa: ANN401 - any JSON
    """The texts of a flow as the bytes that mitmproxy saves."""
    if isinstance(value, dict):
        return {key: bytewise(item, key) for key, item in value.items()}
    if isinstance(value, list):
        return [bytewise(item) for item in value]
    return value.encode() if isinstance(value, str) and name not in ("type", "msg") else value


def flows(values: list[Any]) -> str:
    return b"".join(netstring(bytewise(value)) for value in values).decode("latin-1")


def lines(values: list[Any]) -> str:
    return "".join(f"{json.dumps(value)}\n" for value in values)


KINDS: dict[str, tuple[Callable[[], Any], Write]] = {
    "har": (lambda: har_of(TRAFFIC), json.dumps),
    "jsonl": (lambda: [exchange.to_dict() for exchange in TRAFFIC], lines),
    "mitm": (lambda: [FLOW, {**FLOW, "response": None}], flows),
}


def hold_together(kind: str, folder: Path, number: int) -> None:
    valid, write = KINDS[kind]
    path = folder / f"traffic.{kind}"
    path.write_text(write(valid()), encoding="utf-8")
    assert len(list(read(path, Redactor()))) == 2  # what all variants are made of is right

    def each(content: bytes) -> None:
        path.write_bytes(content)
        try:
            for seen in read(path, Redactor()):
                assert seen.exchange.answered.tzinfo
        except UnusableError as error:
            (line,) = str(error).splitlines()
            assert len(line) < 500
            assert path.name in line

    try_each(valid(), write, number, each)


@pytest.mark.parametrize("kind", KINDS)
def test_recordings(kind: str, tmp_path: Path) -> None:
    hold_together(kind, tmp_path, 300)


@pytest.mark.nightly
@pytest.mark.parametrize("kind", KINDS)
def test_many_recordings(kind: str, tmp_path: Path) -> None:
    hold_together(kind, tmp_path, 10_000)


LINE = (
    '{"started": "%s", "seconds": %s, "request": {"method": "GET", "url": "http://h/"}, "response": {"status": %s}}\n'
)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (LINE % ("9999-12-31T23:59:59-23:00", 1, 200), "line 1: started '9999-12-31T23:59:59-23:00' is no time"),
        (LINE % ("2026-01-01T00:00:00Z", "1e308", 200), "line 1: 1e+308 s are no time that an exchange takes"),
        (LINE % ("2026-01-01T00:00:00Z", "NaN", 200), "line 1: nan s are no time that an exchange takes"),
        (LINE % ("2026-01-01T00:00:00Z", "9" * 400, 200), "line 1: int too large to convert to float"),
        (LINE % ("2026-01-01T00:00:00Z", 1, "9" * 400), "line 1: status: no status of HTTP"),
        (LINE % ("2026-01-01T00:00:00Z", 1, "1e999"), "line 1: cannot convert float infinity to integer"),
        ("99999999999:x,", "ends within flow 1; save it again"),
        ("6:-2:x,,}", "flow 1: ValueError: a length that is none in a typed netstring"),
    ],
)
def test_what_no_machine_can_count_with_gets_one_line(tmp_path: Path, content: str, said: str) -> None:
    path = tmp_path / "recording"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(UnusableError) as caught:
        list(read(path, Redactor()))
    (line,) = str(caught.value).splitlines()
    assert said in line


def test_a_flow_within_a_thousand_others_gets_one_line(tmp_path: Path) -> None:
    flow = netstring(None)
    for _ in range(2_000):
        flow = str(len(flow)).encode() + b":" + flow + b"]"
    path = tmp_path / "recording"
    path.write_bytes(flow)
    with pytest.raises(UnusableError, match="flow 1: RecursionError"):
        list(read(path, Redactor()))
