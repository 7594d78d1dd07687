"""What was not given is not sent as null."""

from collections.abc import Sequence

from pytest_nac_qod.contracts import Contract
from pytest_nac_qod.foundation.jsontypes import JsonObject
from pytest_nac_qod.sdk import wire
from pytest_nac_qod.sdk.cases import OPERATIONS, Client, ClientCall, ClientCase, Observation
from pytest_nac_qod.sdk.kinds import steps
from pytest_nac_qod.sdk.kinds.steps import Found


def calls(case: ClientCase, client: Client, device: JsonObject, _: Contract) -> list[ClientCall]:  # noqa: ARG001
    """The calls that show it."""
    return [steps.create(device, names, ", ".join(names)) for names in case.parameters["variants"]]


def judge(case: ClientCase, client: Client, observations: Sequence[Observation]) -> Found:  # noqa: ARG001
    """What is wrong with what came of them."""
    for seen in observations:
        sent = seen.sent(OPERATIONS["create"])
        if not sent:
            yield "the create is sent", f"nothing was sent; {steps.outcome(seen)}", seen
        elif names := wire.nulls(wire.body_of(sent[0])):
            yield "no null in the body", f"null in {', '.join(names)}", seen
