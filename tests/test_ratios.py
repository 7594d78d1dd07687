"""The ratios that are pinned in bench/ratios.toml."""

import pytest

from bench import ratios


def test_each_ratio_that_is_pinned_is_at_least_what_an_even_match_would_be() -> None:
    pinned = ratios.pinned()
    assert len(pinned) > 4
    assert all(0.5 < ratio < 20 for ratio in pinned.values())


@pytest.mark.parametrize(("now", "said"), [(1.32, False), (1.34, True), (0.2, False)])
def test_a_ratio_is_worse_when_it_is_a_third_above_the_pinned_one(*, now: float, said: bool) -> None:
    lines = ratios.worse({"cases / replay": now}, {"cases / replay": 1.0})
    assert bool(lines) is said
    assert lines in (
        [],
        ["cases / replay: 1.34, a third and more above 1.00; find out what it spends, or pin it anew"],
    )


def test_a_ratio_that_nobody_pinned_is_told() -> None:
    assert ratios.worse({"new": 1.0}, {}) == ["new: not pinned; run python -m bench.ratios --pin"]


def test_a_ratio_that_a_busy_machine_spoilt_is_measured_again() -> None:
    rounds = iter([{"a": 3.0, "b": 1.0}, {"a": 1.2, "b": 1.1}, {"a": 9.0, "b": 9.0}])
    assert ratios.settled(lambda: next(rounds), {"a": 1.0, "b": 1.0}) == {"a": 1.2, "b": 1.0}


def test_a_ratio_that_stays_worse_is_told() -> None:
    now = ratios.settled(lambda: {"a": 3.0}, {"a": 1.0})
    assert len(ratios.worse(now, {"a": 1.0})) == 1
