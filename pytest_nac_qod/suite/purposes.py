"""Tests of cases, marked with the purpose of the rows that they are of."""

from collections.abc import Callable
from functools import wraps
from typing import Any

import pytest

from pytest_nac_qod.suite.case import Case
from pytest_nac_qod.verdicts import EndedEarly

PURPOSE = "qod_purpose"
_AGAIN = 4  # times that a case begins anew


def purpose(test: Callable[..., None]) -> Callable[..., None]:
    """Mark `test_<purpose>` as the test of all rows of that purpose; it runs once for each of their cases.

    It begins anew, a few times at most, where the network ended too early what it is about.
    """
    mark = getattr(pytest.mark, PURPOSE)(test.__name__.removeprefix("test_"))

    @wraps(test)
    def lasting(case: Case, **fixtures: Any) -> None:  # noqa: ANN401 - whatever the test asks for
        for _ in range(_AGAIN):
            try:
                return test(case=case, **fixtures)
            except EndedEarly:
                if case.violations:
                    raise
                case.renew()
        return test(case=case, **fixtures)

    marked: Callable[..., None] = mark(lasting)
    return marked
