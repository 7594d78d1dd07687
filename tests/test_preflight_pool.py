"""What a pool of devices saves, as a preflight tells it."""

from dataclasses import replace

import pytest

from pytest_nac_qod import catalogue
from pytest_nac_qod.preflight.pools import pool, runnable, share
from pytest_nac_qod.reference import ReferenceServer
from pytest_nac_qod.target import Target

CASES = list(catalogue.cases("r3.2", ("quality-on-demand",)))


@pytest.fixture(scope="module")
def target() -> Target:
    """A target without a pool whose clock cannot be moved."""
    with ReferenceServer() as server:
        return replace(server.target(), embedded=False, hooks={}, pool=())


def said(target: Target) -> list[str]:
    return [f"{finding.level} {finding.about}: {finding.text}" for finding in pool(target, CASES)]


def test_more_devices_never_make_a_run_longer(target: Target) -> None:
    shares = [share(target, CASES, size) for size in range(12)]
    assert shares == sorted(shares, reverse=True)
    assert shares[0] == 1
    assert shares[1] == pytest.approx(0.5, abs=0.05)
    assert shares[3] < 0.6
    assert shares[7] == shares[11]


def test_what_moves_the_clock_saves_nothing(target: Target) -> None:
    with ReferenceServer() as server:
        moving = replace(server.target(), pool=())
    assert share(moving, CASES, 3) > share(target, CASES, 3)


def test_a_target_without_a_pool_learns_what_one_would_save(target: Target) -> None:
    first, third, seventh = (f"{share(target, runnable(target, CASES), size):.0%}" for size in (1, 3, 7))
    assert said(target) == [
        (
            "ok devices.pool: none, so that cases run one after the other; "
            f"with more devices a run takes about {first} of that time (1 more), {third} (3 more), {seventh} (7 more)"
        )
    ]


def test_a_pool_says_what_it_saves(target: Target) -> None:
    pooled = replace(target, pool=tuple({"phoneNumber": f"+9999912000{number}"} for number in range(3)))
    saved, more = (f"{share(pooled, runnable(pooled, CASES), size):.0%}" for size in (3, 7))
    assert said(pooled) == [
        (
            "ok devices.pool: 4 devices, 4 cases at a time: a run takes about "
            f"{saved} of the time that it takes with one, and {more} with a pool of 7"
        )
    ]
    large = replace(target, pool=pooled.pool * 3)
    assert said(large)[0].endswith(f"{share(large, runnable(large, CASES), 9):.0%} of the time that it takes with one")


def test_without_deletion_no_pool_is_of_use(target: Target) -> None:
    kept = replace(target, unserved={"deleteSession": "none"})
    assert said(kept) == [
        "ok devices.pool: of no use: what cases create cannot be deleted, so that they run one after the other"
    ]
