"""Recordings: HAR, mitmproxy flows and JSON Lines come to the same, hold no secret, and cost no memory."""

import base64
import json
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest

import pytest_nac_qod
from pytest_nac_qod.cli import main
from pytest_nac_qod.report.results import read as read_results
from pytest_nac_qod.traffic.court import Court
from pytest_nac_qod.traffic.reading import read
from pytest_nac_qod.wire.redaction import Redactor
from tests.support.recordings import SECRET, har_of, saved
from tests.support.traffic import (
    BASE,
    ID,
    OTHER,
    ROOT,
    call,
    create,
    delete,
    extend,
    missing,
    session,
)
from tests.support.traffic import (
    read as reads,
)

RIGHT = [create(), reads(1), extend(2, 60, session(duration=3660)), delete(3), missing(4)]
WRONG = [create(), reads(1, body=session(begun=0, qosProfile="QOS_S")), delete(3)]


@pytest.mark.parametrize("kind", ["har", "jsonl", "mitm"])
def test_each_kind_of_recording_is_judged(kind: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["judge", str(saved(tmp_path, kind, RIGHT))]) == 0
    printed = capsys.readouterr().out
    assert printed.startswith("5 exchanges: 5 calls and events, 0 of something else\n")
    assert "not tested: the traffic does not show what is needed." in printed
    assert main(["judge", str(saved(tmp_path, kind, WRONG)), "--report", str(tmp_path / "report")]) == 1
    printed = capsys.readouterr().out
    assert "FAIL  Wrong $.qosProfile" in printed
    assert "seen in   nac_seen_as_requested" in printed
    document = read_results(tmp_path / "report")
    assert (document["kind"], document["summary"]["fail"]) == ("judge", 2)
    for path in (tmp_path / "report").iterdir():
        assert SECRET not in path.read_text(encoding="utf-8")
    assert SECRET not in printed


def test_expectations_excuse_what_is_known(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    recording, report = saved(tmp_path, "har", WRONG), tmp_path / "report"
    main(["judge", str(recording), "--report", str(report)])
    known = tmp_path / "known.toml"
    assert main(["expectations", "--from", str(report), "-o", str(known)]) == 0
    assert main(["judge", str(recording), "--expectations", str(known)]) == 0
    assert "2 cases failed as the expectations file says." in capsys.readouterr().out
    assert main(["judge", str(saved(tmp_path, "jsonl", RIGHT)), "--expectations", str(known)]) == 1
    known.write_text('[[known]]\nrule = "nac_seen_as_request"\nrelease = "r3.2"\nreason = "so"\n', encoding="utf-8")
    assert main(["judge", str(recording), "--expectations", str(known)]) == 2
    assert "no rule of traffic in r3.2: 'nac_seen_as_request'; did you mean" in capsys.readouterr().err


def test_two_judgements_are_compared(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name, exchanges in (("old", RIGHT), ("new", WRONG)):
        main(["judge", str(saved(tmp_path, "har", exchanges)), "--report", str(tmp_path / name)])
    capsys.readouterr()
    assert main(["compare", str(tmp_path / "old"), str(tmp_path / "new")]) == 1
    assert "nac_seen_as_requested: pass, now fail" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "0 exchanges"),
        ("<html>", "neither HAR (an object with log) nor mitmproxy flows nor JSON Lines; save it as one of these"),
        ('{"log": {"entries": [{"request": {}}]}}', "entry 1: 'startedDateTime' is missing; HAR 1.2 asks for it"),
        ('{"log": {"entries": [', "not valid JSON after entry 0"),
        (
            '{"log": {"entries": [{"request": {}, "response": {}, "startedDateTime": "today"}]}}',
            "is no time with a zone",
        ),
        ('{"started": "now"}', "line 1: request is missing; see nac-qod judge --help"),
        ('{"a": 1}\n{"a"', "line 1: request is missing"),
        ("12:abc", "ends within flow 1; save it again"),
    ],
)
def test_bad_recordings_get_one_line(
    content: str, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "recording"
    path.write_text(content, encoding="utf-8")
    status = main(["judge", str(path)])
    captured = capsys.readouterr()
    assert said in captured.out + captured.err
    assert status == (2 if content else 3)
    assert len(captured.err.splitlines()) == (1 if content else 0)


def test_a_file_that_is_not_there_gets_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["judge", str(tmp_path / "none.har")]) == 2
    assert capsys.readouterr().err == f"nac-qod: {tmp_path / 'none.har'}: cannot be read: No such file or directory\n"


def test_options_are_checked(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = str(saved(tmp_path, "har", RIGHT))
    assert main(["judge", path, "--release", "r9.9"]) == 2
    assert main(["judge", path, "--base-url", "sessions=https://api.example.com"]) == 2
    assert main(["judge", path, "--client", "1a2b3c4d"]) == 2
    told = capsys.readouterr().err.splitlines()
    assert told[0].startswith("nac-qod: --release: no release 'r9.9'; there are ")
    assert told[1].startswith("nac-qod: --base-url: no API 'sessions' in r3.2; there are ")
    assert told[2] == "nac-qod: --client: '1a2b3c4d': write it as LABEL=NAME"


def test_an_api_at_another_base_path_is_judged_where_it_is_said_to_be(tmp_path: Path) -> None:
    elsewhere = "https://gateway.example.com/qod/v0"
    recording = saved(tmp_path, "har", [create(base=elsewhere), delete(1, base=elsewhere)])
    assert main(["judge", str(recording)]) == 3
    assert main(["judge", str(recording), "--base-url", f"quality-on-demand={elsewhere}"]) == 0


def test_bodies_that_were_not_kept_are_not_judged(tmp_path: Path) -> None:
    archive = har_of(RIGHT)
    for entry in archive["log"]["entries"]:
        entry["response"]["content"].pop("text")
        if "postData" in entry["request"]:
            entry["request"].pop("postData")
    path = tmp_path / "without.har"
    path.write_text(json.dumps(archive), encoding="utf-8")
    assert main(["judge", str(path)]) == 0
    archive["log"]["entries"][1]["response"]["content"] |= {
        "encoding": "base64",
        "text": base64.b64encode(b"{}").decode(),
    }
    path.write_text(json.dumps(archive), encoding="utf-8")
    assert main(["judge", str(path)]) == 1


def test_each_case_of_our_own_archive_is_a_story_of_its_own(tmp_path: Path) -> None:
    archive = har_of([create(), create(10, OTHER), reads(20)])
    path = tmp_path / "own.har"
    path.write_text(json.dumps(archive), encoding="utf-8")
    assert main(["judge", str(path)]) == 1  # two sessions for one flow
    for number, entry in enumerate(archive["log"]["entries"]):
        entry |= {"pageref": f"case_{number}", "comment": f"createSession (judged x{number})"}
    path.write_text(json.dumps(archive), encoding="utf-8")
    assert main(["judge", str(path)]) == 0


def test_tokens_that_name_their_client_tell_clients_apart(tmp_path: Path) -> None:
    def token(client: str) -> str:
        claims = base64.urlsafe_b64encode(json.dumps({"client_id": client}).encode()).decode().rstrip("=")
        return f"Bearer e30.{claims}.c2ln"

    archive = har_of([create(), reads(1)])
    for entry, client in zip(archive["log"]["entries"], ("application", "neighbour"), strict=True):
        for item in entry["request"]["headers"]:
            if item["name"] == "Authorization":
                item["value"] = token(client)
    path = tmp_path / "two.har"
    path.write_text(json.dumps(archive), encoding="utf-8")
    assert main(["judge", str(path), "--report", str(tmp_path / "report")]) == 1
    failed = {result["id"] for result in read_results(tmp_path / "report")["results"] if result["verdict"] == "fail"}
    assert failed == {"nac_seen_own_client_only"}


def test_the_release_that_finds_least_is_the_one_that_is_meant() -> None:
    both = pytest_nac_qod.judge([create()])
    assert both["release"] == "r3.2"
    older = call(
        "POST",
        f"{ROOT}/qod-provisioning/v0.2/device-qos",
        401,
        {"status": 401, "code": "UNAUTHENTICATED", "message": "No."},
        at=0,
    )
    assert pytest_nac_qod.judge([older, create(1)])["release"] == "r2.2"


def entries(number: int) -> Iterator[bytes]:
    """An archive of that many sessions, each created, read and deleted."""
    yield b'{"log": {"version": "1.2", "entries": ['
    for count in range(number):
        key = f"00000000-0000-4000-8000-{count:012d}"
        at = count * 10
        story = [create(at, key), reads(at + 1, key, body=session(key, begun=at)), delete(at + 2, key)]
        comma = b"," if count else b""
        yield comma + json.dumps(har_of(story)["log"]["entries"])[1:-1].encode()
    yield b"]}}"


@pytest.mark.slow
def test_memory_does_not_grow_with_the_recording(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pytest_nac_qod.traffic.lives.LIVES", 50)
    peaks = []
    for number in (200, 800):
        path = tmp_path / f"{number}.har"
        path.write_bytes(b"".join(entries(number)))
        court, redactor = Court(release="r3.2"), Redactor()
        tracemalloc.start()
        for seen in read(path, redactor):
            court.see(seen)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
        assert court.calls == 3 * number
    assert peaks[1] < 1.5 * peaks[0]


def test_several_targets_are_judged_apart(tmp_path: Path) -> None:
    other = "https://other.example.com/quality-on-demand/v1"
    traffic = [
        create(),
        create(1, OTHER, base=other),
        delete(2),
        reads(3, OTHER, base=other, body=session(OTHER, begun=1)),
    ]
    path = saved(tmp_path, "jsonl", traffic)
    assert main(["judge", str(path), "--report", str(tmp_path / "report")]) == 0
    document = read_results(tmp_path / "report")
    assert document["target"]["name"] == "https://api.example.com, https://other.example.com"
    assert {result["case"].rpartition(" ")[2] for result in document["results"]} == {ROOT, "https://other.example.com"}
    assert f"{BASE}/sessions/{ID}".startswith(ROOT)
