"""A look at the target before the first case: is anybody there, and does it speak JSON?"""

import re
from uuid import uuid4

import httpx

from pytest_nac_qod.client import Answer
from pytest_nac_qod.problems import UnusableError
from pytest_nac_qod.suite.run import Run

_PROBES = ("GET", "POST")


class UnusableTargetError(UnusableError):
    """The target cannot be judged at all; the message says why and what to check."""


def probe(run: Run) -> None:
    """Send two requests without a token to the first API, one that reads and one with a body; any JSON answer will do.

    Operations that the target file declares not served are left alone.

    Raises:
        UnusableTargetError: no answer came, or all answers are web pages.
    """
    api = next(iter(run.contracts))
    client = run.client(api)
    answers: list[Answer[object]] = []
    for method in _PROBES:
        served = [one for one in client.contract.operations.values() if one.id not in run.target.unserved]
        operation = next((one for one in served if one.method == method), None)
        if operation is None:
            continue
        try:
            path = dict.fromkeys(re.findall(r"\{(\w+)\}", operation.path), str(uuid4()))
            answers.append(client.call(operation.id, path=path, body={} if method == "POST" else None))
        except httpx.TimeoutException:
            raise UnusableTargetError(
                f"{client.base_url} gave no answer within {run.target.timeout:g} s; is the address right, "
                "and is the service up? (timeout in the target file sets how long to wait)"
            ) from None
        except httpx.RequestError as error:
            raise UnusableTargetError(
                f"{client.base_url} cannot be reached: {error}; is the address right, and is the service up?"
            ) from None
    if answers and all(_is_page(answer.response) for answer in answers):
        raise UnusableTargetError(
            f"{client.base_url} answers with a web page (Content-Type: {answers[0].response.headers['content-type']}) "
            "instead of JSON; is the base URL that of the API?"
        )


def _is_page(response: httpx.Response) -> bool:
    return "html" in response.headers.get("content-type", "").lower()
