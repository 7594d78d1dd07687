"""An error says what happened."""

from collections.abc import Sequence

from pytest_nac_qod.contracts import Contract
from pytest_nac_qod.foundation.jsontypes import JsonObject
from pytest_nac_qod.sdk.cases import Client, ClientCall, ClientCase, Observation
from pytest_nac_qod.sdk.interventions import Intervention
from pytest_nac_qod.sdk.kinds import steps
from pytest_nac_qod.sdk.kinds.steps import Found


def calls(case: ClientCase, client: Client, device: JsonObject, _: Contract) -> list[ClientCall]:  # noqa: ARG001
    """The calls that show it."""
    body = {"status": 400, "code": "INVALID_ARGUMENT", "message": "As the case has it."}
    answered = Intervention(operation="createSession", status=400, body=body)
    return [
        ClientCall(
            call="create",
            device=device,
            kwargs=steps.arguments(steps.SIMPLE),
            interventions=(answered,),
            fresh=True,
            options=steps.UNREPEATED,
        )
    ]


def judge(case: ClientCase, client: Client, observations: Sequence[Observation]) -> Found:  # noqa: ARG001
    """What is wrong with what came of them."""
    (seen,) = observations
    message = seen.error["message"] if seen.error else ""
    if "400" not in message and "INVALID_ARGUMENT" not in message:
        yield "an error that says 400 or INVALID_ARGUMENT", steps.outcome(seen), seen
