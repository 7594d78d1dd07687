"""Between a dialect and CAMARA 1.0: requests one way, answers the other; pure functions of JSON values."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import reduce

from pytest_nac_qod.foundation.jsontypes import Json, JsonObject
from pytest_nac_qod.foundation.values import moment
from pytest_nac_qod.reference.dialects.facts import Dialect
from pytest_nac_qod.reference.views import rfc3339

DEFAULT_DURATION = 86_400  # seconds
_NEVER = "9999-12-31T23:59:59Z"
_BEARER = "Bearer "
_CAMARA = ("device", "applicationServer", "devicePorts", "applicationServerPorts", "qosProfile")
# statuses that a dialect does not know for an operation, and what it says instead (QoD 0.10.1, responses)
_STATUSES = {
    ("createSession", 404): 400,
    ("createSession", 422): 400,
    ("createSession", 429): 503,
    ("extendQosSessionDuration", 409): 400,
    ("retrieveSessionsByDevice", 422): 400,
}


def without(body: JsonObject, path: str) -> JsonObject:
    """The body without what stands at a path, such as `device.ipv4Address`, if that is null or empty."""
    name, _, rest = path.partition(".")
    value = body.get(name)
    if rest and isinstance(value, dict):
        return {**body, name: without(value, rest)}
    return body if rest or value not in (None, {}) else {key: item for key, item in body.items() if key != name}


def device(given: Json) -> Json:
    """The device with a phone number as CAMARA 1.0 has it: the plus sign was optional before."""
    if not isinstance(given, dict):
        return given
    number = given.get("phoneNumber")
    return {**given, "phoneNumber": f"+{number}"} if isinstance(number, str) and number.isdigit() else given


def create(body: Json, dialect: Dialect) -> Json:
    """A create as CAMARA 1.0 has it; what is no object passes as it is, to be refused."""
    if not isinstance(body, dict):
        return body
    given: JsonObject = reduce(without, dialect.absent, body)
    camara: JsonObject = {name: given[name] for name in _CAMARA if name in given}
    if "device" in camara:
        camara["device"] = device(camara["device"])
    return {**camara, "duration": given.get("duration", DEFAULT_DURATION), **_sink(given, dialect)}


def _sink(body: JsonObject, dialect: Dialect) -> JsonObject:
    """Who gets events; what the dialect does not allow there is null, which is refused where every body is judged."""
    named = "notificationUrl" if dialect.sink == "flat" else "webhook"
    if named not in body:
        return {}
    given = body if dialect.sink == "flat" else body[named]
    if not isinstance(given, dict):
        return {"sink": None}
    sink: JsonObject = {"sink": given.get("notificationUrl")}
    if "notificationAuthToken" not in given:
        return sink
    token, (fewest, most) = given["notificationAuthToken"], dialect.token
    credential = {
        "credentialType": "ACCESSTOKEN",
        "accessToken": token.removeprefix(_BEARER) if isinstance(token, str) and fewest <= len(token) <= most else None,
        "accessTokenExpiresUtc": _NEVER,
        "accessTokenType": "bearer",
    }
    return {**sink, "sinkCredential": credential}


def retrieval(body: Json) -> Json:
    """A retrieval as CAMARA 1.0 has it; what is no object passes as it is, to be refused."""
    return {**body, "device": device(body["device"])} if isinstance(body, dict) and "device" in body else body


def device_of_query(query: Mapping[str, str]) -> JsonObject:
    """The device that GET /sessions is asked about."""
    known = ("phoneNumber", "networkAccessIdentifier")
    identifiers: JsonObject = device({name: query[name] for name in known if name in query})
    return identifiers


def session(camara: JsonObject, dialect: Dialect, now: datetime) -> JsonObject:
    """A session as the dialect shows it; both times are required there, so they are foretold before it begins."""
    shown = {name: value for name, value in camara.items() if name not in ("sink", "statusInfo")}
    if sink := camara.get("sink"):
        told = {"notificationUrl": sink}
        shown |= told if dialect.sink == "flat" else {"webhook": told}
    started = moment(camara.get("startedAt")) or now
    expires = moment(camara.get("expiresAt")) or started + timedelta(seconds=camara["duration"])
    for name, when in (("startedAt", started), ("expiresAt", expires)):
        shown[name] = int(when.timestamp()) if dialect.times == "epoch" else rfc3339(when)
    return shown


def answer(status: int, body: Json, operation: str, dialect: Dialect, now: datetime) -> tuple[int, Json]:
    """Status and body as the dialect answers them."""
    if status >= 400:
        status = _STATUSES.get((operation, status), status)
        return status, {**body, "status": status} if isinstance(body, dict) else body
    if isinstance(body, list):
        return status, [session(item, dialect, now) for item in body]
    return status, session(body, dialect, now) if isinstance(body, dict) else body
