"""Which QoS profiles a session or an assignment can have."""

from pytest_nac_qod.suite import Case, bodies, purpose, send


def with_profile(case: Case, role: str) -> None:
    """Create with the profile of a role of the target file, to be judged."""
    case.judge(send(case, body=bodies.creation(case.target, case.resource, profile=role)))


@purpose("unknown_profile")
def test_unknown_profile(case: Case) -> None:
    with_profile(case, "unknown")


@purpose("profile_not_applicable")
def test_profile_not_applicable(case: Case) -> None:
    with_profile(case, "inactive")


@purpose("profile_not_for_device")
def test_profile_not_for_device(case: Case) -> None:
    with_profile(case, "restricted")
