"""A client in Node: the right one passes, and each defect of it is found as one cause."""

import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest

from pytest_nac_qod.reference import ReferenceServer
from pytest_nac_qod.sdk.cases import client_cases
from pytest_nac_qod.sdk.causes import causes
from pytest_nac_qod.sdk.protocol import Program, running
from pytest_nac_qod.sdk.running import CaseResult, bench

pytestmark = pytest.mark.skipif(shutil.which("node") is None, reason="Node is not installed")
PROGRAM = Path(__file__).parent / "support" / "node_client.mjs"
# what it does wrong, and a case that has to find it
BUGS = {
    "first identifier only": "nac_client_device_several",
    "network access identifier dropped": "nac_client_device_network_access_identifier",
    "public port as text": "nac_client_device_ipv4",
    "mask dropped": "nac_client_service_prefixes",
    "undefined as null": "nac_client_null",
    "second address lost": "nac_client_service_both",
    "duration capped": "nac_client_durations",
    "duration of 16 bits": "nac_client_durations",
    "duration as text": "nac_client_duration",
    "duration in milliseconds": "nac_client_duration",
    "expiry lost": "nac_client_sink_credential",
    "sink lost": "nac_client_sink",
    "label in lower case": "nac_client_labels_by_keyword",
    "ranges lost": "nac_client_service_ports",
    "correlator reused": "nac_client_correlator",
    "key lost": "nac_client_key",
    "sent again": "nac_client_lost_answer",
    "errors swallowed": "nac_client_get_errors",
    "error without message": "nac_client_error_message",
    "status wrong": "nac_client_results",
    "profile wrong": "nac_client_results",
    "device demanded": "nac_client_answer_without_device",
    "times in milliseconds": "nac_client_times",
    "order before 4": "nac_client_positional",
    "unchecked": "nac_client_addresses_swapped",
    "first page only": "nac_client_list_sizes",
}


def judged(server: ReferenceServer, bug: str, cases: Sequence[str] = ()) -> list[CaseResult]:
    with running(Program(("node", str(PROGRAM), bug), 300)) as client, bench(server.target(), client) as workbench:
        return [workbench.run(case) for name, case in client_cases().items() if not cases or name in cases]


def failed(results: Sequence[CaseResult]) -> list[str]:
    return [result.case.id for result in results if result.verdict not in ("pass", "not_applicable")]


def test_the_right_one_passes(qod_server: ReferenceServer) -> None:
    assert failed(judged(qod_server, "none")) == []


@pytest.mark.parametrize("bug", ["first page only", "expiry lost"])
def test_a_defect_is_found(qod_server: ReferenceServer, bug: str) -> None:
    assert failed(judged(qod_server, bug, [BUGS[bug]])) == [BUGS[bug]]


@pytest.mark.slow
@pytest.mark.parametrize("bug", BUGS)
def test_each_defect_is_one_cause(qod_server: ReferenceServer, bug: str) -> None:
    results = judged(qod_server, bug)
    assert BUGS[bug] in failed(results)
    told = causes(results, ("fail", "warn"))
    assert len(told) == 1, [(cause.title, cause.cases) for cause in told]
