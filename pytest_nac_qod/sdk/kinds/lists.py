"""Lists: in full, of the device that was meant, and asked for in a way that every server reads alike."""

from collections.abc import Sequence
from urllib.parse import urlsplit

from pytest_nac_qod.contracts import Contract
from pytest_nac_qod.foundation.jsontypes import JsonObject
from pytest_nac_qod.sdk import wire
from pytest_nac_qod.sdk.cases import OPERATIONS, Client, ClientCall, ClientCase, Observation
from pytest_nac_qod.sdk.interventions import Intervention
from pytest_nac_qod.sdk.kinds import steps
from pytest_nac_qod.sdk.kinds.steps import Found
from pytest_nac_qod.verdicts import NotApplicable, NotTested


def sizes(case: ClientCase, client: Client, device: JsonObject, _: Contract) -> list[ClientCall]:
    """Lists that the shim makes as long as they are wanted."""
    steps.has(client, "list")
    lists = [
        ClientCall(
            call="list",
            device=device,
            interventions=(Intervention(operation=OPERATIONS["list"], copies=size),),
            about=f"{size} session{'' if size == 1 else 's'}",
        )
        for size in case.parameters["sizes"]
    ]
    return [steps.create(device), *lists]


def complete(case: ClientCase, client: Client, observations: Sequence[Observation]) -> Found:  # noqa: ARG001
    """Every list shows what was answered."""
    failed = list(steps.succeeded(observations))
    yield from failed
    for seen in observations[1:] if not failed else ():
        wanted, shown = answered_ids(seen), steps.ids_of(seen.result)
        if sorted(map(str, shown)) != sorted(map(str, wanted)):
            lost = [name for name in wanted if name not in shown]
            what = f"{len(shown)} shown" + (f", without {lost[0]}" if lost else "")
            yield f"the {len(wanted)} sessions of the answer", what, seen


def answered_ids(seen: Observation) -> list[object]:
    """The ids of sessions in the last answer to a list."""
    exchanges = [exchange.response for exchange in seen.sent(OPERATIONS["list"]) if exchange.response]
    body = exchanges[-1].json() if exchanges else None
    return [item.get("sessionId") for item in body if isinstance(item, dict)] if isinstance(body, list) else []


def listing(case: ClientCase, client: Client, device: JsonObject, _: Contract) -> list[ClientCall]:  # noqa: ARG001
    """A list of the sessions of the device."""
    steps.has(client, "list")
    return [steps.create(device), ClientCall(call="list", device=device)]


def escaped(case: ClientCase, client: Client, observations: Sequence[Observation]) -> Found:  # noqa: ARG001
    """A query says the same to servers that read it as a form."""
    queries = [urlsplit(exchange.request.url).query for exchange in observations[-1].sent(OPERATIONS["list"])]
    if not any(queries):
        raise NotApplicable("the client lists sessions without a query")
    for query in queries:
        if "+" in query:
            yield "%2B for a plus sign", f"sent ?{query}", observations[-1]


def two_devices(case: ClientCase, client: Client, device: JsonObject, _: Contract) -> list[ClientCall]:
    """A session for each of two devices, and both lists."""
    steps.has(client, "list")
    other = case.parameters.get("second", {})
    shared = [name for name in device if name in other]
    if not shared:
        raise NotTested("devices.second in the target file has no identifier of the same kind")
    second = {shared[0]: other[shared[0]]}
    create = ClientCall(call="create", device=second, kwargs=steps.arguments(steps.SIMPLE), about="the second device")
    lists = [
        ClientCall(call="list", device=item, about=f"the {which} device")
        for which, item in (("first", device), ("second", second))
    ]
    return [steps.create(device), create, *lists]


def their_own(case: ClientCase, client: Client, observations: Sequence[Observation]) -> Found:  # noqa: ARG001
    """Each session is created, and listed, for its own device."""
    failed = list(steps.succeeded(observations))
    yield from failed
    for seen in observations if not failed else ():
        wanted = wire.device_on_wire(seen.call.device or {})
        for exchange in seen.sent(OPERATIONS[seen.call.call]):
            body = wire.body_of(exchange)
            sent = body.get("device") if isinstance(body, dict) else None
            if isinstance(sent, dict) and not all(wire.same("device", sent.get(name), wanted[name]) for name in wanted):
                yield f"device {wanted}", f"sent {sent}", seen
    if not failed:
        first, second = (steps.id_of(seen.result) for seen in observations[:2])
        for seen, own, other in zip(observations[2:], (first, second), (second, first), strict=True):
            ids = steps.ids_of(seen.result)
            if own not in ids or other in ids:
                yield f"session {own}, and not {other}", f"shown {ids}", seen
