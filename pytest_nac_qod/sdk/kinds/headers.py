"""Headers come with every request."""

from collections.abc import Sequence

from pytest_nac_qod.contracts import Contract
from pytest_nac_qod.foundation.jsontypes import JsonObject
from pytest_nac_qod.sdk.cases import SESSION, Client, ClientCall, ClientCase, Observation
from pytest_nac_qod.sdk.kinds import steps
from pytest_nac_qod.sdk.kinds.steps import HEADERS, SECRETS, Found
from pytest_nac_qod.verdicts import NotApplicable


def calls(case: ClientCase, client: Client, device: JsonObject, _: Contract) -> list[ClientCall]:  # noqa: ARG001
    """The calls that show it."""
    further = [
        ClientCall(call="get", args=[SESSION]),
        ClientCall(call="list", device=device),
        ClientCall(call="delete", args=[SESSION]),
    ]
    return [steps.create(device), *(call for call in further if call.call in client.calls)]


def judge(case: ClientCase, client: Client, observations: Sequence[Observation]) -> Found:
    """What is wrong with what came of them."""
    yield from steps.succeeded(observations)
    name = case.parameters["header"]
    value = next((f"<redacted:{label}>" for label, secret in SECRETS.items() if secret == HEADERS[name]), HEADERS[name])
    for seen in observations:
        for exchange in seen.exchanges:
            sent = exchange.request.header(name)
            if not sent if name.lower() in client.own_headers else sent != value:
                expected = f"{name} as it was given"
                yield expected, f"{exchange.operation} was sent with {sent or 'none'}", seen


def two_creations(case: ClientCase, client: Client, device: JsonObject, _: Contract) -> list[ClientCall]:  # noqa: ARG001
    """Two creations, one after the other."""
    return [steps.create(device), steps.create(device)]


def different(case: ClientCase, client: Client, observations: Sequence[Observation]) -> Found:  # noqa: ARG001
    """No two of them have the same correlator."""
    first, second = (_correlators(seen) for seen in observations)
    if not (first or second) and not any(seen.error for seen in observations):
        raise NotApplicable("the client sends no x-correlator")
    for reused in sorted(first & second):
        yield "a correlator of its own for each creation", f"both were sent with {reused!r}", observations[1]


def _correlators(seen: Observation) -> set[str]:
    return {value for exchange in seen.exchanges if (value := exchange.request.header("x-correlator"))}
