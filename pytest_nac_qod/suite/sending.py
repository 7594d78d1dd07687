"""The row's operation, sent as it has to succeed but for what a scenario changes."""

from collections.abc import Mapping
from typing import Any, Final

from pytest_nac_qod.foundation.jsontypes import Json
from pytest_nac_qod.suite import bodies, refusals, states
from pytest_nac_qod.suite.case import Case
from pytest_nac_qod.wire.client import Answer
from pytest_nac_qod.wire.resources import resource_of

_DEFAULT: Final = object()


def request(case: Case) -> tuple[Mapping[str, str], Json]:
    """Path parameters and body with which the row's operation has to succeed; makes what it needs to be there."""
    resource = resource_of(case.contract)
    if resource is None:
        named = "{name}" in case.contract.operations[case.row.operation].path
        return ({"name": case.target.profiles["default"].name}, None) if named else ({}, {})
    match case.row.operation:
        case resource.create:
            return {}, bodies.creation(case.target, resource)
        case resource.retrieve:
            return {}, {"device": case.target.devices["default"]}
        case resource.extend:
            key = states.create_id(case)
            states.await_available(case, key)
            return {resource.id: key}, bodies.extension(bodies.additional(case.target))
        case _:
            return {resource.id: states.create_id(case)}, None


def send(  # noqa: PLR0913 - all that a scenario changes
    case: Case,
    *,
    token: str | None = "two_legged",  # noqa: S107 - a role
    authorization: str | None = None,
    path: Mapping[str, str] | None = None,
    body: Json = _DEFAULT,
    content: bytes | None = None,
    headers: Mapping[str, str | None] | None = None,
) -> Answer[Any]:
    """Send the row's operation, to be judged.

    Args:
        case: the case at hand.
        token: role of the token, None for no Authorization.
        authorization: the Authorization header as it is, instead of a token.
        path: path parameters; by default those of what is made for this case.
        body: the JSON body instead of one that is right; None for none at all.
        content: the body as bytes, instead of JSON.
        headers: on top; None takes one away.
    """
    if path is None or (body is _DEFAULT and content is None):
        usual_path, usual_body = request(case)
        path = usual_path if path is None else path
        body = usual_body if body is _DEFAULT else body
    body = None if body is _DEFAULT else body
    earlier = refusals.before(case, token, body)
    answer = case.call(
        case.row.operation,
        token=None if authorization else token,
        path=path,
        body=body,
        content=content,
        headers={**(headers or {}), **({"Authorization": authorization} if authorization else {})},
        role="judged",
    )
    refusals.judge(case, earlier, answer)
    return answer
