"""Which calls a case needs of a client; pure."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any
from uuid import UUID

from pytest_nac_qod.contracts import Contract
from pytest_nac_qod.foundation.jsontypes import Json, JsonObject
from pytest_nac_qod.sdk.cases import ARGUMENTS, LABELS, OPERATIONS, SESSION, Call, Client, ClientCase
from pytest_nac_qod.sdk.shim import Intervention
from pytest_nac_qod.signatures import signature
from pytest_nac_qod.verdicts import NotApplicable, NotTested

RETRY_AFTER = 1  # seconds
MORE = 600  # seconds that a session is extended by
NOBODY = str(UUID(int=0))
SIMPLE = ("profile", "duration", "service_ipv4")
# orders of the SDK's arguments; both addresses are given, since a single one in the wrong place is refused by itself
BEFORE_4 = tuple(one.name for one in signature("3.1.0").positional[:3])
FROM_4 = tuple(one.name for one in signature("4.0.0").positional[:4])
_BEYOND_CONTRACT = {500: ("INTERNAL",), 503: ("UNAVAILABLE",)}
_ONCE = {"max_retries": 0}


def plan(case: ClientCase, client: Client, device: JsonObject, contract: Contract) -> list[Call]:
    """The calls of a case, in order.

    Args:
        case: the requirement.
        client: as it described itself.
        device: all identifiers of a device, as the protocol has them.
        contract: of quality-on-demand; its documented errors are tried.

    Raises:
        NotApplicable: the client has no such call.
        NotTested: the device lacks the identifier.
    """
    chosen = case.parameters.get("device", "phone_number")
    if chosen not in device:
        raise NotTested(f"devices.several in the target file has no {chosen}")
    calls: Callable[[ClientCase, Client, JsonObject, Contract], list[Call]] = _PLANS[case.kind]
    return calls(case, client, {chosen: device[chosen]}, contract)


def arguments(names: Iterable[str]) -> dict[str, Json]:
    """The arguments of these names, as the cases give them."""
    return {name: ARGUMENTS[name] for name in names}


def by_position(client: Client, given: Mapping[str, Json]) -> list[Json]:
    """`given` in the order of the client; None for what comes before the last of them and is not given.

    Raises:
        NotApplicable: the client takes names only, or has no such argument.
    """
    if not client.positional:
        raise NotApplicable("the client takes names only")
    if missing := [name for name in given if name not in client.positional]:
        raise NotApplicable(f"the client takes no {missing[0]} by position")
    last = max(client.positional.index(name) for name in given)
    return [given.get(name) for name in client.positional[: last + 1]]


def _create(device: JsonObject, names: Iterable[str] = SIMPLE, about: str = "") -> Call:
    return Call(call="create", device=device, kwargs=arguments(names), fresh=True, about=about)


def _has(client: Client, call: str) -> None:
    if call not in client.calls:
        raise NotApplicable(f"the client has no call to {call} sessions")


def _call(case: ClientCase, client: Client, device: JsonObject, _: Contract) -> list[Call]:
    name = case.parameters["call"]
    _has(client, name)
    created = _create(device)
    following: dict[str, list[Call]] = {
        "create": [],
        "get": [Call(call="get", args=[SESSION])],
        "list": [Call(call="list", device=device)],
        "extend": [Call(call="extend", args=[SESSION, MORE], available=True)],
        "delete": [Call(call="delete", args=[SESSION])],
    }
    return [created, *following[name]]


def _labels(case: ClientCase, client: Client, device: JsonObject, _: Contract) -> list[Call]:
    _has(client, "list")
    calls: list[Call] = []
    for label in LABELS:
        given = {**arguments(SIMPLE), "profile": label}
        by: dict[str, Any] = (
            {"kwargs": given} if case.parameters["by"] == "keyword" else {"args": by_position(client, given)}
        )
        calls.append(Call(call="create", device=device, fresh=True, about=label, **by))
        calls.append(Call(call="list", device=device, about=label))
    return calls


def _same(case: ClientCase, client: Client, device: JsonObject, _: Contract) -> list[Call]:
    given = arguments(case.parameters["arguments"])
    positional = Call(call="create", device=device, args=by_position(client, given), fresh=True, about="by position")
    return [Call(call="create", device=device, kwargs=given, fresh=True, about="with keywords"), positional]


def _arrives(case: ClientCase, client: Client, device: JsonObject, _: Contract) -> list[Call]:  # noqa: ARG001
    return [_create(device, case.parameters["arguments"])]


def _nulls(case: ClientCase, client: Client, device: JsonObject, _: Contract) -> list[Call]:  # noqa: ARG001
    return [_create(device, names, ", ".join(names)) for names in case.parameters["variants"]]


def _refused(case: ClientCase, client: Client, device: JsonObject, _: Contract) -> list[Call]:
    order = case.parameters["order"]
    if order == "no_address":
        return [_create(device, ("profile", "duration"))]
    return [Call(call="create", device=device, args=wrong(client, order), fresh=True)]


def wrong(client: Client, order: str) -> list[Json]:
    """Arguments by position in an order that is not the client's.

    Raises:
        NotApplicable: it is the client's own order.
    """
    own = client.positional or FROM_4
    if order == "profile_swapped":
        given = arguments(SIMPLE)
        swapped = {**given, "profile": given["service_ipv4"], "service_ipv4": given["profile"]}
        return [swapped.get(name) for name in own[: 1 + max(own.index(name) for name in SIMPLE)]]
    if order == "addresses_swapped":
        given = arguments((*SIMPLE, "service_ipv6"))
        swapped = {**given, "service_ipv4": given["service_ipv6"], "service_ipv6": given["service_ipv4"]}
        return [swapped.get(name) for name in own[: 1 + max(own.index(name) for name in swapped)]]
    other = BEFORE_4 if order == "before_4" else FROM_4[:3]
    if client.positional[: len(other)] == other:
        raise NotApplicable("this is the client's own order")
    return [ARGUMENTS[name] for name in other]


def _errors(case: ClientCase, client: Client, device: JsonObject, contract: Contract) -> list[Call]:
    name = case.parameters["call"]
    _has(client, name)
    operation = OPERATIONS[name]
    documented = {**contract.operations[operation].errors, **_BEYOND_CONTRACT}
    tried = [
        Intervention(
            operation=operation, status=status, body={"status": status, "code": code, "message": "As the case has it."}
        )
        for status, codes in documented.items()
        for code in codes or (f"STATUS_{status}",)
    ]
    needed: list[Call] = []
    asks: dict[str, Any]
    if name in ("create", "list"):
        asks = {"device": device, **({"kwargs": arguments(SIMPLE)} if name == "create" else {})}
    else:
        needed.append(_create(device))
        asks = {"args": [SESSION, MORE] if name == "extend" else [SESSION]}
    return [
        *needed,
        *(
            Call(call=name, interventions=(one,), options=_ONCE, about=f"{one.status} {one.body['code']}", **asks)
            for one in tried
        ),
    ]


def _message(case: ClientCase, client: Client, device: JsonObject, _: Contract) -> list[Call]:  # noqa: ARG001
    body = {"status": 400, "code": "INVALID_ARGUMENT", "message": "As the case has it."}
    answered = Intervention(operation="createSession", status=400, body=body)
    return [
        Call(
            call="create", device=device, kwargs=arguments(SIMPLE), interventions=(answered,), fresh=True, options=_ONCE
        )
    ]


def _answer(case: ClientCase, client: Client, device: JsonObject, _: Contract) -> list[Call]:
    _has(client, "get")
    left_out = Intervention(operation="getSession", without=tuple(case.parameters["without"]))
    return [_create(device), Call(call="get", args=[SESSION], interventions=(left_out,))]


def _headers(case: ClientCase, client: Client, device: JsonObject, _: Contract) -> list[Call]:  # noqa: ARG001
    further = [
        Call(call="get", args=[SESSION]),
        Call(call="list", device=device),
        Call(call="delete", args=[SESSION]),
    ]
    return [_create(device), *(call for call in further if call.call in client.calls)]


def _retries(case: ClientCase, client: Client, device: JsonObject, _: Contract) -> list[Call]:  # noqa: ARG001
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
        Call(
            call="create",
            device=device,
            kwargs=arguments(SIMPLE),
            options=options,
            interventions=(answered,),
            fresh=True,
        )
    ]


_PLANS = {
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
