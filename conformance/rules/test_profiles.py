"""What QoS profiles promise, and whether sessions keep it."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from pytest_nac_qod import contracts
from pytest_nac_qod.checks import rules as checks
from pytest_nac_qod.checks.answer import described
from pytest_nac_qod.foundation.jsontypes import JsonObject
from pytest_nac_qod.suite import Case, bodies, endings, purpose, ruling, send
from pytest_nac_qod.verdicts import Inconclusive
from pytest_nac_qod.wire.client import Answer

API = "qos-profiles"
LIST, READ = "retrieveQoSProfiles", "getQosProfile"
STATUSES = ("ACTIVE", "INACTIVE", "DEPRECATED")
SAMPLE = 5  # profiles that sessions are created with, since each may cost money


def retrieved(case: Case, **filters: object) -> tuple[Answer[Any], Mapping[str, JsonObject]]:
    """The answer with the profiles that pass the filters, and the profiles by name.

    Raises:
        Inconclusive: the target listed none.
    """
    answer = case.call(LIST, body=filters, role="judged")
    items = answer.body if answer.status == 200 and isinstance(answer.body, list) else []
    found = {item["name"]: item for item in items if isinstance(item, dict) and isinstance(item.get("name"), str)}
    if not found:
        raise Inconclusive(f"no profiles to look at: {LIST} answered {described(answer.exchange)}")
    return answer, found


def of_profiles(case: Case) -> Case:
    """The same case as a client of qos-profiles, with one record of what was exchanged."""
    known = {API: contracts.contract(case.row.release, API), **case.run.contracts}
    client = replace(case.run, contracts=known).client(API)
    client.exchanges = case.client.exchanges
    return replace(case, client=client)


@purpose("profile_durations_in_order")
def test_profile_durations_in_order(case: Case) -> None:
    answer, profiles = retrieved(case)
    for profile in profiles.values():
        ruling.record(case, answer.exchange, checks.duration_bounds(profile))


@purpose("profile_rates_in_order")
def test_profile_rates_in_order(case: Case) -> None:
    answer, profiles = retrieved(case)
    for profile in profiles.values():
        ruling.record(case, answer.exchange, checks.rates(profile))


@purpose("profile_ladder")
def test_profile_ladder(case: Case) -> None:
    answer, profiles = retrieved(case)
    ruling.record(case, answer.exchange, checks.ladder(profiles))


@purpose("profile_read_as_listed")
def test_profile_read_as_listed(case: Case) -> None:
    _, profiles = retrieved(case)
    for name, profile in profiles.items():
        answer = send(case, path={"name": name}, body=None)
        ruling.accepted(case, answer)
        same = answer.body == profile
        expected = f"profile {name} as it is listed: {profile}"
        ruling.require(case, answer.exchange, same, expected=expected, actual=answer.body)


@purpose("profile_found_by_name_as_read")
def test_profile_found_by_name_as_read(case: Case) -> None:
    _, profiles = retrieved(case)
    for name in profiles:
        read = case.call(READ, path={"name": name})
        answer = send(case, path={}, body={"name": name})
        ruling.accepted(case, answer)
        expected = f"only the profile {name}, as it is read"
        ruling.require(case, answer.exchange, answer.body == [read.body], expected=expected, actual=answer.body)


@purpose("profiles_of_all_statuses")
def test_profiles_of_all_statuses(case: Case) -> None:
    _, profiles = retrieved(case)
    for status in STATUSES:
        answer = send(case, path={}, body={"status": status})
        ruling.accepted(case, answer)
        items = answer.body if isinstance(answer.body, list) else []
        names = {item.get("name") for item in items if isinstance(item, dict)}
        expected = {name for name, profile in profiles.items() if profile.get("status") == status}
        ruling.require(
            case,
            answer.exchange,
            names == expected,
            expected=f"{status}: {', '.join(sorted(expected)) or 'none'}, as in the whole list",
            actual=", ".join(sorted(map(str, names))) or "none",
        )


@purpose("active_profile_usable")
def test_active_profile_usable(case: Case) -> None:
    _, profiles = retrieved(of_profiles(case), device=case.target.devices["default"], status="ACTIVE")
    for name in sorted(profiles)[:SAMPLE]:
        answer = send(case, body=creation(case, profiles[name]))
        if answer.status == 409:
            raise Inconclusive("what was created before is still in the way")
        ruling.succeeded(case, answer)
        key = answer.body.get(case.resource.id)
        if not isinstance(key, str):
            raise Inconclusive(f"what was created has no {case.resource.id}")
        endings.deleted(case, key)


@purpose("unusable_profile_refused")
def test_unusable_profile_refused(case: Case) -> None:
    other = of_profiles(case)
    for status in ("INACTIVE", "DEPRECATED"):
        try:
            _, profiles = retrieved(other, status=status)
        except Inconclusive:
            continue
        for name in sorted(profiles)[:SAMPLE]:
            ruling.accepted(case, send(case, body=creation(case, profiles[name])))
            return
    raise Inconclusive("no profile is INACTIVE or DEPRECATED")


def creation(case: Case, profile: JsonObject) -> JsonObject:
    """A creation with this profile, and a duration that it allows."""
    body = bodies.creation(case.target, case.resource) | {"qosProfile": profile["name"]}
    return {**body, "duration": checks.allowed_duration(profile, body["duration"])} if "duration" in body else body
