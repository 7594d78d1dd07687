"""Defects of creations that show at the edge of the contract only, or in one part of an argument."""

from collections.abc import Mapping

from pytest_nac_qod.foundation.jsontypes import JsonObject
from pytest_nac_qod.sdk.seeded import changes
from pytest_nac_qod.sdk.seeded.changes import Change
from pytest_nac_qod.sdk.seeded.mutation import Mutation

_PORTS = ("nac_client_device_ports", "nac_client_service_ports")
_CREDENTIAL = "nac_client_sink_credential"
_LABELS = ("nac_client_labels_by_keyword", "nac_client_labels_by_position")


def _of(breaks: str, change: Change, *found_by: str) -> Mutation:
    return Mutation(breaks, "body", changes.body(change), found_by)


def _ranges(step: int) -> Change:
    """Ranges of ports that end elsewhere."""

    def change(ports: JsonObject) -> JsonObject:
        return {**ports, "ranges": [{**item, "to": item["to"] + step} for item in ports["ranges"]]}

    return changes.ports(change)


EDGES: Mapping[str, Mutation] = {
    "first_identifier_only": _of(
        "of several identifiers of a device only the first is sent",
        changes.device(lambda device: dict(list(device.items())[:1])),
        "nac_client_device_several",
    ),
    "network_access_identifier_lost": _of(
        "the network access identifier of a device is not sent",
        changes.device(changes.without("networkAccessIdentifier")),
        "nac_client_device_network_access_identifier",
    ),
    "device_private_address_lost": _of(
        "the private address of a device is not sent",
        changes.device(changes.changed("ipv4Address", changes.without("privateAddress"))),
        "nac_client_device_ipv4",
    ),
    "device_address_as_text": _of(
        "the IPv4 address of a device is sent as text",
        changes.device(changes.changed("ipv4Address", lambda address: address["publicAddress"])),
        "nac_client_device_ipv4",
    ),
    "phone_number_without_plus": _of(
        "phone numbers are sent without their plus sign",
        changes.device(changes.changed("phoneNumber", lambda number: number.lstrip("+"))),
        "nac_client_device_phone_number",
    ),
    "mask_dropped": _of(
        "a prefix is sent without its length",
        changes.addresses(lambda text: text.partition("/")[0]),
        "nac_client_service_prefixes",
    ),
    "mask_of_24": _of(
        "every prefix is sent as one of 24 bits",
        changes.addresses(lambda text: f"{text.partition('/')[0]}/24" if "/" in text else text),
        "nac_client_service_prefixes",
    ),
    "ipv6_cut": _of(
        "IPv6 addresses are cut after 16 characters",
        changes.addresses(lambda text: text[:16]),
        "nac_client_service_ipv6_forms",
    ),
    "ipv6_without_ipv4": _of(
        "an IPv4 address at the end of an IPv6 address is lost",
        changes.addresses(lambda text: f"{text.rpartition(':')[0]}:0" if ":" in text and "." in text else text),
        "nac_client_service_ipv6_forms",
    ),
    "ipv6_zeros_lost": _of(
        "the zeros of an IPv6 address are shortened wrongly",
        changes.addresses(lambda text: text.replace(":0000", ":0", 1).replace(":0005:", ":5000:")),
        "nac_client_service_ipv6_forms",
    ),
    "duration_capped": _of(
        "durations are capped at a day",
        changes.changed("duration", lambda seconds: min(seconds, 86_400)),
        "nac_client_durations",
    ),
    "duration_capped_at_an_hour": _of(
        "durations are capped at an hour",
        changes.changed("duration", lambda seconds: min(seconds, 3600)),
        "nac_client_durations",
    ),
    "duration_of_a_minute_at_least": _of(
        "durations under a minute are made one",
        changes.changed("duration", lambda seconds: max(seconds, 60)),
        "nac_client_durations",
    ),
    "duration_of_16_bits": _of(
        "durations are cut to 16 bits",
        changes.changed("duration", lambda seconds: seconds & 0xFFFF),
        "nac_client_durations",
    ),
    "duration_of_15_bits": _of(
        "durations are cut to 15 bits",
        changes.changed("duration", lambda seconds: seconds & 0x7FFF),
        "nac_client_durations",
    ),
    "duration_rounded": _of(
        "durations are rounded to minutes",
        changes.changed("duration", lambda seconds: round(seconds / 60) * 60),
        "nac_client_durations",
    ),
    "duration_as_float": _of(
        "the duration is sent as a float", changes.changed("duration", float), "nac_client_duration"
    ),
    "duration_in_milliseconds": _of(
        "the duration is sent in milliseconds",
        changes.changed("duration", lambda seconds: seconds * 1000),
        "nac_client_duration",
    ),
    "duration_always_the_same": _of(
        "every duration is an hour", changes.changed("duration", lambda _: 3600), "nac_client_durations"
    ),
    "expiry_lost": _of(
        "the sink's credential is sent without its end",
        changes.credential(changes.without("accessTokenExpiresUtc")),
        _CREDENTIAL,
    ),
    "expiry_of_another_year": _of(
        "the sink's credential is sent with another end",
        changes.credential(changes.changed("accessTokenExpiresUtc", lambda _: "2030-01-01T00:00:00Z")),
        _CREDENTIAL,
    ),
    "credential_type_lost": _of(
        "the sink's credential does not say what it is",
        changes.credential(changes.without("credentialType")),
        _CREDENTIAL,
    ),
    "token_type_lost": _of(
        "the type of the sink's token is lost", changes.credential(changes.without("accessTokenType")), _CREDENTIAL
    ),
    "token_cut": _of(
        "the sink's token is cut",
        changes.credential(changes.changed("accessToken", lambda token: token[:10])),
        _CREDENTIAL,
    ),
    "sink_with_slash": _of("a slash is put behind the sink", changes.changed("sink", "{}/".format), "nac_client_sink"),
    "sink_without_tls": _of(
        "the sink is sent with http",
        changes.changed("sink", lambda url: url.replace("https:", "http:")),
        "nac_client_sink",
    ),
    "ports_as_text": _of(
        "ports are sent as text",
        changes.ports(changes.changed("ports", lambda ports: [str(port) for port in ports])),
        *_PORTS,
    ),
    "range_one_too_short": _of("ranges of ports end one port early", _ranges(-1), *_PORTS),
    "range_one_too_long": _of("ranges of ports end one port late", _ranges(1), *_PORTS),
    "single_ports_lost": _of("of ports only the ranges are sent", changes.ports(changes.without("ports")), *_PORTS),
    "device_ports_lost": _of("ports of the device are not sent", changes.without("devicePorts"), _PORTS[0]),
    "service_ports_lost": _of(
        "ports of the service are not sent", changes.without("applicationServerPorts"), _PORTS[1]
    ),
    "label_cut": _of("labels of profiles are cut after 16 characters", changes.label(lambda text: text[:16]), *_LABELS),
    "label_with_dashes": _of(
        "labels of profiles are sent with dashes", changes.label(lambda text: text.replace("_", "-")), *_LABELS
    ),
    "label_always_the_same": _of("every profile is QOS_E", changes.label(lambda _: "QOS_E"), *_LABELS),
    "profile_misnamed": _of("the profile is sent as profile", changes.renamed("qosProfile", "profile"), *_LABELS),
}
