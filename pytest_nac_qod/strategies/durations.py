"""Durations of sessions, in seconds."""

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from pytest_nac_qod.target import Profile

LONGEST = 2**31 - 1  # that the contract allows
USUAL = Profile("usual", 60, 86400)  # bounds that are taken where a profile says nothing


def durations(*, profile: Profile = USUAL) -> SearchStrategy[int]:
    """Durations within the bounds of `profile`, the bounds included; shrinks towards the shortest.

    >>> from hypothesis import find
    >>> find(durations(profile=Profile("QOS_L", 60, 3600)), lambda seconds: True)
    60
    """
    shortest, longest = bounds(profile)
    often = (longest - shortest) // 20 + 1  # one in twenty is the longest
    return st.integers(shortest, longest + often).map(lambda seconds: min(seconds, longest))


def durations_around(*, profile: Profile = USUAL) -> SearchStrategy[int]:
    """Durations next to the bounds of `profile`: just outside, on, and just inside; never under 1."""
    shortest, longest = bounds(profile)
    near = [bound + step for bound in (shortest, longest) for step in (-1, 0, 1)]
    return st.sampled_from([seconds for seconds in near if 1 <= seconds <= LONGEST])


def durations_out_of_range(*, profile: Profile = USUAL) -> SearchStrategy[int]:
    """Durations that the contract allows and the profile does not.

    Raises:
        ValueError: the profile allows whatever the contract does.

    >>> from hypothesis import find
    >>> find(durations_out_of_range(profile=Profile("QOS_L", 60, 3600)), lambda seconds: True)
    59
    >>> find(durations_out_of_range(profile=Profile("QOS_L", 60, 3600)), lambda seconds: seconds > 60)
    3601
    """
    shortest, longest = bounds(profile)
    sides = [st.sampled_from((shortest - 1, 1))] if shortest > 1 else []
    if longest < LONGEST:
        sides.append(st.sampled_from((longest + 1, LONGEST)))
    if not sides:
        raise ValueError(f"{profile.name}: every duration is within its bounds")
    return st.one_of(sides)


def bounds(profile: Profile) -> tuple[int, int]:
    """Shortest and longest duration of the profile; usual ones where it does not say."""
    shortest = profile.min_duration or min(60, profile.max_duration or 60)
    return shortest, profile.max_duration or max(86400, shortest)
