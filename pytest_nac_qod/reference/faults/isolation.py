"""Defects by which sessions are mixed up, lists are wrong, and 3-legged tokens reach too far."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from pytest_nac_qod.foundation.jsontypes import Json, JsonObject
from pytest_nac_qod.foundation.values import moment
from pytest_nac_qod.reference.faults.answers import returning
from pytest_nac_qod.reference.refusals import Refusal
from pytest_nac_qod.reference.state import ServedResource
from pytest_nac_qod.reference.views import rfc3339
from pytest_nac_qod.reference.world import Grant

Override = Callable[[Any], Callable[..., Any]]
Answered = Callable[[int, Json, str], tuple[int, Json]]
View = Callable[[ServedResource], JsonObject]
_STRAY = "0b5d1a1e-8f0c-4d0e-9a6b-2f4c6e8a0b1d"
_LISTS = ("retrieveSessionsByDevice", "retrieveAssignment")


def _along(goes: Callable[[ServedResource, ServedResource], bool]) -> Override:
    """Deletions and extensions reach others, those of another kind left out."""
    return lambda right: (
        lambda resource, others: [
            *right(resource, others),
            *(
                other
                for other in others
                if other is not resource and type(other) is type(resource) and goes(resource, other)
            ),
        ]
    )


def _of_the_client(one: ServedResource, other: ServedResource) -> bool:
    return one.client == other.client and one.device != other.device


def _of_the_device(one: ServedResource, other: ServedResource) -> bool:
    return one.device == other.device


def _of_others(one: ServedResource, other: ServedResource) -> bool:
    return one.client != other.client


def _last_sink(right: Callable[[ServedResource], str | None]) -> Callable[[ServedResource], str | None]:
    """All events of a client go to the sink that was given last."""
    last: dict[str, ServedResource] = {}

    def wrong(resource: ServedResource) -> str | None:
        if right(resource):
            known = last.get(resource.client, resource)
            last[resource.client] = resource if resource.created >= known.created else known
        return right(last[resource.client]) if right(resource) else None

    return wrong


def _two_sinks(right: Callable[[ServedResource], str | None]) -> Callable[[ServedResource], str | None]:
    """Of the sinks of a client's live sessions the third is taken for the second."""
    seen: list[ServedResource] = []

    def wrong(resource: ServedResource) -> str | None:
        own = right(resource)
        seen.extend([resource] if own and resource not in seen else [])
        live = [other for other in seen if other.client == resource.client and other.ended is None]
        return right(live[1]) if resource in live[2:] else own

    return wrong


def _first_credential(right: View) -> View:
    """All events carry the access token that was seen first."""
    first: list[str] = []

    def wrong(resource: ServedResource) -> JsonObject:
        told = right(resource)
        first.extend([told["Authorization"]] if "Authorization" in told else [])
        return {**told, "Authorization": first[0]} if "Authorization" in told else told

    return wrong


def _sink_shown_first(right: View) -> View:
    """The sink that was shown first is shown for all that have one."""
    first: list[str] = []

    def wrong(resource: ServedResource) -> JsonObject:
        told = right(resource)
        first.extend([told["sink"]] if "sink" in told else [])
        return {**told, "sink": first[0]} if "sink" in told else told

    return wrong


def _sink_of_former(right: View) -> View:
    """What has no sink shows the last one of its device."""
    former: dict[str, str] = {}

    def wrong(resource: ServedResource) -> JsonObject:
        told = right(resource)
        if "sink" in told:
            former[resource.device] = told["sink"]
        return {**({"sink": former[resource.device]} if resource.device in former else {}), **told}

    return wrong


def _in_lists(change: Callable[[list[JsonObject]], list[JsonObject]]) -> Override:
    """Another list of sessions, or another assignment of a device."""

    def override(right: Answered) -> Answered:
        def wrong(status: int, body: Json, operation: str) -> tuple[int, Json]:
            status, told = right(status, body, operation)
            if operation not in _LISTS:
                return status, told
            changed = change(told if isinstance(told, list) else [told])
            return status, changed if isinstance(told, list) else changed[0]

        return wrong

    return override


def _more(told: list[JsonObject]) -> list[JsonObject]:
    return told + [{**item, "sessionId": _STRAY} for item in told[:1] if "sessionId" in item]


def _ended_as_available(told: list[JsonObject]) -> list[JsonObject]:
    names = ("qosStatus", "status")
    return [
        {**item, **{name: "AVAILABLE" for name in names if item.get(name) == "UNAVAILABLE"}}
        if item.get("statusInfo") == "NETWORK_TERMINATED"
        else item
        for item in told
    ]


def _started_later(told: list[JsonObject]) -> list[JsonObject]:
    def later(item: JsonObject) -> JsonObject:
        began = moment(item.get("startedAt"))
        return (
            {**item, "startedAt": rfc3339(began + timedelta(minutes=1))} if began and "sessionId" not in item else item
        )

    return [later(item) for item in told]


def _listed_as_before_extension(right: Answered) -> Answered:
    before: dict[str, JsonObject] = {}

    def wrong(status: int, body: Json, operation: str) -> tuple[int, Json]:
        status, told = right(status, body, operation)
        if operation == "getSession":
            before.setdefault(told["sessionId"], told) if told["qosStatus"] == "AVAILABLE" else None
        if operation == "retrieveSessionsByDevice":
            names = ("duration", "expiresAt")
            olds = [before.get(item["sessionId"], item) if item["qosStatus"] == "AVAILABLE" else item for item in told]
            told = [
                {**item, **{name: old[name] for name in names}} if "expiresAt" in item else item
                for item, old in zip(told, olds, strict=True)
            ]
        return status, told

    return wrong


def _no_three_legged(right: Callable[[ServedResource, Grant], None]) -> Callable[[ServedResource, Grant], None]:
    def wrong(resource: ServedResource, grant: Grant) -> None:
        right(resource, grant)
        if grant.device:
            raise Refusal(403, "PERMISSION_DENIED")

    return wrong


def _any_device(_: Callable[[ServedResource, Grant], None]) -> Callable[[ServedResource, Grant], None]:
    def wrong(resource: ServedResource, grant: Grant) -> None:
        if resource.client != grant.client:
            raise Refusal(403, "PERMISSION_DENIED")

    return wrong


def _correlator_owns(right: Callable[..., str | None]) -> Callable[..., str | None]:
    """Whoever comes with another x-correlator than the first one finds nothing."""
    first: list[str] = []

    def wrong(value: str | None, *others: object) -> str | None:
        told = right(value, *others)
        first.extend([told] if told else [])
        if told and told != first[0]:
            raise Refusal(404, "NOT_FOUND")
        return told

    return wrong


def _first_correlator(right: Callable[[str, int], str | None]) -> Callable[[str, int], str | None]:
    """Every answer has the x-correlator that was seen first."""
    first: list[str] = []

    def wrong(correlator: str, status: int) -> str | None:
        own = right(correlator, status)
        first.extend([own] if own else [])
        return first[0] if own else None

    return wrong


def _of_this_client_only(right: Callable[..., bool]) -> Callable[..., bool]:
    """Only what the first client has is in anybody's way."""
    return lambda resource, *others: resource.client == "application" and right(resource, *others)


def _of_this_profile_only(right: Callable[..., bool]) -> Callable[..., bool]:
    """Only what has the same QoS profile is in the way."""

    def wrong(resource: ServedResource, device: str, sent: JsonObject) -> bool:
        return resource.sent.get("qosProfile") == sent.get("qosProfile") and right(resource, device, sent)

    return wrong


def _refused_as_deleted(right: View) -> View:
    def wrong(resource: ServedResource) -> JsonObject:
        shown = right(resource)
        never = shown.get("statusInfo") == "NETWORK_TERMINATED" and resource.started is None
        return {**shown, "statusInfo": "DELETE_REQUESTED"} if never else shown

    return wrong


def _head_deletes(right: Callable[..., str]) -> Callable[..., str]:
    return lambda method, served: "DELETE" if method == "HEAD" and "DELETE" in served else right(method, served)


OVERRIDES: Mapping[str, tuple[str, Override]] = {
    "deletion_reaches_other_devices": ("taken_along", _along(_of_the_client)),
    "deletion_reaches_other_flows": ("taken_along", _along(_of_the_device)),
    "deletion_reaches_other_clients": ("taken_along", _along(_of_others)),
    "extension_reaches_other_devices": ("extended", _along(_of_the_client)),
    "extension_reaches_other_flows": ("extended", _along(_of_the_device)),
    "last_sink_told_of_all": ("sink", _last_sink),
    "third_sink_taken_for_second": ("sink", _two_sinks),
    "first_credential_for_all": ("event_headers", _first_credential),
    "first_sink_shown_for_all": ("echo", _sink_shown_first),
    "first_assignment_sink_shown_for_all": ("assignment_echo", _sink_shown_first),
    "former_sink_shown": ("echo", _sink_of_former),
    "former_assignment_sink_shown": ("assignment_echo", _sink_of_former),
    "all_sessions_of_client_listed": ("candidates", lambda _: lambda sessions, _: list(sessions.values())),
    "third_session_dropped_from_list": ("succeeded", _in_lists(lambda told: told[:2])),
    "third_session_doubled_in_list": ("succeeded", _in_lists(lambda told: told + told[2:])),
    "one_too_many_listed": ("succeeded", _in_lists(_more)),
    "list_ignores_extensions": ("succeeded", _listed_as_before_extension),
    "ended_listed_as_available": ("succeeded", _in_lists(_ended_as_available)),
    "assignment_of_device_started_later": ("succeeded", _in_lists(_started_later)),
    "assignment_of_anybody_found": ("held", returning(True)),  # noqa: FBT003 - the decision's value
    "three_legged_refused": ("may_use", _no_three_legged),
    "three_legged_for_any_device": ("may_use", _any_device),
    "correlator_owns_sessions": ("correlator", _correlator_owns),
    "no_challenge": ("challenge", returning(None)),
    "first_correlator_for_all": ("echoed", _first_correlator),
    "sessions_of_other_clients_ignored": ("conflicts", _of_this_client_only),
    "assignments_of_other_clients_ignored": ("assigned", _of_this_client_only),
    "sessions_of_other_profiles_ignored": ("conflicts", _of_this_profile_only),
    "assignments_of_other_profiles_ignored": ("assigned", _of_this_profile_only),
    "refused_session_said_deleted": ("status_view", _refused_as_deleted),
    "refused_assignment_said_deleted": ("assignment_status", _refused_as_deleted),
    "head_deletes": ("served_method", _head_deletes),
}
