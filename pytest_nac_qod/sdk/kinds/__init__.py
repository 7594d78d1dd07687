"""The kinds of case: the calls that each needs of a client, and what is wrong with what came of them; pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from pytest_nac_qod.contracts import Contract
from pytest_nac_qod.foundation.jsontypes import JsonObject
from pytest_nac_qod.sdk.cases import Client, ClientCall, ClientCase, Observation
from pytest_nac_qod.sdk.kinds import (
    answer,
    arrives,
    call,
    errors,
    headers,
    labels,
    lists,
    message,
    nulls,
    refused,
    retries,
    same,
    shown,
)
from pytest_nac_qod.sdk.kinds.steps import Found
from pytest_nac_qod.verdicts import NotTested, Violation


@dataclass(frozen=True, slots=True)
class Kind:
    """How cases of a kind are found out.

    Attributes:
        calls: makes the calls from the case, the client, one device identifier and the contract.
        judge: yields what was expected, what happened, and where.
    """

    calls: Callable[[ClientCase, Client, JsonObject, Contract], list[ClientCall]]
    judge: Callable[[ClientCase, Client, Sequence[Observation]], Found]


KINDS: Mapping[str, Kind] = {
    "call": Kind(call.calls, call.judge),
    "labels": Kind(labels.calls, labels.judge),
    "same": Kind(same.calls, same.judge),
    "arrives": Kind(arrives.calls, arrives.judge),
    "nulls": Kind(nulls.calls, nulls.judge),
    "refused": Kind(refused.calls, refused.judge),
    "errors": Kind(errors.calls, errors.judge),
    "message": Kind(message.calls, message.judge),
    "answer": Kind(answer.calls, answer.judge),
    "headers": Kind(headers.calls, headers.judge),
    "retries": Kind(retries.calls, retries.judge),
    "shown": Kind(shown.calls, shown.judge),
    "sizes": Kind(lists.sizes, lists.complete),
    "query": Kind(lists.listing, lists.escaped),
    "devices": Kind(lists.two_devices, lists.their_own),
    "unsaid": Kind(nulls.unsaid, nulls.refused_or_right),
    "correlators": Kind(headers.two_creations, headers.different),
}


MADE_UP = {"network_access_identifier": "device@example.com"}  # for cases that a target need not know the device of


@dataclass(frozen=True, slots=True)
class ClientFinding:
    """A violation, and the call that shows it.

    Attributes:
        again: the call as one would write it.
        seen: what came of it; None for a client that answered with no protocol.
        because: the defects that may be behind it, the likeliest first.
    """

    violation: Violation
    again: str
    seen: Observation | None = None
    because: tuple[str, ...] = ()


def plan(
    case: ClientCase, client: Client, device: JsonObject, contract: Contract, second: JsonObject | None = None
) -> list[ClientCall]:
    """The calls of a case, in order.

    Args:
        case: the requirement.
        client: as it described itself.
        device: all identifiers of a device, as the protocol has them.
        contract: of quality-on-demand; its documented errors are tried.
        second: identifiers of another device.

    Raises:
        NotApplicable: the client has no such call.
        NotTested: the device lacks the identifier.
    """
    chosen = case.parameters.get("device", "phone_number")
    if chosen == "several":
        if len(device) == 1:
            raise NotTested("devices.several in the target file has one identifier only")
        return KINDS[case.kind].calls(case, client, device, contract)
    if chosen not in device and chosen not in MADE_UP:
        raise NotTested(f"devices.several in the target file has no {chosen}")
    case = replace(case, parameters={**case.parameters, "second": second or {}})
    return KINDS[case.kind].calls(case, client, {chosen: device.get(chosen) or MADE_UP[chosen]}, contract)


def judge(case: ClientCase, client: Client, observations: Sequence[Observation]) -> list[ClientFinding]:
    """Every violation of the case, bound to its id, to the exchange and to the call that show it."""
    return [
        ClientFinding(
            Violation(
                clause=case.clause,
                expected=expected,
                actual=f"{seen.call.about}: {actual}" if seen.call.about else actual,
                rule=case.id,
                severity=case.severity,
                exchange=seen.exchanges[-1].id if seen.exchanges else "",
            ),
            seen.source,
            seen,
        )
        for expected, actual, seen in KINDS[case.kind].judge(case, client, observations)
    ]
