"""The table of hostile targets: whatever they do, a run ends, stays small, and leaves nothing."""

import pytest

from bench.hostile import HEAD, names, row
from tests.test_hostile_docs import told


@pytest.mark.parametrize("name", names())
def test_a_run_ends_small_leaves_nothing_and_says_what_the_docs_say(name: str) -> None:
    measured = dict(zip(HEAD, row(name), strict=True))
    documented = next(each for each in told() if each["hostile target"] == name)
    for column in ("exit status", "verdicts", "left behind"):
        assert measured[column] == documented[column], column
    assert int(measured["MB"]) < 300
