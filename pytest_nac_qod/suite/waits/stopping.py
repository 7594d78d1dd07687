"""The end of a run that cannot judge its target, and the patience before it: 429 and 503 are no verdict."""

from collections.abc import Callable
from typing import Any, Final, NoReturn

import pytest
from _pytest.outcomes import Exit  # pytest.exit.Exception, for type checkers too

from pytest_nac_qod.foundation.exits import EXIT_UNJUDGED
from pytest_nac_qod.foundation.ticking import elapsed
from pytest_nac_qod.foundation.visible import one_line
from pytest_nac_qod.suite.run import Run
from pytest_nac_qod.verdicts import Inconclusive
from pytest_nac_qod.wire.client import Answer
from pytest_nac_qod.wire.transport.pacing import pause_before

REFUSALS: Final = (429, 503)
GIVEN_UP: Final = 5  # calls in a row of one operation after which a run is given up


class Stopped(Exit):
    """Ends the run; pytest prints class and message, so the class has a name that reads well."""

    __module__ = "builtins"  # which is not printed
    __qualname__ = "not judged"


def stop(message: str, status: int = EXIT_UNJUDGED) -> NoReturn:
    """End the run with this exit status of pytest's and this message, of one line."""
    raise Stopped(message, returncode=status)


def refuse(message: str) -> NoReturn:
    """End the run as one whose options or target file are unusable, with this message, of one line."""
    stop(message, pytest.ExitCode.USAGE_ERROR)


def patient(run: Run, operation: str, send: Callable[[], Answer[Any]], again: Callable[[], None]) -> Answer[Any]:
    """Send a request, and send it again after a pause while the target answers 429 or 503.

    `polling.budget` is how long the pauses may be in all, and half of it after each call in a row that was given up.

    Args:
        run: the run at hand.
        operation: operationId.
        send: sends the request.
        again: called before the request is sent again.

    Raises:
        Inconclusive: the target still answers so, or asks for more time than there is.
    """
    given_up = run.overloaded.get(operation, 0)
    until, attempt = elapsed() + run.target.polling.budget / 2**given_up, 0
    while True:
        answer = send()
        if answer.status not in REFUSALS:
            run.overloaded.pop(operation, None)
            return answer
        told = answer.response.headers.get("retry-after")
        wait = pause_before(attempt, told)
        if elapsed() + wait > until:
            break
        run.pause(wait)
        again()
        attempt += 1
    said = run.redactor.text(f"{operation} answered {answer.status}" + (f" with Retry-After: {told}" if told else ""))
    run.overloaded[operation] = given_up + 1
    if given_up + 1 >= GIVEN_UP:
        url = answer.exchange.request.url.partition("?")[0]
        stop(one_line(f"{url}: {said} to {GIVEN_UP} calls in a row, with pauses; the run is given up"))
    raise Inconclusive(f"{said}, and no other answer came within polling.budget ({run.target.polling.budget:g} s)")
