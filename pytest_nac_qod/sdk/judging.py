"""What is wrong with what a client did; pure functions of a case and its observations."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from pytest_nac_qod.foundation.jsontypes import Json
from pytest_nac_qod.sdk import wire
from pytest_nac_qod.sdk.cases import ARGUMENTS, OPERATIONS, SINK_TOKEN, Client, ClientCase, Observation
from pytest_nac_qod.sdk.planning import MORE, RETRY_AFTER
from pytest_nac_qod.verdicts import Violation
from pytest_nac_qod.wire.exchange import Exchange

HEADERS: Mapping[str, str] = {"X-RapidAPI-Key": "key-of-the-client-cases"}
SECRETS: Mapping[str, str] = {"client.key": HEADERS["X-RapidAPI-Key"], "client.sink_token": SINK_TOKEN}
_CREATE = OPERATIONS["create"]
_GRACE = 0.1  # seconds that a client may be early
Found = Iterator[tuple[str, str, Observation]]  # expected, actual, where


@dataclass(frozen=True, slots=True)
class Finding:
    """A violation, and the call that shows it as one would write it."""

    violation: Violation
    again: str


def judge(case: ClientCase, client: Client, observations: Sequence[Observation]) -> list[Finding]:
    """Every violation of the case, bound to its id, to the exchange and to the call that show it."""
    judges = _JUDGES[case.kind]
    return [
        Finding(
            Violation(
                clause=case.clause,
                expected=expected,
                actual=f"{seen.call.about}: {actual}" if seen.call.about else actual,
                rule=case.id,
                exchange=seen.exchanges[-1].id if seen.exchanges else "",
            ),
            seen.source,
        )
        for expected, actual, seen in judges(case, client, observations)
    ]


def outcome(seen: Observation) -> str:
    """How a call ended, in words."""
    if seen.error is not None:
        message = " ".join(seen.error["message"].split())
        return f"{seen.error['type']}: {message[:200]}" if message else f"{seen.error['type']} without a message"
    return f"returned {str(seen.result)[:120]}"


def _succeeded(observations: Sequence[Observation]) -> Found:
    for seen in observations:
        if seen.error is not None:
            yield f"{seen.call.call} succeeds", outcome(seen), seen


def _id(value: Json) -> Json:
    return value.get("id") if isinstance(value, dict) else None


def _ids(value: Json) -> list[Json]:
    return [_id(one) for one in value] if isinstance(value, list) else []


def _once(seen: Observation, operation: str) -> Found:
    count = len(seen.sent(operation))
    if count != 1:
        yield f"{operation} is sent once", f"sent {count} times", seen


def _call(case: ClientCase, client: Client, observations: Sequence[Observation]) -> Found:  # noqa: ARG001
    failed = list(_succeeded(observations))
    if failed:
        yield from failed
        return
    name, last = case.parameters["call"], observations[-1]
    yield from _once(last, OPERATIONS[name])
    created = _answered_id(observations[0])
    if name in ("create", "get", "extend") and _id(last.result) != created:
        yield f"the result is session {created}", outcome(last), last
    elif name == "list" and created not in _ids(last.result):
        yield f"the list has session {created}", outcome(last), last
    elif name == "extend":
        yield from _extended(last)
    elif name == "delete":
        sent = last.sent(OPERATIONS[name])
        if not any(one.request.url.endswith(f"/{created}") and one.response for one in sent):
            yield f"DELETE of session {created}", f"{[one.request.url for one in sent]}", last


def _answered_id(created: Observation) -> Json:
    """The id of the session that the target answered with."""
    for exchange in created.sent(_CREATE):
        body = exchange.response.json() if exchange.response else None
        return body.get("sessionId") if isinstance(body, dict) else None
    return None


def _extended(seen: Observation) -> Found:
    sent = [wire.body_of(one) for one in seen.sent(OPERATIONS["extend"])]
    if sent != [{"requestedAdditionalDuration": MORE}]:
        yield f"requestedAdditionalDuration {MORE} and nothing else", f"sent {sent}", seen
    duration = seen.result.get("duration") if isinstance(seen.result, dict) else None
    if duration != ARGUMENTS["duration"] + MORE:
        yield f"a duration of {ARGUMENTS['duration'] + MORE} s in all", f"duration {duration}", seen


def _labels(case: ClientCase, client: Client, observations: Sequence[Observation]) -> Found:  # noqa: ARG001
    yield from _succeeded(observations)
    for created, listed in zip(observations[::2], observations[1::2], strict=True):
        label = created.call.about
        sent = [wire.asked(one).get("profile") for one in created.sent(_CREATE)]
        if sent != [label]:
            yield f"qosProfile {label} on the wire", f"sent {sent}", created
        if created.error is None and listed.error is None and _id(created.result) not in _ids(listed.result):
            yield "the list of the device's sessions has it", outcome(listed), listed


def _same(case: ClientCase, client: Client, observations: Sequence[Observation]) -> Found:  # noqa: ARG001
    yield from _succeeded(observations)
    keyword, positional = observations
    ours, theirs = ([wire.body_of(one) for one in seen.sent(_CREATE)] for seen in (keyword, positional))
    if len(ours) == len(theirs) == 1 and ours != theirs:
        one, other = (wire.asked(seen.sent(_CREATE)[0]) for seen in (keyword, positional))
        changed = [name for name in wire.FIELDS if one.get(name) != other.get(name)]
        differences = [f"{name}: {one.get(name)!r} against {other.get(name)!r}" for name in changed]
        yield "the same body as with keywords", "; ".join(differences) or f"{theirs} against {ours}", positional
    elif len(ours) != 1 or len(theirs) != 1:
        yield "one create for each call", f"{len(ours)} with keywords, {len(theirs)} by position", positional


def _arrives(case: ClientCase, client: Client, observations: Sequence[Observation]) -> Found:  # noqa: ARG001
    (seen,) = observations
    sent = seen.sent(_CREATE)
    if not sent:
        yield "the create is sent", f"nothing was sent; {outcome(seen)}", seen
        return
    asked, dialect = wire.asked(sent[0]), wire.dialect_spoken(sent[0])
    given = {**seen.call.kwargs, "device": wire.device_on_wire(seen.call.device or {})}
    if "sink_credential" in given:
        given["sink_credential"] = "<redacted:client.sink_token>"
    wrong = [name for name in case.parameters["watched"] if asked.get(name) != given.get(name)]
    for name in wrong:
        expected = f"{given[name]!r}" if name in given else "nothing"
        found = f"{asked[name]!r}" if name in asked else "nothing"
        yield f"{expected} in {wire.field(name, dialect)}", f"sent {found}", seen
    if not wrong:
        yield from _succeeded(observations)


def _nulls(case: ClientCase, client: Client, observations: Sequence[Observation]) -> Found:  # noqa: ARG001
    for seen in observations:
        sent = seen.sent(_CREATE)
        if not sent:
            yield "the create is sent", f"nothing was sent; {outcome(seen)}", seen
        elif found := wire.nulls(wire.body_of(sent[0])):
            yield "no null in the body", f"null in {', '.join(found)}", seen


def _refused(case: ClientCase, client: Client, observations: Sequence[Observation]) -> Found:  # noqa: ARG001
    (seen,) = observations
    sent = seen.sent(_CREATE)
    if sent:
        body = wire.body_of(sent[0])
        answered = sent[0].response.status if sent[0].response else "no answer"
        yield "an error before anything is sent", f"sent {body}, answered with {answered}", seen
    elif seen.error is None:
        yield "an error before anything is sent", outcome(seen), seen


def documented(client: Client, call: str, status: int) -> str:
    """The error that the client documents for this status of this call, alternatives parted by `|`; empty for none."""
    keys = (f"{call} {status}", f"{status}", f"{call} {status // 100}xx", f"{status // 100}xx")
    return next((client.errors[key] for key in keys if key in client.errors), "")


def _errors(case: ClientCase, client: Client, observations: Sequence[Observation]) -> Found:
    name = case.parameters["call"]
    for seen in observations:
        if not seen.call.interventions:
            yield from _succeeded([seen])
            continue
        expected = documented(client, name, seen.call.interventions[0].status or 0)
        if not seen.sent(OPERATIONS[name]):
            yield f"{OPERATIONS[name]} is sent", f"nothing was sent; {outcome(seen)}", seen
        elif expected == "none" and seen.error is None:
            if seen.result not in ([], None):
                yield "an empty result", outcome(seen), seen
        elif seen.error is None:
            yield expected.replace("|", " or ") or "an error", outcome(seen), seen
        elif expected and seen.error["type"] not in expected.split("|"):
            yield expected.replace("|", " or "), outcome(seen), seen


def _message(case: ClientCase, client: Client, observations: Sequence[Observation]) -> Found:  # noqa: ARG001
    (seen,) = observations
    message = seen.error["message"] if seen.error else ""
    if "400" not in message and "INVALID_ARGUMENT" not in message:
        yield "an error that says 400 or INVALID_ARGUMENT", outcome(seen), seen


def _answer(case: ClientCase, client: Client, observations: Sequence[Observation]) -> Found:  # noqa: ARG001
    created, read = observations
    failed = list(_succeeded(observations))
    yield from failed
    if not failed and _id(read.result) != _id(created.result):
        yield f"session {_id(created.result)}", outcome(read), read


def _headers(case: ClientCase, client: Client, observations: Sequence[Observation]) -> Found:  # noqa: ARG001
    yield from _succeeded(observations)
    for seen in observations:
        for exchange in seen.exchanges:
            for name, value in HEADERS.items():
                found = exchange.request.header(name)
                label = next(f"<redacted:{label}>" for label, secret in SECRETS.items() if secret == value)
                if found != label:
                    yield f"{name} as it was given", f"{exchange.operation} was sent with {found}", seen


def _retries(case: ClientCase, client: Client, observations: Sequence[Observation]) -> Found:  # noqa: ARG001
    (seen,) = observations
    sent = seen.sent(_CREATE)
    if not sent:
        yield "the create is sent", f"nothing was sent; {outcome(seen)}", seen
    elif case.parameters["forwarded"] and len(sent) > 1:
        yield "sent once", f"sent {len(sent)} times, the first of which was carried out; {outcome(seen)}", seen
    elif "max_retries" in case.parameters and len(sent) > 1:
        yield "sent once", f"sent {len(sent)} times; {outcome(seen)}", seen
    else:
        yield from _patient(seen, sent)


def _patient(seen: Observation, sent: Sequence[Exchange]) -> Found:
    for before, after in pairwise(sent):
        waited = (_moment(after) - _moment(before)).total_seconds() - before.seconds
        if waited < RETRY_AFTER - _GRACE:
            yield f"{RETRY_AFTER} s at least before it is sent again", f"sent again after {waited:.1f} s", seen


def _moment(exchange: Exchange) -> datetime:
    return datetime.fromisoformat(exchange.started)


_JUDGES: Mapping[str, Callable[[ClientCase, Client, Sequence[Observation]], Found]] = {
    "call": _call,
    "labels": _labels,
    "same": _same,
    "arrives": _arrives,
    "nulls": _nulls,
    "refused": _refused,
    "errors": _errors,
    "message": _message,
    "answer": _answer,
    "headers": _headers,
    "retries": _retries,
}
