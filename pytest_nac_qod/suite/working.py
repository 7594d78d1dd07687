"""An operation that answers as documented, for rules that are about no operation in particular."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pytest_nac_qod.checks.answer import described
from pytest_nac_qod.foundation.jsontypes import Json
from pytest_nac_qod.suite import bodies
from pytest_nac_qod.suite.case import Case
from pytest_nac_qod.verdicts import Inconclusive
from pytest_nac_qod.wire.client import Answer
from pytest_nac_qod.wire.resources import resource_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """A request that has to succeed, and the status that the contract gives it."""

    operation: str
    status: int
    body: Json = None
    path: Mapping[str, str] | None = None


def answer(
    case: Case,
    ask: Callable[[Way], Answer[Any]],
    right: Callable[[Answer[Any]], bool],
    *,
    with_body: bool = False,
) -> Answer[Any]:
    """The answer to judge: of creation, else of reading, else of listing; of listing QoS profiles, else of reading one.

    An answer that is not right is held against a rule only if the same operation answers a plain request as documented;
    else the next one is asked.

    Args:
        case: the case at hand.
        ask: sends the request of a way, with what the rule changes.
        right: whether an answer is as the rule has it.
        with_body: leave out what has no body.

    Raises:
        Inconclusive: no operation answers as documented.
    """
    said: list[str] = []
    for way in _ways(case, said, with_body=with_body):
        reply = ask(way)
        if right(reply):
            return reply
        case.clean()
        plain = case.call(way.operation, path=way.path, body=way.body)
        if plain.status == way.status:
            return reply
        said.append(f"{way.operation} answered {described(plain.exchange)}")
    raise Inconclusive(f"no operation to ask: {', '.join(said)}")


def _ways(case: Case, said: list[str], *, with_body: bool) -> Iterator[Way]:
    resource = resource_of(case.contract)
    if resource is None:
        yield from _profiles(case, with_body=with_body)
    elif case.serves(resource.create):
        yield Way(operation=resource.create, status=resource.created, body=bodies.creation(case.target, resource))
    if resource and case.client.owned and not with_body and case.serves(resource.read):
        yield Way(operation=resource.read, status=200, path={resource.id: case.client.owned[-1]})
    if resource and case.serves(resource.retrieve):
        yield Way(operation=resource.retrieve, status=200, body={"device": case.target.devices["default"]})
    if not said:
        said.append("the target file declares them not served")


def _profiles(case: Case, *, with_body: bool) -> Iterator[Way]:
    if case.serves("retrieveQoSProfiles"):
        yield Way(operation="retrieveQoSProfiles", status=200, body={})
    if case.serves("getQosProfile") and not with_body:
        yield Way(operation="getQosProfile", status=200, path={"name": case.target.profiles["default"].name})
