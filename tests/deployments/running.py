"""A deployment on a socket, its target file, and a run of the suite against it."""

import json
import os
import resource
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from typing import Any

import tomli_w
from starlette.applications import Starlette

from pytest_nac_qod.foundation.jsontypes import JsonObject
from pytest_nac_qod.wire.serving import serve
from tests.deployments import mock, server
from tests.deployments.habits import habits
from tests.deployments.network import Network
from tests.deployments.world import DEVICES, RELEASES

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
_HOOKS = ("trust_sink", "terminate_session", "refuse_next_session", "advance_clock")


@dataclass(frozen=True, slots=True, kw_only=True)
class Deployment:
    """One row of deployments.toml.

    Attributes:
        about: what it does, in a sentence.
        habits: what it does other than a correct server.
        causes: that a run has to name: `key`, `words` of the title, `where` it concerns.
        most: entries that a run may name in all.
        leaves: whether it keeps what it was asked to delete; a run has to name that.
        status: exit status of a run.
        hooks: that its target file has.
        target: what its target file has beside, or instead of, the usual; an empty text takes a key away.
        apis: that its target file names; all of the release if empty.
        scenarios: the part of the suite that is run, as `--scenario` takes it; everything if empty.
    """

    name: str
    about: str
    habits: list[str] = field(default_factory=list)
    causes: list[JsonObject] = field(default_factory=list)
    most: int = 0
    leaves: bool = False
    status: int = 1
    release: str = "r3.2"
    hooks: list[str] = field(default_factory=lambda: list(_HOOKS))
    target: JsonObject = field(default_factory=dict)
    apis: list[str] = field(default_factory=lambda: ["quality-on-demand"])
    scenarios: list[str] = field(default_factory=list)

    @property
    def stateless(self) -> bool:
        """Whether it is a mock that only answers examples."""
        return self.habits == ["stateless mock"]


@dataclass(frozen=True, slots=True)
class Ran:
    """What a run came to: exit status, results.json, what is left on the server, and seconds, also of the CPU."""

    status: int
    document: JsonObject
    left: list[str]
    seconds: float
    cpu: float
    said: str


def deployments(file: str = "deployments.toml") -> dict[str, Deployment]:
    """All deployments by name."""
    content = tomllib.loads((HERE / file).read_text(encoding="utf-8"))
    return {name: Deployment(name=name, **row) for name, row in content.items()}


def target(deployment: Deployment, url: str) -> JsonObject:
    """The content of its target file."""
    phone = [{"phoneNumber": device["phoneNumber"]} for device in DEVICES]
    paths = RELEASES[deployment.release].paths
    usual: JsonObject = {
        "name": deployment.name,
        "release": deployment.release,
        "apis": {api: url + path for api, path in paths.items() if api in (deployment.apis or paths)},
        "tokens": {
            "two_legged": {"value": "token-of-shop"},
            "second_client": {"value": "token-of-rival"},
            "three_legged": {"value": "token-of-phone-3"},
            "without_scope": {"value": "token-for-nothing"},
            "expired": {"value": "token-of-yesterday"},
        },
        "devices": {
            "default": phone[0],
            "several": dict(DEVICES[0]),
            "second": dict(DEVICES[1]),
            "mismatched": {**phone[0], "ipv6Address": DEVICES[1]["ipv6Address"]},
            "idle": phone[2],
            "three_legged": phone[3],
            "not_applicable": phone[4],
            "unsupported": {"networkAccessIdentifier": "device@example.com"},
        },
        "profiles": {
            "default": {"name": "QOS_GOLD", "min_duration": 1, "max_duration": 7200},
            "inactive": {"name": "QOS_IRON"},
            "deprecated": {"name": "QOS_RUST"},
        },
        "unsupported": {
            "restricted_profiles": "every profile is for everybody",
            "asynchronous_revocation": "revoked at once",
            "private_key_jwt": "access tokens only",
        },
        "polling": {"interval": 0.05, "budget": 4.0},
        "hooks": {name: f"{url}/control/{name}" for name in deployment.hooks},
    }
    return _over(usual, deployment.target)


def _over(usual: JsonObject, other: Mapping[str, Any]) -> JsonObject:
    """`usual` with what the other says; an empty text takes a key away."""
    merged = dict(usual)
    for key, value in other.items():
        if value == "":
            merged.pop(key, None)
        elif isinstance(value, dict) and isinstance(merged.get(key), dict):
            merged[key] = _over(merged[key], value)
        else:
            merged[key] = value
    return merged


@contextmanager
def serving(deployment: Deployment) -> Iterator[tuple[str, Network | None]]:
    """Address of the deployment, and its network, if it has one."""
    app: Starlette
    if deployment.stateless:
        app, network = mock.application(), None
    else:
        app, network = server.application(deployment.release, habits(deployment.habits))
    served = serve(app)
    try:
        yield f"http://127.0.0.1:{served.port}", network
    finally:
        served.stop()


def check(content: JsonObject, folder: Path, *scenarios: str) -> tuple[int, JsonObject, str]:
    """Exit status, results and terminal output of a run with this target file."""
    (folder / "target.toml").write_text(tomli_w.dumps(content), encoding="utf-8")
    rest = ("--", "-q", "-p", "no:randomly", "-p", "no:hypothesispytest", "-p", "no:cacheprovider")
    chosen = [word for scenario in scenarios for word in ("--scenario", scenario)]
    arguments = ("--target", "target.toml", "--max-examples", "0", "--report", "out", *chosen, *rest)
    command = [sys.executable, "-m", "pytest_nac_qod", "check", *arguments]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, cwd=folder, env=environment, timeout=550
    )
    results = folder / "out" / "results.json"
    if results.exists():
        return done.returncode, json.loads(results.read_text(encoding="utf-8")), done.stdout
    return done.returncode, _refused(done.stdout + done.stderr), done.stdout


def _refused(said: str) -> JsonObject:
    """What a run came to that was not begun: the one cause is what its last line says."""
    (line,) = [line.strip("! ") for line in said.splitlines() if line.startswith("! not judged: ")]
    cause = {"title": line, "verdict": "error", "clauses": [], "cases": []}
    return {"results": [], "causes": [cause], "summary": {"fail": 0}, "complete": True}


def run(deployment: Deployment, folder: Path) -> Ran:
    """Run the suite against it."""
    started, used = monotonic(), _cpu()
    with serving(deployment) as (url, network):
        status, document, said = check(target(deployment, url), folder, *deployment.scenarios)
        left = [record.id for record in network.records.values() if record.occupies] if network else []
    return Ran(status, document, left, monotonic() - started, _cpu() - used, said)


def _cpu() -> float:
    """Seconds of the CPU that this process and its children have used."""
    return sum(sum(resource.getrusage(who)[:2]) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
