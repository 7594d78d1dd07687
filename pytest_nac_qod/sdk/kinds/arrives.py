"""Arguments arrive where the contract has them."""

from collections.abc import Sequence

from pytest_nac_qod.contracts import Contract
from pytest_nac_qod.foundation.jsontypes import JsonObject
from pytest_nac_qod.sdk import wire
from pytest_nac_qod.sdk.cases import ARGUMENTS, OPERATIONS, Client, ClientCall, ClientCase, Observation
from pytest_nac_qod.sdk.kinds import steps
from pytest_nac_qod.sdk.kinds.steps import Found

TOKEN = "<redacted:client.sink_token>"  # noqa: S105 - what stands for it


def calls(case: ClientCase, client: Client, device: JsonObject, _: Contract) -> list[ClientCall]:  # noqa: ARG001
    """The calls that show it: one for each entry in `values`, arguments beside the usual ones.

    What is `watched` are those in `values` unless the case says otherwise.
    """
    usual = steps.arguments(case.parameters["arguments"])
    return [
        ClientCall(
            call="create",
            device=device,
            kwargs={**usual, **values},
            fresh=True,
            about=", ".join(f"{name} {value}" for name, value in values.items()),
        )
        for values in case.parameters.get("values", [{}])
    ]


def judge(case: ClientCase, client: Client, observations: Sequence[Observation]) -> Found:  # noqa: ARG001
    """What is wrong with what came of them; where `answered` is false, it may be refused here or by the target."""
    answered, values = case.parameters.get("answered", True), case.parameters.get("values", [{}])
    for seen, own in zip(observations, values, strict=True):
        if not seen.sent(OPERATIONS["create"]):
            if answered or seen.error is None:
                yield "the create is sent", f"nothing was sent; {steps.outcome(seen)}", seen
            continue
        wrong = astray(seen, case.parameters.get("watched", list(own)))
        for _, expected, arrived in wrong:
            yield expected, arrived, seen
        if not wrong and answered:
            yield from steps.succeeded([seen])


def astray(seen: Observation, watched: Sequence[str]) -> list[tuple[str, str, str]]:
    """The arguments of a create that do not arrive as they were given: name, what was expected, and what was sent."""
    exchange = seen.sent(OPERATIONS["create"])[0]
    asked, dialect, body = wire.asked(exchange), wire.dialect_spoken(exchange), wire.body_of(exchange)
    given = {**seen.call.named, "device": wire.device_on_wire(seen.call.device or {})}
    if "sink_credential" in given:
        credential = {**ARGUMENTS["sink_credential"], "accessToken": TOKEN}
        given["sink_credential"] = credential if dialect is None else TOKEN
    wrong = []
    for name in watched:
        place = wire.field(name, dialect)
        null = name not in given and wire.null_in(body, place)
        if null or not wire.same(name, asked.get(name), given.get(name)):
            expected = f"{given[name]!r}" if name in given else "nothing"
            arrived = f"{asked[name]!r}" if name in asked else "null" if null else "nothing"
            wrong.append((name, f"{expected} in {place}", f"sent {arrived}"))
    return wrong
