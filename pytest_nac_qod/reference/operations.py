"""The operations of quality-on-demand, each a few decisions in a row."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from pytest_nac_qod.contracts import Contract
from pytest_nac_qod.jsontypes import Json, JsonObject
from pytest_nac_qod.reference.network import Network
from pytest_nac_qod.reference.state import Session
from pytest_nac_qod.reference.world import Grant


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A request whose token, path and body have been found right."""

    network: Network
    contract: Contract
    grant: Grant
    session_id: str
    body: JsonObject


Result = tuple[int, Json]


def session_view(network: Network, session: Session) -> JsonObject:
    """A session as it is shown."""
    decide = network.decisions
    device = decide.device_view(session)
    shown = {"device": device} if device else {}
    return {**shown, **decide.echo(session), **decide.times(session), **decide.status_view(session)}


def create_session(call: Call) -> Result:
    """POST /sessions."""
    decide, world, body = call.network.decisions, call.network.world, call.body
    device = decide.identified(world, call.grant, body.get("device"))
    decide.applicable(device)
    profile = decide.profile(world, body["qosProfile"])
    decide.usable_profile(profile)
    duration = decide.granted_duration(body["duration"], profile)
    session = call.network.create(call.grant, device.name, body, duration)
    return 201, session_view(call.network, session)


def get_session(call: Call) -> Result:
    """GET /sessions/{sessionId}."""
    return 200, session_view(call.network, call.network.found(call.session_id, call.grant))


def delete_session(call: Call) -> Result:
    """DELETE /sessions/{sessionId}."""
    call.network.delete(call.network.found(call.session_id, call.grant))
    return 204, None


def extend_session(call: Call) -> Result:
    """POST /sessions/{sessionId}/extend."""
    network = call.network
    session = network.found(call.session_id, call.grant)
    profile = network.decisions.profile(network.world, session.sent["qosProfile"])
    network.extend(session, call.body["requestedAdditionalDuration"], profile)
    return 200, session_view(network, session)


def retrieve_sessions(call: Call) -> Result:
    """POST /retrieve-sessions."""
    network, decide = call.network, call.network.decisions
    device = decide.identified(network.world, call.grant, call.body.get("device"))
    decide.applicable(device)
    found = [session for session in network.sessions.values() if decide.listed(session, call.grant, device)]
    return 200, [session_view(network, session) for session in found]


OPERATIONS: Mapping[str, Callable[[Call], Result]] = {
    "createSession": create_session,
    "getSession": get_session,
    "deleteSession": delete_session,
    "extendQosSessionDuration": extend_session,
    "retrieveSessionsByDevice": retrieve_sessions,
}
