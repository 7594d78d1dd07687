"""A QoS profile is found by its whole name, as it is written, and by its status besides."""

from pytest_nac_qod.suite import Case, bodies, purpose, ruling, send
from pytest_nac_qod.verdicts import NotTested


def other_name(case: Case) -> str:
    """A name like that of the default profile, which is not it."""
    name = case.target.profiles["default"].name
    return {"other case": name.swapcase(), "beginning": name[:-1], "longer": f"{name}_"}[case.name]


@purpose
def test_profile_name_whole(case: Case) -> None:
    asked = other_name(case)
    answer = send(case, path={}, body={"name": asked})
    listed = answer.body if answer.status == 200 and isinstance(answer.body, list) else []
    names = [item.get("name") for item in listed if isinstance(item, dict)]
    others = [str(name) for name in names if name != asked]
    expected = f"no profile of another name than {asked!r}"
    ruling.require(case, answer.exchange, not others, expected=expected, actual=", ".join(others))


@purpose
def test_profile_read_by_whole_name(case: Case) -> None:
    asked = other_name(case)
    answer = send(case, path={"name": asked}, body=None)
    name = ruling.shown(answer).get("name") if answer.status == 200 else asked
    expected = f"no profile of another name than {asked!r}"
    ruling.require(case, answer.exchange, name == asked, expected=expected, actual=name)


@purpose
def test_profiles_by_name_and_status(case: Case) -> None:
    name = case.target.profiles["default"].name
    for status in ("INACTIVE", "DEPRECATED"):
        answer = send(case, path={}, body={"name": name, "status": status})
        ruling.accepted(case, answer)
        listed = answer.body if isinstance(answer.body, list) else []
        wrong = [item for item in listed if isinstance(item, dict) and item.get("status") != status]
        expected = f"none but profiles of the name {name} that are {status}"
        ruling.require(case, answer.exchange, not wrong, expected=expected, actual=wrong)


@purpose
def test_creation_profile_whole(case: Case) -> None:
    name = case.target.profiles["default"].name
    beginning = name[: max(3, len(name) // 2)]  # short, so that it is hardly the name of another profile
    refused_by_name(case, {"beginning": beginning, "longer": f"{name}_"}[case.name])


@purpose
def test_creation_profile_case(case: Case) -> None:
    refused_by_name(case, case.target.profiles["default"].name.swapcase())


def refused_by_name(case: Case, name: str) -> None:
    """A creation that asks for a profile by this name is refused.

    Raises:
        NotTested: the target file has a profile of that name.
    """
    if any(profile.name == name for profile in case.target.profiles.values()):
        raise NotTested(f"the target file has a profile named {name}")
    body = bodies.creation(case.target, case.resource)
    ruling.accepted(case, send(case, body={**body, "qosProfile": name}))
