"""How a test function says which purpose of the catalogue it serves."""

from collections.abc import Callable

import pytest

PURPOSE = "qod_purpose"


def purpose(test: Callable[..., None]) -> Callable[..., None]:
    """Mark `test_<purpose>` as the test of all rows of that purpose; it runs once for each of their cases."""
    mark = getattr(pytest.mark, PURPOSE)(test.__name__.removeprefix("test_"))
    marked: Callable[..., None] = mark(test)
    return marked
