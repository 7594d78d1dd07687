"""Files that are broken in any way: no traceback, but lines that name the file, what is wrong, and what to do."""

import contextlib
import io
import json
import re
import tomllib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
import tomli_w

from pytest_nac_qod import contracts
from pytest_nac_qod.cli import main
from pytest_nac_qod.foundation.jsontypes import JsonObject
from pytest_nac_qod.foundation.problems import UnusableError
from pytest_nac_qod.reference import ReferenceServer
from pytest_nac_qod.run import own_contracts
from pytest_nac_qod.run.known import expectations
from pytest_nac_qod.run.resuming import earlier
from pytest_nac_qod.target.file import load_target, render_target
from pytest_nac_qod.wire.connections import connection
from tests.support.report_documents import about, document, result
from tests.support.variants import Write, try_each

API = "qos-profiles"  # the smallest one
LONGEST = 500  # characters of a line
MOST = 25  # lines
SEED_TARGET = """timeout = 0.5
[apis]
quality-on-demand = "http://127.0.0.1:1/q/v1"
[tokens.two_legged]
value = "t"
[polling]
budget = 0.01
interval = 0.01
[devices.default]
phoneNumber = "+123456789"
[profiles.default]
name = "QOS_L"
"""
Read = Callable[[Path], None]


def ran(*words: str) -> None:
    """A command; raises what it says it cannot use."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        status = main(words)
    assert status in (0, 1, 2), err.getvalue()
    if status == 2:
        raise UnusableError(err.getvalue().removeprefix("nac-qod: ").rstrip("\n"))


def full_target() -> JsonObject:
    """A target file with all that one can have."""
    content: JsonObject = tomllib.loads(render_target(ReferenceServer().target()))
    content["tokens"]["expired"] = {"env": "SOME_TOKEN"}
    content |= {"timeout": 5.0, "x_correlator": "warn", "headers": {"X-Key": {"env": "SOME_TOKEN"}, "X-Other": "y"}}
    content["sink"] = {"url": "https://sink.example.com/x", "host": "127.0.0.1", "port": 0, "always": False}
    content["supports"] = {"identifier_types": ["phoneNumber"], "address_families": ["ipv4"]}
    content["unsupported"] = {"events": "none", "operations": {"extendQosSessionDuration": "no"}}
    content["hooks"]["terminate_session"] = ["ops", "{session_id}"]
    return content


def read_target(path: Path) -> None:
    target = load_target(path, {"SOME_TOKEN": "t"})
    for url in target.apis.values():
        with connection(timeout=target.timeout) as http:
            http.build_request("GET", url)
    load_target(path, {"SOME_TOKEN": "t"}, release="r4.1")


def read_expectations(path: Path) -> None:
    expectations.read(path)


def read_ledger(path: Path) -> None:
    target = path.with_name("target.toml")
    if not target.exists():
        target.write_text(SEED_TARGET, encoding="utf-8")
    ran("cleanup", "--target", str(target), "--ledger", str(path))


def read_results(path: Path) -> None:
    ran("report", str(path), "--output", str(path.parent / "out"))
    ran("compare", str(path), str(path))
    ran("expectations", "--from", str(path))


def read_journal(path: Path) -> None:
    (path.parent / "results.json").write_text(json.dumps({**document(), "complete": False}), encoding="utf-8")
    ran("report", str(path.parent), "--output", str(path.parent / "out"))
    try:
        earlier.__wrapped__(path.parent)
    except pytest.UsageError as error:
        raise UnusableError(str(error)) from None


def small_contract() -> JsonObject:
    """An API of one operation, and what it needs."""
    whole = contracts.document("r3.2", API)
    name = "/qos-profiles/{name}"
    return {**whole, "paths": {name: whole["paths"][name]}}


def read_contract(path: Path) -> None:
    ran("contract", "diff", str(path), f"r3.2:{API}")
    document = own_contracts.read(path)
    used = own_contracts.instead({API: contracts.contract("r3.2", API)}, document, "r3.2")[API]
    own_contracts.release_of(document)
    for operation in used.operations:
        pointer = used.request_pointer(operation)
        assert pointer is None or isinstance(used.validate({}, pointer, direction="request"), Sequence)


def lines_of(values: list[Any]) -> str:
    return "".join(f"{json.dumps(value)}\n" for value in values)


SESSION = {"device": {"phoneNumber": "+123456789"}, "qosProfile": "QOS_L", "duration": 60}
BASE = "http://127.0.0.1:1/q/v1"
LEDGER: list[JsonObject] = [
    {"entry": "e1", "operation": "createSession", "base_url": BASE, "device": SESSION["device"], "owner": "two_legged",
     "before": ["s0"], "sent": SESSION, "at": "2026-11-27T10:00:00+00:00"},
    {"entry": "e1", "created": "s1"},
    {"entry": "e2", "operation": "createSession", "base_url": BASE, "device": SESSION["device"], "owner": "two_legged",
     "before": [], "sent": SESSION, "at": "2026-11-27T10:00:00+00:00"},
    {"gone": "s1"},
]  # fmt: skip
EXPECTATIONS = {
    "known": [
        {"scenario": "quality_on_demand_getSession_404.1_not_found", "release": "r3.2", "reason": "x", "issue": "y"},
        {"rule": "nac_get_after_delete_is_404", "release": "r3.2", "reason": "x"},
        {"cause": "answer getSession 500", "release": "r3.2", "reason": "x"},
    ]
}
RESULTS = document(result(), result("fail", case="b"), result("inconclusive", case="c", reason="no"))
KINDS: dict[str, tuple[str, Callable[[], Any], Write, Read]] = {
    "target": ("t.toml", full_target, tomli_w.dumps, read_target),
    "expectations": ("e.toml", lambda: EXPECTATIONS, tomli_w.dumps, read_expectations),
    "ledger": ("l.jsonl", lambda: LEDGER, lines_of, read_ledger),
    "journal": (
        "results.jsonl",
        lambda: [{"given": {"mode": "strict"}, "about": about()}, *RESULTS["results"]],
        lines_of,
        read_journal,
    ),
    "results": ("results.json", lambda: RESULTS, json.dumps, read_results),
    "contract": ("c.yaml", small_contract, json.dumps, read_contract),
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("QOD_TOKEN", raising=False)
    return tmp_path


def hold_together(kind: str, folder: Path, number: int) -> None:
    name, valid, write, read = KINDS[kind]
    path = folder / name

    def each(content: bytes) -> None:
        path.write_bytes(content)
        try:
            read(path)
        except UnusableError as error:
            lines = str(error).splitlines()
            assert 0 < len(lines) <= MOST, lines
            for line in lines:
                assert len(line) < LONGEST, line
                assert name in line or str(folder) in line or line.startswith("…"), line
                assert not re.search("Traceback|[\x00-\x08\x1b]", line), line

    try_each(valid(), write, number, each)


@pytest.mark.parametrize(
    ("reference", "said"),
    [
        ("http://h\n/", "$ref http://h\\n/: only local files are read; bundle the document into one"),
        ("x\n.yaml", "$ref x\\n.yaml: no such file; add it, or bundle the document into one"),
        ("#/a\nb", "$ref #/a\\nb: leads nowhere; add what it names"),
    ],
)
def test_a_reference_of_two_lines_is_told_in_one(folder: Path, reference: str, said: str) -> None:
    content = small_contract()
    content["paths"]["/x"] = {"$ref": reference}
    (folder / "c.yaml").write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(UnusableError) as caught:
        own_contracts.read(folder / "c.yaml")
    assert str(caught.value) == f"{folder / 'c.yaml'}: {said}"


@pytest.mark.parametrize("kind", KINDS)
def test_files(kind: str, folder: Path) -> None:
    name, valid, write, read = KINDS[kind]
    (folder / name).write_text(write(valid()), encoding="utf-8")
    read(folder / name)  # what all variants are made of is right
    hold_together(kind, folder, 300)


@pytest.mark.nightly
@pytest.mark.parametrize("kind", KINDS)
def test_many_files(kind: str, folder: Path) -> None:
    hold_together(kind, folder, 10_000)


def test_a_base_url_of_two_lines_is_told_in_one(folder: Path) -> None:
    (folder / "l.jsonl").write_text(lines_of([{**LEDGER[0], "base_url": "http://h\n/"}]), encoding="utf-8")
    with pytest.raises(UnusableError) as caught:
        read_ledger(folder / "l.jsonl")
    (line,) = str(caught.value).splitlines()
    assert "not among [apis] of target; give the run's target" in line


@pytest.mark.parametrize("seconds", [10**400, float("inf"), float("nan"), -1])
def test_a_time_that_nobody_can_count_with_is_refused(folder: Path, seconds: float) -> None:
    exchange = {"id": "x1", "operation": "getSession", "role": "judged", "started": "2026-01-01T00:00:00Z",
                "request": {"method": "GET", "url": "http://h/", "headers": [], "body": ""}, "response": None,
                "error": "x", "seconds": seconds}  # fmt: skip
    content = document(result())
    content["results"][0]["exchanges"] = [exchange]  # type: ignore[list-item] # as it may stand in a file
    (folder / "results.json").write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(UnusableError) as caught:
        read_results(folder / "results.json")
    assert re.fullmatch(re.escape(f"{folder / 'results.json'}: ") + ".*", str(caught.value))


@pytest.mark.parametrize(
    ("version", "said"), [("a\nb", "a\\nb,"), ("x" * 20_000, f"{'x' * 40},"), ([[1]], "unknown,"), (None, "unknown,")]
)
def test_another_version_of_any_kind_is_told_in_one_line(folder: Path, version: object, said: str) -> None:
    start = {"given": {}, "about": {**about(), "suite": {"name": "x", "version": version}}}
    (folder / "results.jsonl").write_text(lines_of([start]), encoding="utf-8")
    with pytest.raises(UnusableError) as caught:
        read_journal(folder / "results.jsonl")
    (line,) = str(caught.value).splitlines()
    assert f"was made by version {said} this is" in line


TARGET = """release = "r3.2"
{top}
[apis]
quality-on-demand = "{url}"
[tokens.two_legged]
value = "t"
[devices.default]
phoneNumber = "+123456789"
[profiles.default]
name = "QOS_L"
{rest}
"""


@pytest.mark.parametrize(
    ("part", "said"),
    [
        ({"url": "http://[::1"}, "apis.quality-on-demand: no address that can be called"),
        ({"url": "http://h:abc"}, "apis.quality-on-demand: no address that can be called"),
        ({"url": "http://h:99999"}, "apis.quality-on-demand: no address that can be called"),
        ({"url": "http://h/v1#x"}, "apis.quality-on-demand: has a fragment, and paths are added to it; give the"),
        ({"top": "timeout = inf"}, "timeout: expected at most 86400, got Infinity"),
        ({"top": "timeout = nan"}, "timeout: nan is no number; give one"),
        ({"rest": "[polling]\nbudget = inf"}, "polling.budget: expected at most 86400, got Infinity"),
        ({"rest": "[polling]\ninterval = nan"}, "polling.interval: nan is no number; give one"),
        ({"rest": '[hooks]\nreset = "http://[::1"'}, "hooks.reset: no address that can be called"),
        ({"top": 'ca_file = "t.toml"'}, "ca_file: t.toml: no certificate in PEM format; give the certificate of"),
        ({"top": 'ca_file = "empty.pem"'}, "ca_file: empty.pem: no certificate in PEM format; give the certificate"),
        ({"top": 'ca_file = "none.pem"'}, "ca_file: none.pem: no such file; give a path relative to the target file"),
        ({"top": f"timeout = 0x{'f' * 5000}"}, "not valid TOML: a number of too many digits"),
        ({"top": f"a{'.a' * 20_000} = 1"}, "not valid TOML: a key of more than 200 parts (line 2)"),
        ({"top": f"# {'x' * 2_000_000}"}, "not valid TOML: 2,000,"),
        ({"top": f"a = {'[' * 5_000}"}, "not valid TOML: too deep"),
        ({"top": f"timeout = {'9' * 5000}"}, "not valid TOML: Exceeds the limit (4300 digits)"),
    ],
)
def test_what_cannot_work_is_refused_at_load(folder: Path, part: dict[str, str], said: str) -> None:
    (folder / "empty.pem").touch()
    text = TARGET.format(**{"top": "", "url": "http://127.0.0.1:1", "rest": "", **part})
    (folder / "t.toml").write_text(text, encoding="utf-8")
    with pytest.raises(UnusableError) as caught:
        load_target(folder / "t.toml", {})
    (line,) = str(caught.value).splitlines()
    assert line.startswith(f"{folder / 't.toml'}: {said}")
