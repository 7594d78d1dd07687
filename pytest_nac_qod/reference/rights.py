"""Who may do what: tokens, scopes, and whose a session or an assignment is."""

from pytest_nac_qod.foundation.jsontypes import JsonObject
from pytest_nac_qod.foundation.ticking import elapsed
from pytest_nac_qod.reference.oauth import Issuer, bearer
from pytest_nac_qod.reference.refusals import Refusal
from pytest_nac_qod.reference.register import Register
from pytest_nac_qod.reference.state import Assignment, ServedResource, Session
from pytest_nac_qod.reference.world import Grant, KnownDevice, World, covers


def authenticate(issuer: Issuer, authorization: str | None) -> Grant:
    """What the access token of a request stands for; refuses one that is missing, unknown, expired or for others."""
    grant = issuer.grant(bearer(authorization))
    if grant is None or grant.for_others or grant.expires <= elapsed():
        raise Refusal(401, "UNAUTHENTICATED")
    return grant


def authorise(grant: Grant, scope: str) -> None:
    """Refuse a token without the scope of the operation."""
    if not covers(grant.scopes, scope):
        raise Refusal(403, "PERMISSION_DENIED")


def within_quota(world: World, grant: Grant) -> None:
    """Refuse a client that has used up its quota."""
    if not world.clients[grant.client].quota_left:
        raise Refusal(429, "QUOTA_EXCEEDED")


def may_use(resource: ServedResource, grant: Grant) -> None:
    """Refuse a client that did not create it, and a 3-legged token of another device."""
    if resource.client != grant.client or grant.device not in (None, resource.device):
        raise Refusal(403, "PERMISSION_DENIED")


def candidates(sessions: Register, device: KnownDevice) -> list[Session]:
    """The sessions that may stand in the list of a device: its own."""
    return sessions.of_device(device.name)


def listed(session: Session, grant: Grant, device: KnownDevice) -> bool:  # noqa: ARG001 - a fault looks at it
    """Whether a session of a device stands in its list."""
    return session.client == grant.client


def held(assignment: Assignment, device: KnownDevice) -> bool:
    """Whether it is the assignment of a device."""
    return assignment.device == device.name


def usable_credential(world: World, grant: Grant, credential: JsonObject | None) -> None:
    """Refuse a sink credential that needs a key which the client has not shared."""
    kind = (credential or {}).get("credentialType")
    if kind == "PRIVATE_KEY_JWT" and not world.clients[grant.client].key_shared:
        raise Refusal(422, "PRIVATE_KEY_JWT_NOT_CONFIGURED")
