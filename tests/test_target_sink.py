"""What a target file says of the sink: one for everything that is created, and a certificate that stays the same."""

import json
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
import trustme
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from pytest_nac_qod import strategies
from pytest_nac_qod.cli import main
from pytest_nac_qod.reference import ReferenceServer
from pytest_nac_qod.run.connecting import receiver
from tests.support.target_files import LEAST, complaints, loaded
from tests.support.target_runs import check, deployment, written

CREATES = ("/sessions", "/qos-assignments")


class Insisting:
    """An application that refuses to create anything without a sink and a credential for it."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.refused: list[str] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "POST" or not scope["path"].endswith(CREATES):
            await self.app(scope, receive, send)
            return
        content = await Request(scope, receive).body()
        if not insists(content):
            self.refused.append(content.decode("utf-8", "replace"))
            answer = {"status": 400, "code": "INVALID_SINK", "message": "no sink"}
            await JSONResponse(answer, 400)(scope, receive, send)
            return

        async def again() -> dict[str, object]:
            return {"type": "http.request", "body": content, "more_body": False}

        await self.app(scope, again, send)


def insists(content: bytes) -> bool:
    """Whether there is a sink and a credential, or nothing that could have them."""
    try:
        body = json.loads(content)
    except ValueError:
        return True
    return not isinstance(body, dict) or not body or {"sink", "sinkCredential"} <= body.keys()


@contextmanager
def insisting() -> Iterator[tuple[ReferenceServer, list[str]]]:
    fronts: list[Insisting] = []

    def front(app: ASGIApp) -> ASGIApp:
        fronts.append(Insisting(app))
        return fronts[0]

    with deployment(wrap=front) as server:
        yield server, fronts[0].refused


@pytest.mark.parametrize(
    "chosen",
    [
        pytest.param(("--scenario", "nac_generated_create_session*", "--max-examples", "2"), marks=pytest.mark.slow),
        ("--scenario", "quality_on_demand_createSession_4*", "--max-examples", "0"),
        pytest.param(
            ("--scenario", "nac_generated_create_*assignment*", "--max-examples", "2"), marks=pytest.mark.slow
        ),
        pytest.param(
            ("--scenario", "nac_generated_session_life", "--scenario", "*getSession_0*", "--max-examples", "2"),
            marks=pytest.mark.slow,
        ),
    ],
)
def test_every_creation_has_a_sink_and_a_credential(tmp_path: Path, chosen: tuple[str, ...]) -> None:
    with insisting() as (server, refused):
        target = written(tmp_path, server, "[sink]\nalways = true", without=("advance_clock",))
        ran = check(target, *chosen)
    assert refused == []
    assert ran.of("pass"), ran.text
    assert {result["verdict"] for result in ran.document["results"]} <= {"pass", "not_applicable"}, ran.text
    everything = (tmp_path / "out" / "results.json").read_text(encoding="utf-8")
    assert "<redacted:sink.usual>" in everything


def test_what_is_about_no_sink_is_not_applicable(tmp_path: Path) -> None:
    with insisting() as (server, refused):
        ran = check(written(tmp_path, server, "[sink]\nalways = true"), "--scenario", "nac_no_*event_without_sink")
    assert refused == []
    said = "the target file says sink.always: nothing is created without a sink"
    assert {(result["verdict"], result["reason"]) for result in ran.document["results"]} == {("not_applicable", said)}


@given(data=st.data())
@settings(max_examples=20, deadline=None)
def test_strategies_have_it_too(data: st.DataObject, tmp_path_factory: pytest.TempPathFactory) -> None:
    target = loaded(tmp_path_factory.getbasetemp(), f"{LEAST}[sink]\nalways = true")
    bodies = strategies.create_session_bodies(target=target) | strategies.create_assignment_bodies(target=target)
    assert {"sink", "sinkCredential"} <= data.draw(bodies).keys()


UNTRUSTED = (
    "certificate: good.pem: is not trusted by old-authority.pem (unable to get local issuer certificate); give the "
    "authority that issued it"
)
FILES = 'certificate = "s/certificate.pem"\nkey = "s/key.pem"\nauthority = "s/authority.pem"'


def test_certificate_is_made_once_and_used_in_each_run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sink-certificate", str(tmp_path / "s"), "--host", "sink.example.com"]) == 0
    said = capsys.readouterr().out.replace(f"{tmp_path}/", "")
    assert said == f"s/authority.pem: have the target trust it; then in the target file:\n\n[sink]\n{FILES}\n"
    assert (tmp_path / "s" / "key.pem").stat().st_mode & 0o077 == 0
    target = loaded(tmp_path, f"{LEAST}[sink]\n{FILES}")
    trust = ssl.create_default_context(cafile=tmp_path / "s" / "authority.pem")
    for _ in range(2):
        with receiver(target) as sink, httpx.Client(verify=trust, timeout=120) as http:
            place = sink.subscribe()
            assert http.post(place.url, json={}).status_code == 204
            assert sink.ca_pem == (tmp_path / "s" / "authority.pem").read_text(encoding="ascii")
    assert main(["sink-certificate", str(tmp_path / "s")]) == 2
    assert "certificate.pem: already exists; give another folder, or move it away" in capsys.readouterr().err


def test_events_arrive_at_a_target_that_read_its_trust_store_once(tmp_path: Path) -> None:
    main(["sink-certificate", str(tmp_path / "s")])
    with deployment() as server:
        authority = (tmp_path / "s" / "authority.pem").read_text(encoding="ascii")
        server.call(lambda: server.service.courier.trust.load_verify_locations(cadata=authority))
        target = written(tmp_path, server, f"[sink]\n{FILES}", without=("trust_sink",))
        ran = check(target, "--scenario", "*createSession_0*event*", "--scenario", "nac_events_are_sent_once")
    assert ran.status == 0, ran.text
    assert {result["verdict"] for result in ran.document["results"]} == {"pass"}


def write(folder: Path, name: str, *hosts: str, not_after: datetime | None = None) -> None:
    """A certificate with its key and authority, in files named after it."""
    authority = trustme.CA()
    leaf = authority.issue_cert(*hosts, not_after=not_after)
    (folder / f"{name}.pem").write_bytes(b"".join(blob.bytes() for blob in leaf.cert_chain_pems))
    (folder / f"{name}-key.pem").write_bytes(leaf.private_key_pem.bytes())
    (folder / f"{name}-authority.pem").write_bytes(authority.cert_pem.bytes())


@pytest.mark.parametrize(
    ("section", "said"),
    [
        ('certificate = "good.pem"', "key: missing; certificate and key go together"),
        ('authority = "good-authority.pem"', "certificate: missing; certificate and key go together"),
        ('certificate = "none.pem"\nkey = "good-key.pem"',
         "certificate: none.pem: no such file; give a path relative to the target file"),
        ('certificate = "good.pem"\nkey = "old-key.pem"',
         "key: old-key.pem: does not belong to good.pem; give the one that does"),
        ('certificate = "text.pem"\nkey = "good-key.pem"',
         "certificate: text.pem: cannot be used with good-key.pem; give both in PEM form, without a passphrase"),
        ('certificate = "good.pem"\nkey = "good-key.pem"\nauthority = "text.pem"',
         "authority: text.pem: no certificate in PEM form"),
        ('certificate = "old.pem"\nkey = "old-key.pem"', "certificate: old.pem: has expired; make a new one"),
        ('certificate = "good.pem"\nkey = "good-key.pem"\nurl = "https://other.example.com/x"',
         "certificate: good.pem: is not for other.example.com; make one that is, or give sink.url by the name in it"),
        ('certificate = "good.pem"\nkey = "good-key.pem"\nurl = "https://203.0.113.9/x"',
         "certificate: good.pem: is not for 203.0.113.9; make one that is, or give sink.url by the name in it"),
        ('certificate = "good.pem"\nkey = "good-key.pem"\nauthority = "old-authority.pem"',
         UNTRUSTED),
    ],
)  # fmt: skip
def test_problem_names_file_key_and_mend(tmp_path: Path, section: str, said: str) -> None:
    write(tmp_path, "good", "127.0.0.1", "sink.example.com")
    write(tmp_path, "old", "127.0.0.1", not_after=datetime.now(UTC) - timedelta(days=1))
    (tmp_path / "text.pem").write_text("no certificate", encoding="ascii")
    assert complaints(tmp_path, f"{LEAST}[sink]\n{section}") == [f"operator.toml: sink.{said}"]


@pytest.mark.parametrize("url", ["", 'url = "https://sink.example.com/x"', 'host = "0.0.0.0"'])
def test_certificate_that_fits_is_none(tmp_path: Path, url: str) -> None:
    write(tmp_path, "good", "127.0.0.1", "sink.example.com")
    target = loaded(tmp_path, f'{LEAST}[sink]\ncertificate = "good.pem"\nkey = "good-key.pem"\n{url}')
    assert target.sink.certificate == tmp_path / "good.pem"
