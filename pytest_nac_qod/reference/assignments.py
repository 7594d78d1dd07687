"""The operations on assignments, which older releases call provisionings."""

from pytest_nac_qod.foundation.jsontypes import JsonObject
from pytest_nac_qod.reference.call import Result, ServerCall, parts, subject
from pytest_nac_qod.reference.network import Network
from pytest_nac_qod.reference.profiles import chosen
from pytest_nac_qod.reference.refusals import Refusal
from pytest_nac_qod.reference.state import Assignment
from pytest_nac_qod.reference.views import respelt


def assignment_view(network: Network, assignment: Assignment) -> JsonObject:
    """An assignment as it is shown."""
    decide = network.decisions
    device = decide.device_view(assignment)
    shown = {"device": device} if device else {}
    times, status = decide.assignment_times(assignment), decide.assignment_status(assignment)
    return respelt({**shown, **decide.assignment_echo(assignment), **times, **status}, decide.time_text)


def create_assignment(call: ServerCall) -> Result:
    """POST /qos-assignments."""
    network, decide = call.network, call.network.decisions
    device = subject(call)
    chosen(call, device)
    decide.usable_credential(network.world, call.grant, call.body.get("sinkCredential"))
    if any(decide.assigned(assignment, device.name, call.body) for assignment in network.assignments.values()):
        raise Refusal(409, "CONFLICT")
    assignment = Assignment(**parts(call, device))
    network.assignments[assignment.id] = assignment
    network.provide(assignment)
    return 201, assignment_view(network, assignment)


def get_assignment(call: ServerCall) -> Result:
    """GET /qos-assignments/{assignmentId}."""
    return 200, assignment_view(call.network, _named(call))


def revoke_assignment(call: ServerCall) -> Result:
    """DELETE /qos-assignments/{assignmentId}: 204 when it is over, 202 when that takes time."""
    network, assignment = call.network, _named(call)
    if network.decisions.revoked_at_once(assignment, network.world):
        network.delete(assignment)
        return 204, None
    network.delete_later(assignment)
    return 202, assignment_view(network, assignment)


def retrieve_assignment(call: ServerCall) -> Result:
    """POST /retrieve-qos-assignment: the one of the device; 404 when there is none, 403 when it is another client's."""
    network = call.network
    device = subject(call)
    newest_first = reversed(network.assignments.values())
    assignment = next((candidate for candidate in newest_first if network.decisions.held(candidate, device)), None)
    return 200, assignment_view(network, _usable(call, assignment))


def _named(call: ServerCall) -> Assignment:
    return _usable(call, call.network.assignments.get(call.key))


def _usable(call: ServerCall, assignment: Assignment | None) -> Assignment:
    if assignment is None:
        raise Refusal(404, "NOT_FOUND")
    call.network.decisions.may_use(assignment, call.grant)
    return assignment
