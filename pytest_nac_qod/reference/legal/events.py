"""Events that are delivered otherwise, or say the same otherwise."""

from collections.abc import Callable, Mapping
from itertools import count

from pytest_nac_qod.foundation.jsontypes import JsonObject
from pytest_nac_qod.reference.faults.answers import changed, returning
from pytest_nac_qod.reference.overrides import Override
from pytest_nac_qod.reference.state import Assignment, ServedResource, Status

View = Callable[..., JsonObject]
EXTENSIONS = {"traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "subject": "qos"}


def _numbered(right: View) -> View:
    """Ids that are numbers in their source."""
    numbers = count(1)
    return lambda *arguments: {**right(*arguments), "id": str(next(numbers))}


def _from_a_urn(right: View) -> View:
    return lambda resource, *rest: {**right(resource, *rest), "source": f"urn:uuid:{resource.id}"}


def _typed_as_scenario(right: View) -> View:
    """The type as the steps spell it."""

    def other(*arguments: object) -> JsonObject:
        event = right(*arguments)
        return {**event, "type": event["type"].replace(".quality-on-demand.", ".qod.")}

    return other


def _without_reason(right: View) -> View:
    """Without statusInfo, but for a deletion: a step asks for it there."""

    def other(resource: ServedResource) -> JsonObject:
        event = right(resource)
        deleted = event.get("statusInfo") == "DELETE_REQUESTED"
        return {name: value for name, value in event.items() if deleted or name != "statusInfo"}

    return other


def _both_statuses(right: Callable[[Assignment], JsonObject]) -> Callable[[Assignment], JsonObject]:
    def other(assignment: Assignment) -> JsonObject:
        event = right(assignment)
        return {**event, "qosStatus": event["status"]}

    return other


def _unheeding(right: Callable[[ServedResource, Status], int]) -> Callable[[ServedResource, Status], int]:
    """A sink that answered 410 gets the next events too."""

    def other(resource: ServedResource, before: Status) -> int:
        resource.deaf = False
        return right(resource, before)

    return other


def _telling_deletion_before_start(
    right: Callable[[ServedResource, Status], int],
) -> Callable[[ServedResource, Status], int]:
    """The deletion of what never began is a change of its status, too."""

    def other(resource: ServedResource, before: Status) -> int:
        return right(resource, "AVAILABLE" if before == "REQUESTED" else before)

    return other


def _with_charset(right: Callable[[ServedResource], dict[str, str]]) -> Callable[[ServedResource], dict[str, str]]:
    return lambda resource: {**right(resource), "Content-Type": "application/cloudevents+json; charset=utf-8"}


def _with_more_headers(right: Callable[[ServedResource], dict[str, str]]) -> Callable[[ServedResource], dict[str, str]]:
    return lambda resource: {**right(resource), "x-correlator": "event-1", "User-Agent": "notifier/2"}


OVERRIDES: Mapping[str, tuple[str, Override]] = {
    "events_delivered_twice": ("deliveries", returning(2)),
    "events_after_410": ("notifies", _unheeding),
    "deletion_before_start_told": ("notifies", _telling_deletion_before_start),
    "sink_asked_for_permission": ("event_origin", returning("network.example.com")),
    "event_ids_are_numbers": ("event_view", _numbered),
    "event_source_is_a_urn": ("event_view", _from_a_urn),
    "event_attributes_of_the_vendor": ("event_view", changed(**EXTENSIONS)),
    "event_without_datacontenttype": ("event_view", changed(datacontenttype=None)),
    "event_type_as_in_scenarios": ("event_view", _typed_as_scenario),
    "event_without_reason": ("event_data", _without_reason),
    "assignment_event_without_reason": ("assignment_event_data", _without_reason),
    "assignment_event_with_both_statuses": ("assignment_event_data", _both_statuses),
    "event_media_type_with_charset": ("event_headers", _with_charset),
    "event_with_more_headers": ("event_headers", _with_more_headers),
}
