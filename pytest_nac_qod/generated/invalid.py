"""Requests with one thing wrong, each of which has to be answered with one of the outcomes that its label allows."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from hypothesis.strategies import SearchStrategy

from pytest_nac_qod.catalogue import Outcome
from pytest_nac_qod.catalogue.drafts import added
from pytest_nac_qod.checks import answer as checks
from pytest_nac_qod.foundation.jsontypes import JsonObject
from pytest_nac_qod.generated.examples import enumerate_all, explore
from pytest_nac_qod.generated.valid import create_path
from pytest_nac_qod.strategies import Invalid, wrong_bodies
from pytest_nac_qod.strategies.invalid import broken_at, constraint_sites
from pytest_nac_qod.suite import bodies, ruling
from pytest_nac_qod.suite.case import Case
from pytest_nac_qod.verdicts import Broken, NotApplicable, NotTested
from pytest_nac_qod.wire.client import Answer
from pytest_nac_qod.wire.resources import resource_of

BREAKING = "generated_breaking"
WRONG_SHARE = 5  # each of these has few values


def check(case: Case) -> None:
    """Hold the row's operation against bodies that are wrong in the way that the case names.

    Raises:
        NotApplicable: the contract in use has nothing of that kind to break.
        NotTested: the target file lacks what it takes.
    """
    if case.row.purpose.key == BREAKING:
        examples = breaking(case)
        if not examples and case.target.not_sent:
            raise NotApplicable(f"{case.target.declared()}, and nothing else has {case.name} in this body")
        if not examples:
            raise NotApplicable(f"the contract in use has no {case.name} in the body of {case.row.operation}")
        enumerate_all(case, examples, lambda example: _judge(case, example))
    else:
        try:
            explore(case, _wrong(case), lambda example: _judge(case, example), share=WRONG_SHARE)
        except ValueError as error:  # the target file declares none of what it takes
            raise NotTested(str(error)) from None


def breaking(case: Case) -> list[Invalid]:
    """Every way to break a constraint of that keyword in the smallest right body."""
    operation, right = case.row.operation, _right(case)
    return [
        example
        for full, site in constraint_sites(case.contract, case.row.release, operation)
        if site.keyword == case.name and not site.large
        for example in broken_at(case.contract, operation, right, full, site)
        if case.target.sends(example.body)
    ]


def _right(case: Case) -> JsonObject:
    resource = resource_of(case.contract)
    if resource and case.row.operation == resource.create:
        family = case.contract.operations[resource.create].family
        return {**added(case.row.release).get(family, {}), **bodies.creation(case.target, resource)}
    if resource and case.row.operation == resource.extend:
        return bodies.extension(60)
    return {"device": case.target.devices["default"]}


def _wrong(case: Case) -> SearchStrategy[Invalid]:
    try:
        return wrong_bodies(
            release=case.row.release,
            api=case.contract.api,
            operation=case.row.operation,
            target=case.target,
            document=case.contract,
            what=[case.name],
        )
    except LookupError as error:
        raise NotApplicable(str(error)) from None


def _judge(case: Case, example: Invalid) -> None:
    """The answer is one of those that the release allows, and whole."""
    answer = case.call(case.row.operation, path=_path(case), body=example.body, role="judged")
    where = example.clause if case.row.purpose.key == BREAKING else ruling.clause(case)
    expect(case, answer, example.accepted, f"since {example.path}: {example.what}", where)


def _path(case: Case) -> dict[str, str]:
    """Path parameters of a session that can be extended, for the operation that does."""
    resource = resource_of(case.contract)
    return create_path(case) if resource and case.row.operation == resource.extend else {}


def expect(case: Case, answer: Answer[Any], accepted: Iterable[Outcome], why: str, clause: str = "") -> None:
    """The answer is one of `accepted`, and whole.

    Args:
        case: remembers what is wrong.
        answer: to the request at hand.
        accepted: what may be answered.
        why: what about the request makes it so, for the message.
        clause: the constraint that the request breaks; that of the answer when empty.

    Raises:
        Broken: it is another answer.
    """
    exchange = answer.exchange
    if violations := checks.outcome(exchange, case.contract, accepted):
        first = violations[0]
        told = replace(first, clause=clause or first.clause, expected=f"{first.expected}, {why}")
        case.record(exchange, [told.weakened(case.row_case.basis.strength)])
        raise Broken(first.actual)
    case.record(exchange, checks.common(exchange, case.contract))
