"""Third-party mocks of the published document, each as its own process."""

import os
import shutil
import signal
import socket
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep

import httpx
import pytest

from tests.deployments.running import ROOT

CONNEXION = ROOT / ".venv-connexion" / "bin" / "connexion"
SPECMATIC = ROOT / "tests" / "specmatic" / "node_modules" / "specmatic" / "specmatic.jar"
_PATIENCE = 180.0  # seconds; a virtual machine starts slowly on a busy one
_AS_PUBLISHED = (
    "      type: openIdConnect\n      openIdConnectUrl: https://example.com/.well-known/openid-configuration\n"
)
_WITH_TOKENS = """\
      type: oauth2
      x-tokenInfoFunc: tokens.info
      flows: {clientCredentials: {tokenUrl: 'https://example.com/token', scopes: {}}}
"""


@contextmanager
def mocking(name: str, document: Path, folder: Path) -> Iterator[str]:
    """Base URL of a mock of the document; its files go to the folder."""
    port = _free_port()
    if name == "specmatic":
        command = [_found("java"), "-jar", str(_found(SPECMATIC)), "mock", str(document)]
        listening, base = ["--host", "127.0.0.1", "--port", str(port)], ""  # it leaves the base path out
    else:
        spec = document if name == "connexion_as_published" else _with_tokens(document, folder)
        command, base = [str(_found(CONNEXION)), "run", str(spec), "--mock=all"], "/quality-on-demand/v1"
        listening = ["-H", "127.0.0.1", "-p", str(port)]
    with _running([*command, *listening], folder, f"http://127.0.0.1:{port}"):
        yield f"http://127.0.0.1:{port}{base}"


@contextmanager
def _running(command: Sequence[str], folder: Path, url: str) -> Iterator[None]:
    """The process and its children, from the first answer on."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "tests" / "connexion")}
    with (folder / "mock.log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, cwd=folder, env=environment, start_new_session=True)
    try:
        _wait(process, url, folder / "mock.log")
        yield
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _wait(process: subprocess.Popen[bytes], url: str, log: Path) -> None:
    deadline = monotonic() + _PATIENCE
    while monotonic() < deadline and process.poll() is None:
        try:
            httpx.get(url, timeout=5)
        except httpx.TransportError:
            sleep(0.2)
        else:
            return
    pytest.fail(f"no answer from {url}: {log.read_text(encoding='utf-8', errors='replace')[-2000:]}")


def _with_tokens(document: Path, folder: Path) -> Path:
    """The document with a kind of authorization that connexion knows."""
    text = document.read_text(encoding="utf-8")
    assert _AS_PUBLISHED in text
    changed = folder / "document.yaml"
    changed.write_text(text.replace(_AS_PUBLISHED, _WITH_TOKENS), encoding="utf-8")
    return changed


def _found(program: str | Path) -> str:
    """Where the program is; `.ci/run` installs it, and says that it has to be there."""
    if path := shutil.which(program) or (Path(program).exists() and str(program)):
        return path
    said = f"no {program}; .ci/run installs it"
    if "QOD_MOCKS" in os.environ:
        pytest.fail(said)
    pytest.skip(said)


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port
