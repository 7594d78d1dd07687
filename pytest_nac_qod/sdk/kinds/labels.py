"""Labels of profiles arrive as they are."""

from collections.abc import Sequence
from typing import Any

from pytest_nac_qod.contracts import Contract
from pytest_nac_qod.foundation.jsontypes import JsonObject
from pytest_nac_qod.labels import LABELS
from pytest_nac_qod.sdk import wire
from pytest_nac_qod.sdk.cases import OPERATIONS, Client, ClientCall, ClientCase, Observation
from pytest_nac_qod.sdk.kinds import steps
from pytest_nac_qod.sdk.kinds.steps import Found


def calls(case: ClientCase, client: Client, device: JsonObject, _: Contract) -> list[ClientCall]:
    """The calls that show it."""
    steps.has(client, "list")
    calls: list[ClientCall] = []
    for label in (known.name for known in LABELS):
        given = {**steps.arguments(steps.SIMPLE), "profile": label}
        by: dict[str, Any] = (
            {"kwargs": given}
            if case.parameters["by"] == "keyword"
            else {"args": steps.by_position(client, given), "order": client.positional}
        )
        calls.append(ClientCall(call="create", device=device, fresh=True, about=label, **by))
        calls.append(ClientCall(call="list", device=device, about=label))
    return calls


def judge(case: ClientCase, client: Client, observations: Sequence[Observation]) -> Found:  # noqa: ARG001
    """What is wrong with what came of them."""
    yield from steps.succeeded(observations)
    for created, listed in zip(observations[::2], observations[1::2], strict=True):
        label = created.call.about
        sent = [wire.asked(exchange).get("profile") for exchange in created.sent(OPERATIONS["create"])]
        if sent != [label]:
            yield f"qosProfile {label} on the wire", f"sent {sent}", created
        if (
            created.error is None
            and listed.error is None
            and steps.id_of(created.result) not in steps.ids_of(listed.result)
        ):
            yield "the list of the device's sessions has it", steps.outcome(listed), listed
