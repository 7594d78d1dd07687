"""What serves each operation of the family, by its name there."""

from collections.abc import Callable, Mapping

from pytest_nac_qod.contracts import ContractError, Operation
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
    "createAssignment": assignments.create_assignment,
    "getAssignment": assignments.get_assignment,
    "revokeAssignment": assignments.revoke_assignment,
    "retrieveAssignment": assignments.retrieve_assignment,
}


def serving(operation: Operation, served: Mapping[str, str]) -> Callable[[ServerCall], Result]:
    """What serves the operation.

    Args:
        operation: of the release.
        served: by its name in the family, the operation that it is served as, where a release says so.

    Raises:
        ContractError: nothing.
    """
    name = served.get(operation.family, operation.family)
    if name not in OPERATIONS:
        mend = "add it to reference/operations.py, or say in server.toml as which other it is served"
        raise ContractError(f"nothing serves {operation.id}; {mend}")
    return OPERATIONS[name]
