"""Defects of the provisioning APIs: what is shown of assignments, how they are revoked, what their sinks are told."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from pytest_nac_qod.foundation.jsontypes import Json, JsonObject
from pytest_nac_qod.reference.faults.answers import changed, returning, without_dashes
from pytest_nac_qod.reference.state import Assignment
from pytest_nac_qod.reference.views import rfc3339

Override = Callable[[Any], Callable[..., Any]]
View = Callable[[Assignment], JsonObject]
Success = Callable[[int, Json, str], tuple[int, Json]]

_CREATES = ("createAssignment",)
_REVOKES = ("revokeAssignment",)
_RETRIEVES = ("retrieveAssignment",)


def _on(operations: tuple[str, ...], change: Callable[[int, Json], tuple[int, Json]]) -> Override:
    """Another answer when all went well, whatever the release calls the operation."""

    def override(right: Success) -> Success:
        def wrong(status: int, body: Json, called: str) -> tuple[int, Json]:
            answer = right(status, body, called)
            return change(*answer) if called in operations else answer

        return wrong

    return override


def _when(applies: Callable[[Assignment], bool], change: Callable[[Assignment], JsonObject]) -> Override:
    """Change what is shown of some assignments; None takes a property away."""

    def override(right: View) -> View:
        def wrong(assignment: Assignment) -> JsonObject:
            shown = {**right(assignment), **(change(assignment) if applies(assignment) else {})}
            return {name: value for name, value in shown.items() if value is not None}

        return wrong

    return override


def _of_id(change: Callable[[str], str | None]) -> Override:
    return _when(lambda _: True, lambda assignment: {assignment.id_name: change(assignment.id)})


def _revoking(assignment: Assignment) -> bool:
    return assignment.status == "AVAILABLE" and assignment.info == "DELETE_REQUESTED"


def _available(assignment: Assignment) -> bool:
    return assignment.status == "AVAILABLE" and assignment.info is None


OVERRIDES: Mapping[str, tuple[str, Override]] = {
    "assignment_created_with_200": ("succeeded", _on(_CREATES, lambda _, body: (200, body))),
    "assignment_created_with_202": ("succeeded", _on(_CREATES, lambda _, body: (202, body))),
    "assignment_conflict_ignored": ("assigned", returning(False)),  # noqa: FBT003 - the decision's value
    "assignment_profile_in_lower_case": (
        "assignment_echo",
        lambda right: lambda given: {**right(given), "qosProfile": given.sent["qosProfile"].lower()},
    ),
    "assignment_sink_not_returned": ("assignment_echo", changed(sink=None)),
    "assignment_sink_made_up": (
        "assignment_echo",
        lambda right: lambda given: {"sink": "https://x.test", **right(given)},
    ),
    "assignment_started_at_missing": ("assignment_times", returning({})),
    "assignment_started_at_while_requested": (
        "assignment_times",
        _when(lambda given: given.started is None, lambda given: {"startedAt": rfc3339(given.created)}),
    ),
    "assignment_started_at_in_the_future": (
        "assignment_times",
        _when(_available, lambda given: {"startedAt": rfc3339(given.created + timedelta(hours=1))}),
    ),
    "assignment_started_at_without_zone": (
        "assignment_times",
        _when(_available, lambda given: {"startedAt": given.started.isoformat()[:19] if given.started else None}),
    ),
    "assignment_id_without_dashes": ("issued_id", without_dashes(sessions=False)),
    "assignment_id_not_returned": ("assignment_status", _of_id(lambda _: None)),
    "assignment_status_in_lower_case": (
        "assignment_status",
        lambda right: lambda given: {**right(given), "status": given.status.lower()},
    ),
    "assignment_status_called_qos_status": (
        "assignment_status",
        lambda right: lambda given: {**right(given), "status": None, "qosStatus": given.status},
    ),
    "assignment_info_while_available": (
        "assignment_status",
        _when(_available, lambda _: {"statusInfo": "NETWORK_TERMINATED"}),
    ),
    "no_assignment_held": ("held", returning(False)),  # noqa: FBT003 - the decision's value
    "assignment_wrapped_in_list": ("succeeded", _on(_RETRIEVES, lambda status, body: (status, [body]))),
    "revocation_answered_with_200": (
        "succeeded",
        _on(_REVOKES, lambda status, body: (200 if status == 204 else status, body or {})),
    ),
    "revocation_under_way_without_info": ("assignment_status", _when(_revoking, lambda _: {"statusInfo": None})),
    "revocation_under_way_unavailable": ("assignment_status", _when(_revoking, lambda _: {"status": "UNAVAILABLE"})),
    "revocation_under_way_forgets_when_it_began": ("assignment_times", _when(_revoking, lambda _: {"startedAt": None})),
    "revocation_under_way_without_profile": ("assignment_echo", _when(_revoking, lambda _: {"qosProfile": None})),
    "assignment_event_without_id": ("assignment_event_data", _of_id(lambda _: None)),
    "assignment_event_about_another": (
        "assignment_event_data",
        _of_id(lambda _: "11111111-2222-4333-8444-555555555555"),
    ),
    "assignment_event_called_qos_status": (
        "assignment_event_data",
        _when(lambda _: True, lambda given: {"status": None, "qosStatus": given.status}),
    ),
    "assignment_event_info_while_available": (
        "assignment_event_data",
        _when(_available, lambda _: {"statusInfo": "NETWORK_TERMINATED"}),
    ),
    "revocation_event_blames_the_network": (
        "assignment_event_data",
        _when(lambda given: given.info == "DELETE_REQUESTED", lambda _: {"statusInfo": "NETWORK_TERMINATED"}),
    ),
}
