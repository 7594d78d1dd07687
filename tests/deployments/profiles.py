"""The operations of qos-profiles."""

import re
from typing import Any

from tests.deployments import devices
from tests.deployments.network import Network, Operations
from tests.deployments.schemas import check
from tests.deployments.wire import Answer, Asked, Refused
from tests.deployments.world import PROFILES, Profile


def view(profile: Profile) -> dict[str, Any]:
    """A profile as it is shown."""
    return {
        "name": profile.name,
        "status": profile.status,
        "description": "Made up",
        "minDuration": {"value": profile.shortest, "unit": "Seconds"},
        "maxDuration": {"value": profile.longest // 3600, "unit": "Hours"},
        "targetMinUpstreamRate": {"value": 10, "unit": "Mbps"},
        "priority": 20,
    }


def read(_: Network, asked: Asked) -> Answer:
    """GET /qos-profiles/{name}."""
    if not re.fullmatch("[a-zA-Z0-9_.-]{3,256}", asked.id):
        raise Refused(400, "INVALID_ARGUMENT", "That is no name of a QoS profile")
    if asked.id not in PROFILES:
        raise Refused(404, "NOT_FOUND", "There is no such QoS profile")
    return Answer(status=200, body=view(PROFILES[asked.id]))


def retrieve(network: Network, asked: Asked) -> Answer:
    """POST /retrieve-qos-profiles."""
    body = asked.json
    check(network.release, "profiles", body)
    if "device" in body:
        devices.subject(network, asked)
    matches = [p for p in PROFILES.values() if p.name == body.get("name", p.name)]
    return Answer(status=200, body=[view(p) for p in matches if p.status == body.get("status", p.status)])


OPERATIONS: Operations = {
    ("GET", "/qos-profiles/{id}"): ("qos-profiles:read", read),
    ("POST", "/retrieve-qos-profiles"): ("qos-profiles:read", retrieve),
}
