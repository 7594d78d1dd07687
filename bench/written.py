"""The written cases of quality-on-demand on the embedded server, beside a bare replay of the same requests.

python -m bench.written

A run asks the embedded server without a connection, since it is in the same process; the replay has one, as any client.
"""

import json
import re
import resource
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import httpx

from bench.counting import API, RELEASE
from pytest_nac_qod import contracts
from pytest_nac_qod.reference import ReferenceServer

_LABEL = re.compile(r"<redacted:access token of tokens\.(\w+)>")


class Cost(NamedTuple):
    """In seconds: what passed, and processor time, which is the same on a busy machine."""

    wall: float
    processor: float


def judged(folder: Path) -> tuple[Cost, list[dict[str, Any]]]:
    """What the cases took in all, without the start of the command, and the requests that they sent."""
    operations = contracts.contract(RELEASE, API).operations
    chosen = [part for name in operations for part in ("--operation", name)]
    command = [sys.executable, "-m", "pytest_nac_qod", "check", "--release", RELEASE, "--max-examples", "0"]
    begin = _children()
    subprocess.run([*command, "--scenario", "*_getSession_01_*"], check=True, capture_output=True, timeout=600)
    start, before = _children() - begin, _children()
    subprocess.run([*command, *chosen, "--report", str(folder)], check=True, capture_output=True, timeout=600)
    spent = _children() - before - start
    results = json.loads((folder / "results.json").read_text(encoding="utf-8"))["results"]
    requests = [exchange["request"] for result in results for exchange in result["exchanges"]]
    return Cost(sum(result["seconds"] or 0 for result in results), spent), requests


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def replayed(requests: list[dict[str, Any]]) -> Cost:
    """What a bare client and the server take to send and answer the same requests one after another."""
    with ReferenceServer(release=RELEASE) as server, httpx.Client() as http:
        target = server.target()
        tokens = {role: source.resolve(http) for role, source in target.tokens.items()}
        ready = [_ready(request, server.url, tokens) for request in requests]
        begin, before = time.perf_counter(), time.process_time()
        for method, url, headers, body in ready:
            http.request(method, url, headers=headers, content=body)
        return Cost(time.perf_counter() - begin, time.process_time() - before)


def _ready(request: dict[str, Any], base: str, tokens: dict[str, str]) -> tuple[str, str, dict[str, str], bytes]:
    headers = {
        name: _LABEL.sub(lambda label: tokens.get(label[1], "none"), value)
        for name, value in request["headers"]
        if name.lower() not in ("host", "content-length", "connection")
    }
    headers = {name: value.encode("ascii", "replace").decode() for name, value in headers.items()}
    url = urlsplit(request["url"])
    return request["method"], f"{base}{url.path}", headers, (request["body"] or "").encode()


def main() -> None:
    """Measure both sides and print the ratio last."""
    with TemporaryDirectory() as folder:
        cases, requests = judged(Path(folder))
    bare = replayed(requests)
    for name, cost in (("cases", cases), ("bare replay", bare)):
        print(f"{name}: {cost.wall:.2f} s, {cost.processor:.2f} s of processor time, {len(requests)} requests")
    print(f"ratio of processor time: {cases.processor / bare.processor:.2f}")
    print(f"ratio: {cases.wall / bare.wall:.2f}")


if __name__ == "__main__":
    main()
