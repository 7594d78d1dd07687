"""What QoS profiles are listed, what they promise, and whether sessions keep it."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from pytest_nac_qod import contracts
from pytest_nac_qod.checks import rules as checks
from pytest_nac_qod.checks.answer import described
from pytest_nac_qod.foundation.jsontypes import JsonObject
from pytest_nac_qod.suite import Case, bodies, endings, judging, purpose, ruling, send
from pytest_nac_qod.suite.doubts import naming
from pytest_nac_qod.verdicts import Inconclusive, NotApplicable, NotTested
from pytest_nac_qod.wire.client import Answer


def named(case: Case, name: str) -> None:
    """Read the profile of that name, to be judged."""
    case.judge(send(case, path={"name": name}, body=None))


def listed(case: Case, **filters: object) -> Answer[Any]:
    """List the profiles that pass the filters, judged."""
    answer = send(case, body=filters)
    case.judge(answer)
    return answer


@purpose
def test_profile_read(case: Case) -> None:
    name = case.target.profiles["default"].name
    answer = send(case, path={"name": name}, body=None)
    case.judge(answer)
    judging.value(case, answer, "name", name)


@purpose
def test_malformed_profile_name(case: Case) -> None:
    named(case, "no profile!")


@purpose
def test_profile_name_length(case: Case) -> None:
    named(case, "Q" * 2)
    named(case, "Q" * 257)


@purpose
def test_unknown_profile_name(case: Case) -> None:
    named(case, case.target.profiles["unknown"].name)


@purpose
def test_profiles_listed(case: Case) -> None:
    listed(case)


@purpose
def test_profiles_filtered_by_name(case: Case) -> None:
    name = case.target.profiles["default"].name
    answer = listed(case, name=name)
    if answer.body == [] and "profiles.default" in case.target.assumed:
        raise naming.unnamed(case.target, ["profiles.default"], f"{LIST} lists nothing")
    judging.values(case, answer, "name", [name])


@purpose
def test_profiles_filtered_by_status(case: Case) -> None:
    judging.all_values(case, listed(case, status=case.name), "status", case.name)


@purpose
def test_restricted_profiles_returned(case: Case) -> None:
    answer = listed(case, device=case.target.devices["restricted"])
    judging.has_value(case, answer, "name", case.target.profiles["restricted"].name, there=True)


@purpose
def test_restricted_profiles_hidden(case: Case) -> None:
    judging.has_value(case, listed(case), "name", case.target.profiles["restricted"].name, there=False)


@purpose
def test_no_profiles_for_device(case: Case) -> None:
    devices = case.target.devices
    device = devices.get("without_profiles", devices.get("not_applicable"))
    answer = send(case, body={"device": device})
    if answer.status == 422 and "without_profiles" not in devices:  # as the scenario about just that wants it
        raise NotTested("the service is not for devices.not_applicable; add [devices.without_profiles]")
    case.judge(answer)
    if answer.status == 200:
        judging.value(case, answer, "", [])


API = "qos-profiles"
LIST, READ = "retrieveQoSProfiles", "getQosProfile"
STATUSES = ("ACTIVE", "INACTIVE", "DEPRECATED")
UNUSABLE = (400, 403, 404, 422)  # answers to a creation with a profile that this device or client cannot use
SAMPLE = 5  # profiles that sessions are created with, since each may cost money


def retrieved(case: Case, **filters: object) -> tuple[Answer[Any], Mapping[str, JsonObject]]:
    """The answer with the profiles that pass the filters, and the profiles by name.

    Raises:
        Inconclusive: the target listed none.
    """
    answer = case.call(LIST, body=filters, role="judged")
    items = answer.body if answer.status == 200 and isinstance(answer.body, list) else []
    profiles = {item["name"]: item for item in items if isinstance(item, dict) and isinstance(item.get("name"), str)}
    if not profiles:
        raise Inconclusive(f"no profiles to look at: {LIST} answered {described(answer.exchange)}")
    return answer, profiles


def in_status(profiles: Mapping[str, JsonObject], status: str) -> list[str]:
    """The names of those that say that they have this status."""
    return sorted(name for name, profile in profiles.items() if profile.get("status") == status)


def require_statuses(profiles: Mapping[str, JsonObject]) -> None:
    """Return if each says a status that there is.

    Raises:
        Inconclusive: one does not.
    """
    for name, profile in profiles.items():
        if profile.get("status") not in STATUSES:
            raise Inconclusive(f"profile {name} has no status that there is")


def of_profiles(case: Case) -> Case:
    """The same case as a client of qos-profiles, with one record of what was exchanged."""
    known = {API: contracts.contract(case.row.release, API), **case.run.contracts}
    client = replace(case.run, contracts=known).client(API)
    client.exchanges = case.client.exchanges
    return replace(case, client=client)


@purpose
def test_profile_durations_in_order(case: Case) -> None:
    answer, profiles = retrieved(case)
    for profile in profiles.values():
        ruling.record(case, answer.exchange, checks.duration_bounds(profile))


@purpose
def test_profile_rates_in_order(case: Case) -> None:
    answer, profiles = retrieved(case)
    for profile in profiles.values():
        ruling.record(case, answer.exchange, checks.rates(profile))


@purpose
def test_profile_ladder(case: Case) -> None:
    answer, profiles = retrieved(case)
    ruling.record(case, answer.exchange, checks.ladder(profiles))


@purpose
def test_profile_read_as_listed(case: Case) -> None:
    _, profiles = retrieved(case)
    for name, profile in profiles.items():
        answer = send(case, path={"name": name}, body=None)
        ruling.accepted(case, answer)
        same = answer.body == profile
        expected = f"profile {name} as it is listed: {profile}"
        ruling.require(case, answer.exchange, same, expected=expected, actual=answer.body)


@purpose
def test_profile_found_by_name_as_read(case: Case) -> None:
    _, profiles = retrieved(case)
    for name in profiles:
        read = case.call(READ, path={"name": name})
        answer = send(case, path={}, body={"name": name})
        ruling.accepted(case, answer)
        expected = f"only the profile {name}, as it is read"
        ruling.require(case, answer.exchange, answer.body == [read.body], expected=expected, actual=answer.body)


@purpose
def test_profiles_of_all_statuses(case: Case) -> None:
    _, profiles = retrieved(case)
    require_statuses(profiles)
    for status in STATUSES:
        answer = send(case, path={}, body={"status": status})
        ruling.accepted(case, answer)
        items = answer.body if isinstance(answer.body, list) else []
        names = {item.get("name") for item in items if isinstance(item, dict)}
        expected = set(in_status(profiles, status))
        ruling.require(
            case,
            answer.exchange,
            names == expected,
            expected=f"{status}: {', '.join(sorted(expected)) or 'none'}, as in the whole list",
            actual=", ".join(sorted(map(str, names))) or "none",
        )


@purpose
def test_active_profile_usable(case: Case) -> None:
    _, profiles = retrieved(of_profiles(case), device=case.target.devices["default"], status="ACTIVE")
    for name in sorted(profiles)[:SAMPLE]:
        answer = send(case, body=creation(case, profiles[name]))
        if answer.status == 409:
            raise Inconclusive("what was created before is still in the way")
        ruling.succeeded(case, answer)
        if not answer.response.is_success:
            continue  # refused for another reason
        endings.delete(case, ruling.created_id(case, answer))


@purpose
def test_unusable_profile_refused(case: Case) -> None:
    other, tried = of_profiles(case), 0
    for status in ("INACTIVE", "DEPRECATED"):
        try:
            _, profiles = retrieved(other, status=status)
        except Inconclusive:
            continue
        for name in in_status(profiles, status)[:SAMPLE]:
            tried += 1
            ruling.accepted(case, send(case, body=creation(case, profiles[name])))
    if not tried:
        require_statuses(retrieved(other)[1])
        raise Inconclusive("no profile is INACTIVE or DEPRECATED")


@purpose
def test_conflict_by_another_profile(case: Case) -> None:
    _, profiles = retrieved(of_profiles(case), device=case.target.devices["default"], status="ACTIVE")
    given = case.target.profiles["default"].name
    if not profiles.keys() - {given}:
        raise NotTested("no other profile is listed as ACTIVE for devices.default")
    usable = [name for name in in_status(profiles, "ACTIVE") if name != given]
    if not usable:
        require_statuses(profiles)
        raise Inconclusive("no other profile says that it is ACTIVE")
    for name in usable[:SAMPLE]:
        answer = case.call(case.resource.create, body=creation(case, profiles[name]))
        if answer.status not in UNUSABLE:
            ruling.reached(answer)
            ruling.accepted(case, send(case))
            return
    raise NotApplicable("every other ACTIVE profile is refused for another reason")


def creation(case: Case, profile: JsonObject) -> JsonObject:
    """A creation with this profile, and a duration that it allows."""
    body = bodies.creation(case.target, case.resource) | {"qosProfile": profile["name"]}
    return {**body, "duration": checks.allowed_duration(profile, body["duration"])} if "duration" in body else body
