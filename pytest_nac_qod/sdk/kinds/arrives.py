"""Arguments arrive where the contract has them."""

from collections.abc import Sequence

from pytest_nac_qod.contracts import Contract
from pytest_nac_qod.foundation.jsontypes import JsonObject
from pytest_nac_qod.sdk import wire
from pytest_nac_qod.sdk.cases import OPERATIONS, Client, ClientCall, ClientCase, Observation
from pytest_nac_qod.sdk.kinds import steps
from pytest_nac_qod.sdk.kinds.steps import Found


def calls(case: ClientCase, client: Client, device: JsonObject, _: Contract) -> list[ClientCall]:  # noqa: ARG001
    """The calls that show it."""
    return [steps.create(device, case.parameters["arguments"])]


def judge(case: ClientCase, client: Client, observations: Sequence[Observation]) -> Found:  # noqa: ARG001
    """What is wrong with what came of them."""
    (seen,) = observations
    sent = seen.sent(OPERATIONS["create"])
    if not sent:
        yield "the create is sent", f"nothing was sent; {steps.outcome(seen)}", seen
        return
    asked, dialect = wire.asked(sent[0]), wire.dialect_spoken(sent[0])
    given = {**seen.call.kwargs, "device": wire.device_on_wire(seen.call.device or {})}
    if "sink_credential" in given:
        given["sink_credential"] = "<redacted:client.sink_token>"
    wrong = [name for name in case.parameters["watched"] if asked.get(name) != given.get(name)]
    for name in wrong:
        expected = f"{given[name]!r}" if name in given else "nothing"
        arrived = f"{asked[name]!r}" if name in asked else "nothing"
        yield f"{expected} in {wire.field(name, dialect)}", f"sent {arrived}", seen
    if not wrong:
        yield from steps.succeeded(observations)
