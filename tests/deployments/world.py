"""What the independent server knows from the start, and what the releases call it. Everything is made up."""

from collections.abc import Mapping
from dataclasses import dataclass, field

Json = dict[str, object]


@dataclass(frozen=True, slots=True)
class Grant:
    """What an access token stands for: a client and, with a 3-legged token, a device."""

    client: str
    device: int | None = None
    scoped: bool = True


GRANTS: Mapping[str, Grant] = {
    "token-of-shop": Grant("shop"),
    "token-of-rival": Grant("rival"),
    "token-of-phone-3": Grant("shop", device=3),
    "token-for-nothing": Grant("shop", scoped=False),
}  # "token-of-yesterday" has expired, so that nobody knows it

DEVICES: tuple[Json, ...] = (
    {
        "phoneNumber": "+34600000000",
        "ipv4Address": {"publicAddress": "203.0.113.20", "privateAddress": "10.20.0.1", "publicPort": 40001},
        "ipv6Address": "2001:db8:20::1",
    },
    {"phoneNumber": "+34600000001", "ipv6Address": "2001:db8:21::1"},
    {"phoneNumber": "+34600000002"},
    {"phoneNumber": "+34600000003"},
    {"phoneNumber": "+34600000004"},
    {"phoneNumber": "+34600000005", "ipv6Address": "2001:db8:25::1"},
    {"phoneNumber": "+34600000006", "ipv6Address": "2001:db8:26::1"},
    {"phoneNumber": "+34600000007", "ipv6Address": "2001:db8:27::1"},
    {"phoneNumber": "+34600000008", "ipv6Address": "2001:db8:28::1"},
    {"phoneNumber": "+34600000009", "ipv6Address": "2001:db8:29::1"},
)
NOT_APPLICABLE = 4  # index of the device that the service is not offered to
POOL = DEVICES[5:]  # like the first one


@dataclass(frozen=True, slots=True)
class Profile:
    """A QoS profile; bounds in seconds, both included."""

    name: str
    status: str = "ACTIVE"
    shortest: int = 1
    longest: int = 7200


PROFILES = {
    profile.name: profile
    for profile in (Profile("QOS_GOLD"), Profile("QOS_IRON", "INACTIVE"), Profile("QOS_RUST", "DEPRECATED"))
}

_R3_EVENTS = {
    "session": "org.camaraproject.quality-on-demand.v1.qos-status-changed",
    "assignment": "org.camaraproject.qos-provisioning.v0.status-changed",
}
# up to r3.2 the schema demands qosStatus of an assignment's event and calls the property status
_BOTH = {"session": ("qosStatus",), "assignment": ("status", "qosStatus")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """What a release calls things; `codes` maps r3.2's status and code to its own."""

    paths: Mapping[str, str]
    assignments: str = "/qos-assignments"
    assignment: str = "/retrieve-qos-assignment"
    provisioning: str = "qos-provisioning"
    provisioning_scope: str = "qos-provisioning:qos-assignments"
    assignment_id: str = "assignmentId"
    events: Mapping[str, str] = field(default_factory=lambda: _R3_EVENTS)
    event_status: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: _BOTH)
    codes: Mapping[str, tuple[int, str]] = field(default_factory=dict)
    correlator: str = r"[a-zA-Z0-9\-_:;./<>{}]{0,256}"
    lowest_port: int = 0
    closed: bool = False  # whether properties that the document does not know are refused
    mismatches: bool = False  # whether identifiers of several devices are refused
    deleted_stays: bool = False  # whether what was deleted can be read for 360 s


RELEASES = {
    "r1.3": Release(
        paths={
            "quality-on-demand": "/quality-on-demand/v0.11",
            "qos-profiles": "/qos-profiles/v0.11",
            "qod-provisioning": "/qod-provisioning/v0.1",
        },
        assignments="/device-qos",
        assignment="/retrieve-device-qos",
        provisioning="qod-provisioning",
        provisioning_scope="qod-provisioning:device-qos",
        assignment_id="provisioningId",
        events={
            "session": "org.camaraproject.quality-on-demand.v0.qos-status-changed",
            "assignment": "org.camaraproject.qod-provisioning.v0.status-changed",
        },
        codes={
            "IDENTIFIER_NOT_FOUND": (404, "DEVICE_NOT_FOUND"),
            "MISSING_IDENTIFIER": (422, "UNIDENTIFIABLE_DEVICE"),
            "SERVICE_NOT_APPLICABLE": (422, "DEVICE_NOT_APPLICABLE"),
            "UNSUPPORTED_IDENTIFIER": (422, "UNSUPPORTED_DEVICE_IDENTIFIERS"),
            "UNNECESSARY_IDENTIFIER": (403, "INVALID_TOKEN_CONTEXT"),
            "QUALITY_ON_DEMAND.QOS_PROFILE_NOT_APPLICABLE": (400, "INVALID_ARGUMENT"),
            "QOS_PROVISIONING.QOS_PROFILE_NOT_APPLICABLE": (400, "INVALID_ARGUMENT"),
            "INVALID_SINK": (400, "INVALID_ARGUMENT"),
        },
        correlator=r".*",
        mismatches=True,
        deleted_stays=True,
    ),
    "r3.2": Release(
        paths={
            "quality-on-demand": "/quality-on-demand/v1",
            "qos-profiles": "/qos-profiles/v1",
            "qos-provisioning": "/qos-provisioning/v0.3",
        }
    ),
    "r4.1": Release(
        paths={
            "quality-on-demand": "/quality-on-demand/v1rc3",
            "qos-profiles": "/qos-profiles/v1rc3",
            "qos-provisioning": "/qos-provisioning/v0.4rc1",
        },
        codes={"INVALID_CREDENTIAL": (400, "INVALID_ARGUMENT")},
        event_status={"session": ("qosStatus",), "assignment": ("status",)},
        lowest_port=1,
        closed=True,
    ),
}
