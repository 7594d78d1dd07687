"""Answers of 429 and 503: no verdict on a requirement, but a wish to be asked later."""

from collections.abc import Callable
from time import sleep
from typing import Any, Final

from pytest_nac_qod.foundation.ticking import elapsed
from pytest_nac_qod.foundation.visible import one_line
from pytest_nac_qod.suite.run import Run
from pytest_nac_qod.suite.stopping import stop
from pytest_nac_qod.verdicts import Inconclusive
from pytest_nac_qod.wire.client import Answer
from pytest_nac_qod.wire.pacing import pause_before

REFUSALS: Final = (429, 503)
GIVEN_UP: Final = 5  # calls in a row of one operation after which a run is given up


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
        sleep(wait)
        again()
        attempt += 1
    said = run.redactor.text(f"{operation} answered {answer.status}" + (f" with Retry-After: {told}" if told else ""))
    run.overloaded[operation] = given_up + 1
    if given_up + 1 >= GIVEN_UP:
        url = answer.exchange.request.url.partition("?")[0]
        stop(one_line(f"{url}: {said} to {GIVEN_UP} calls in a row, with pauses; the run is given up"))
    raise Inconclusive(f"{said}, and no other answer came within polling.budget ({run.target.polling.budget:g} s)")
