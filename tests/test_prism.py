"""The suite against somebody else's server: Prism, mocking the published document."""

import json
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep

import httpx
import pytest

from pytest_nac_qod import contracts
from pytest_nac_qod.foundation.exits import EXIT_BROKEN
from pytest_nac_qod.foundation.jsontypes import JsonObject

ROOT = Path(__file__).parent.parent
PRISM = Path(__file__).parent / "prism" / "node_modules" / ".bin" / "prism"

# a mock without state answers what its document shows, whatever came before
MUST_FAIL = (
    "quality_on_demand_createSession_409.1_session_conflict",
    "quality_on_demand_getSession_404.1_not_found",
    "quality_on_demand_deleteSession_404.1_not_found",
    "quality_on_demand_deleteSession_401.3_invalid_access_token",
    "quality_on_demand_retrieveSessionsByDevice_02_sessions_not_found",
)
MUST_PASS = (
    "quality_on_demand_createSession_401.1_no_authorization_header",
    "quality_on_demand_createSession_03_3_legged_missing_device",
    "quality_on_demand_deleteSession_01_delete_existing_qod_session",
    "quality_on_demand_extendQosSessionDuration_400.4_empty_request_body",
    "quality_on_demand_getSession_400.1_invalid_session_id",
)


@pytest.fixture(scope="module")
def prism() -> Path:
    """The program; CI installs it with `npm ci --prefix tests/prism`."""
    if not PRISM.exists():
        pytest.fail(f"no Prism at {PRISM}; install it with npm ci --prefix tests/prism")
    return PRISM


@contextmanager
def mocking(prism: Path, document: Path) -> Iterator[str]:
    """Base URL of a mock of the published document."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    listening = ("-h", "127.0.0.1", "-p", str(port))
    command = [str(shutil.which("node")), str(prism.resolve()), "mock", *listening, str(document)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    url = f"http://127.0.0.1:{port}"
    deadline = monotonic() + 60
    try:
        while monotonic() < deadline:
            try:
                httpx.get(url)
                break
            except httpx.TransportError:
                sleep(0.1)
        yield url
    finally:
        process.terminate()
        process.wait()


def judged(url: str, release: str, api: str, folder: Path) -> tuple[int, JsonObject]:
    """Exit status and results of a run against the mock."""
    (folder / "prism.toml").write_text(
        f'release = "{release}"\nx_correlator = "off"\n[apis]\n{api} = "{url}"\n'
        '[tokens.two_legged]\nvalue = "token-1"\n[tokens.second_client]\nvalue = "token-2"\n'
        '[tokens.expired]\nvalue = "token-3"\n[tokens.without_scope]\nvalue = "token-4"\n'
        '[tokens.three_legged]\nvalue = "token-5"\n'
        '[devices.default]\nphoneNumber = "+123456789"\n[devices.idle]\nphoneNumber = "+123456780"\n'
        '[profiles.default]\nname = "QOS_L"\nmin_duration = 1\nmax_duration = 86400\n'
        "[polling]\nbudget = 0.2\ninterval = 0.1\n",
        encoding="utf-8",
    )
    rest = ("--max-examples", "2", "--report", "out", "--", "-q", "-p", "no:randomly")
    command = [sys.executable, "-m", "pytest_nac_qod", "check", "--target", "prism.toml", *rest]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, cwd=folder, env=environment, timeout=300
    )
    return done.returncode, json.loads((folder / "out" / "results.json").read_text(encoding="utf-8"))


@pytest.mark.slow
@pytest.mark.parametrize(("release", "api"), [(r, api) for r in contracts.RELEASES for api in contracts.apis(r)])
def test_mock_of_each_published_document_is_judged_to_the_end(
    prism: Path, published: Path, tmp_path: Path, release: str, api: str
) -> None:
    with mocking(prism, published / release / f"{api}.yaml") as url:
        status, document = judged(url, release, api, tmp_path)
    assert status == EXIT_BROKEN
    assert document["complete"] is True
    errors = [(result["id"], result["reason"]) for result in document["results"] if result["verdict"] == "error"]
    assert errors == []
    if (release, api) == ("r3.2", "quality-on-demand"):
        verdicts = {result["id"]: result["verdict"] for result in document["results"]}
        assert {scenario: verdicts[scenario] for scenario in MUST_FAIL} == dict.fromkeys(MUST_FAIL, "fail")
        assert {scenario: verdicts[scenario] for scenario in MUST_PASS} == dict.fromkeys(MUST_PASS, "pass")
