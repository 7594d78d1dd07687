"""Each documented error becomes the client's own."""

from collections.abc import Sequence
from typing import Any

from pytest_nac_qod.contracts import Contract
from pytest_nac_qod.foundation.jsontypes import JsonObject
from pytest_nac_qod.sdk.cases import OPERATIONS, SESSION, Client, ClientCall, ClientCase, Observation
from pytest_nac_qod.sdk.interventions import Intervention
from pytest_nac_qod.sdk.kinds import steps
from pytest_nac_qod.sdk.kinds.steps import MORE, Found

_BEYOND_CONTRACT = {500: ("INTERNAL",), 503: ("UNAVAILABLE",)}


def calls(case: ClientCase, client: Client, device: JsonObject, contract: Contract) -> list[ClientCall]:
    """The calls that show it."""
    name = case.parameters["call"]
    steps.has(client, name)
    operation = OPERATIONS[name]
    documented = {**contract.operations[operation].errors, **_BEYOND_CONTRACT}
    tried = [
        Intervention(
            operation=operation, status=status, body={"status": status, "code": code, "message": "As the case has it."}
        )
        for status, codes in documented.items()
        for code in codes or (f"STATUS_{status}",)
    ]
    needed: list[ClientCall] = []
    asks: dict[str, Any]
    if name in ("create", "list"):
        asks = {"device": device, **({"kwargs": steps.arguments(steps.SIMPLE)} if name == "create" else {})}
    else:
        needed.append(steps.create(device))
        asks = {"args": [SESSION, MORE] if name == "extend" else [SESSION]}
    return [
        *needed,
        *(
            ClientCall(
                call=name,
                interventions=(attempt,),
                options=steps.UNREPEATED,
                about=f"{attempt.status} {attempt.body['code']}",
                **asks,
            )
            for attempt in tried
        ),
    ]


def judge(case: ClientCase, client: Client, observations: Sequence[Observation]) -> Found:
    """What is wrong with what came of them."""
    name = case.parameters["call"]
    for seen in observations:
        if not seen.call.interventions:
            yield from steps.succeeded([seen])
            continue
        expected = documented(client, name, seen.call.interventions[0].status or 0)
        if not seen.sent(OPERATIONS[name]):
            yield f"{OPERATIONS[name]} is sent", f"nothing was sent; {steps.outcome(seen)}", seen
        elif expected == "none" and seen.error is None:
            if seen.result not in ([], None):
                yield "an empty result", steps.outcome(seen), seen
        elif seen.error is None:
            yield expected.replace("|", " or ") or "an error", steps.outcome(seen), seen
        elif expected and seen.error["type"] not in expected.split("|"):
            yield expected.replace("|", " or "), steps.outcome(seen), seen


def documented(client: Client, call: str, status: int) -> str:
    """The error that the client documents for this status of this call, alternatives parted by `|`; empty for none."""
    keys = (f"{call} {status}", f"{status}", f"{call} {status // 100}xx", f"{status // 100}xx")
    return next((client.errors[key] for key in keys if key in client.errors), "")
