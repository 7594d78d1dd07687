"""Durations at the bounds of the QoS profile and beyond them."""

from typing import Any

from pytest_nac_qod.suite import Case, bodies, judging, purpose, ruling, send
from pytest_nac_qod.verdicts import NotApplicable
from pytest_nac_qod.wire.client import Answer

SHORTEST, LONGEST = 1, 2**31 - 1  # what the schema allows, in seconds


def bound(case: Case, name: str) -> int:
    """A bound of the default profile."""
    profile = case.target.profiles["default"]
    seconds: int | None = getattr(profile, name)
    assert seconds is not None
    return seconds


def sent(case: Case, duration: int) -> Answer[Any]:
    """The answer to the creation of a session of this duration, one that the schema has room for."""
    if not SHORTEST <= duration <= LONGEST:
        raise NotApplicable(f"the bound of the profile is that of the schema: {duration} s would break the schema")
    return send(case, body=bodies.creation(case.target, case.resource) | {"duration": duration})


@purpose
def test_duration_above_maximum(case: Case) -> None:
    ruling.accepted(case, sent(case, bound(case, "max_duration") + 1))


@purpose
def test_duration_below_minimum(case: Case) -> None:
    ruling.accepted(case, sent(case, bound(case, "min_duration") - 1))


@purpose
def test_longest_duration(case: Case) -> None:
    ruling.succeeded(case, sent(case, bound(case, "max_duration")))


@purpose
def test_shortest_duration(case: Case) -> None:
    ruling.succeeded(case, sent(case, bound(case, "min_duration")))


@purpose
def test_granted_duration_in_bounds(case: Case) -> None:
    answer = ruling.reached(send(case))
    judging.granted_duration(case, answer)


@purpose
def test_duration_beyond_integer(case: Case) -> None:
    wrapped = 2**32 + bodies.duration(case.target)  # cut to 32 bits it is a good one
    ruling.accepted(case, send(case, body=bodies.creation(case.target, case.resource) | {"duration": wrapped}))
