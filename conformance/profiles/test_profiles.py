"""Reading QoS profiles, by name and as lists."""

from typing import Any

from pytest_nac_qod.suite import Case, judging, purpose, send
from pytest_nac_qod.wire.client import Answer


def named(case: Case, name: str) -> None:
    """Read the profile of that name, to be judged."""
    case.judge(send(case, path={"name": name}, body=None))


def listed(case: Case, **filters: object) -> Answer[Any]:
    """List the profiles that pass the filters, judged."""
    answer = send(case, body=filters)
    case.judge(answer)
    return answer


@purpose("profile_read")
def test_profile_read(case: Case) -> None:
    name = case.target.profiles["default"].name
    answer = send(case, path={"name": name}, body=None)
    case.judge(answer)
    judging.value(case, answer, "name", name)


@purpose("malformed_profile_name")
def test_malformed_profile_name(case: Case) -> None:
    named(case, "no profile!")


@purpose("profile_name_length")
def test_profile_name_length(case: Case) -> None:
    named(case, "Q" * 2)
    named(case, "Q" * 257)


@purpose("unknown_profile_name")
def test_unknown_profile_name(case: Case) -> None:
    named(case, case.target.profiles["unknown"].name)


@purpose("profiles_listed")
def test_profiles_listed(case: Case) -> None:
    listed(case)


@purpose("profiles_filtered_by_name")
def test_profiles_filtered_by_name(case: Case) -> None:
    name = case.target.profiles["default"].name
    judging.values(case, listed(case, name=name), "name", [name])


@purpose("profiles_filtered_by_status")
def test_profiles_filtered_by_status(case: Case) -> None:
    judging.all_values(case, listed(case, status=case.name), "status", case.name)


@purpose("restricted_profiles_returned")
def test_restricted_profiles_returned(case: Case) -> None:
    answer = listed(case, device=case.target.devices["restricted"])
    judging.has_value(case, answer, "name", case.target.profiles["restricted"].name, there=True)


@purpose("restricted_profiles_hidden")
def test_restricted_profiles_hidden(case: Case) -> None:
    judging.has_value(case, listed(case), "name", case.target.profiles["restricted"].name, there=False)


@purpose("no_profiles_for_device")
def test_no_profiles_for_device(case: Case) -> None:
    devices = case.target.devices
    answer = listed(case, device=devices.get("without_profiles", devices.get("not_applicable")))
    if answer.status == 200:
        judging.value(case, answer, "", [])
