"""A create is sent again only when that is safe, and not too soon."""

from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise

from pytest_nac_qod.contracts import Contract
from pytest_nac_qod.foundation.jsontypes import JsonObject
from pytest_nac_qod.sdk.cases import OPERATIONS, Client, ClientCall, ClientCase, Observation
from pytest_nac_qod.sdk.interventions import Intervention
from pytest_nac_qod.sdk.kinds import steps
from pytest_nac_qod.sdk.kinds.steps import Found
from pytest_nac_qod.wire.exchange import Exchange

RETRY_AFTER = 1  # seconds
_GRACE = 0.1  # seconds that a client may be early


def calls(case: ClientCase, client: Client, device: JsonObject, _: Contract) -> list[ClientCall]:  # noqa: ARG001
    """The calls that show it."""
    status = case.parameters["status"]
    answered = Intervention(
        operation="createSession",
        status=status,
        body={"status": status, "code": "UNAVAILABLE", "message": "As the case has it."},
        headers={"Retry-After": str(RETRY_AFTER)},
        times=1,
        forwarded=case.parameters["forwarded"],
    )
    limit = case.parameters.get("max_retries")
    options = None if limit is None else {"max_retries": limit}
    return [
        ClientCall(
            call="create",
            device=device,
            kwargs=steps.arguments(steps.SIMPLE),
            options=options,
            interventions=(answered,),
            fresh=True,
        )
    ]


def judge(case: ClientCase, client: Client, observations: Sequence[Observation]) -> Found:  # noqa: ARG001
    """What is wrong with what came of them."""
    (seen,) = observations
    sent = seen.sent(OPERATIONS["create"])
    if not sent:
        yield "the create is sent", f"nothing was sent; {steps.outcome(seen)}", seen
    elif case.parameters["forwarded"] and len(sent) > 1:
        yield "sent once", f"sent {len(sent)} times, the first of which was carried out; {steps.outcome(seen)}", seen
    elif (case.parameters.get("final") or "max_retries" in case.parameters) and len(sent) > 1:
        yield "sent once", f"sent {len(sent)} times; {steps.outcome(seen)}", seen
    else:
        yield from _patient(seen, sent)


def _patient(seen: Observation, sent: Sequence[Exchange]) -> Found:
    for before, after in pairwise(sent):
        waited = (_moment(after) - _moment(before)).total_seconds() - before.seconds
        if waited < RETRY_AFTER - _GRACE:
            yield f"{RETRY_AFTER} s at least before it is sent again", f"sent again after {waited:.1f} s", seen


def _moment(exchange: Exchange) -> datetime:
    return datetime.fromisoformat(exchange.started)
