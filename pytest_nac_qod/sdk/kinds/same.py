"""Arguments by position are the arguments with keywords."""

from collections.abc import Sequence

from pytest_nac_qod.contracts import Contract
from pytest_nac_qod.foundation.jsontypes import JsonObject
from pytest_nac_qod.sdk import wire
from pytest_nac_qod.sdk.cases import OPERATIONS, Client, ClientCall, ClientCase, Observation
from pytest_nac_qod.sdk.kinds import steps
from pytest_nac_qod.sdk.kinds.steps import Found


def calls(case: ClientCase, client: Client, device: JsonObject, _: Contract) -> list[ClientCall]:
    """The calls that show it."""
    given = steps.arguments(case.parameters["arguments"])
    args = steps.by_position(client, given)
    positional = ClientCall(
        call="create", device=device, args=args, order=client.positional, fresh=True, about="by position"
    )
    return [ClientCall(call="create", device=device, kwargs=given, fresh=True, about="with keywords"), positional]


def judge(case: ClientCase, client: Client, observations: Sequence[Observation]) -> Found:  # noqa: ARG001
    """What is wrong with what came of them."""
    yield from steps.succeeded(observations)
    keyword, positional = observations
    ours, theirs = (
        [wire.body_of(exchange) for exchange in seen.sent(OPERATIONS["create"])] for seen in (keyword, positional)
    )
    if len(ours) == len(theirs) == 1 and ours != theirs:
        exchange, other = (wire.asked(seen.sent(OPERATIONS["create"])[0]) for seen in (keyword, positional))
        changed = [name for name in wire.FIELDS if exchange.get(name) != other.get(name)]
        differences = [f"{name}: {exchange.get(name)!r} against {other.get(name)!r}" for name in changed]
        yield "the same body as with keywords", "; ".join(differences) or f"{theirs} against {ours}", positional
    elif len(ours) != 1 or len(theirs) != 1:
        yield "one create for each call", f"{len(ours)} with keywords, {len(theirs)} by position", positional
