"""A relay before the embedded server that spoils the very bytes of answers, which no application can."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import httpx

from pytest_nac_qod.target import Polling
from pytest_nac_qod.target.file import render_target
from tests.hostile.trouble import RELEASE, Bench, Spoiler, nothing
from tests.support.target_runs import deployment

Raw = Callable[[httpx.Response], bytes]  # the answer as it is sent, and no more


def head(answer: httpx.Response, *headers: str) -> bytes:
    """The start of an answer, with the correlator of the right one unless there is another; its connection ends."""
    lines = [f"HTTP/1.1 {answer.status_code} X", "Content-Type: application/json", "Connection: close", *headers]
    correlator = answer.headers.get("x-correlator")
    if correlator and not any(line.startswith("x-correlator") for line in headers):
        lines.append(f"x-correlator: {correlator}")
    return "".join(f"{line}\r\n" for line in lines).encode("latin-1") + b"\r\n"


def with_length(length: Callable[[int], str], *more: str) -> Raw:
    """The whole body, and another length."""
    return lambda answer: head(answer, f"Content-Length: {length(len(answer.content))}", *more) + answer.content


def with_headers(*headers: str) -> Raw:
    """The answer as it is, with these headers too."""
    return with_length(str, *headers)


def in_chunks(*parts: bytes | None) -> Raw:
    """A chunked body; None stands for the right one, in one chunk."""

    def raw(answer: httpx.Response) -> bytes:
        whole = b"%x\r\n%s\r\n" % (len(answer.content), answer.content)
        return head(answer, "Transfer-Encoding: chunked") + b"".join(whole if part is None else part for part in parts)

    return raw


def padded(size: int) -> Raw:
    """The body with white space behind it, which JSON allows."""
    return lambda answer: with_length(lambda length: str(length + size))(answer) + b" " * size


def filled(number: int) -> Raw:
    """A session or a list with so many items that are all wrong."""

    def raw(answer: httpx.Response) -> bytes:
        right = answer.json()
        ports = {"ports": ["x"] * number}
        body = json.dumps({**right, "devicePorts": ports} if isinstance(right, dict) else [*right, *ports["ports"]])
        return head(answer, f"Content-Length: {len(body)}") + body.encode()

    return raw


def beside(text: Callable[[], str]) -> Raw:
    """An object with something more in it, which no schema forbids."""

    def raw(answer: httpx.Response) -> bytes:
        right = answer.content.strip()
        body = b'{"more": %s, %s' % (text().encode(), right[1:]) if right.startswith(b"{") else right
        return head(answer, f"Content-Length: {len(body)}") + body

    return raw


COOKIES = [f"Set-Cookie: c{number}={'x' * 100}; Path=/" for number in range(600)]
RAW: dict[str, tuple[Raw, bool]] = {  # by name; whether each answer is like that, or only those to creations
    "Content-Length too large": (with_length(lambda length: str(length + 10)), False),
    "Content-Length too small": (with_length(lambda length: str(length - 10)), False),
    "Content-Length below zero": (with_length(lambda _: "-1"), False),
    "Content-Length that is no number": (with_length(lambda _: "many"), False),
    "Content-Length of 5,000 digits": (with_length(lambda _: "9" * 5_000), False),
    "two lengths": (with_length(str, "Content-Length: 3"), False),
    "a length and chunks": (with_length(str, "Transfer-Encoding: chunked"), False),
    "chunks without an end": (in_chunks(None), False),
    "chunks of garbage": (in_chunks(b"zz\r\n{}\r\n"), False),
    "a chunk of 16 exabytes": (in_chunks(b"ffffffffffffffff\r\n{}\r\n"), False),
    "a chunk size without an end": (in_chunks(b"1" * 100_000), False),
    "garbage behind the last chunk": (in_chunks(None, b"0\r\nX: y\r\n\x00\xff"), False),
    "no status line": (lambda _: b"{}\r\n\r\n", False),
    "a header without a colon": (with_headers("X"), False),
    "a null byte in a header": (with_headers("X-A: \x00"), False),
    "600 cookies": (with_headers(*COOKIES), True),
    "a cookie of 60 kB": (with_headers(f"Set-Cookie: c={'x' * 60_000}"), True),
    "an x-correlator of 10 kB": (with_headers(f"x-correlator: {'x' * 10_000}"), True),
    "an x-correlator of Latin-1": (with_headers("x-correlator: \xe4\xf6\xfc"), True),
    "two x-correlators": (with_headers("x-correlator: a", "x-correlator: b"), True),
    "9 MB of white space": (padded(9_000_000), True),
    "20,000 wrong items": (filled(20_000), True),
    "lists within 900 lists": (beside(lambda: "[" * 900 + "]" * 900), True),
    "lists within 100,000 lists": (beside(lambda: "[" * 100_000 + "]" * 100_000), True),
    "3,000,000 lists": (beside(lambda: f"[{'[],' * 3_000_000}[]]"), True),
    "9 MB of text": (beside(lambda: f'"{"x" * 9_000_000}"'), True),
    "9 MB of text with an emoji": (beside(lambda: f'"\U0001f600{"x" * 9_000_000}"'), True),
    "a number of 1,000,000 digits": (beside(lambda: "9" * 1_000_000), True),
    "100,000 names, the last one twice": (
        beside(lambda: "{" + "".join(f'"{n}": 1, ' for n in range(100_000)) + '"x": 1, "x": 1}'),
        True,
    ),
}


WHOLE = "Content-Length too large", "chunks of garbage", "lists within 900 lists", "9 MB of text"
"""Those that a whole run is made against; of the others it is enough that the client reads them or refuses them."""


@contextmanager
def relayed(url: str, raw: Raw, *, always: bool) -> Iterator[str]:
    """A relay before the server at `url`; tells its own address."""

    class Handler(BaseHTTPRequestHandler):
        def relay(self) -> None:
            content = self.rfile.read(int(self.headers.get("Content-Length", "0")))
            kept = {name: value for name, value in self.headers.items() if name.lower() not in ("host", "connection")}
            with httpx.Client(timeout=60, trust_env=False, verify=False) as http:  # noqa: S501 - to loopback
                answer = http.request(self.command, url + self.path, content=content, headers=kept)
            spoils = always or (self.command == "POST" and self.path.endswith("/sessions") and answer.is_success)
            right = with_headers() if answer.content else head
            self.wfile.write((raw if spoils and answer.content else right)(answer))
            self.close_connection = True

        do_GET = do_POST = do_DELETE = relay  # noqa: N815 - as the base has it

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@contextmanager
def relay_bench(folder: Path, name: str) -> Iterator[Bench]:
    """The embedded server behind a relay, and a target file without hooks."""
    raw, always = RAW[name]
    with deployment(release=RELEASE) as server, relayed(server.url, raw, always=always) as url:
        apis = {api: base.replace(server.url, url) for api, base in server.target().apis.items()}
        target = replace(
            server.target(), apis=apis, hooks={}, pool=(), polling=Polling(interval=0.05, budget=4.0), timeout=10.0
        )
        (folder / "target.toml").write_text(render_target(target), encoding="utf-8")
        yield Bench(server, Spoiler(server.app, nothing), folder)
