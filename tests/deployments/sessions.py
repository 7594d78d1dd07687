"""The operations of quality-on-demand."""

from datetime import datetime
from ipaddress import ip_interface
from typing import Any
from uuid import UUID

from tests.deployments import devices
from tests.deployments.network import Network, Operations, Record
from tests.deployments.schemas import check
from tests.deployments.wire import Answer, Asked, Refused
from tests.deployments.world import PROFILES, Profile

SCOPE = "quality-on-demand:sessions"
_ECHOED = ("applicationServer", "qosProfile", "devicePorts", "applicationServerPorts", "sink")


def profile(name: str) -> Profile:
    """The profile that can be used now."""
    if name not in PROFILES:
        raise Refused(400, "INVALID_ARGUMENT", "There is no such QoS profile")
    candidate = PROFILES[name]
    if candidate.status != "ACTIVE":
        raise Refused(422, "QUALITY_ON_DEMAND.QOS_PROFILE_NOT_APPLICABLE", "The QoS profile cannot be used now")
    return candidate


def create(network: Network, asked: Asked) -> Answer:
    """POST /sessions."""
    body = asked.json
    check(network.release, "session", body)
    _check_addresses(body["applicationServer"])
    device = devices.subject(network, asked)
    wanted = profile(body["qosProfile"])
    if not wanted.shortest <= body["duration"] <= wanted.longest:
        message = f"duration must be between {wanted.shortest} and {wanted.longest}"
        raise Refused(400, "QUALITY_ON_DEMAND.DURATION_OUT_OF_RANGE", message)
    if any(record.device == device and record.occupies for record in network.of("session")):
        raise Refused(409, "CONFLICT", "The device has a session already")
    return Answer(status=201, body=view(network, network.create("session", asked.grant.client, device, body)))


def read(network: Network, asked: Asked) -> Answer:
    """GET /sessions/{id}."""
    return Answer(status=200, body=view(network, owned(network, asked, "session")))


def delete(network: Network, asked: Asked) -> Answer:
    """DELETE /sessions/{id}."""
    network.delete(owned(network, asked, "session"))
    return Answer(status=204)


def extend(network: Network, asked: Asked) -> Answer:
    """POST /sessions/{id}/extend."""
    record, body = owned(network, asked, "session"), asked.json
    check(network.release, "extension", body)
    if record.status != "AVAILABLE" or record.duration is None:
        raise Refused(409, "QUALITY_ON_DEMAND.SESSION_EXTENSION_NOT_ALLOWED", "The session is not AVAILABLE")
    longest = PROFILES[record.asked["qosProfile"]].longest
    record.duration = min(record.duration + body["requestedAdditionalDuration"], longest)
    return Answer(status=200, body=view(network, record))


def retrieve(network: Network, asked: Asked) -> Answer:
    """POST /retrieve-sessions."""
    check(network.release, "device", asked.json)
    device = devices.subject(network, asked)
    mine = [r for r in network.of("session") if (r.device, r.client) == (device, asked.grant.client)]
    return Answer(status=200, body=[view(network, record) for record in mine if record.status != "UNAVAILABLE"])


def owned(network: Network, asked: Asked, kind: str) -> Record:
    """The record of that id, if it is the client's and, with a 3-legged token, the device's."""
    if network.habits.uuids:
        try:
            UUID(asked.id)
        except ValueError:
            raise Refused(400, "INVALID_ARGUMENT", "The id is no UUID") from None
    record = network.records.get(asked.id.lower())
    if record is None or record.kind != kind:
        raise Refused(404, "NOT_FOUND", "There is no such resource")
    if record.client != asked.grant.client:
        raise Refused(403, "PERMISSION_DENIED", "It belongs to another client")
    if asked.grant.device not in (None, record.device):
        raise Refused(403, "PERMISSION_DENIED", "It belongs to another device")
    return record


def moment(at: datetime) -> str:
    """As RFC 3339 has it."""
    return at.isoformat(timespec="microseconds").replace("+00:00", "Z")


def view(network: Network, record: Record) -> dict[str, Any]:
    """A session as it is shown."""
    shown = {"sessionId": record.id, "duration": record.duration, "qosStatus": record.status}
    shown |= {name: record.asked[name] for name in _ECHOED if name in record.asked}
    shown |= devices.echo(record.asked)
    if record.started:
        shown["startedAt"] = moment(record.started)
    if record.expires:
        shown["expiresAt"] = moment(record.expires)
    if record.info:
        shown["statusInfo"] = record.info
    for change in network.habits.view:
        shown = change(record, shown)
    return shown


def _check_addresses(server: dict[str, Any]) -> None:
    """An address is one, alone or with a mask."""
    for name, version in (("ipv4Address", 4), ("ipv6Address", 6)):
        if name in server and not _is_address(server[name], version):
            raise Refused(400, "INVALID_ARGUMENT", f"applicationServer.{name} is no address")


def _is_address(text: str, version: int) -> bool:
    try:
        return ip_interface(text).version == version
    except ValueError:
        return False


OPERATIONS: Operations = {
    ("POST", "/sessions"): (f"{SCOPE}:create", create),
    ("GET", "/sessions/{id}"): (f"{SCOPE}:read", read),
    ("DELETE", "/sessions/{id}"): (f"{SCOPE}:delete", delete),
    ("POST", "/sessions/{id}/extend"): (f"{SCOPE}:update", extend),
    ("POST", "/retrieve-sessions"): (f"{SCOPE}:retrieve-by-device", retrieve),
}
