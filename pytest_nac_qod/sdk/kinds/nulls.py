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


def unsaid(case: ClientCase, client: Client, device: JsonObject, _: Contract) -> list[ClientCall]:  # noqa: ARG001
    """A create whose duration is None, or text."""
    given = steps.arguments(steps.SIMPLE)
    value = None if case.parameters["given"] == "none" else str(given["duration"])
    return [ClientCall(call="create", device=device, kwargs={**given, "duration": value}, fresh=True)]


def refused_or_right(case: ClientCase, client: Client, observations: Sequence[Observation]) -> Found:  # noqa: ARG001
    """What is sent all the same is what the contract has."""
    (seen,) = observations
    sent = seen.sent(OPERATIONS["create"])
    if not sent and seen.error is None:
        yield "an error, or a create", steps.outcome(seen), seen
    for exchange in sent[:1]:
        duration, body = wire.asked(exchange).get("duration"), wire.body_of(exchange)
        if wire.null_in(body, "$.duration"):
            yield (
                "an error before anything is sent, or no null",
                f"sent null in $.duration; {steps.outcome(seen)}",
                seen,
            )
        elif type(duration) is not int and (duration is not None or wire.dialect_spoken(exchange) is None):
            what = "nothing" if duration is None else repr(duration)
            expected = "an error before anything is sent, or a whole number in $.duration"
            yield expected, f"sent {what}; {steps.outcome(seen)}", seen
