"""Whether the addresses of a target file lead anywhere, and to what."""

import shutil
import socket
from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from urllib.parse import urlsplit
from uuid import uuid4

import httpx

from pytest_nac_qod.contracts import Contract, Operation
from pytest_nac_qod.preflight.finding import Finding
from pytest_nac_qod.run.probing import ask, in_order, is_absent, nothing_answers
from pytest_nac_qod.target.hooks import Hook
from pytest_nac_qod.wire.client import QodClient
from pytest_nac_qod.wire.clock import described, skew
from pytest_nac_qod.wire.connections import proxy_for


def api(contract: Contract, client: QodClient, authorized: QodClient, unserved: Collection[str] = ()) -> list[Finding]:
    """Whether an API is there, by a request without a token and others with one, and the clock that an answer tells."""
    about = f"apis.{contract.api}"
    served = (candidate for candidate in contract.operations.values() if candidate.id not in unserved)
    operation = next((candidate for candidate in served if candidate.method == "GET"), None)
    if operation is None:
        return [Finding("skip", about, "it serves no read-only operation")]
    before = datetime.now(UTC)
    try:
        answer = client.call(operation.id, path=_path(operation))
    except httpx.TimeoutException as error:
        return [
            Finding("fail", about, f"{client.base_url} gave no answer ({type(error).__name__}); is the service up?")
        ]
    except httpx.TransportError as error:
        return [Finding("fail", about, f"{client.base_url} cannot be reached: {error}; is the address right?")]
    after = datetime.now(UTC)
    said = _answered(about, client.base_url, answer.response)
    return [
        said if said.level == "fail" else _absent(about, authorized, unserved) or said,
        clock(answer.response.headers.get("date"), before, after),
    ]


def _absent(about: str, client: QodClient, unserved: Collection[str]) -> Finding | None:
    """That nothing of the API answers; None when something does, or does not answer at all."""
    answers = []
    for operation in in_order(client, unserved):
        try:
            answers.append(ask(client, operation))
        except httpx.TransportError:
            return None
        if not is_absent(answers[-1]):
            return None
    return Finding("fail", about, nothing_answers(client, answers))


def _path(operation: Operation) -> Mapping[str, str]:
    names = [part[1:-1] for part in operation.path.split("/") if part.startswith("{")]
    return {name: str(uuid4()) for name in names}


def _answered(about: str, url: str, response: httpx.Response) -> Finding:
    took = f"in {response.elapsed.total_seconds() * 1000:.0f} ms"
    if "html" in response.headers.get("content-type", "").lower():
        return Finding("fail", about, f"{url} answers with a web page; is the base URL that of the API?")
    if response.is_redirect:
        leads = response.headers.get("location", "nowhere")
        return Finding("fail", about, f"{url} redirects to {leads}; give the address where it ends")
    if response.status_code == 401:
        return Finding("ok", about, f"{url} asks for a token {took}")
    if response.is_server_error:
        return Finding("fail", about, f"{url} answers {response.status_code}; is the service working?")
    said = f"{url} answers {response.status_code} without a token {took}, expected 401"
    return Finding("warn", about, f"{said}; is the base URL that of the API?")


def clock(date: str | None, before: datetime, after: datetime) -> Finding:
    """How far the target's clock is from ours, as a Date header tells that was sent between two moments."""
    offset = skew(date, before, after)
    if offset is None:
        return Finding("skip", "clock", "the answer has no Date header, so the target's clock is not known")
    if offset:
        return Finding(
            "warn", "clock", f"{described(offset)}; its times are judged by its own clock; set the clocks by NTP"
        )
    return Finding("ok", "clock", "the target's clock agrees with ours")


def hook(configured: Hook, seconds: float) -> list[Finding]:
    """Whether a hook is there to be called; it is not called."""
    about = f"hooks.{configured.name}"
    if configured.url is None:
        command = configured.command[0]
        if shutil.which(command):
            return [Finding("ok", about, f"{command} is there")]
        return [Finding("fail", about, f"{command}: no such command; install it, or give its path")]
    if proxy_for(configured.url):
        return [Finding("skip", about, "reached through a proxy; only a call would tell whether it is there")]
    parts = urlsplit(configured.url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    try:
        with socket.create_connection((parts.hostname or "", port), timeout=seconds):
            return [Finding("ok", about, f"{parts.hostname}:{port} accepts connections")]
    except OSError as error:
        return [Finding("fail", about, f"{parts.hostname}:{port} cannot be reached: {error.strerror or error}")]
