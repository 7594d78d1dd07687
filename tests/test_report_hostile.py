"""A target that answers with markup, terminal codes, control characters, 10 MB and broken UTF-8 changes no report."""

import html.parser
import json
import re
from itertools import count
from pathlib import Path

import pytest
from playwright.sync_api import expect
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pytest_nac_qod.report import results
from pytest_nac_qod.wire.serving import serve
from tests.support.chromium import Show, browser, show
from tests.support.commands import nac_qod
from tests.support.junit import valid

__all__ = ["browser", "show"]

MARKUP = "</script><script>window.pwned=1</script><img src=x onerror=alert(1)>]]>"
CODES = "\x1b[2J\x1b[31mPASS\x1b]0;owned\x07\x9b1A\u202e\u2028\x00\x7f\r\nPASSED all\n"
HUGE = 10 * 2**20  # bytes
STEERING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u2028\u2029]")


def spoilt(text: str) -> bytes:
    """A body that looks like a session, like an error and like a list, all of it with `text`."""
    session = {"sessionId": text, "qosStatus": text, "startedAt": text, "device": {text: text}, "duration": text}
    return json.dumps({**session, "status": text, "code": text, "message": text, text: text}).encode()


BODIES = (
    spoilt(MARKUP),
    spoilt(CODES),
    MARKUP.encode(),
    CODES.encode(),
    b'{"code": "\xff\xfe\xc3\x28\x80", "message": "\xed\xa0\x80"}',
    spoilt(MARKUP)[:-1] + b', "sessionId": "twice"}',
    b'{"code": "\\ud800\\ufffe\\u0000", "sessionId": "\\ud800"}',
    b"[" * 100_000,
    b'{"duration": NaN, "code": 1e999}',
    bytes(range(256)),
    b'{"message": "' + b"A" * HUGE + b'"}',
    b"not what its Content-Encoding says",
)
HEADERS = [(b"x-correlator", MARKUP.encode()), (b"x-odd", b"\xff\x9b31m"), (b"content-type", b"application/json")]


def serve_hostile(numbers: "count[int]") -> Starlette:
    async def answer(_: Request) -> Response:
        number = next(numbers)
        body = BODIES[number % len(BODIES)]
        response = Response(body, status_code=(200, 201, 400, 404, 500, 299)[number % 6])
        response.raw_headers[:0] = HEADERS
        if body == BODIES[-1]:
            response.headers["content-encoding"] = "gzip"
        return response

    return Starlette(routes=[Route("/{rest:path}", answer, methods=["GET", "POST", "DELETE"])])


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The report of a run against that target, and what it printed."""
    folder = tmp_path_factory.mktemp("hostile")
    serving = serve(serve_hostile(count()))
    url = f"http://127.0.0.1:{serving.port}/quality-on-demand/v1"
    chosen = ("--url", url, "--report", "out", "--max-examples", "0", "--scenario", "quality_on_demand_*")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("QOD_TOKEN", "a-token-of-ours")
        done = nac_qod("check", *chosen, "--", "-v", "-rA", folder=folder)
    serving.stop()
    assert done.returncode in (1, 3), done.stdout + done.stderr
    assert done.stderr == ""
    return folder / "out", done.stdout


def test_the_run_comes_to_its_end(hostile: tuple[Path, str]) -> None:
    document = results.read(hostile[0])
    assert document["complete"]
    assert len(document["results"]) > 90
    assert document["summary"]["fail"] > 30
    exchanges = [exchange for case in document["results"] for exchange in case["exchanges"]]
    assert max(len(response["body"]) for exchange in exchanges if (response := exchange["response"])) < 25_000
    errors = [case["reason"] for case in document["results"] if case["verdict"] == "error"]
    assert [reason for reason in errors if not re.search("DecodingError|TooLargeError", reason)] == []


def test_terminal_shows_only_what_is_ours(hostile: tuple[Path, str]) -> None:
    _, printed = hostile
    assert STEERING.search(printed) is None
    assert "\\x1b[2J" in printed
    assert not re.search("^PASSED all", printed, re.MULTILINE)


def test_junit_is_xml(hostile: tuple[Path, str]) -> None:
    root = valid((hostile[0] / "junit.xml").read_bytes())
    failures = [failure.text or "" for failure in root.iter("failure")]
    assert len(failures) == results.read(hostile[0])["summary"]["fail"]
    assert any(
        MARKUP[:30] in text for element in root.iter() for text in (element.text or "", *element.attrib.values())
    )
    assert STEERING.search("".join(failures)) is None


def test_archive_is_json(hostile: tuple[Path, str]) -> None:
    log = json.loads((hostile[0] / "exchanges.har").read_text(encoding="utf-8"))["log"]
    assert len(log["entries"]) > 50


class Elements(html.parser.HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append(tag)
        assert not any(name.startswith("on") or name in ("style", "src") for name, _ in attrs)
        assert all((value or "").startswith("#") for name, value in attrs if name == "href")


def test_page_has_no_elements_but_its_own(hostile: tuple[Path, str]) -> None:
    text = (hostile[0] / "report.html").read_text(encoding="utf-8")
    elements = Elements()
    elements.feed(text)
    cases = len(results.read(hostile[0])["results"])
    assert elements.found.count("script") == cases + 1
    assert not {"img", "iframe", "object", "embed", "link", "base"} & set(elements.found)
    assert STEERING.search(text) is None


def test_page_opens_and_stays_quiet(hostile: tuple[Path, str], show: Show) -> None:
    document = results.read(hostile[0])
    page = show(document)
    for case in range(0, len(document["results"]), 7):
        page.locator(f"#case-{case} > summary").click()
    assert page.evaluate("window.pwned") is None
    assert page.locator("img").count() == 0
    assert STEERING.search(page.locator("main").inner_text()) is None
    expect(page.locator("#shown")).to_have_text(re.compile(" of "))
