"""A QoS profile is found by its whole name, as it is written, and by its status besides."""

from pytest_nac_qod.suite import Case, purpose, ruling, send


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
