"""A look at the target before the first case: is anybody there, and is it the API?"""

import os
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from uuid import uuid4

import httpx
import pytest

from pytest_nac_qod.checks.answer import quoted
from pytest_nac_qod.contracts import Operation
from pytest_nac_qod.foundation.jsontypes import Json, JsonObject
from pytest_nac_qod.foundation.problems import UnusableError
from pytest_nac_qod.run import manners
from pytest_nac_qod.run.plan import plan_for
from pytest_nac_qod.run.settings import as_typed
from pytest_nac_qod.suite.run import Run
from pytest_nac_qod.suite.waits import leftovers
from pytest_nac_qod.suite.waits.stopping import REFUSALS
from pytest_nac_qod.target.places import places
from pytest_nac_qod.target.tokens import TokenError
from pytest_nac_qod.wire.client import Answer, QodClient
from pytest_nac_qod.wire.ownership.ledger import account
from pytest_nac_qod.wire.resources import Resource, resource_of

_NO_SUCH = (404, 405, 501)
_REFUSED = (401, 403)
_ABOUT_THE_REQUEST = (400, 409, 415, 422)
_UNKNOWN_ID = ("NOT_FOUND", None)  # codes of a 404 that may as well be that of a gateway
_TOKEN = "two_legged"  # noqa: S105 - a role
_CREATED_FOR = ("default", "second")  # roles of devices
_OTHERS = ("default", "second", "idle")  # roles of devices that are three
_WORKER = "PYTEST_XDIST_WORKER"


class UnusableTargetError(UnusableError):
    """The target cannot be judged at all; the message says why and what to check."""


class AbsentApiError(UnusableError):
    """The target file or the options keep the run from beginning, such as a wrong address; says what to mend."""


def probe(run: Run, apis: Iterable[str]) -> None:
    """Send requests to each API until one is answered as only the API would; usually that is the first one.

    Nothing is created: what creates is asked last, with a body that lacks everything.

    Operations that the target file declares not served are left alone.

    Raises:
        UnusableTargetError: no answer came, or the target says the same to everything: that it is broken, that it
            refuses the token, or a page.
        AbsentApiError: no operation of an API is there.
    """
    absent = [said for api in apis if (said := _absent(run, api))]
    if absent:
        raise AbsentApiError("; ".join(absent))


def require_free(run: Run, apis: Iterable[str]) -> None:
    """Look whether the devices that things are created for are without sessions and assignments of our client.

    With other processes at work on the same run, what they have created is none of those that were there before. What
    is listed for several devices stands at none of them: mocks list an example for any.

    Raises:
        UnusableTargetError: there is something, which the cases would stumble over; names it.
    """
    devices = {name: run.target.devices[name] for name in _CREATED_FOR if name in run.target.devices}
    for api in apis:
        resource = resource_of(run.contracts[api])
        for name, device in devices.items():
            there = leftovers.standing(run, api, _TOKEN, device) or []
            ours = [item for item in there if _at(item.get("device"), device) and not _of_this_run(run, item)]
            if ours and resource and not _everywhere(run, api, ours[0][resource.id], resource):
                more = f" and {len(ours) - 1} more" if len(ours) > 1 else ""
                key = quoted(str(ours[0][resource.id])) + more
                raise UnusableTargetError(
                    f"{api}: {resource.noun} {key} of this client stood at devices.{name} before the run, and would be "
                    f"in its way; delete it (nac-qod cleanup deletes what an interrupted run left), or name another "
                    f"device as devices.{name}"
                )


def _everywhere(run: Run, api: str, key: Json, resource: Resource) -> bool:
    """Whether the target lists the same for one device as for another one."""
    devices = [run.target.devices[name] for name in _OTHERS if name in run.target.devices]
    listings = [leftovers.standing(run, api, _TOKEN, device) or [] for device in devices]
    return sum(any(item[resource.id] == key for item in there) for there in listings) > 1


def free_pool(run: Run, apis: Iterable[str]) -> tuple[JsonObject, ...]:
    """The devices of the pool without sessions and assignments of our client, which would be in the way of cases."""
    known = [api for api in apis if resource_of(run.contracts[api])]
    there = zip(run.target.pool, places(run.target)[1:], strict=True)
    return tuple(
        device
        for device, place in there
        if not any(
            _at(item.get("device"), device) and not _of_this_run(run, item)
            for api in known
            for item in leftovers.standing(run, api, _TOKEN, place.devices["default"]) or ()
        )
    )


def require_consent(config: pytest.Config, run: Run) -> None:
    """Ask before anything is created on a live network, unless the options or the target file have answered.

    Raises:
        AbsentApiError: nobody said yes; says how to.
    """
    plan, capture = plan_for(config), config.pluginmanager.get_plugin("capturemanager")
    number = manners.most_created(plan.left(), plan.effort, run.contracts)
    with capture.global_and_fixture_disabled() if capture else nullcontext():
        missing = manners.consent(run.target, number, given=plan.settings.yes, ask=manners.terminal())
    if missing:
        raise AbsentApiError(as_typed(missing, config))


def _at(shown: Json, device: JsonObject) -> bool:
    """Whether what shows this device may be at `device`; an answer need not show all identifiers, nor any."""
    return not isinstance(shown, dict) or any(device.get(name) == value for name, value in shown.items())


def _of_this_run(run: Run, item: JsonObject) -> bool:
    """Whether a worker beside us may have created something."""
    if run.ledger is None or _WORKER not in os.environ or not run.ledger.path.exists():
        return False
    noted = account(run.ledger.path)
    return not noted.created.keys().isdisjoint(map(str, item.values())) or any(each.key is None for each in noted.owed)


def _absent(run: Run, api: str) -> str:
    """What to say of an API of which nothing answers; empty when something does."""
    client = run.client(api, _TOKEN)
    answers: list[Answer[object]] = []
    for operation in in_order(client, run.target.unserved):
        answers.append(_asked(client, operation))
        if not (is_absent(answers[-1]) or _may_be_all(answers[-1])):
            return ""
    if not answers:
        return ""
    if all(_is_page(answer) and answer.response.is_success for answer in answers):
        raise UnusableTargetError(
            f"{client.base_url} answers with a web page (Content-Type: {answers[0].response.headers['content-type']}) "
            "instead of JSON; is the base URL that of the API?"
        )
    if all(map(is_absent, answers)):
        return nothing_answers(client, answers)
    right = _right(run, client)
    if said := same_answers([*answers, right] if right else answers, certain=right is not None):
        raise UnusableTargetError(f"{client.base_url} answers {said}")
    return ""


def _may_be_all(answer: Answer[object]) -> bool:
    """Whether an answer may be all that a target says to anything; 429 and 503 are waited for elsewhere."""
    return answer.status in _REFUSED or _is_broken(answer) or answer.response.is_success


def _is_broken(answer: Answer[object]) -> bool:
    return answer.status >= 500 and answer.status not in REFUSALS


def _right(run: Run, client: QodClient) -> Answer[object] | None:
    """The answer to a request with which nothing is wrong and which changes nothing; None where there is none."""
    resource = resource_of(client.contract)
    path: dict[str, str] = {}
    body: JsonObject | None = {"device": run.target.devices["default"]}
    operation = resource.retrieve if resource else ""
    if resource is None:
        named = [each for each in client.contract.operations.values() if each.path.endswith("{name}")]
        operation, path, body = named[0].id if named else "", {"name": run.target.profiles["default"].name}, None
    if not operation or operation in run.target.unserved:
        return None
    return _answered(client, lambda: _with_token(client, operation, path=path, body=body))


def same_answers(answers: Sequence[Answer[object]], *, certain: bool) -> str:
    """What a target answers to anything, and what to mend; empty when that cannot be said.

    Args:
        answers: to requests of all kinds.
        certain: whether nothing was wrong with one of the requests.
    """
    statuses = {answer.status for answer in answers}
    said = f"{' and '.join(map(str, sorted(statuses)))} to each of {len(answers)} requests"
    if certain and all(map(_is_broken, answers)):
        return f"{said}; is the service up?"
    if statuses <= set(_REFUSED) and all("authorization" in answer.response.request.headers for answer in answers):
        mend = "is allowed to use this API" if 403 in statuses else "is right and still valid"
        return f"{said} with tokens.{_TOKEN}; check that this token {mend}"
    bodies = {answer.response.content for answer in answers}
    if len(answers) > 1 and len(statuses) == len(bodies) == 1 and answers[0].response.is_success:
        return f"{said}, with the same body; is the base URL that of the API?"
    return ""


def in_order(client: QodClient, unserved: Collection[str] = ()) -> Iterator[Operation]:
    """The operations that an API serves: first those that never answer 404, last those that create."""
    resource = resource_of(client.contract)
    creates = resource.create if resource else ""
    operations = [operation for operation in client.contract.operations.values() if operation.id not in unserved]
    yield from sorted(operations, key=lambda operation: (operation.id == creates, "{" in operation.path))


def nothing_answers(client: QodClient, answers: Sequence[Answer[object]]) -> str:
    """That no operation of an API answers, what came instead, and what to mend."""
    api = client.contract.api
    leads = next(
        (redirect.response.headers.get("location") for redirect in answers if redirect.response.is_redirect), None
    )
    statuses = " and ".join(map(str, sorted({answer.status for answer in answers})))
    instead = f"they redirect to {leads}; give the address where it ends" if leads else "check the base URL"
    return (
        f"no operation of {api} answers at {client.base_url}: {statuses} to each of {len(answers)} requests; "
        f"{instead}. If the target does not serve {api}, remove it from [apis], or name the others with --api"
    )


def _asked(client: QodClient, operation: Operation) -> Answer[object]:
    return _answered(client, lambda: ask(client, operation))


def _answered(client: QodClient, send: Callable[[], Answer[object]]) -> Answer[object]:
    try:
        return send()
    except httpx.TimeoutException:
        raise UnusableTargetError(
            f"{client.base_url} gave no answer within {client.http.timeout.read:g} s; is the address right, "
            "and is the service up? (timeout in the target file sets how long to wait)"
        ) from None
    except httpx.RequestError as error:
        raise UnusableTargetError(
            f"{client.base_url} cannot be reached: {error}; is the address right, and is the service up?"
        ) from None


def ask(client: QodClient, operation: Operation) -> Answer[object]:
    """Send a request that changes nothing, without a token if none can be obtained."""
    path = dict.fromkeys(re.findall(r"\{(\w+)\}", operation.path), str(uuid4()))
    try:
        answer = _with_token(client, operation.id, path=path, body={} if operation.method == "POST" else None)
    finally:
        _settle_nothing(client)
    for key in list(client.owned):  # by a target that creates something of nothing
        resource = resource_of(client.contract)
        if resource:
            client.call(resource.delete, path={resource.id: key}, owner=_TOKEN)
    return answer


def _settle_nothing(client: QodClient) -> None:
    """Owe no deletion for a body that lacks everything, unless an answer told the id of something."""
    for entry in client.lost:
        if client.ledger:
            client.ledger.created(entry, None)
    client.lost.clear()


def _with_token(
    client: QodClient, operation: str, *, path: Mapping[str, str], body: JsonObject | None
) -> Answer[object]:
    try:
        return client.call(operation, path=path, body=body, owner=_TOKEN)
    except TokenError:
        return client.call(operation, path=path, body=body, headers={"Authorization": None}, owner=_TOKEN)


def is_absent(answer: Answer[object]) -> bool:
    """Whether an answer may come from a server that does not have the operation.

    A correct API may answer so to an unknown id, but not to each of its operations. A web page that says what is wrong
    with a request comes from somebody who knows the operation, however the errors of an API should look.
    """
    if answer.status == 404:
        return answer.code in _UNKNOWN_ID
    if answer.status in _NO_SUCH or answer.response.is_redirect:
        return True
    return _is_page(answer) and answer.status not in _ABOUT_THE_REQUEST


def _is_page(answer: Answer[object]) -> bool:
    return "html" in answer.response.headers.get("content-type", "").lower()
