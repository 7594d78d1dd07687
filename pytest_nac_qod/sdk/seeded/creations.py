"""Defects of creations, as the model client of this package has them."""

from collections.abc import Mapping

from pytest_nac_qod.sdk.seeded import changes
from pytest_nac_qod.sdk.seeded.mutation import Mutation

CREATIONS: Mapping[str, Mutation] = {
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
}
