"""An answer without optional properties is understood."""

from collections.abc import Sequence

from pytest_nac_qod.contracts import Contract
from pytest_nac_qod.foundation.jsontypes import JsonObject
from pytest_nac_qod.sdk.cases import SESSION, Client, ClientCall, ClientCase, Observation
from pytest_nac_qod.sdk.interventions import Intervention
from pytest_nac_qod.sdk.kinds import steps
from pytest_nac_qod.sdk.kinds.steps import Found


def calls(case: ClientCase, client: Client, device: JsonObject, _: Contract) -> list[ClientCall]:
    """The calls that show it."""
    steps.has(client, "get")
    left_out = Intervention(operation="getSession", without=tuple(case.parameters["without"]))
    return [steps.create(device), ClientCall(call="get", args=[SESSION], interventions=(left_out,))]


def judge(case: ClientCase, client: Client, observations: Sequence[Observation]) -> Found:  # noqa: ARG001
    """What is wrong with what came of them."""
    created, read = observations
    failed = list(steps.succeeded(observations))
    yield from failed
    if not failed and steps.id_of(read.result) != steps.id_of(created.result):
        yield f"session {steps.id_of(created.result)}", steps.outcome(read), read
