"""Calls of a user's callable, blocking or not, and all that they send."""

import asyncio
import inspect
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractAsyncContextManager, AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from functools import wraps
from typing import Any

from pytest_nac_qod.foundation.jsontypes import Json
from pytest_nac_qod.signatures import SignatureError, name_of, path_of
from pytest_nac_qod.strategies.endpoint import Received, recording_endpoint

Function = Callable[..., Any]
Sent = Callable[[], Sequence[Json]]
_READS = ("GET", "HEAD", "OPTIONS")
# whatever the user's function raises is its answer; Ctrl-C and the outcomes of pytest are not
_ANSWERS = (Exception, SystemExit, asyncio.CancelledError)
_LONGEST = 500  # characters of what was raised
_REST = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)


class ResultError(SignatureError, TypeError):
    """A callable returned something else than a body; the message says what to give instead."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """What came of one call.

    Attributes:
        requests: all that it sent.
        ending: `returned …` or `raised …`.
        error: what it raised.
    """

    requests: tuple[Received, ...]
    ending: str
    error: BaseException | None = None

    @property
    def creations(self) -> tuple[Received, ...]:
        """The requests but for those that read, list sessions or obtain a token."""
        return tuple(request for request in self.requests if not _beside(request))


@dataclass(frozen=True, slots=True)
class Subject:
    """A callable that creates sessions.

    Attributes:
        original: as the user wrote it.
        function: the same, but it blocks until it is through.
        sent: the requests so far; None when the function returns the body.
    """

    original: Function
    function: Function
    sent: Callable[[], Sequence[Received]] | None

    @property
    def name(self) -> str:
        """As it is written in code."""
        return name_of(self.original)

    def attempt(self, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Attempt:
        """Call it once."""
        before = len(self.sent()) if self.sent else 0
        try:
            result = self.function(*args, **kwargs)
        except _ANSWERS as error:
            return Attempt(tuple(self.sent()[before:]) if self.sent else (), raised(error), error)
        if self.sent:
            return Attempt(tuple(self.sent()[before:]), "returned")
        if not isinstance(result, dict):
            raise ResultError(
                f"{self.name} returned {type(result).__name__}, which is no body; "
                "give a function of `url` that returns it, or `sent`"
            )
        return Attempt((Received("POST", "", result),), "returned")


def raised(error: BaseException) -> str:
    """`raised …` for a message: short, and even for an error that cannot be shown."""
    try:
        text = repr(error)
    except Exception:  # noqa: BLE001 - the user's own __repr__
        text = type(error).__name__
    return f"raised {text[:_LONGEST]}{'…' if len(text) > _LONGEST else ''}"


@contextmanager
def subject(call: Function, sent: Sent | None, paths: Mapping[str, str]) -> Iterator[Subject]:
    """The callable that is meant: the one that a factory makes for an endpoint of ours, or the one that is given."""
    if not callable(call):
        raise SignatureError(f"{call!r} cannot be called; give a function that creates sessions, or one of `url`")
    with _blocking() as blocking:
        if sent is not None:
            yield Subject(call, blocking(call), lambda: [Received("POST", "", body) for body in sent()])
        elif (address := _address_parameter(call, paths)) is None:
            yield Subject(call, blocking(call), None)
        else:
            with recording_endpoint() as endpoint, ExitStack() as stack:
                made = _made(blocking(call), address, endpoint.url)
                if isinstance(made, AbstractContextManager):
                    made = stack.enter_context(made)
                elif isinstance(made, AbstractAsyncContextManager):
                    stack.callback(blocking(made.__aexit__), None, None, None)
                    made = blocking(made.__aenter__)()
                if not callable(made):
                    raise SignatureError(
                        f"{name_of(call)} returns {type(made).__name__}, which cannot be called; "
                        "it has to return what creates sessions, such as a bound method"
                    )
                yield Subject(made, blocking(made), lambda: endpoint.requests)


def _made(factory: Function, address: str, url: str) -> Any:  # noqa: ANN401 - as the user's function has it
    """What the factory makes for the endpoint."""
    try:
        return factory(**{address: url}) if address else factory(url)
    except _ANSWERS as error:
        raise SignatureError(
            f"{name_of(factory)} has one parameter, so it was called with a URL, and {raised(error)}; it has to return "
            "what creates sessions, and that has to take profile and address each by itself"
        ) from error


def _address_parameter(call: Function, paths: Mapping[str, str]) -> str | None:
    """The one parameter of a factory, which takes the URL; empty if it has no name, None for what is no factory."""
    try:
        parameters = inspect.signature(call).parameters.values()
    except (ValueError, TypeError):
        return None
    required = [item for item in parameters if item.default is item.empty and item.kind not in _REST]
    known = [item.name for item in parameters if item.name in paths or path_of(item.name)]
    if len(required) != 1 or known:
        return None
    return "" if required[0].kind is inspect.Parameter.POSITIONAL_ONLY else required[0].name


@contextmanager
def _blocking() -> Iterator[Callable[[Function], Function]]:
    """What makes a function wait for its coroutine, in a thread of its own since a loop may be running here."""
    runner = asyncio.Runner()  # one loop for all calls, since clients keep connections

    def blocking(function: Function) -> Function:
        @wraps(function)
        def finished(*args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - as the user's function has it
            result = function(*args, **kwargs)
            return thread.submit(runner.run, _awaited(result)).result() if inspect.isawaitable(result) else result

        return finished

    with ThreadPoolExecutor(1) as thread:
        try:
            yield blocking
        finally:
            thread.submit(runner.close).result()


async def _awaited(result: Awaitable[Any]) -> Any:  # noqa: ANN401 - as the user's function has it
    return await result


def _beside(request: Received) -> bool:
    listed = isinstance(request.body, dict) and request.body.keys() <= {"device"}
    login = isinstance(request.body, str) and "grant_type=" in request.body
    return request.method in _READS or login or (listed and not request.path.endswith("/sessions"))
