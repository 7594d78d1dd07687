"""Defects of everything but the bodies of creations."""

from collections.abc import Mapping

from pytest_nac_qod.sdk.seeded import changes
from pytest_nac_qod.sdk.seeded.mutation import Mutation

CALLS: Mapping[str, Mutation] = {
    "order_before_4": Mutation(
        "positional arguments are taken in the order that the SDK had before 4.0.0",
        "bind",
        changes.bound_in(
            ("profile", "service_ipv4", "service_ipv6", "device_ports", "service_ports", "duration", "sink")
        ),
        ("nac_client_positional", "nac_client_labels_by_position"),
    ),
    "address_first": Mutation(
        "positional arguments are taken with the address before the profile",
        "bind",
        changes.bound_in(
            ("service_ipv4", "duration", "profile", "service_ipv6", "device_ports", "service_ports", "sink")
        ),
        ("nac_client_positional", "nac_client_labels_by_position"),
    ),
    "last_positional_lost": Mutation(
        "the last positional argument is not looked at",
        "bind",
        lambda right: lambda args, kwargs: right(args[:7], kwargs),
        ("nac_client_positional",),
    ),
    "unchecked": Mutation(
        "arguments are not looked at",
        "check",
        lambda right: lambda given: None,  # noqa: ARG005 - as a check
        (
            "nac_client_address_before_profile",
            "nac_client_addresses_swapped",
            "nac_client_order_before_4",
            "nac_client_no_address",
        ),
    ),
    "key_lost": Mutation(
        "the key does not come with requests",
        "headers",
        lambda right: lambda given: {},  # noqa: ARG005 - as headers
        ("nac_client_key",),
    ),
    "retries": Mutation(
        "a create is sent again when the answer is 5xx or 429",
        "repeats",
        lambda right: lambda status, options: 2 if status >= 500 or status == 429 else right(status, options),
        ("nac_client_lost_answer", "nac_client_retries_off", "nac_client_rate_limit"),
    ),
    "retries_conflicts": Mutation(
        "a create is sent again when the answer is 409",
        "repeats",
        lambda right: lambda status, options: 2 if status == 409 else right(status, options),
        ("nac_client_conflict",),
    ),
    "errors_swallowed": Mutation(
        "an answer that refuses counts as a session",
        "failure",
        lambda right: lambda status, answer: None,  # noqa: ARG005 - as a failure
        (
            "nac_client_create_errors",
            "nac_client_get_errors",
            "nac_client_list_errors",
            "nac_client_extend_errors",
            "nac_client_delete_errors",
            "nac_client_error_message",
        ),
    ),
    "conflict_swallowed": Mutation(
        "a conflict on delete and create is taken for success",
        "failure",
        lambda right: lambda status, answer: None if status == 409 else right(status, answer),
        ("nac_client_create_errors",),
    ),
    "error_without_message": Mutation(
        "errors do not say what happened",
        "failure",
        lambda right: lambda status, answer: type(value)("", status) if (value := right(status, answer)) else None,
        ("nac_client_error_message",),
    ),
    "device_demanded": Mutation(
        "a session without device is taken for broken",
        "shown",
        lambda right: lambda session: {**right(session), "device": session["device"]},
        ("nac_client_answer_without_device",),
    ),
    "times_demanded": Mutation(
        "a session without times is taken for broken",
        "shown",
        lambda right: lambda session: {**right(session), "started": session["startedAt"]},
        ("nac_client_answer_without_times",),
    ),
    "wrong_id": Mutation(
        "the session has another id",
        "shown",
        changes.result(lambda session: {**session, "id": session["id"][::-1]}),
        ("nac_client_create", "nac_client_get", "nac_client_list", "nac_client_delete"),
    ),
    "extended_to": Mutation(
        "an extension asks for the duration in all",
        "extension",
        lambda right: lambda seconds: right(seconds + 3600),
        ("nac_client_extend",),
    ),
    "list_of_all": Mutation(
        "a list does not say which device",
        "lookup",
        lambda right: lambda given: {},  # noqa: ARG005 - as a lookup
        ("nac_client_list", "nac_client_list_by_ipv4"),
    ),
}
