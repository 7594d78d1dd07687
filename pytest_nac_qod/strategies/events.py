"""CloudEvents that a provider sends to a sink, for tests of clients."""

from collections.abc import Iterator
from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from pytest_nac_qod.contracts import CURRENT, contract
from pytest_nac_qod.foundation.jsontypes import Json, JsonObject
from pytest_nac_qod.strategies.answers import FIRST, id_field, ids
from pytest_nac_qod.strategies.releases import SESSIONS, provisioning, schema
from pytest_nac_qod.strategies.sinks import date_times


def session_events(
    *, release: str = CURRENT, status: str | None = None, session: SearchStrategy[str] | None = None
) -> SearchStrategy[JsonObject]:
    """Events that tell of a session's status.

    Args:
        release: whose contract they follow.
        status: `AVAILABLE` or `UNAVAILABLE`; either when None.
        session: ids of the sessions that they are about.

    >>> from hypothesis import find
    >>> find(session_events(), lambda event: True)["type"]
    'org.camaraproject.quality-on-demand.v1.qos-status-changed'
    """
    data = _data("sessionId", session or ids(), "qosStatus", status, schema(release, "StatusInfo")["enum"])
    return _events(event_type(release, SESSIONS), "/quality-on-demand/sessions/{sessionId}", data)


def assignment_events(
    *, release: str = CURRENT, status: str | None = None, assignment: SearchStrategy[str] | None = None
) -> SearchStrategy[JsonObject]:
    """Events that tell of an assignment's status; they carry `status`, which the contract means, whatever it requires.

    >>> from hypothesis import find
    >>> find(assignment_events(status="AVAILABLE"), lambda event: True)["data"]["status"]
    'AVAILABLE'
    """
    api, field = provisioning(release), id_field(release)
    data = _data(field, assignment or ids(), "status", status, schema(release, "StatusInfo", api)["enum"])
    return _events(event_type(release, api), f"/{api}/{{{field}}}", data)


def event_type(release: str, api: str) -> str:
    """The one type of event that the API sends."""
    for mapping in _mappings(contract(release, api).document["components"]["schemas"]):
        for name in mapping:
            if name.startswith("org.camaraproject."):
                return name
    raise LookupError(f"{release} {api}: no type of event in the contract")


def _mappings(value: Json) -> Iterator[JsonObject]:
    if isinstance(value, dict):
        if "mapping" in value and "propertyName" in value:
            yield value["mapping"]
        for part in value.values():
            yield from _mappings(part)


def _data(
    field: str, names: SearchStrategy[str], key: str, status: str | None, infos: list[str]
) -> SearchStrategy[JsonObject]:
    choices: list[SearchStrategy[JsonObject]] = []
    if status != "UNAVAILABLE":
        choices.append(st.fixed_dictionaries({field: names, key: st.just("AVAILABLE")}))
    if status != "AVAILABLE":
        over = {field: names, key: st.just("UNAVAILABLE"), "statusInfo": st.sampled_from(infos)}
        choices.append(st.fixed_dictionaries(over))
    return st.one_of(choices)


def _events(kind: str, source: str, data: SearchStrategy[JsonObject]) -> SearchStrategy[JsonObject]:
    def event(number: int, time: str, about: JsonObject, *, typed: bool) -> JsonObject:
        envelope = {
            "id": str(number),
            "source": source.format(**about),
            "specversion": "1.0",
            "type": kind,
            "time": time,
            "data": about,
        }
        return {**envelope, "datacontenttype": "application/json"} if typed else envelope

    times = date_times(first=FIRST, last=FIRST + timedelta(days=365))
    return st.builds(event, st.integers(1, 10**9), times, data, typed=st.booleans())
