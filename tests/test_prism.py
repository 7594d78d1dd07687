"""The suite against somebody else's server: Prism, mocking the published document."""

import json
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from time import monotonic, sleep

import httpx
import pytest

from pytest_nac_qod.verdicts import EXIT_BROKEN

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


@pytest.fixture(scope="module")
def mock(prism: Path, published: Path) -> Iterator[str]:
    """Base URL of a mock of the published document."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    document = published / "r3.2" / "quality-on-demand.yaml"
    listening = ("-h", "127.0.0.1", "-p", str(port))
    command = [str(shutil.which("node")), str(prism.resolve()), "mock", *listening, str(document)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    url = f"http://127.0.0.1:{port}"
    deadline = monotonic() + 30
    while monotonic() < deadline:
        try:
            httpx.get(url)
            break
        except httpx.TransportError:
            sleep(0.1)
    yield url
    process.terminate()
    process.wait()


def test_stateless_mock_is_judged_to_the_end(mock: str, tmp_path: Path) -> None:
    (tmp_path / "prism.toml").write_text(
        f'x_correlator = "off"\n[apis]\nquality-on-demand = "{mock}"\n'
        '[tokens.two_legged]\nvalue = "token-1"\n[tokens.second_client]\nvalue = "token-2"\n'
        '[tokens.expired]\nvalue = "token-3"\n[tokens.without_scope]\nvalue = "token-4"\n'
        '[tokens.three_legged]\nvalue = "token-5"\n'
        '[devices.default]\nphoneNumber = "+123456789"\n[devices.idle]\nphoneNumber = "+123456780"\n'
        '[profiles.default]\nname = "QOS_L"\nmin_duration = 1\nmax_duration = 86400\n'
        "[polling]\nbudget = 0.2\ninterval = 0.1\n",
        encoding="utf-8",
    )
    command = [sys.executable, "-m", "pytest_nac_qod", "check", "--target", "prism.toml", "--report", "out", "--", "-q"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, cwd=tmp_path, env=environment, timeout=120
    )
    document = json.loads((tmp_path / "out" / "results.json").read_text(encoding="utf-8"))
    assert done.returncode == EXIT_BROKEN, done.stdout
    assert document["complete"] is True
    assert document["summary"]["error"] == 0
    verdicts = {result["id"]: result["verdict"] for result in document["results"]}
    assert {scenario: verdicts[scenario] for scenario in MUST_FAIL} == dict.fromkeys(MUST_FAIL, "fail")
    assert {scenario: verdicts[scenario] for scenario in MUST_PASS} == dict.fromkeys(MUST_PASS, "pass")
