"""Defects of what a client shows, lists and looks at."""

from collections.abc import Callable, Mapping
from typing import Any

from pytest_nac_qod.foundation.jsontypes import Json, JsonObject
from pytest_nac_qod.sdk.seeded import changes
from pytest_nac_qod.sdk.seeded.changes import Override
from pytest_nac_qod.sdk.seeded.model import Arguments
from pytest_nac_qod.sdk.seeded.mutation import Mutation


def _shown(breaks: str, change: Callable[[JsonObject], JsonObject], *found_by: str) -> Mutation:
    return Mutation(breaks, "shown", changes.result(change), found_by)


def _listed(breaks: str, change: Callable[[list[Json]], list[Json]], *found_by: str) -> Mutation:
    return Mutation(breaks, "listed", changes.result(change), found_by)


def _unchecked(breaks: str, name: str, instead: Json, *found_by: str) -> Mutation:
    """Whatever stands in the place of one argument passes."""

    def override(right: Callable[[Arguments], None]) -> Callable[[Arguments], None]:
        return lambda given: right({**given, name: instead} if name in given else given)

    return Mutation(breaks, "check", override, found_by)


def _refusing(breaks: str, condition: Callable[[Arguments], bool], *found_by: str) -> Mutation:
    """Some arguments that are right are refused."""

    def override(right: Callable[[Arguments], None]) -> Callable[[Arguments], None]:
        def check(given: Arguments) -> None:
            right(given)
            if condition(given):
                raise ValueError("not supported")

        return check

    return Mutation(breaks, "check", override, found_by)


def _failure(breaks: str, change: Callable[[int], Any], *found_by: str) -> Mutation:
    """Another error, or none, where the change gives something for a status."""

    def override(right: Callable[[int, Json], Exception | None]) -> Callable[[int, Json], Exception | None]:
        def failure(status: int, answer: Json) -> Exception | None:
            error = right(status, answer)
            return change(status) if error and change(status) is not False else error

        return failure

    return Mutation(breaks, "failure", override, found_by)


def _first_of_all(right: Callable[..., Any]) -> Callable[..., Any]:
    """What was made first, again and again."""
    made: list[Any] = []

    def cached(*given: Any) -> Any:  # noqa: ANN401 - whatever the function takes
        made.append(right(*given))
        return made[0]

    return cached


_FIRST: Override = _first_of_all
RESULTS: Mapping[str, Mutation] = {
    "profile_wrong": _shown(
        "the profile is shown in lower case", changes.changed("profile", str.lower), "nac_client_results"
    ),
    "profile_unknown": _shown(
        "the profile is shown as None", changes.changed("profile", lambda _: None), "nac_client_results"
    ),
    "status_wrong": _shown(
        "every session is shown as AVAILABLE", changes.changed("status", lambda _: "AVAILABLE"), "nac_client_results"
    ),
    "status_in_lower_case": _shown(
        "the status is shown in lower case", changes.changed("status", str.lower), "nac_client_results"
    ),
    "duration_shown_in_minutes": _shown(
        "the duration is shown in minutes",
        changes.changed("duration", lambda seconds: seconds // 60),
        "nac_client_results",
        "nac_client_extend",
    ),
    "times_without_zone": _shown(
        "times are shown without their offset",
        lambda session: {
            name: value[:19] if name.endswith("_at") and value else value for name, value in session.items()
        },
        "nac_client_times",
    ),
    "times_swapped": _shown(
        "start and end are confused",
        lambda session: {**session, "started_at": session["expires_at"], "expires_at": session["started_at"]},
        "nac_client_times",
    ),
    "end_is_start": _shown(
        "the start is shown as the end",
        lambda session: {**session, "expires_at": session["started_at"]},
        "nac_client_times",
    ),
    "id_unknown": _shown(
        "sessions have no id", changes.changed("id", lambda _: None), "nac_client_create", "nac_client_get"
    ),
    "id_in_upper_case": _shown("ids are shown in upper case", changes.changed("id", str.upper), "nac_client_create"),
    "first_page_only": _listed(
        "of a list only the first page is shown", lambda sessions: sessions[:20], "nac_client_list_sizes"
    ),
    "first_of_list_only": _listed(
        "of a list only the first is shown", lambda sessions: sessions[:1], "nac_client_list_sizes"
    ),
    "last_of_list_lost": _listed(
        "the last of a list is lost", lambda sessions: sessions[:-1], "nac_client_list", "nac_client_list_sizes"
    ),
    "list_doubled": _listed("sessions are listed twice", lambda sessions: sessions * 2, "nac_client_list_sizes"),
    "empty_list_breaks": _listed(
        "an empty list is an error", lambda sessions: sessions if sessions[0] else [], "nac_client_list_sizes"
    ),
    "device_of_first_list": Mutation(
        "every list is of the device that was asked for first", "lookup", _FIRST, ("nac_client_second_device",)
    ),
    "device_of_first_creation": Mutation(
        "every session is for the device that had the first",
        "body",
        lambda right: lambda given, device, first=[]: right(given, (first.append(device), first[0])[1]),
        ("nac_client_second_device",),
    ),
    "list_by_phone_number_only": Mutation(
        "a list knows devices by phone number only",
        "lookup",
        changes.result(lambda body: {"device": {"phoneNumber": body["device"].get("phoneNumber")}}),
        ("nac_client_list_by_ipv4",),
    ),
    "correlator_reused": Mutation("one correlator is used for all", "correlator", _FIRST, ("nac_client_correlator",)),
    "host_lost": Mutation(
        "the host does not come with requests",
        "headers",
        changes.result(changes.without("X-RapidAPI-Host")),
        ("nac_client_host",),
    ),
    "key_cut": Mutation(
        "the key is cut",
        "headers",
        changes.result(changes.changed("X-RapidAPI-Key", lambda key: key[:8])),
        ("nac_client_key",),
    ),
    "extended_in_minutes": Mutation(
        "an extension asks for minutes",
        "extension",
        lambda right: lambda seconds: right(seconds // 60),
        ("nac_client_extend",),
    ),
    "retries_though_told_not_to": Mutation(
        "503 is tried again though that is turned off",
        "repeats",
        lambda right: lambda status, options: 1 if status == 503 else right(status, options),
        ("nac_client_retries_off",),
    ),
    "created_twice": Mutation(
        "each creation is sent twice", "creations", lambda right: lambda: 2 * right(), ("nac_client_create",)
    ),
    "not_found_is_none": _failure(
        "404 counts as nothing", lambda status: None if status == 404 else False, "nac_client_get_errors"
    ),
    "crash_is_none": _failure(
        "500 counts as nothing", lambda status: None if status == 500 else False, "nac_client_get_errors"
    ),
    "error_of_another_kind": _failure(
        "401 is raised as a built-in error",
        lambda status: PermissionError("401") if status == 401 else False,
        "nac_client_create_errors",
    ),
    "duration_unchecked": _unchecked(
        "whatever stands for the duration passes", "duration", 60, "nac_client_duration_text"
    ),
    "no_duration_needed": Mutation(
        "a duration of None is sent as null",
        "check",
        lambda right: lambda given: right({"duration": 60, **given}) or given.setdefault("duration", None),
        ("nac_client_duration_none",),
    ),
    "no_address_needed": Mutation(
        "a create without addresses passes",
        "check",
        lambda right: lambda given: right({"service_ipv4": "192.0.2.1", **given}),
        ("nac_client_no_address",),
    ),
    "ipv6_refused": _refusing(
        "IPv6 is not supported", lambda given: "service_ipv6" in given, "nac_client_service_ipv6"
    ),
    "ports_refused": _refusing(
        "ports are not supported", lambda given: "device_ports" in given, "nac_client_device_ports"
    ),
    "ports_by_position_swapped": Mutation(
        "by position, ports of device and service are confused",
        "bind",
        changes.bound_in(
            (
                "profile",
                "duration",
                "service_ipv4",
                "service_ipv6",
                "service_ports",
                "device_ports",
                "sink",
                "sink_credential",
            )
        ),
        ("nac_client_positional",),
    ),
    "sink_by_position_lost": Mutation(
        "by position, the sink is lost",
        "bind",
        lambda right: lambda args, kwargs: right([*args[:6], None, *args[7:]], kwargs),
        ("nac_client_positional",),
    ),
    "keyword_lost": Mutation(
        "the keyword service_ports is ignored",
        "bind",
        lambda right: lambda args, kwargs: right(args, changes.without("service_ports")(kwargs)),
        ("nac_client_service_ports",),
    ),
}
