"""The operations on sessions, each a few decisions in a row."""

from pytest_nac_qod.foundation.jsontypes import JsonObject
from pytest_nac_qod.reference.call import Result, ServerCall, parts, subject
from pytest_nac_qod.reference.network import Network
from pytest_nac_qod.reference.profiles import chosen
from pytest_nac_qod.reference.refusals import Refusal
from pytest_nac_qod.reference.state import Session
from pytest_nac_qod.reference.views import respelt


def session_view(network: Network, session: Session) -> JsonObject:
    """A session as it is shown."""
    decide = network.decisions
    device = decide.device_view(session)
    shown = {"device": device} if device else {}
    view = {**shown, **decide.echo(session), **decide.times(session), **decide.status_view(session)}
    return respelt(view, decide.time_text)


def create_session(call: ServerCall) -> Result:
    """POST /sessions."""
    network, decide = call.network, call.network.decisions
    device = subject(call)
    duration = decide.granted_duration(call.body["duration"], chosen(call, device))
    decide.usable_credential(network.world, call.grant, call.body.get("sinkCredential"))
    rivals = decide.rivals(network.sessions, device.name, call.body)
    if any(decide.conflicts(session, device.name, call.body) for session in rivals):
        raise Refusal(409, "CONFLICT")
    session = Session(**parts(call, device), duration=duration)
    network.sessions.add(session)
    network.provide(session)
    return 201, session_view(network, session)


def get_session(call: ServerCall) -> Result:
    """GET /sessions/{sessionId}."""
    return 200, session_view(call.network, _named(call))


def delete_session(call: ServerCall) -> Result:
    """DELETE /sessions/{sessionId}."""
    call.network.delete(_named(call))
    return 204, None


def extend_session(call: ServerCall) -> Result:
    """POST /sessions/{sessionId}/extend."""
    network = call.network
    session = _named(call)
    profile = network.decisions.profile(network.world, session.sent["qosProfile"])
    network.extend(session, call.body["requestedAdditionalDuration"], profile)
    return 200, session_view(network, session)


def retrieve_sessions(call: ServerCall) -> Result:
    """POST /retrieve-sessions."""
    network, decide = call.network, call.network.decisions
    device = subject(call)
    candidates = decide.candidates(network.sessions, device)
    listed = [candidate for candidate in candidates if decide.listed(candidate, call.grant, device)]
    return 200, [session_view(network, session) for session in listed]


def _named(call: ServerCall) -> Session:
    session = call.network.sessions.get(call.key)
    if session is None:
        raise Refusal(404, "NOT_FOUND")
    call.network.decisions.may_use(session, call.grant)
    return session
