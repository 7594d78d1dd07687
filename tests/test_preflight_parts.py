"""The parts of a preflight: addresses, clocks, certificates and tokens."""

import base64
import json
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import trustme
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from pytest_nac_qod.foundation.jsontypes import Json
from pytest_nac_qod.preflight import addresses, certificates, tokens
from pytest_nac_qod.preflight.finding import Finding
from pytest_nac_qod.preflight.jwt import TokenFacts, facts
from pytest_nac_qod.target import target_from_url
from pytest_nac_qod.wire.serving import serve
from tests.support.preflights import preflight, starting

SCOPES = frozenset({"quality-on-demand:sessions:create", "quality-on-demand:sessions:read"})
BASE = "is the base URL that of the API?"
NOW = datetime(2026, 5, 2, 12, tzinfo=UTC)
OWN_CLOCK = "; its times are judged by its own clock; set the clocks by NTP"


@contextmanager
def answering(answer: Callable[[Request], Response], certificate: tuple[Path, Path] | None = None) -> Iterator[int]:
    """A server on loopback that answers everything alike; yields its port."""
    app = Starlette(routes=[Route("/{rest:path}", answer, methods=["GET", "POST"])])
    serving = serve(app, certificate=certificate)
    try:
        yield serving.port
    finally:
        serving.stop()


@pytest.mark.parametrize(
    ("response", "said"),
    [
        (Response("<p>", media_type="text/html"), f"fail answers with a web page; {BASE}"),
        (Response(status_code=302, headers={"location": "/in"}),
         "fail redirects to /in; give the address where it ends"),
        (JSONResponse({}, 503), "fail answers 503; is the service working?"),
        (JSONResponse({}, 400), f"warn answers 400 without a token in N ms, expected 401; {BASE}"),
        (JSONResponse({}, 401), "ok asks for a token in N ms"),
    ],
)  # fmt: skip
def test_what_an_address_answers(
    response: Response, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with answering(lambda _: response) as port:
        url = f"http://127.0.0.1:{port}/quality-on-demand/v1"
        _, lines = preflight(tmp_path, target_from_url(url, "t0ken", release="r3.2"), capsys)
    level, _, text = said.partition(" ")
    (message,) = (line.replace(f"{url} ", "") for line in starting(lines, "apis.quality-on-demand"))
    milliseconds = message.partition(" in ")[2].partition(" ms")[0]
    assert message.replace(f" in {milliseconds} ms", " in N ms") == f"{level.ljust(4)}  apis.quality-on-demand: {text}"


@pytest.mark.parametrize(
    ("seconds", "finding"),
    [
        (0.0, Finding("ok", "clock", "the target's clock agrees with ours")),
        (-1.0, Finding("ok", "clock", "the target's clock agrees with ours")),
        (3.0, Finding("warn", "clock", "the target's clock is 3 s ahead of ours" + OWN_CLOCK)),
        (-5.0, Finding("warn", "clock", "the target's clock is 3 s behind ours" + OWN_CLOCK)),
        (7200.0, Finding("warn", "clock", "the target's clock is 7200 s ahead of ours" + OWN_CLOCK)),
    ],
)
def test_how_far_the_clocks_are_apart(seconds: float, finding: Finding) -> None:
    date = (NOW + timedelta(seconds=seconds)).strftime("%a, %d %b %Y %H:%M:%S GMT")
    assert addresses.clock(date, NOW, NOW) == finding


def test_an_answer_without_a_date_tells_no_time() -> None:
    assert addresses.clock(None, NOW, NOW).level == "skip"
    assert addresses.clock("yesterday", NOW, NOW).level == "skip"


@contextmanager
def secured(authority: trustme.CA, name: str, until: datetime) -> Iterator[int]:
    """A TLS server with a certificate for `name` that ends at `until`; yields its port."""
    issued = authority.issue_cert(name, not_before=until - timedelta(days=400), not_after=until)
    with TemporaryDirectory() as folder:
        chain, key = Path(folder, "chain.pem"), Path(folder, "key.pem")
        chain.write_bytes(b"".join(blob.bytes() for blob in issued.cert_chain_pems))
        key.write_bytes(issued.private_key_pem.bytes())
        with answering(lambda _: JSONResponse({}, 401), (chain, key)) as port:
            yield port


@pytest.mark.parametrize(
    ("name", "days", "said"),
    [
        ("localhost", 99.5, "ok valid for 99 more days"),
        ("localhost", 3.5, "warn valid for 3 more days only, until "),
        ("localhost", -1, "fail certificate has expired; have it renewed"),
        ("other.example", 99, "fail Hostname mismatch, certificate is not valid for 'localhost'; give the "),
    ],
)  # fmt: skip
def test_certificates(name: str, days: float, said: str) -> None:
    authority = trustme.CA()
    trust = ssl.create_default_context(cadata=authority.cert_pem.bytes().decode())
    with secured(authority, name, datetime.now(UTC) + timedelta(days=days)) as port:
        (finding,) = certificates.certificate("localhost", port, trust, 5.0)
    assert f"{finding.level} {finding.text}".startswith(said)


def test_a_certificate_of_nobody_we_trust() -> None:
    with secured(trustme.CA(), "localhost", datetime.now(UTC) + timedelta(days=99)) as port:
        (finding,) = certificates.certificate("localhost", port, certificates.context(None), 5.0)
    assert finding.level == "fail"
    assert finding.text.endswith("; give its certificate authority as ca_file in the target file")


def test_no_tls_at_all() -> None:
    with answering(lambda _: JSONResponse({})) as port:
        (finding,) = certificates.certificate("localhost", port, certificates.context(None), 5.0)
    assert (finding.level, finding.text.startswith("no TLS: ")) == ("fail", True)


def jwt(**claims: Json) -> str:
    parts = ({"alg": "none"}, claims)
    encoded = (base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode() for part in parts)
    return f"{'.'.join(encoded)}.signature"


@pytest.mark.parametrize(
    ("token", "known"),
    [
        ("opaque", TokenFacts()),
        ("a.b.c", TokenFacts()),
        (jwt(), TokenFacts()),
        (jwt(exp=17, scope="a b"), TokenFacts(17.0, frozenset("ab"))),
        (jwt(exp="soon", scp=["a"]), TokenFacts(None, frozenset("a"))),
        (jwt(exp=True, scope=5), TokenFacts()),
        (jwt(exp=10**400), TokenFacts(253402300799.0)),
        (jwt(exp=-(10**400)), TokenFacts(0.0)),
        (f"a.{base64.urlsafe_b64encode(b'[' * 100_000).decode()}.c", TokenFacts()),
    ],
)
def test_what_a_token_says_of_itself(token: str, known: TokenFacts) -> None:
    assert facts(token) == known


@pytest.mark.parametrize(
    ("role", "left", "scopes", "renewed", "said"),
    [
        ("two_legged", 3600, SCOPES, False,
         "ok given; valid until 1970-01-12T14:46:40Z, scopes: " + " ".join(sorted(SCOPES))),
        ("two_legged", None, None, False, "ok given; it does not say for how long it is valid"),
        ("two_legged", -10, SCOPES, False, "fail expired on 1970-01-12T13:46:30Z; get a new one"),
        ("two_legged", 240, None, False, "warn expires in 4 min, which a run may outlast; get a new one"),
        ("two_legged", 240, None, True, "ok obtained; valid until 1970-01-12T13:50:40Z"),
        ("second_client", None, frozenset({"quality-on-demand:*"}), False,
         "ok given; it does not say for how long it is valid, scopes: quality-on-demand:*"),
        ("second_client", None, SCOPES - {"quality-on-demand:sessions:read"}, False,
         "warn lacks quality-on-demand:sessions:read; have the scopes granted"),
        ("without_scope", None, frozenset({"openid"}), False,
         "ok given; it does not say for how long it is valid, scopes: openid"),
        ("without_scope", None, SCOPES - {"quality-on-demand:sessions:read"}, False,
         "fail has quality-on-demand:sessions:create; give one without any scope of these APIs"),
        ("expired", -10, None, False, "ok expired on 1970-01-12T13:46:30Z"),
        ("expired", 10, None, False, "fail is still valid, until 1970-01-12T13:46:50Z; give one that has expired"),
        ("expired", None, None, False, "ok given; it does not say when it expired"),
    ],
)  # fmt: skip
def test_what_is_said_of_a_token(
    role: str,
    left: float | None,
    scopes: frozenset[str] | None,
    renewed: bool,  # noqa: FBT001 - a column
    said: str,
) -> None:
    now = 1e6
    known = TokenFacts(None if left is None else now + left, scopes)
    finding = tokens.judged(role, known, SCOPES, now, renewed=renewed)
    assert f"{finding.level} {finding.text}" == said
