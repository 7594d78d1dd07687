"""The cases pass a client that is right, and find each defect of one that is not."""

from collections.abc import Iterator

import pytest

from pytest_nac_qod.reference import ReferenceServer
from pytest_nac_qod.sdk.cases import client_cases
from pytest_nac_qod.sdk.model import Behaviour, ModelClient
from pytest_nac_qod.sdk.mutations import MUTATIONS
from pytest_nac_qod.sdk.running import Bench, bench


@pytest.fixture
def benched(request: pytest.FixtureRequest, qod_server: ReferenceServer) -> Iterator[Bench]:
    client = ModelClient(getattr(request, "param", Behaviour()))
    with bench(qod_server.target(), client) as workbench:
        yield workbench
    client.close()


def test_right_client_passes_every_case(benched: Bench) -> None:
    results = {case.id: benched.run(case) for case in client_cases().values()}
    findings = [finding for result in results.values() for finding in result.findings]
    assert findings == []
    judged = {name: result.verdict for name, result in results.items() if result.verdict != "pass"}
    assert judged == {"nac_client_order_from_4": "not_applicable"}


@pytest.mark.parametrize(
    ("benched", "name"),
    [pytest.param(mutation.applied(), name, id=name) for name, mutation in MUTATIONS.items()],
    indirect=["benched"],
)
def test_mutation_is_found(benched: Bench, name: str) -> None:
    for case in MUTATIONS[name].found_by:
        result = benched.run(client_cases()[case])
        assert result.verdict == "fail", case
        for finding in result.findings:
            assert finding.violation.rule == case
            assert finding.violation.expected
            assert finding.violation.actual
            assert finding.again


def test_every_case_finds_some_mutation() -> None:
    """A case that no defect of ours can break would be one that cannot fail."""
    covered = {case for mutation in MUTATIONS.values() for case in mutation.found_by}
    # needs a client from before 4.0.0: network-as-code 3.1.0 fails it
    assert set(client_cases()) - covered == {"nac_client_order_from_4"}
