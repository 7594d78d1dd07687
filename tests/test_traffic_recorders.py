"""Recordings as browsers and proxies export them: whatever they leave out, a correct target fails nothing."""

import base64
import gzip
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pytest_nac_qod.cli import main
from pytest_nac_qod.traffic.judging import Judge
from pytest_nac_qod.traffic.reading import masks
from pytest_nac_qod.traffic.reading.parts import decoded
from pytest_nac_qod.traffic.seen import MASKED
from pytest_nac_qod.traffic.tokens import seen_of
from pytest_nac_qod.wire.exchange import Exchange
from tests.support.recordings import flows_of, har_of
from tests.support.traffic import CONTRACTS, OTHER, SENT, call, create, delete, extend, listing, missing, read, session

Entry = dict[str, Any]
ELSE = {**SENT, "device": {"phoneNumber": "+123456780"}}
RIGHT = [
    create(),
    read(1),
    extend(2, 60, session(duration=3660)),
    listing(3, session(duration=3660)),
    create(4, OTHER, sent=ELSE, token="token-b"),
    listing(5, session(OTHER, begun=4, device=ELSE["device"]), device=ELSE["device"], token="token-b"),
    listing(6, token="token-b"),
    delete(7),
    missing(8),
]


def again(entry: Entry, **marks: Any) -> Entry:
    """The entry once more, as one that was answered out of a cache."""
    copy: Entry = json.loads(json.dumps(entry))
    copy["request"]["headers"] = [{"name": "x-correlator", "value": "another"}]
    return copy | marks


def chrome(entries: list[Entry]) -> list[Entry]:
    """Names in lower case, fields of HTTP/2, timings, cached and refused entries, no credentials unless asked for."""
    for entry in entries:
        for part in ("request", "response"):
            entry[part]["headers"] = [{**item, "name": item["name"].lower()} for item in entry[part]["headers"]]
        asked = [item for item in entry["request"]["headers"] if item["name"] != "authorization"]
        entry["request"]["headers"] = [{"name": ":authority", "value": "api.example.com"}, *asked]
        entry["_resourceType"], entry["_priority"] = "fetch", "High"
        entry["timings"] = {"blocked": 2.1, "dns": -1, "ssl": -1, "connect": -1, "send": 0.1, "wait": 20.0}
        entry["serverIPAddress"] = "[2001:db8::1]"
    refused = json.loads(json.dumps(entries[0]))
    refused["response"] = {
        "status": 0,
        "statusText": "",
        "headers": [],
        "content": {"size": 0, "mimeType": "x-unknown"},
    }
    refused["response"]["_error"] = "net::ERR_CONNECTION_REFUSED"
    asking = {**entries[0], "request": {**entries[0]["request"], "method": "OPTIONS"}, "_resourceType": "preflight"}
    return [asking, refused, *entries, again(entries[1], _fromCache="disk")]


def firefox(entries: list[Entry]) -> list[Entry]:
    """Local times with an offset, whole milliseconds, null where nothing is known."""
    for entry in entries:
        entry["startedDateTime"] = entry["startedDateTime"].replace("T12:", "T14:").replace("Z", "+02:00")
        entry |= {"time": 200, "cache": {}, "connection": "443"}
        if "postData" in entry["request"]:
            entry["request"]["postData"]["params"] = []
        else:
            entry["request"]["postData"] = None
    evicted = json.loads(json.dumps(entries[1]))
    evicted["response"]["content"] = {"mimeType": "application/json", "size": 400, "comment": "not included"}
    return [*entries, again(entries[1], cache={"afterRequest": None}), evicted]


def safari(entries: list[Entry]) -> list[Entry]:
    for entry in entries:
        entry["_fetchType"], entry["timings"] = "Network Load", {"send": 0, "wait": 199.5, "receive": 0.5}
        del entry["time"]
    return [*entries, again(entries[1], _fetchType="Memory Cache")]


def charles(entries: list[Entry]) -> list[Entry]:
    """Bodies in Base64, unknown times, comments, and what was under way when it was saved."""
    for entry in entries:
        content = entry["response"]["content"]
        content["text"] = base64.b64encode(content["text"].encode()).decode()
        content["encoding"] = "base64"
        entry |= {"time": -1, "timings": {"send": -1, "wait": -1, "receive": -1}, "comment": "seen (judged)"}
        entry["startedDateTime"] = entry["startedDateTime"].replace("Z", "+0000")
    under_way = {**entries[0], "response": None}
    return [*entries, under_way, {key: value for key, value in under_way.items() if key != "response"}]


def fiddler(entries: list[Entry]) -> list[Entry]:
    for entry in entries:
        entry["startedDateTime"] = entry["startedDateTime"].replace("Z", "1234+00:00")
        entry["cache"] = {"beforeRequest": None, "afterRequest": None}
        entry["response"]["content"].setdefault("compression", 0)
    return entries


def scrubbed(entries: list[Entry]) -> list[Entry]:
    """All credentials look alike, devices too; the two clients are still two."""
    text = json.dumps(entries)
    for client in "ab":
        text = text.replace(f'"Bearer of-{client}"', '"Bearer [REDACTED]"')
    return json.loads(text.replace("+123456789", "+12***").replace("+123456780", "+12***"))  # type: ignore[no-any-return]


def by_end(entries: list[Entry]) -> list[Entry]:
    return entries[::-1]


@pytest.mark.parametrize("export", [chrome, firefox, safari, charles, fiddler, scrubbed, by_end])
def test_what_recorders_export_fails_nothing(
    export: Callable[[list[Entry]], list[Entry]], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    archive = har_of(RIGHT)
    for entry, exchange in zip(archive["log"]["entries"], RIGHT, strict=True):
        client = (exchange.request.header("authorization") or "").rstrip(">")[-1]
        for item in entry["request"]["headers"]:
            item["value"] = f"Bearer of-{client}" if item["name"] == "Authorization" else item["value"]
    archive["log"]["entries"] = export(archive["log"]["entries"])
    path = tmp_path / "traffic.har"
    path.write_text(json.dumps(archive), encoding="utf-8")
    assert main(["judge", str(path)]) == 0
    printed = capsys.readouterr().out
    assert "FAIL" not in printed
    assert "WARN" not in printed


@pytest.mark.parametrize(
    ("value", "known"),
    [
        ("Bearer [REDACTED]", False),
        ("Bearer ***", False),
        ("[authorization redacted by Har-Sanitizer]", False),
        ("Bearer eyJhbGciOi...", False),
        ("Bearer xxxxxxxx", False),
        ("Bearer eyJhbGciOi.e30.c2ln", True),
        ("Basic cmVkYWN0ZWQ=", True),
        ("Bearer removed-7f3a", True),
    ],
)
def test_credentials_that_were_taken_out_are_no_credentials(value: str, known: bool) -> None:  # noqa: FBT001
    assert masks.of_headers([("Authorization", value), ("Accept", "***")]) == [
        ("Authorization", value if known else MASKED if value.startswith("[") else f"Bearer {MASKED}"),
        ("Accept", "***"),
    ]


def test_tokens_that_were_taken_out_of_a_body_leave_the_rest_known() -> None:
    body = json.dumps({"sinkCredential": {"accessToken": "[REDACTED]"}, "duration": 60})
    assert masks.of_body(body) == (body.replace("[REDACTED]", MASKED), False)
    assert masks.of_body('{"message": "The session was removed."}') == (
        '{"message": "The session was removed."}',
        False,
    )
    assert masks.of_body('{"phoneNumber": "+12****89"}')[1]


def test_bodies_are_decoded_or_not_known() -> None:
    assert decoded([(b"content-encoding", b"gzip")], gzip.compress(b'{"a": 1}')) == ('{"a": 1}', "")
    assert decoded([(b"content-encoding", b"x-unheard-of")], b"\xff\xfe\x00") == (None, "")
    assert decoded([], b"\xff")[1] == "byte 0xff at 0 is not UTF-8"
    assert decoded([], None) == (None, "")


def failed(traffic: list[Exchange], *, asked: bool = True, timed: bool = True) -> list[str]:
    judge = Judge("r3.2", CONTRACTS)
    for exchange in traffic:
        judge.see(replace(seen_of(exchange), asked=asked, timed=timed))
    list(judge.results())
    return [breach for breach in judge.tally.broken() if breach.startswith("must")]


def test_what_was_asked_without_a_known_body_is_of_no_device() -> None:
    other = call("POST", "/sessions", 201, session(OTHER, begun=1, device=ELSE["device"]), at=1, sent=ELSE)
    traffic = [create(), other, listing(2, session(OTHER, begun=1, device=ELSE["device"])), read(3)]
    assert failed(traffic, asked=False) == []
    assert "must nac_seen_one_for_a_flow" in failed([create(), create(1, OTHER), read(3)])


def test_calls_of_unknown_length_may_be_at_the_same_time() -> None:
    traffic = [create(seconds=0), delete(1, seconds=0), read(2, seconds=0), missing(3, seconds=0)]
    assert "must nac_seen_ended_by_deletion" not in failed(traffic, timed=False)
    assert "must nac_seen_ended_by_deletion" in failed(traffic)


def test_an_extension_out_of_sight_explains_a_longer_session() -> None:
    longer = session(duration=4200)
    traffic = [create(), read(1, seconds=2), extend(1.5, 60, session(duration=3660), seconds=1), read(4, body=longer)]
    assert failed(traffic) == []


def test_overlapping_recordings_are_one_traffic(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    traffic = [
        create(seconds=3),
        extend(1, 60, session(duration=3660), seconds=3),
        read(2, body=session(duration=3660)),
    ]
    for name, part in (("early", traffic[:2]), ("all", traffic)):
        (tmp_path / f"{name}.har").write_text(json.dumps(har_of(part)), encoding="utf-8")
    assert main(["judge", str(tmp_path / "early.har"), str(tmp_path / "all.har")]) == 0
    assert capsys.readouterr().out.startswith("3 exchanges: 3 calls and events, 0 of something else\n")


def test_flows_of_http_2_are_of_the_host_that_was_asked_for(tmp_path: Path) -> None:
    asked: dict[str, Any] = {"http_version": b"HTTP/2.0", "authority": b"api.example.com"}
    wrong = [create(), read(1, body=session(qosProfile="QOS_S"))]
    parts = [flows_of([exchange], **asked, host=f"203.0.113.{number}") for number, exchange in enumerate(wrong)]
    (tmp_path / "traffic.mitm").write_bytes(b"".join(parts))
    assert main(["judge", str(tmp_path / "traffic.mitm")]) == 1
