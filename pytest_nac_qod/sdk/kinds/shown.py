"""Sessions are shown as the answers have them."""

from collections.abc import Iterator, Sequence

from pytest_nac_qod.contracts import Contract
from pytest_nac_qod.foundation.jsontypes import Json, JsonObject
from pytest_nac_qod.foundation.values import moment
from pytest_nac_qod.sdk.cases import OPERATIONS, SESSION, Client, ClientCall, ClientCase, Observation
from pytest_nac_qod.sdk.kinds import steps
from pytest_nac_qod.sdk.kinds.steps import MORE, Found
from pytest_nac_qod.verdicts import NotApplicable
from pytest_nac_qod.wire.exchange import NotJsonError, Response

NAMES = {  # of the protocol, and of the contract
    "profile": "qosProfile",
    "status": "qosStatus",
    "duration": "duration",
    "started_at": "startedAt",
    "expires_at": "expiresAt",
}
_TIMES = ("started_at", "expires_at")


def calls(case: ClientCase, client: Client, device: JsonObject, _: Contract) -> list[ClientCall]:  # noqa: ARG001
    """The calls that show it."""
    further = [
        ClientCall(call="get", args=[SESSION], available=True),
        ClientCall(call="list", device=device),
        ClientCall(call="extend", args=[SESSION, MORE]),
    ]
    return [steps.create(device), *(call for call in further if call.call in client.calls)]


def judge(case: ClientCase, client: Client, observations: Sequence[Observation]) -> Found:  # noqa: ARG001
    """What is wrong with what came of them."""
    keys, shown = case.parameters["keys"], False
    for seen in observations:
        if seen.error is not None:
            yield f"{seen.call.call} succeeds", steps.outcome(seen), seen
            continue
        for session, answered in pairs(seen):
            shown = shown or any(key in session for key in keys)
            for key, expected, actual in differences(session, answered, keys):
                yield expected, f"{seen.call.call} shows {key} {actual}", seen
    if not shown and not any(seen.error for seen in observations):
        raise NotApplicable(f"the client shows no {' and no '.join(keys)}")


def pairs(seen: Observation) -> Iterator[tuple[JsonObject, JsonObject]]:
    """Each session that a call shows, with what the answer has of it."""
    exchanges = [exchange for exchange in seen.sent(OPERATIONS[seen.call.call]) if exchange.response]
    body = _answered(exchanges[-1].response) if exchanges else None
    answered = {
        str(item.get("sessionId")): item
        for item in (body if isinstance(body, list) else [body])
        if isinstance(item, dict)
    }
    for session in seen.result if isinstance(seen.result, list) else [seen.result]:
        if isinstance(session, dict) and session.get("id") in answered:
            yield session, answered[session["id"]]


def _answered(response: Response | None) -> Json:
    """What was answered; nothing where that is no JSON, which is told elsewhere."""
    try:
        return response.json() if response else None
    except NotJsonError:
        return None


def differences(session: JsonObject, answered: JsonObject, keys: Sequence[str]) -> Iterator[tuple[str, str, str]]:
    """What is shown otherwise than it was answered: the key, what was expected, and what is shown."""
    for key in keys:
        value, want = session.get(key), answered.get(NAMES[key])
        if key not in session or want is None:
            continue
        if key not in _TIMES:
            if value != want:
                yield key, f"{key} {want!r}, as answered", repr(value)
        elif _zoneless(value):
            yield key, f"{key} with its offset from UTC", f"{value!r}"
        elif _instant(value) != _instant(want):
            yield key, f"{key} {want!r}, as answered", repr(value)


def _zoneless(value: Json) -> bool:
    """Whether a time does not say which offset it is by."""
    return isinstance(value, str) and moment(value) is None and moment(f"{value}Z") is not None


def _instant(value: Json) -> Json:
    """Seconds since 1970 of a time in either form; another value as it is."""
    at = moment(value)
    return int(at.timestamp()) if at else int(value) if isinstance(value, float) else value
