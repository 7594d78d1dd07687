"""Arguments that cannot be meant are refused before anything is sent."""

from collections.abc import Sequence

from pytest_nac_qod.contracts import Contract
from pytest_nac_qod.foundation.jsontypes import Json, JsonObject
from pytest_nac_qod.sdk import wire
from pytest_nac_qod.sdk.cases import ARGUMENTS, OPERATIONS, Client, ClientCall, ClientCase, Observation
from pytest_nac_qod.sdk.kinds import steps
from pytest_nac_qod.sdk.kinds.steps import Found
from pytest_nac_qod.signatures import signature
from pytest_nac_qod.verdicts import NotApplicable

# orders of the SDK's arguments; both addresses are given, since a single one in the wrong place is refused by itself
BEFORE_4 = tuple(parameter.name for parameter in signature("3.1.0").positional[:3])
SWAPPED = {"profile_swapped": ("profile", "service_ipv4"), "addresses_swapped": ("service_ipv4", "service_ipv6")}
FROM_4 = tuple(parameter.name for parameter in signature("4.0.0").positional[:4])


def calls(case: ClientCase, client: Client, device: JsonObject, _: Contract) -> list[ClientCall]:
    """The calls that show it."""
    order = case.parameters["order"]
    if order == "no_address":
        return [steps.create(device, ("profile", "duration"))]
    if order in SWAPPED:
        given = swapped(*SWAPPED[order])
        if client.positional:
            return [ClientCall(call="create", device=device, args=steps.by_position(client, given), fresh=True)]
        return [ClientCall(call="create", device=device, kwargs=given, fresh=True)]
    return [ClientCall(call="create", device=device, args=wrong(client, order), fresh=True)]


def swapped(one: str, other: str) -> dict[str, Json]:
    """What a create takes, with two arguments each in the place of the other."""
    given = steps.arguments(dict.fromkeys((*steps.SIMPLE, one, other)))
    return {**given, one: given[other], other: given[one]}


def wrong(client: Client, order: str) -> list[Json]:
    """Arguments by position in an order that is not the client's.

    Raises:
        NotApplicable: it is the client's own order, or it has none.
    """
    if not client.positional:
        raise NotApplicable("the client takes names only")
    other = BEFORE_4 if order == "before_4" else FROM_4[:3]
    if client.positional[: len(other)] == other:
        raise NotApplicable("this is the client's own order")
    return [ARGUMENTS[name] for name in other]


def judge(case: ClientCase, client: Client, observations: Sequence[Observation]) -> Found:  # noqa: ARG001
    """What is wrong with what came of them."""
    (seen,) = observations
    sent = seen.sent(OPERATIONS["create"])
    if sent:
        body = wire.body_of(sent[0])
        answered = sent[0].response.status if sent[0].response else "no answer"
        yield "an error before anything is sent", f"sent {body}, answered with {answered}", seen
    elif seen.error is None:
        yield "an error before anything is sent", steps.outcome(seen), seen
