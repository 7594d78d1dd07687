"""An operation that answers as if it were not there is asked for a few times, and no more."""

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from pytest_nac_qod import contracts
from pytest_nac_qod.suite.doubts.served import TIMES, lacking, learn
from pytest_nac_qod.wire.exchange import Exchange
from tests.support.traffic import create, extend, missing, read

CONTRACT = contracts.contract("r3.2", "quality-on-demand")


def run(*, embedded: bool = False) -> Any:  # noqa: ANN401 - stands in for a Run
    return SimpleNamespace(target=SimpleNamespace(embedded=embedded), learned={}, seen=set(), absent={})


def gone(status: int, body: str = "") -> Exchange:
    """What a gateway answers that has no such route."""
    answer = missing(1)
    assert answer.response is not None
    return replace(
        answer, operation="getSession", role="setup", response=replace(answer.response, status=status, body=body)
    )


def after(*exchanges: Exchange, **options: bool) -> str:
    told = run(**options)
    for exchange in exchanges:
        learn(told, CONTRACT, exchange)
    return lacking(told, CONTRACT, "getSession")


@pytest.mark.parametrize("answer", [gone(404, '{"detail":"Not Found"}'), gone(405), gone(501), gone(404, "<html>")])
def test_a_route_that_is_never_there_is_learned(answer: Exchange) -> None:
    status = answer.response.status if answer.response else 0
    assert after(*[answer] * TIMES) == f"getSession is not served: it answered {status} 3 times"
    assert not after(*[answer] * (TIMES - 1))


def test_a_404_with_a_code_may_be_about_what_was_asked_for() -> None:
    assert not after(*[replace(missing(1), operation="getSession", role="setup")] * 9)


def test_one_answer_of_another_kind_is_enough() -> None:
    there = replace(read(1), operation="getSession", role="setup")
    assert not after(there, *[gone(404)] * 9)
    assert not after(gone(404), gone(404), there, *[gone(404)] * 9)


def test_what_is_judged_and_other_operations_say_nothing() -> None:
    assert not after(*[replace(gone(404), role="judged")] * 9)
    assert not after(*[replace(gone(404), operation="createSession")] * 9)
    assert not after(*[gone(404)] * 9, embedded=True)


def test_other_operations_are_asked_for_still() -> None:
    told = run()
    for exchange in [gone(404)] * TIMES:
        learn(told, CONTRACT, exchange)
    assert [lacking(told, CONTRACT, name) for name in ("createSession", "extendQosSessionDuration")] == ["", ""]
    learn(told, CONTRACT, replace(create(1), operation="createSession", role="setup"))
    learn(told, CONTRACT, replace(extend(1, 60, {}), operation="extendQosSessionDuration", role="setup"))
    assert list(told.learned) == ["quality-on-demand getSession served"]
