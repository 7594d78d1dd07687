"""The cases pass a client that is right, and find each defect of one that is not."""

from collections.abc import Iterator

import pytest

from pytest_nac_qod.reference import ReferenceServer
from pytest_nac_qod.sdk.cases import client_cases
from pytest_nac_qod.sdk.causes import causes
from pytest_nac_qod.sdk.running import Bench, bench
from pytest_nac_qod.sdk.seeded.model import Behaviour, ModelClient
from pytest_nac_qod.sdk.seeded.mutations import MUTATIONS
from tests.support.generations import GENERATIONS, RightClient


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
    assert judged == {"nac_client_list_query": "not_applicable", "nac_client_order_from_4": "not_applicable"}


@pytest.mark.slow
@pytest.mark.parametrize("name", GENERATIONS)
def test_right_client_of_each_generation_passes_every_case(name: str, qod_server: ReferenceServer) -> None:
    client = RightClient(generation=GENERATIONS[name])
    with bench(qod_server.target(), client) as workbench:
        results = [workbench.run(case) for case in client_cases().values()]
    client.close()
    assert [(result.case.id, finding.violation) for result in results for finding in result.findings] == []
    assert {result.verdict for result in results} == {"pass", "not_applicable"}


def mutated(*names: str) -> pytest.MarkDecorator:
    """Clients with these defects."""
    clients = [pytest.param(MUTATIONS[name].applied(), name, id=name) for name in names]
    return pytest.mark.parametrize(("benched", "name"), clients, indirect=["benched"])


@mutated(*list(MUTATIONS)[::9])
def test_mutation_is_found(benched: Bench, name: str) -> None:
    for case in MUTATIONS[name].found_by:
        result = benched.run(client_cases()[case])
        assert result.verdict == ("fail" if result.case.severity == "must" else "warn"), case
        for finding in result.findings:
            assert finding.violation.rule == case
            assert finding.violation.expected
            assert finding.violation.actual
            assert finding.again


@pytest.mark.slow
@mutated(*MUTATIONS)
def test_each_mutation_is_one_cause(benched: Bench, name: str) -> None:
    results = [benched.run(case) for case in client_cases().values()]
    failed = [result.case.id for result in results if result.verdict not in ("pass", "not_applicable")]
    assert set(MUTATIONS[name].found_by) <= set(failed)
    told = causes(results, ("fail", "warn"))
    assert len(told) == 1, [(cause.title, [results[position].case.id for position in cause.cases]) for cause in told]


def test_what_no_text_requires_is_a_recommendation(qod_server: ReferenceServer) -> None:
    """CAMARA leaves the values of x-correlator to the client."""
    client = ModelClient(MUTATIONS["correlator_reused"].applied())
    with bench(qod_server.target(), client) as workbench:
        result = workbench.run(client_cases()["nac_client_correlator"])
    client.close()
    assert (result.verdict, [finding.violation.severity for finding in result.findings]) == ("warn", ["should"])


def test_there_are_many_mutations() -> None:
    assert len(MUTATIONS) >= 71  # sixty, and the eleven that went unseen at first


def test_every_case_finds_some_mutation() -> None:
    """A case that no defect of ours can break would be one that cannot fail."""
    covered = {case for mutation in MUTATIONS.values() for case in mutation.found_by}
    # these need a client from before 4.0.0 or 5.0.0: network-as-code 3.1.0 fails them
    assert set(client_cases()) - covered == {"nac_client_list_query", "nac_client_order_from_4"}
