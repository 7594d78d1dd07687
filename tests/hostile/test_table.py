"""The table of hostile targets: whatever they do, a run ends, stays small, and leaves nothing."""

import pytest

from bench.hostile import HEAD, names, row


@pytest.mark.parametrize("name", names())
def test_a_run_ends_small_and_leaves_nothing(name: str) -> None:
    told = dict(zip(HEAD, row(name), strict=True))
    assert told["exit status"] in ("0", "1", "2", "3", "130")
    assert int(told["MB"]) < 300
    assert told["left behind"] == "0"


def test_there_are_many() -> None:
    assert len(names()) == len(set(names())) >= 34
