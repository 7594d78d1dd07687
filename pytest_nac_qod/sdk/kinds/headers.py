"""Headers come with every request."""

from collections.abc import Sequence

from pytest_nac_qod.contracts import Contract
from pytest_nac_qod.foundation.jsontypes import JsonObject
from pytest_nac_qod.sdk.cases import SESSION, Client, ClientCall, ClientCase, Observation
from pytest_nac_qod.sdk.kinds import steps
from pytest_nac_qod.sdk.kinds.steps import HEADERS, SECRETS, Found


def calls(case: ClientCase, client: Client, device: JsonObject, _: Contract) -> list[ClientCall]:  # noqa: ARG001
    """The calls that show it."""
    further = [
        ClientCall(call="get", args=[SESSION]),
        ClientCall(call="list", device=device),
        ClientCall(call="delete", args=[SESSION]),
    ]
    return [steps.create(device), *(call for call in further if call.call in client.calls)]


def judge(case: ClientCase, client: Client, observations: Sequence[Observation]) -> Found:  # noqa: ARG001
    """What is wrong with what came of them."""
    yield from steps.succeeded(observations)
    for seen in observations:
        for exchange in seen.exchanges:
            for name, value in HEADERS.items():
                sent = exchange.request.header(name)
                label = next(f"<redacted:{label}>" for label, secret in SECRETS.items() if secret == value)
                if sent != label:
                    yield f"{name} as it was given", f"{exchange.operation} was sent with {sent}", seen
