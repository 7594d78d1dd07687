"""The operations of provisioning."""

from datetime import timedelta
from typing import Any

from tests.deployments import devices, sessions
from tests.deployments.network import Network, Operations, Record
from tests.deployments.schemas import check
from tests.deployments.wire import Answer, Asked, Refused
from tests.deployments.world import Release


def create(network: Network, asked: Asked) -> Answer:
    """Assign a profile to a device."""
    body = asked.json
    check(network.release, "assignment", body)
    device = devices.subject(network, asked)
    try:
        sessions.profile(body["qosProfile"])
    except Refused as refusal:
        code = refusal.code.replace("QUALITY_ON_DEMAND.", "QOS_PROVISIONING.")
        raise Refused(refusal.status, code, refusal.message) from None
    if any(record.device == device and record.occupies for record in network.of("assignment")):
        raise Refused(409, "CONFLICT", "The device has an assignment already")
    return Answer(status=201, body=view(network, network.create("assignment", asked.grant.client, device, body)))


def read(network: Network, asked: Asked) -> Answer:
    """The assignment of an id."""
    return Answer(status=200, body=view(network, sessions.owned(network, asked, "assignment")))


def revoke(network: Network, asked: Asked) -> Answer:
    """Take the profile away again, at once or in a while."""
    record = sessions.owned(network, asked, "assignment")
    if network.habits.revocation and record.status == "AVAILABLE":
        record.leaves = record.leaves or network.now() + timedelta(seconds=network.habits.revocation)
        record.info = "DELETE_REQUESTED"
        return Answer(status=202, body=view(network, record))
    network.delete(record)
    return Answer(status=204)


def retrieve(network: Network, asked: Asked) -> Answer:
    """The assignment of a device."""
    check(network.release, "device", asked.json)
    device = devices.subject(network, asked)
    mine = [r for r in network.of("assignment") if (r.device, r.client) == (device, asked.grant.client)]
    mine = [record for record in mine if not record.released]
    if not mine:
        raise Refused(404, "NOT_FOUND", "The device has no assignment")
    return Answer(status=200, body=view(network, mine[-1]))


def view(network: Network, record: Record) -> dict[str, Any]:
    """An assignment as it is shown."""
    shown = {network.facts.assignment_id: record.id, "status": record.status}
    shown |= {name: record.asked[name] for name in ("qosProfile", "sink") if name in record.asked}
    shown |= devices.echo(record.asked)
    if record.started:
        shown["startedAt"] = sessions.moment(record.started)
    if record.info:
        shown["statusInfo"] = record.info
    for change in network.habits.view:
        shown = change(record, shown)
    return shown


def operations(facts: Release) -> Operations:
    """By method and path, as the release calls them."""
    scope, path = facts.provisioning_scope, facts.assignments
    return {
        ("POST", path): (f"{scope}:create", create),
        ("GET", f"{path}/{{id}}"): (f"{scope}:read", read),
        ("DELETE", f"{path}/{{id}}"): (f"{scope}:delete", revoke),
        ("POST", facts.assignment): (f"{scope}:read-by-device", retrieve),
    }
