"""Faults that no scenario covers: each is found by a generated rule, with a small example."""

import json
from collections.abc import Iterator

import pytest

from pytest_nac_qod.catalogue import RowCase
from pytest_nac_qod.reference.faults import UnknownFaultError, faults, generated_faults, named
from pytest_nac_qod.reference.faults.generated import OVERRIDES
from pytest_nac_qod.report import curl
from pytest_nac_qod.suite.case import Case
from tests.support.generated_runs import Embedded, cases, embedded

RELEASE = "r3.2"
EVERY = {str(case): case for api in ("quality-on-demand", "qos-provisioning") for case in cases(RELEASE, api)}
PROPERTIES = 20  # of a shrunk body, those within others counted


@pytest.fixture(scope="module")
def server() -> Iterator[Embedded]:
    with embedded(RELEASE) as setup:
        yield setup


def size(value: object) -> int:
    """Number of properties, at all levels."""
    if isinstance(value, dict):
        return len(value) + sum(size(item) for item in value.values())
    return sum(size(item) for item in value) if isinstance(value, list) else 0


def row_case(fault: str) -> RowCase:
    (only,) = [case for case in EVERY.values() if any(selector.selects(case) for selector in named(fault).fails)]
    return only


def shown(case: Case) -> list[str]:
    """The bodies of the exchanges that the violations point to."""
    pointed = {violation.exchange for violation in case.violations}
    return [exchange.request.body for exchange in case.client.exchanges if exchange.id in pointed]


@pytest.mark.slow
@pytest.mark.parametrize("fault", generated_faults())
def test_fault_is_found_with_a_small_example(fault: str, server: Embedded) -> None:
    case = server.case(row_case(fault), fault)
    assert case.violations
    for violation in case.violations:
        assert violation.rule == case.row.id
        assert violation.clause
        assert violation.expected
        assert violation.actual
        assert curl.lines([exchange.to_dict() for exchange in case.client.exchanges], violation.exchange)
    assert shown(case)
    assert all(size(json.loads(body)) <= PROPERTIES for body in shown(case) if body)


def test_none_is_among_the_others() -> None:
    assert set(generated_faults()) == set(OVERRIDES)
    assert not set(generated_faults()) & set(faults())


def test_each_names_a_generated_rule() -> None:
    assert all(row_case(fault) for fault in generated_faults())


def test_unknown_fault_names_near_ones_among_all() -> None:
    with pytest.raises(UnknownFaultError) as caught:
        named("second_extension_ignore")
    assert str(caught.value) == "unknown fault 'second_extension_ignore'; did you mean second_extension_ignored?"
