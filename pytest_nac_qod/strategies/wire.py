"""Checks of a callable that creates sessions: do its arguments reach the wire, and does it refuse what is mixed up?"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Flaky
from hypothesis.strategies import SearchStrategy

from pytest_nac_qod.signatures import Signature, SignatureError
from pytest_nac_qod.strategies.arguments import (
    Call,
    Callee,
    Converters,
    calls,
    can_be_given,
    offered,
    resolved,
    written,
)
from pytest_nac_qod.strategies.arrival import ArgumentsError, as_given
from pytest_nac_qod.strategies.edges import edges
from pytest_nac_qod.strategies.invocation import Function, Sent, Subject, subject
from pytest_nac_qod.strategies.misorder import MEANT, Misordered, misordered_session_arguments

_FIRST = 20  # correct calls before those that are mixed up: every family of addresses, by position and by name


def arguments_reach_the_wire(  # noqa: PLR0913 - each is named by the caller
    call: Function,
    *,
    signature: Callee | None = None,
    paths: Mapping[str, str] | None = None,
    convert: Converters | None = None,
    leave_out: Collection[str] = (),
    also: Collection[str] = (),
    sent: Sent | None = None,
    max_examples: int = 100,
) -> None:
    """Check that every argument of a callable that creates sessions ends up where it belongs in the request body.

    Each call has to send one creation, with what it is given and nothing else, and to return. Every parameter is given
    in some call. What is at the edge of the contract, such as a duration of 86,401 s or a prefix for an address, may
    also be refused, but not changed.

    Args:
        call: one of three: a function of one parameter, which is given the address of a recording endpoint on loopback
            and returns the callable; the callable itself, if it returns the body; or the callable itself with `sent`.
            It may be a coroutine function.
        signature: how to read its parameters, such as "8.0.0" for a method of that SDK; `inspect.signature` when None.
        paths: JSONPath in the body by parameter, for names that do not speak for themselves.
        convert: by JSONPath in the body, what makes an argument from JSON, such as `{"$.devicePorts": to_ports_spec}`.
        leave_out: parameters that are never given, such as a timeout.
        also: JSONPaths of what the callable sends without an argument, such as `$.duration`; `$.device` always may.
        sent: the bodies that were sent so far, for a capture of one's own.
        max_examples: number of calls, more or less.

    Raises:
        ArgumentsError: some call sends something else; the smallest such call is shown.
        SignatureError: a parameter that is not understood; the message says what to add.

    >>> def right(profile, service_ipv4=None, service_ipv6=None):
    ...     pairs = {"ipv4Address": service_ipv4, "ipv6Address": service_ipv6}
    ...     return {"qosProfile": profile, "applicationServer": {key: value for key, value in pairs.items() if value}}
    >>> arguments_reach_the_wire(right)
    >>> def swapped(profile, service_ipv4):
    ...     return {"qosProfile": service_ipv4, "applicationServer": {"ipv4Address": profile}}
    >>> arguments_reach_the_wire(swapped)
    Traceback (most recent call last):
        ...
    pytest_nac_qod.strategies.arrival.ArgumentsError: swapped('QOS_L', '198.51.100.1') does not send what it is given
      $.applicationServer.ipv4Address  expected '198.51.100.1', got 'QOS_L'
      $.qosProfile                     expected 'QOS_L', got '198.51.100.1'
      expected body  {'qosProfile': 'QOS_L', 'applicationServer': {'ipv4Address': '198.51.100.1'}}
      actual body    {'qosProfile': '198.51.100.1', 'applicationServer': {'ipv4Address': 'QOS_L'}}
    """
    with subject(call, sent, paths or {}) as client:
        callee = resolved(signature or client.original, paths)
        _understood(callee, convert or {}, leave_out)
        _correct_calls(client, callee, convert or {}, leave_out, also, max_examples)
        _edge_calls(client, callee, convert or {}, leave_out, also)


def misordered_arguments_are_refused(  # noqa: PLR0913 - each is named by the caller
    call: Function,
    *,
    signature: Callee | None = None,
    paths: Mapping[str, str] | None = None,
    convert: Converters | None = None,
    raises: type[Exception] | tuple[type[Exception], ...] = (ValueError, TypeError),
    sent: Sent | None = None,
    max_examples: int = 100,
) -> None:
    """Check that a callable that creates sessions raises, and sends nothing, when its arguments are mixed up.

    Correct calls come first: a callable that refuses those too, or sends nothing, does not pass.

    Args:
        call: as for `arguments_reach_the_wire`.
        signature: how to read its parameters.
        paths: JSONPath in the body by parameter.
        convert: by JSONPath in the body, what makes an argument from JSON.
        raises: what it raises when it is called wrongly.
        sent: the bodies that were sent so far.
        max_examples: number of calls, more or less.

    Raises:
        ArgumentsError: a correct call does not arrive, or one that is mixed up sends a request or raises something
            else; the smallest such call is shown.
        SignatureError: a parameter that is not understood; the message says what to add.

    >>> def careless(profile, service_ipv4):
    ...     return {"qosProfile": profile, "applicationServer": {"ipv4Address": service_ipv4}}
    >>> misordered_arguments_are_refused(careless)
    Traceback (most recent call last):
        ...
    pytest_nac_qod.strategies.arrival.ArgumentsError: careless('198.51.100.1', 'QOS_L') sends a request
      mixed up   the IP address stands before the profile
      expected   ValueError or TypeError, and nothing sent
      because    profile '198.51.100.1' is an IP address
      because    service_ipv4 'QOS_L' is no IPv4 address
      actual     {'qosProfile': '198.51.100.1', 'applicationServer': {'ipv4Address': 'QOS_L'}}
    """
    with subject(call, sent, paths or {}) as client:
        callee = resolved(signature or client.original, paths)
        mixed_up = misordered_session_arguments(signature=callee, convert=convert)
        meant = replace(
            callee, parameters=tuple(item for item in callee.parameters if item.required or item.path in MEANT)
        )
        _correct_calls(
            client, meant, convert or {}, (), ("$",), _FIRST
        )  # what is sent beside them is not the question here
        _run(mixed_up, lambda example: _refused(client, example, raises), max_examples)


def _correct_calls(  # noqa: PLR0913, PLR0917 - what both checks know of a call
    client: Subject,
    callee: Signature,
    convert: Converters,
    leave_out: Collection[str],
    also: Collection[str],
    max_examples: int,
) -> None:
    """Calls that have to arrive as they are given; more of them if some parameter was never given."""
    never = {item.name for item in callee.parameters if item.path} - set(leave_out)

    def check(example: Call) -> None:
        bound = callee.bind(example.args, example.kwargs)
        never.difference_update(item.name for item in callee.parameters if bound.get(item.name) != item.default)
        text = written(client.name, example.args, example.kwargs)
        as_given(callee, example, text, client.attempt(example.args, example.kwargs), also)

    families = offered(callee)
    _run(calls(callee, families, convert, leave_out), check, max_examples)
    for name in sorted(never):
        always = {name, *(item.name for item in callee.parameters if item.path == "$.sink")}
        _run(calls(callee, families, convert, leave_out, always), check, len(families))


def _edge_calls(
    client: Subject, callee: Signature, convert: Converters, leave_out: Collection[str], also: Collection[str]
) -> None:
    """Calls at the edge of the contract: they arrive as they are given, or are refused before anything is sent."""

    def check(example: Call) -> None:
        attempt = client.attempt(example.args, example.kwargs)
        if attempt.creations or attempt.error is None:
            as_given(callee, example, written(client.name, example.args, example.kwargs), attempt, also)

    for item in callee.parameters:
        for family, value in () if item.name in leave_out else edges(item.path):
            families = offered(callee, [family]) if family in offered(callee) else offered(callee)[:1]
            if can_be_given(callee, item, families[0], convert):
                _run(calls(callee, families, convert, leave_out, pinned={item.name: value}), check, 1)


def _understood(callee: Signature, convert: Converters, leave_out: Collection[str]) -> None:
    """Raise for the first parameter that no call would give, unless it is left out on purpose."""
    names = {item.name: item for item in callee.parameters}
    for name in leave_out:
        if name not in names and name not in callee.rest:
            raise SignatureError(f"{callee}: leave_out names {name!r}, which is no parameter of it")
        if name in names and names[name].required:
            raise SignatureError(
                f"{callee}: leave_out names {name!r}, which has no default; fix it with functools.partial"
            )
    for item in callee.parameters:
        if item.name in leave_out:
            continue
        if not item.path:
            raise SignatureError(
                f"{callee}: parameter {item.name!r}: not clear where it goes in the body; "
                f"say it with paths={{{item.name!r}: '$.…'}}, or leave it out with leave_out=[{item.name!r}]"
            )
        if not any(can_be_given(callee, item, family, convert) for family in offered(callee)):
            raise SignatureError(
                f"{callee}: parameter {item.name!r} takes an object; say how to make it from JSON with "
                f"convert={{{item.path!r}: …}}, or leave it out with leave_out=[{item.name!r}]"
            )
    for name in callee.rest:
        if name not in leave_out:
            raise SignatureError(
                f"{callee}: {name!r} takes any further arguments; name them with paths={{'…': '$.…'}} and leave "
                f"out the rest with leave_out=[{name!r}]"
            )


def _refused(client: Subject, example: Misordered, raises: type[Exception] | tuple[type[Exception], ...]) -> None:
    attempt = client.attempt(example.args, example.kwargs)
    if not attempt.requests and isinstance(attempt.error, raises):
        return
    wanted = " or ".join(kind.__name__ for kind in (raises if isinstance(raises, tuple) else (raises,)))
    reasons = "".join(f"  because    {reason}\n" for reason in example.problems)
    sends = "sends a request" if attempt.requests else "is not refused"
    actual = [repr(item.body) if item.method == "POST" else str(item) for item in attempt.requests]
    raise ArgumentsError(
        f"{written(client.name, example.args, example.kwargs)} {sends}\n"
        f"  mixed up   {example.what}\n"
        f"  expected   {wanted}, and nothing sent\n{reasons}"
        "  actual     " + "\n             ".join(actual or [attempt.ending])
    )


def _run(values: SearchStrategy[Any], check: Callable[[Any], None], max_examples: int) -> None:
    alone = settings(
        deadline=None,
        database=None,
        derandomize=True,
        max_examples=max_examples,
        phases=[Phase.generate, Phase.shrink],
        report_multiple_bugs=False,
        suppress_health_check=[HealthCheck.too_slow],  # a busy machine is not the client's fault
    )
    first: list[str] = []

    def noted(example: Any) -> None:  # noqa: ANN401 - whatever the strategy gives
        try:
            check(example)
        except ArgumentsError as error:
            first[:] = first or [str(error)]
            raise

    try:
        alone(given(values)(noted))()
    except (ArgumentsError, SignatureError) as error:
        raise type(error)(str(error)) from None  # without Hypothesis's notes: the message says it all
    except Flaky:
        if not first:  # it is what the user's function raises
            raise
        raise ArgumentsError(f"{first[0]}\n  not each time  the same call did otherwise when it was repeated") from None
