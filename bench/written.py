"""The written cases of quality-on-demand on the embedded server, beside a bare replay of the same requests.

python -m bench.written
"""

import json
import re
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urlsplit

import httpx

from bench.counting import API, RELEASE
from pytest_nac_qod import contracts
from pytest_nac_qod.reference import ReferenceServer

_LABEL = re.compile(r"<redacted:access token of tokens\.(\w+)>")


def judged(folder: Path) -> tuple[float, list[dict[str, Any]]]:
    """Seconds that the cases took in all, and the requests that they sent."""
    operations = contracts.contract(RELEASE, API).operations
    chosen = [part for name in operations for part in ("--operation", name)]
    command = [sys.executable, "-m", "pytest_nac_qod", "check", "--release", RELEASE, "--max-examples", "0"]
    subprocess.run([*command, *chosen, "--report", str(folder)], check=True, capture_output=True, timeout=600)
    results = json.loads((folder / "results.json").read_text(encoding="utf-8"))["results"]
    requests = [exchange["request"] for result in results for exchange in result["exchanges"]]
    return sum(result["seconds"] or 0 for result in results), requests


def replayed(requests: list[dict[str, Any]]) -> float:
    """Seconds that a bare client takes to send the same requests one after another."""
    with ReferenceServer(release=RELEASE) as server, httpx.Client() as http:
        target = server.target()
        tokens = {role: source.resolve(http) for role, source in target.tokens.items()}
        ready = [_ready(request, server.url, tokens) for request in requests]
        begin = time.perf_counter()
        for method, url, headers, body in ready:
            http.request(method, url, headers=headers, content=body)
        return time.perf_counter() - begin


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
        seconds, requests = judged(Path(folder))
    bare = replayed(requests)
    print(f"cases: {seconds:.2f} s with {len(requests)} requests")
    print(f"bare replay: {bare:.2f} s")
    print(f"ratio: {seconds / bare:.2f}")


if __name__ == "__main__":
    main()
