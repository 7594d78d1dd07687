"""Defects that a client can have, each of which the cases must find."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from pytest_nac_qod.sdk import changes
from pytest_nac_qod.sdk.changes import Override
from pytest_nac_qod.sdk.model import Behaviour


@dataclass(frozen=True, slots=True)
class Mutation:
    """One defect.

    Attributes:
        breaks: what the client does wrong, in words.
        function: of the model client that it replaces.
        override: makes the wrong function from the right one.
        found_by: the cases that must fail because of it.
    """

    breaks: str
    function: str
    override: Override
    found_by: tuple[str, ...]

    def applied(self) -> Behaviour:
        """The right behaviour, one function of it wrong."""
        right = Behaviour()
        return replace(right, **{self.function: self.override(getattr(right, self.function))})


MUTATIONS: Mapping[str, Mutation] = {
    "addresses_swapped": Mutation(
        "IPv6 goes into the IPv4 field, and the other way round",
        "body",
        changes.arguments(changes.swapped("service_ipv4", "service_ipv6")),
        ("nac_client_service_ipv4", "nac_client_service_ipv6", "nac_client_service_both"),
    ),
    "ipv6_in_ipv4": Mutation(
        "an IPv6 address is sent as ipv4Address",
        "body",
        changes.body(
            changes.server(lambda server: {"ipv4Address": server.get("ipv6Address", server.get("ipv4Address"))})
        ),
        ("nac_client_service_ipv6", "nac_client_service_both"),
    ),
    "second_address_lost": Mutation(
        "of two addresses of the service only the first is sent",
        "body",
        changes.body(changes.server(lambda server: dict(list(server.items())[:1]))),
        ("nac_client_service_both",),
    ),
    "null_address": Mutation(
        "an address that was not given is sent as null",
        "body",
        changes.body(changes.server(lambda server: {"ipv4Address": None, **server})),
        ("nac_client_null",),
    ),
    "null_ports": Mutation(
        "ports that were not given are sent as null",
        "body",
        changes.body(lambda body: {"devicePorts": None, **body}),
        ("nac_client_null",),
    ),
    "duration_dropped": Mutation(
        "the duration is not sent", "body", changes.body(changes.without("duration")), ("nac_client_duration",)
    ),
    "duration_in_minutes": Mutation(
        "the duration is sent in minutes",
        "body",
        changes.body(lambda body: {**body, "duration": body["duration"] // 60}),
        ("nac_client_duration",),
    ),
    "duration_as_text": Mutation(
        "the duration is sent as text",
        "body",
        changes.body(lambda body: {**body, "duration": str(body["duration"])}),
        ("nac_client_duration",),
    ),
    "label_lower_case": Mutation(
        "labels of profiles are sent in lower case",
        "body",
        changes.body(changes.label(str.lower)),
        ("nac_client_labels_by_keyword", "nac_client_labels_by_position"),
    ),
    "label_rewritten": Mutation(
        "NaC's labels are sent as CAMARA's nearest",
        "body",
        changes.body(changes.label(lambda text: "QOS_M" if text == "DOWNLINK_M_UPLINK_M" else text)),
        ("nac_client_labels_by_keyword", "nac_client_labels_by_position"),
    ),
    "labels_swapped": Mutation(
        "uplink and downlink are confused",
        "body",
        changes.body(
            changes.label(lambda text: "_".join(text.split("_")[i] for i in (0, 3, 2, 1)) if "LINK" in text else text)
        ),
        ("nac_client_labels_by_keyword",),
    ),
    "sink_lost": Mutation("the sink is not sent", "body", changes.body(changes.without("sink")), ("nac_client_sink",)),
    "sink_misnamed": Mutation(
        "the sink is sent by its old name",
        "body",
        changes.body(changes.renamed("sink", "notificationUrl")),
        ("nac_client_sink",),
    ),
    "credential_lost": Mutation(
        "the sink's credential is not sent",
        "body",
        changes.body(changes.without("sinkCredential")),
        ("nac_client_sink_credential",),
    ),
    "credential_without_token": Mutation(
        "the sink's credential is sent without its token",
        "body",
        changes.body(changes.credential(changes.without("accessToken"))),
        ("nac_client_sink_credential",),
    ),
    "token_with_scheme": Mutation(
        "the token of the sink is sent with its scheme before it",
        "body",
        changes.body(changes.credential(lambda value: {**value, "accessToken": f"Bearer {value['accessToken']}"})),
        ("nac_client_sink_credential",),
    ),
    "ports_swapped": Mutation(
        "ports of device and service are confused",
        "body",
        changes.arguments(changes.swapped("device_ports", "service_ports")),
        ("nac_client_device_ports", "nac_client_service_ports"),
    ),
    "ranges_lost": Mutation(
        "ranges of ports are not sent",
        "body",
        changes.body(changes.ports(changes.without("ranges"))),
        ("nac_client_device_ports", "nac_client_service_ports"),
    ),
    "ranges_misnamed": Mutation(
        "ranges of ports are sent with the names of the SDK",
        "body",
        changes.body(
            changes.ports(
                lambda ports: {
                    **ports,
                    "ranges": [{"start": part["from"], "end": part["to"]} for part in ports["ranges"]],
                }
            )
        ),
        ("nac_client_device_ports", "nac_client_service_ports"),
    ),
    "first_port_only": Mutation(
        "of several ports only the first is sent",
        "body",
        changes.body(changes.ports(lambda ports: {**ports, "ports": ports["ports"][:1]})),
        ("nac_client_service_ports",),
    ),
    "device_lost": Mutation(
        "the device is not sent", "body", changes.body(changes.without("device")), ("nac_client_device_phone_number",)
    ),
    "device_port_lost": Mutation(
        "the public port of a device is not sent",
        "body",
        changes.body(lambda body: {**body, "device": changes.portless(body["device"])}),
        ("nac_client_device_ipv4",),
    ),
    "device_ipv6_lost": Mutation(
        "the IPv6 address of a device is not sent",
        "body",
        changes.body(lambda body: {**body, "device": changes.without("ipv6Address")(body["device"])}),
        ("nac_client_device_ipv6",),
    ),
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
