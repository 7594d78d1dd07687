"""Targets that give the sink credential back: without its token at no cost, with it for a warning."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from pytest_nac_qod import contracts
from pytest_nac_qod.catalogue import RowCase, cases
from pytest_nac_qod.foundation.jsontypes import JsonObject
from pytest_nac_qod.proof.bench import Ended, FaultBench, bench
from pytest_nac_qod.reference.state import ServedResource

PURPOSES = {"access_token_never_returned", "sink_credential_accepted", "status_event_delivered"}


@pytest.fixture(scope="module", params=contracts.RELEASES)
def found(request: pytest.FixtureRequest) -> Iterator[FaultBench]:
    with bench(request.param) as workbench:
        yield workbench


def with_credential(right: Any, *, token: bool) -> Any:  # noqa: ANN401 - a decision
    def echo(resource: ServedResource) -> JsonObject:
        given = resource.credential or {}
        credential = {name: value for name, value in given.items() if token or name != "accessToken"}
        return {**right(resource), **({"sinkCredential": credential} if credential else {})}

    return echo


def ended(workbench: FaultBench, *, token: bool) -> Iterator[tuple[RowCase, Ended]]:
    release = workbench.run.target.release
    for case in cases(release, contracts.apis(release)):
        if case.row.purpose.key in PURPOSES:
            workbench.server.reset()
            network = workbench.server.service.network
            echo = with_credential(network.decisions.echo, token=token)
            network.decisions = replace(network.decisions, echo=echo, assignment_echo=echo)
            yield case, workbench.one(case)


def test_credential_without_its_token_costs_nothing(found: FaultBench) -> None:
    verdicts = {str(case): result.verdict for case, result in ended(found, token=False)}
    assert set(verdicts.values()) == {"pass"}
    assert len(verdicts) > 8


def test_credential_with_its_token_is_a_warning(found: FaultBench) -> None:
    verdicts = {case: result.verdict for case, result in ended(found, token=True)}
    assert set(verdicts.values()) == {"pass", "warn"}
    warned = {case.row.purpose.key for case, verdict in verdicts.items() if verdict == "warn"}
    assert warned == PURPOSES & {case.row.purpose.key for case in verdicts} - {"status_event_delivered"}
