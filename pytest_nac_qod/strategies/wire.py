"""Checks of a callable that creates sessions: do its arguments reach the wire, and does it refuse what is mixed up?"""

import asyncio
import inspect
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import wraps
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.strategies import SearchStrategy

from pytest_nac_qod.foundation.jsontypes import Json
from pytest_nac_qod.signatures import EITHER_ADDRESS, Signature
from pytest_nac_qod.strategies.arguments import (
    FAMILY_PATHS,
    Call,
    Callee,
    Converters,
    resolved,
    session_arguments,
    written,
)
from pytest_nac_qod.strategies.endpoint import recording_endpoint
from pytest_nac_qod.strategies.misorder import Misordered, misordered_session_arguments

Function = Callable[..., Any]
Sent = Callable[[], Sequence[Json]]
_NOTHING: Any = object()


class ArgumentsError(AssertionError):
    """Arguments that do not arrive as they were meant; the message shows the call, what was expected and what came."""


def arguments_reach_the_wire(  # noqa: PLR0913 - each is named by the caller
    call: Function,
    *,
    signature: Callee | None = None,
    paths: Mapping[str, str] | None = None,
    convert: Converters | None = None,
    leave_out: Collection[str] = (),
    sent: Sent | None = None,
    max_examples: int = 100,
) -> None:
    """Check that every argument of a callable that creates sessions ends up where it belongs in the request body.

    Args:
        call: one of three: a function whose only parameter is `url`, which is given the address of a recording endpoint
            on loopback and returns the callable; the callable itself, if it returns the body; or the callable itself
            with `sent`. It may be a coroutine function.
        signature: how to read its parameters, such as "8.0.0" for a method of that SDK; `inspect.signature` when None.
        paths: JSONPath in the body by parameter, for names that do not speak for themselves.
        convert: by JSONPath in the body, what makes an argument from JSON, such as `{"$.devicePorts": to_ports_spec}`.
        leave_out: parameters that are never given.
        sent: the bodies that were sent so far, for a capture of one's own.
        max_examples: number of calls, more or less.

    Raises:
        ArgumentsError: some call sends something else; the smallest such call is shown.

    >>> def right(profile, service_ipv4=None, service_ipv6=None):
    ...     pairs = {"ipv4Address": service_ipv4, "ipv6Address": service_ipv6}
    ...     return {"qosProfile": profile, "applicationServer": {key: value for key, value in pairs.items() if value}}
    >>> arguments_reach_the_wire(right)
    >>> def swapped(profile, service_ipv4):
    ...     return {"qosProfile": service_ipv4, "applicationServer": {"ipv4Address": profile}}
    >>> arguments_reach_the_wire(swapped)
    Traceback (most recent call last):
        ...
    pytest_nac_qod.strategies.wire.ArgumentsError: swapped('QOS_L', '198.51.100.1') does not send what it is given
      $.applicationServer.ipv4Address  expected '198.51.100.1', got 'QOS_L'
      $.qosProfile                     expected 'QOS_L', got '198.51.100.1'
      expected body  {'qosProfile': 'QOS_L', 'applicationServer': {'ipv4Address': '198.51.100.1'}}
      actual body    {'qosProfile': '198.51.100.1', 'applicationServer': {'ipv4Address': 'QOS_L'}}
    """
    with _calling(call, sent) as (function, bodies):
        callee = resolved(signature or function, paths)

        def check(example: Call) -> None:
            _right(
                callee,
                example,
                written(_name(function), example.args, example.kwargs),
                *_outcome(function, example, bodies),
            )

        _run(session_arguments(signature=callee, convert=convert, leave_out=leave_out), check, max_examples)


def misordered_arguments_are_refused(
    call: Function,
    *,
    signature: Callee | None = None,
    paths: Mapping[str, str] | None = None,
    sent: Sent | None = None,
    max_examples: int = 100,
) -> None:
    """Check that a callable that creates sessions raises, and sends nothing, when its arguments are mixed up.

    Args:
        call: as for `arguments_reach_the_wire`.
        signature: how to read its parameters.
        paths: JSONPath in the body by parameter.
        sent: the bodies that were sent so far.
        max_examples: number of calls, more or less.

    Raises:
        ArgumentsError: some such call sends a request; the smallest is shown.

    >>> def careless(profile, service_ipv4):
    ...     return {"qosProfile": profile, "applicationServer": {"ipv4Address": service_ipv4}}
    >>> misordered_arguments_are_refused(careless)
    Traceback (most recent call last):
        ...
    pytest_nac_qod.strategies.wire.ArgumentsError: careless('198.51.100.1', 'QOS_L') sends a request
      mixed up   the IP address stands before the profile
      expected   ValueError or TypeError, and nothing sent
      because    profile '198.51.100.1' is an IP address
      because    service_ipv4 'QOS_L' is no IPv4 address
      actual     {'qosProfile': '198.51.100.1', 'applicationServer': {'ipv4Address': 'QOS_L'}}
    """
    with _calling(call, sent) as (function, bodies):
        callee = resolved(signature or function, paths)

        def check(example: Misordered) -> None:
            body, _ = _outcome(function, example, bodies)
            if body is not _NOTHING:
                reasons = "".join(f"  because    {reason}\n" for reason in example.problems)
                raise ArgumentsError(
                    f"{written(_name(function), example.args, example.kwargs)} sends a request\n"
                    f"  mixed up   {example.what}\n"
                    f"  expected   ValueError or TypeError, and nothing sent\n{reasons}"
                    f"  actual     {body!r}"
                )

        _run(misordered_session_arguments(signature=callee), check, max_examples)


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
    try:
        alone(given(values)(check))()
    except ArgumentsError as error:
        raise ArgumentsError(str(error)) from None  # without Hypothesis's notes: the message says it all


@contextmanager
def _calling(call: Function, sent: Sent | None) -> Iterator[tuple[Function, Sent | None]]:
    """The callable to be tested, and where the bodies are that it sends; None when it returns them."""
    with asyncio.Runner() as runner:  # one loop for all calls, since clients keep connections
        if sent is None and list(inspect.signature(call).parameters) == ["url"]:
            with recording_endpoint() as endpoint:
                yield _synchronous(call(endpoint.url), runner), lambda: endpoint.bodies
        else:
            yield _synchronous(call, runner), sent


def _synchronous(function: Function, runner: asyncio.Runner) -> Function:
    @wraps(function)
    def finished(*args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - as the user's function has it
        result = function(*args, **kwargs)
        return runner.run(result) if inspect.iscoroutine(result) else result

    return finished


def _outcome(function: Function, call: Call | Misordered, sent: Sent | None) -> tuple[Json, str]:
    """The body that a call makes, and what became of the call."""
    before = len(sent()) if sent else 0
    try:
        result = function(*call.args, **call.kwargs)
    except Exception as error:  # noqa: BLE001 - whatever the user's function raises is its answer
        result, ending = _NOTHING, f"raised {error!r}"
    else:
        ending = "returned"
    if sent:
        bodies = sent()[before:]
        return next(
            (body for body in bodies if isinstance(body, dict) and "qosProfile" in body), [*bodies, _NOTHING][0]
        ), ending
    if result is not _NOTHING and not isinstance(result, dict):
        raise TypeError(
            f"{_name(function)} returned {type(result).__name__}, which is no body; "
            "give a function of `url` that returns it, or `sent`"
        )
    return result, ending


def _right(callee: Signature, call: Call, text: str, body: Json, ending: str) -> None:
    if body is _NOTHING:
        raise ArgumentsError(f"{text} sends nothing\n  expected body  {call.body!r}\n  actual         {ending}")
    pairs = {path: (_at(call.body, path), _at(body, path)) for path in _paths(callee)}
    wrong = {path: (want, got) for path, (want, got) in pairs.items() if want != got}
    if wrong:
        width = max(map(len, wrong))
        lines = [f"  {path:{width}}  expected {_shown(want)}, got {_shown(got)}" for path, (want, got) in wrong.items()]
        raise ArgumentsError(
            f"{text} does not send what it is given\n" + "\n".join(lines) + "\n"
            f"  expected body  {call.body!r}\n"
            f"  actual body    {body!r}"
        )


def _paths(callee: Signature) -> list[str]:
    """The places that the arguments decide on; an address of either family decides on both."""
    paths = {parameter.path for parameter in callee.parameters if parameter.path}
    return sorted((paths - {EITHER_ADDRESS}) | (set(FAMILY_PATHS.values()) if EITHER_ADDRESS in paths else set()))


def _at(body: Json, path: str) -> Json:
    """What stands at `path`; what is null, or an empty list of ports, is as good as absent."""
    for name in path.removeprefix("$.").split("."):
        body = body.get(name) if isinstance(body, dict) else None
    if isinstance(body, dict):
        return {key: value for key, value in body.items() if value not in (None, [])} or None
    return body


def _shown(value: Json) -> str:
    return "nothing" if value is None else repr(value)


def _name(function: Function) -> str:
    function = inspect.unwrap(function)
    return str(getattr(function, "__qualname__", type(function).__name__)).rpartition("<locals>.")[2]
