"""What a finding may come from: for each, the defects of a client that its calls show; pure."""

import re
from collections.abc import Iterator, Sequence

from pytest_nac_qod.sdk import wire
from pytest_nac_qod.sdk.cases import OPERATIONS, ClientCase, Observation
from pytest_nac_qod.sdk.kinds import ClientFinding, arrives, lists, shown
from pytest_nac_qod.sdk.kinds.steps import MORE, id_of, ids_of
from pytest_nac_qod.wire.exchange import Exchange

_POSITION = "arguments by position go astray"
_UNCHECKED = "arguments are not looked at"
_UNTOLD = "errors in answers do not reach the caller as documented"
_GENERAL = re.compile(r"answered with \d+$")  # symptoms that much may be behind
_ALIKE = {  # arguments that clients have one piece of code for
    "device_ports": "ports do not arrive as they are given",
    "service_ports": "ports do not arrive as they are given",
    "service_ipv4": "addresses of the service do not arrive as they are given",
    "service_ipv6": "addresses of the service do not arrive as they are given",
}
_SHOWN = ("profile", "status", "duration")
_OF_KIND = {
    "same": (_POSITION,),
    "refused": (_UNCHECKED, _POSITION),
    "unsaid": (_UNCHECKED, "duration does not arrive as it is given"),
    "retries": ("a create is sent again",),
    "errors": (_UNTOLD,),
    "message": ("errors do not say what was answered", _UNTOLD),
    "sizes": ("a list is not shown as it is answered",),
}


def symptoms(case: ClientCase, observations: Sequence[Observation], finding: ClientFinding) -> tuple[str, ...]:
    """The defects that may be behind a finding, the likeliest first; what the case requires when none is known."""
    seen = finding.seen
    if seen is None:
        return (case.requires,)
    told = list(_direct(case, finding, seen))
    for earlier in observations[: _index(observations, seen) + 1]:
        told += _of_request(earlier) if _failed(earlier) else _of_result(earlier)
    return tuple(dict.fromkeys(told)) or (case.requires,)


def of_a_stop(exchanges: Sequence[Exchange], message: str) -> tuple[str, ...]:
    """The defects that may be behind a program that came to a stop, by what its last call sent and was answered."""
    told = ["a create is sent again"] if _count(exchanges, OPERATIONS["create"]) > 1 else []
    answers = [exchange.response.status for exchange in exchanges if exchange.response]
    if answers and answers[-1] >= 400:
        told.append(_UNTOLD)
    return (*told, f"the program {re.sub(r'[0-9]+', '…', message.partition(';')[0].partition(': ')[0])}")


def is_general(symptom: str) -> bool:
    """Whether much may be behind a symptom, so that it counts where none is known that says more."""
    return bool(_GENERAL.search(symptom))


def _index(observations: Sequence[Observation], seen: Observation) -> int:
    return next(number for number, item in enumerate(observations) if item is seen)


def _failed(seen: Observation) -> bool:
    return seen.error is not None or not seen.exchanges


def _direct(case: ClientCase, finding: ClientFinding, seen: Observation) -> Iterator[str]:
    """What the finding itself says."""
    violation = finding.violation
    if case.kind in ("arrives", "labels", "nulls"):
        yield from _arguments(seen, violation.expected if case.kind == "arrives" else "")
    if case.kind == "headers":
        yield f"{case.parameters['header']} is not sent as it was given"
        yield "headers are not sent as they were given"
    if case.kind == "shown":
        for session, answered in shown.pairs(seen):
            differing = shown.differences(session, answered, case.parameters["keys"])
            yield from (
                f"{key} is not shown as it is answered" for key, want, _ in differing if want == violation.expected
            )
        if case.id == "nac_client_times":
            yield "times are not shown as they are answered"
    yield from _OF_KIND.get(case.kind, ())


def _arguments(seen: Observation, expected: str = "") -> Iterator[str]:
    """Arguments of a create that did not arrive; only the one that was `expected`, if that is said."""
    for exchange in seen.sent(OPERATIONS["create"])[:1]:
        wrong = [item for item in arrives.astray(seen, list(wire.FIELDS)) if expected in ("", item[1])]
        if seen.call.args and wrong:
            yield _POSITION
        for name, _, arrived in wrong:
            if arrived != "sent null":
                yield f"{name} does not arrive as it is given"
                yield from (_ALIKE[name] for name in [name] if name in _ALIKE)
        if not expected or any(arrived == "sent null" for *_, arrived in wrong):
            yield from (f"null is sent in {path}" for path in wire.nulls(wire.body_of(exchange)))


def _of_request(seen: Observation) -> Iterator[str]:
    """What may be wrong with a call that failed."""
    name = seen.call.call
    answers = [exchange for exchange in seen.exchanges if exchange.response]
    last = answers[-1].response if answers else None
    yield from _repeated(seen)
    if name == "create":
        yield from _arguments(seen)
    if name == "list" and any(_elsewhere(seen, exchange) for exchange in seen.sent(OPERATIONS["list"])):
        yield "a list asks for another device"
    if name == "extend" and any(_body(exchange) != MORE for exchange in seen.sent(OPERATIONS["extend"])):
        yield "an extension asks for another duration"
    kind = seen.error["type"] if seen.error else "nothing"
    if last is None:
        yield from (_POSITION for _ in seen.call.args[1:])
        yield f"{kind} instead of a request"
    elif last.status < 400 and not seen.call.interventions:
        yield f"{kind} on a successful answer"
    elif last.status >= 400:
        yield f"a {name} is answered with {last.status}"
        yield f"requests are answered with {last.status}"


def _of_result(seen: Observation) -> Iterator[str]:
    """What may be wrong with what a call shows; later calls may rest on it."""
    name = seen.call.call
    yield from _repeated(seen)
    for session, answered in shown.pairs(seen):
        yield from (f"{key} is not shown as it is answered" for key, *_ in shown.differences(session, answered, _SHOWN))
    if name == "create":
        yield from _arguments(seen)
    if name == "list":
        if any(_elsewhere(seen, exchange) for exchange in seen.sent(OPERATIONS["list"])):
            yield "a list asks for another device"
        if sorted(map(str, lists.answered_ids(seen))) != sorted(map(str, ids_of(seen.result))):
            yield "another id is shown than was answered"
            yield "a list is not shown as it is answered"
    elif name != "delete" and not any(True for _ in shown.pairs(seen)):
        yield "another id is shown than was answered" if id_of(seen.result) else "no id is shown"


def _count(exchanges: Sequence[Exchange], operation: str) -> int:
    return sum(exchange.operation == operation for exchange in exchanges)


def _repeated(seen: Observation) -> Iterator[str]:
    if _count(seen.exchanges, OPERATIONS["create"]) > 1:
        yield "a create is sent again"


def _elsewhere(seen: Observation, exchange: Exchange) -> bool:
    """Whether a list was not asked for by the device that it was called with."""
    body, wanted = wire.body_of(exchange), wire.device_on_wire(seen.call.device or {})
    sent = body.get("device") if isinstance(body, dict) else None
    return body is not None and not wire.same("device", sent, wanted)


def _body(exchange: Exchange) -> object:
    body = wire.body_of(exchange)
    return body.get("requestedAdditionalDuration") if isinstance(body, dict) else None
