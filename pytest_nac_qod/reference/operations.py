"""What serves each operation of the family, by its name in any release."""

from collections.abc import Callable, Mapping

from pytest_nac_qod.reference import assignments, profiles, sessions
from pytest_nac_qod.reference.call import Result, ServerCall

OPERATIONS: Mapping[str, Callable[[ServerCall], Result]] = {
    "createSession": sessions.create_session,
    "getSession": sessions.get_session,
    "deleteSession": sessions.delete_session,
    "extendQosSessionDuration": sessions.extend_session,
    "retrieveSessionsByDevice": sessions.retrieve_sessions,
    "getQosProfile": profiles.get_profile,
    "retrieveQoSProfiles": profiles.retrieve_profiles,
    # r1.3
    "createProvisioning": assignments.create_assignment,
    "deleteProvisioning": assignments.revoke_assignment,
    # r2.2
    "triggerProvisioning": assignments.create_assignment,
    "revokeProvisioning": assignments.revoke_assignment,
    # both
    "getProvisioningById": assignments.get_assignment,
    "retrieveProvisioningByDevice": assignments.retrieve_assignment,
    # from r3.2
    "createQosAssignment": assignments.create_assignment,
    "getQosAssignmentById": assignments.get_assignment,
    "revokeQosAssignment": assignments.revoke_assignment,
    "getQosAssignmentByDevice": assignments.retrieve_assignment,
}
