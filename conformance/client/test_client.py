"""Each case of a client; the same ones as nac-qod client runs."""

import pytest

from pytest_nac_qod.sdk import expectations, showing
from pytest_nac_qod.sdk.cases import ClientCase, client_cases
from pytest_nac_qod.sdk.running import Bench


@pytest.mark.parametrize("case", [pytest.param(case, id=name) for name, case in client_cases().items()])
def test_client(case: ClientCase, client_bench: Bench, known: tuple[expectations.Expectation, ...]) -> None:
    outcome = client_bench.run(case)
    client = client_bench.known
    (result,) = expectations.applied([outcome], known, client.version if client else "")
    if result.verdict in ("not_applicable", "not_tested"):
        pytest.skip(result.reason)
    if result.verdict == "known":
        pytest.xfail(result.reason)
    if result.verdict != "pass":
        name = f"{client.name} {client.version}" if client else "client"
        pytest.fail("\n".join(showing.lines(result, name)), pytrace=False)
