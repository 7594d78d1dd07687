"""Creating a session or an assignment, and with which profile."""

from pytest_nac_qod.foundation.jsontypes import JsonObject
from pytest_nac_qod.suite import Case, bodies, judging, purpose, send, sinks, states


def with_property(case: Case, name: str) -> JsonObject:
    """A creation that sends this property beside what each has to have; all that there are without a name."""
    full = bodies.full_creation(case.target, case.resource, sink=sinks.url(case))
    if not name:
        return full
    sent = {name: full[name]} if name in full else {}
    return {**bodies.creation(case.target, case.resource), **sent}


@purpose
def test_created_as_requested(case: Case) -> None:
    names = [case.name] if case.name else []
    answer = send(case, body=with_property(case, case.name.removeprefix("$.")))
    case.judge(answer)
    judging.session(case, answer, names)
    case.clean()
    device = (
        "second" if "second" in case.target.devices else "default"
    )  # a deletion that fails is not this row's matter
    answer = send(case, body=bodies.creation(case.target, case.resource, device=device))
    case.judge(answer)
    judging.session(case, answer, names)


@purpose
def test_conflict(case: Case) -> None:
    states.create_id(case)
    case.judge(send(case))


@purpose
def test_device_not_returned_for_three_legged(case: Case) -> None:
    answer = send(case, token="three_legged", body=bodies.creation(case.target, case.resource, device=None))
    case.judge(answer)
    judging.session(case, answer, ["$.device"])


def with_profile(case: Case, role: str) -> None:
    """Create with the profile of a role of the target file, to be judged."""
    case.judge(send(case, body=bodies.creation(case.target, case.resource, profile=role)))


@purpose
def test_unknown_profile(case: Case) -> None:
    with_profile(case, "unknown")


@purpose
def test_profile_not_applicable(case: Case) -> None:
    with_profile(case, "inactive")


@purpose
def test_profile_not_for_device(case: Case) -> None:
    with_profile(case, "restricted")
