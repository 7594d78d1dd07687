"""Judgement of one generated request by what may be answered to it."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from pytest_nac_qod.catalogue import Outcome
from pytest_nac_qod.checks import answer as checks
from pytest_nac_qod.suite.case import Case
from pytest_nac_qod.verdicts import Broken
from pytest_nac_qod.wire.client import Answer


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
