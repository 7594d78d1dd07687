"""Each call does what it is for."""

from collections.abc import Sequence

from pytest_nac_qod.contracts import Contract
from pytest_nac_qod.foundation.jsontypes import Json, JsonObject
from pytest_nac_qod.sdk import wire
from pytest_nac_qod.sdk.cases import ARGUMENTS, OPERATIONS, SESSION, Client, ClientCall, ClientCase, Observation
from pytest_nac_qod.sdk.kinds import steps
from pytest_nac_qod.sdk.kinds.steps import MORE, Found


def calls(case: ClientCase, client: Client, device: JsonObject, _: Contract) -> list[ClientCall]:
    """The calls that show it."""
    name = case.parameters["call"]
    steps.has(client, name)
    created = steps.create(device)
    following: dict[str, list[ClientCall]] = {
        "create": [],
        "get": [ClientCall(call="get", args=[SESSION])],
        "list": [ClientCall(call="list", device=device)],
        "extend": [ClientCall(call="extend", args=[SESSION, MORE], available=True)],
        "delete": [ClientCall(call="delete", args=[SESSION])],
    }
    return [created, *following[name]]


def judge(case: ClientCase, client: Client, observations: Sequence[Observation]) -> Found:  # noqa: ARG001
    """What is wrong with what came of them."""
    failed = list(steps.succeeded(observations))
    if failed:
        yield from failed
        return
    name, last = case.parameters["call"], observations[-1]
    created = _answered_id(observations[0])
    if created is None:
        yield "a session that the target created", _missing(observations[0]), observations[0]
        return
    yield from steps.once(last, OPERATIONS[name])
    if name in ("create", "get", "extend") and steps.id_of(last.result) != created:
        yield f"the result is session {created}", steps.outcome(last), last
    elif name == "list" and created not in steps.ids_of(last.result):
        yield f"the list has session {created}", steps.outcome(last), last
    elif name == "extend":
        yield from _extended(last)
    elif name == "delete":
        sent = last.sent(OPERATIONS[name])
        if not any(deletion.request.url.endswith(f"/{created}") and deletion.response for deletion in sent):
            yield f"DELETE of session {created}", f"{[deletion.request.url for deletion in sent]}", last


def _answered_id(created: Observation) -> Json:
    """The id of the session that the target answered with."""
    for exchange in created.sent(OPERATIONS["create"]):
        body = exchange.response.json() if exchange.response else None
        return body.get("sessionId") if isinstance(body, dict) else None
    return None


def _missing(created: Observation) -> str:
    """Why there is no session, though the call to create one returned."""
    sent = created.sent(OPERATIONS["create"])
    if not sent:
        return f"no create was sent; {steps.outcome(created)}"
    response = sent[0].response
    answered = f"answered with {response.status} and no sessionId" if response else "not answered"
    return f"the create was {answered}; {steps.outcome(created)}"


def _extended(seen: Observation) -> Found:
    sent = [wire.body_of(extension) for extension in seen.sent(OPERATIONS["extend"])]
    if sent != [{"requestedAdditionalDuration": MORE}]:
        yield f"requestedAdditionalDuration {MORE} and nothing else", f"sent {sent}", seen
    duration = seen.result.get("duration") if isinstance(seen.result, dict) else None
    if duration != ARGUMENTS["duration"] + MORE:
        yield f"a duration of {ARGUMENTS['duration'] + MORE} s in all", f"duration {duration}", seen
