"""What a provider answers: sessions, assignments, profiles and errors, for tests of clients."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from pytest_nac_qod.contracts import CURRENT, contract
from pytest_nac_qod.foundation.jsontypes import Json, JsonObject
from pytest_nac_qod.strategies.bodies import create_assignment_bodies, create_session_bodies
from pytest_nac_qod.strategies.profiles import profiles
from pytest_nac_qod.strategies.releases import PROFILES, SESSIONS, provisioning, schema

FIRST = datetime(2026, 1, 1, tzinfo=UTC)
_STATUSES = ("AVAILABLE", "REQUESTED", "UNAVAILABLE")
_RATES = ("targetMinUpstreamRate", "maxUpstreamRate", "targetMinDownstreamRate", "maxDownstreamRate")


def ids() -> SearchStrategy[str]:
    """Ids of sessions and assignments: UUIDs in canonical form."""
    return st.integers(0, 2**122 - 1).map(lambda number: str(UUID(int=number, version=4)))


def sessions(
    *, release: str = CURRENT, status: str | None = None, body: SearchStrategy[JsonObject] | None = None
) -> SearchStrategy[JsonObject]:
    """Sessions as the API returns them: times and status agree, credentials stay out, one device identifier at most.

    Args:
        release: whose contract they follow.
        status: the `qosStatus`; any when None.
        body: the request that the session answers.

    >>> from hypothesis import find
    >>> session = find(sessions(status="UNAVAILABLE"), lambda session: "statusInfo" in session)
    >>> session["qosStatus"], session["statusInfo"]
    ('UNAVAILABLE', 'DURATION_EXPIRED')
    """
    requests = body or create_session_bodies(release=release)
    return st.builds(
        _session, requests, ids(), _status(status), st.integers(0, 10**8), _infos(release, SESSIONS), st.integers(0, 3)
    )


def assignments(*, release: str = CURRENT, status: str | None = None) -> SearchStrategy[JsonObject]:
    """Assignments of a profile to a device, as the provisioning API of the release returns them.

    >>> from hypothesis import find
    >>> find(assignments(), lambda assignment: True)["status"]
    'AVAILABLE'
    """
    api = provisioning(release)
    return st.builds(
        _assignment,
        create_assignment_bodies(release=release),
        ids(),
        st.just(id_field(release)),
        _status(status),
        st.integers(0, 10**8),
        _infos(release, api),
        st.integers(0, 3),
    )


def profile_objects(*, release: str = CURRENT, name: SearchStrategy[str] | None = None) -> SearchStrategy[JsonObject]:
    """Profiles as qos-profiles describes them: the name and status always, the rest now and then.

    >>> from hypothesis import find
    >>> find(profile_objects(), lambda profile: True)
    {'name': 'QOS_L', 'status': 'ACTIVE'}
    """
    rates = _quantity(0, 1024, schema(release, "RateUnitEnum", PROFILES)["enum"])
    spans = _quantity(1, 3600, schema(release, "TimeUnitEnum", PROFILES)["enum"])
    bounds: SearchStrategy[JsonObject] = st.tuples(st.integers(1, 3600), st.integers(3600, 86400)).map(_bounds)
    required: dict[str, SearchStrategy[Json]] = {
        "name": name or profiles(),
        "status": st.sampled_from(schema(release, "QosProfileStatusEnum", PROFILES)["enum"]),
    }
    optional: dict[str, SearchStrategy[Json]] = {
        **dict.fromkeys(_RATES, rates),
        **dict.fromkeys(("packetDelayBudget", "jitter"), spans),
        "priority": st.integers(1, 100),
        "packetErrorLossRate": st.integers(1, 10),
    }
    described: SearchStrategy[JsonObject] = st.fixed_dictionaries(required, optional=optional)
    return st.builds(lambda profile, lasting: {**profile, **lasting}, described, st.just({}) | bounds)


def error_bodies(
    *, release: str = CURRENT, api: str = SESSIONS, operation: str = "createSession", status: int | None = None
) -> SearchStrategy[JsonObject]:
    """Errors that the contract documents for an operation; of one status only, where it is given.

    >>> from hypothesis import find
    >>> find(error_bodies(status=409), lambda error: True)
    {'status': 409, 'code': 'CONFLICT', 'message': 'Refused.'}
    """
    documented = contract(release, api).operations[operation].errors
    choices = [
        {"status": number, "code": code, "message": "Refused."}
        for number, codes in documented.items()
        if status in (None, number)
        for code in codes
    ]
    return st.sampled_from(choices).map(dict)


def id_field(release: str) -> str:
    """Name of the id of an assignment, which releases call otherwise."""
    return "provisioningId" if provisioning(release) == "qod-provisioning" else "assignmentId"


def _session(body: JsonObject, session_id: str, status: str, begun: int, info: str, pick: int) -> JsonObject:  # noqa: PLR0913, PLR0917
    session = {**_echo(body, pick), "sessionId": session_id, "qosStatus": status}
    if status != "REQUESTED":
        start = FIRST + timedelta(seconds=begun)
        session["startedAt"] = _zulu(start)
        session["expiresAt"] = _zulu(start + timedelta(seconds=body["duration"]))
    return {**session, "statusInfo": info} if status == "UNAVAILABLE" else session


def _assignment(  # noqa: PLR0913, PLR0917 - the parts of one object
    body: JsonObject, assignment_id: str, field: str, status: str, begun: int, info: str, pick: int
) -> JsonObject:
    assignment = {**_echo(body, pick), field: assignment_id, "status": status}
    if status != "REQUESTED":
        assignment["startedAt"] = _zulu(FIRST + timedelta(seconds=begun))
    return {**assignment, "statusInfo": info} if status == "UNAVAILABLE" else assignment


def _echo(body: JsonObject, pick: int) -> JsonObject:
    echoed = {name: value for name, value in body.items() if name != "sinkCredential"}
    if device := echoed.get("device"):
        name = sorted(device)[pick % len(device)]
        echoed["device"] = {name: device[name]}
    return echoed


def _status(status: str | None) -> SearchStrategy[str]:
    return st.sampled_from(_STATUSES) if status is None else st.just(status)


def _infos(release: str, api: str) -> SearchStrategy[str]:
    return st.sampled_from(schema(release, "StatusInfo", api)["enum"])


def _quantity(least: int, most: int, units: list[str]) -> SearchStrategy[JsonObject]:
    return st.fixed_dictionaries({"value": st.integers(least, most), "unit": st.sampled_from(units)})


def _bounds(seconds: tuple[int, int]) -> JsonObject:
    shortest, longest = seconds
    return {
        "minDuration": {"value": shortest, "unit": "Seconds"},
        "maxDuration": {"value": longest, "unit": "Seconds"},
    }


def _zulu(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")
