"""Deployments of the embedded server that differ from it in one way, and runs of the suite against them."""

import json
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from starlette.types import ASGIApp

from pytest_nac_qod import contracts
from pytest_nac_qod.foundation.jsontypes import JsonObject
from pytest_nac_qod.reference import ReferenceServer
from pytest_nac_qod.target import Target
from pytest_nac_qod.target.file import render_target
from tests.support.commands import nac_qod


@dataclass(frozen=True, slots=True)
class Ran:
    """A run of the suite: how it ended, what it printed, and its results."""

    status: int
    text: str
    document: JsonObject

    def verdicts(self) -> dict[str, str]:
        """The verdict of each case."""
        return {f"{result['id']} {result['case']}".strip(): result["verdict"] for result in self.document["results"]}

    def of(self, verdict: str) -> list[JsonObject]:
        """The results with this verdict."""
        return [result for result in self.document["results"] if result["verdict"] == verdict]


@contextmanager
def deployment(
    *, release: str = contracts.CURRENT, wrap: Callable[[ASGIApp], ASGIApp] | None = None
) -> Iterator[ReferenceServer]:
    """An embedded server with an application in front of it."""
    server = ReferenceServer(release=release)
    app: Any = wrap(server.app) if wrap else server.app
    server.app = app
    with server:
        yield server


def written(folder: Path, server: ReferenceServer, more: str = "", *, without: tuple[str, ...] = ()) -> Path:
    """A target file for the server; `more` stands at its end, the hooks named in `without` are left out."""
    target: Target = server.target(embedded=False)
    hooks = {name: hook for name, hook in target.hooks.items() if name not in without}
    path = folder / "target.toml"
    text = render_target(replace(target, hooks=hooks, pool=()))
    path.write_text(f"{text}\n{more}\n", encoding="utf-8")
    return path


def check(target: Path, *arguments: str) -> Ran:
    """Run the suite against a target file, from the folder that it is in."""
    quiet = ("--", "-q", "-p", "no:randomly", "-p", "no:cacheprovider")
    words = ("check", "--target", str(target), "--max-examples", "0", "--report", "out")
    return _ran(nac_qod(*words, *arguments, *quiet, folder=target.parent), target.parent)


def at_address(folder: Path, server: ReferenceServer, *arguments: str) -> Ran:
    """Run the written cases with the address of the server and a token, and nothing else."""
    client = {"client_id": "application", "client_secret": "application-secret"}
    token = server.service.issuer.token({"grant_type": "client_credentials", **client}, None)["access_token"]
    options = ["--url", server.url, "--token", token, "--max-examples", "0", "--report", "out", *arguments]
    return _ran(nac_qod("check", *options, "--", "-q", "-p", "no:cacheprovider", folder=folder), folder)


def _ran(done: subprocess.CompletedProcess[str], folder: Path) -> Ran:
    results = folder / "out" / "results.json"
    document = json.loads(results.read_text(encoding="utf-8")) if results.is_file() else {"results": []}
    return Ran(done.returncode, done.stdout + done.stderr, document)
