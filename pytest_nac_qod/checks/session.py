"""Checks on a session or an assignment: against the request that created it, and of its times against its status."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from pytest_nac_qod.catalogue import readings
from pytest_nac_qod.checks.answer import quoted
from pytest_nac_qod.contracts import Contract
from pytest_nac_qod.contracts.locating import property_pointer
from pytest_nac_qod.foundation.jsontypes import Json, JsonObject
from pytest_nac_qod.foundation.values import moment, whole
from pytest_nac_qod.verdicts import Violation
from pytest_nac_qod.wire.resources import Resource

SKEW = timedelta(seconds=5)  # between the target's clock and ours
ROUNDING = 1  # second, since times may be given in whole ones
_ABSENT = object()


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionContext:
    """What a session object is held against.

    Attributes:
        contract: gives the clauses, and says how much of a device comes back.
        resource: what the object is, a session or an assignment.
        session: the object that the target returned.
        sent: the request body that created it.
        now: when the answer came, aware.
        longest: upper bound of the profile's duration in seconds, or None when unknown.
        shortest: lower bound in seconds, or None.
    """

    contract: Contract
    resource: Resource
    session: JsonObject
    sent: JsonObject
    now: datetime
    shortest: int | None = None
    longest: int | None = None

    @property
    def status(self) -> Json:
        """REQUESTED, AVAILABLE or UNAVAILABLE, as the object says."""
        return self.session.get(self.resource.status)

    def clause(self, *names: str) -> str:
        """Where the contract describes the property that `names` lead to."""
        return self.contract.api + property_pointer(self.contract, self.resource.schema, *names)

    def violation(self, name: str, expected: str, actual: Json) -> Violation:
        """A violation at the property `name`."""
        return Violation(
            clause=self.clause(name),
            expected=f"$.{name} {expected}",
            actual="absent" if actual is _ABSENT else quoted(repr(actual)),
            path=f"$.{name}",
            value=None if actual is _ABSENT else actual,
        )


def echoed(name: str) -> Callable[[SessionContext], list[Violation]]:
    """Check that the property comes back exactly as sent, and does not appear when it was not sent."""

    def check(context: SessionContext) -> list[Violation]:
        sent, got = context.sent.get(name, _ABSENT), context.session.get(name, _ABSENT)
        if got == sent or (sent is _ABSENT and got is _ABSENT):
            return []
        expected = "absent, as in the request" if sent is _ABSENT else f"{sent!r} as in the request"
        return [context.violation(name, quoted(expected), got)]

    return check


def device(context: SessionContext) -> list[Violation]:
    """The device as it was sent; where the contract allows one identifier only, one of several, one or none of one."""
    sent, got = context.sent.get("device"), context.session.get("device", _ABSENT)
    if not _one_identifier(context):
        return echoed("device")(context)
    if got is _ABSENT:
        several = isinstance(sent, dict) and len(sent) > 1
        return [context.violation("device", "with one of the identifiers sent", got)] if several else []
    if not sent:
        return [context.violation("device", "absent, as in the request", got)]
    if isinstance(got, dict) and len(got) == 1 and all(sent.get(name) == value for name, value in got.items()):
        return []
    return [context.violation("device", f"with exactly one identifier as sent: {quoted(repr(sent))}", got)]


def _one_identifier(context: SessionContext) -> bool:
    """Whether the schema of a device in answers says maxProperties: 1, as it does from r3.2."""
    pointer = property_pointer(context.contract, context.resource.schema, "device")
    schema = context.contract.resolved(pointer)[1]
    parts = [
        schema,
        *(context.contract.resolved(f"{pointer}/allOf/{n}")[1] for n in range(len(schema.get("allOf", [])))),
    ]
    inner = [part for one in parts for part in one.get("allOf", [])]
    return any(part.get("maxProperties") == 1 for part in [*parts, *inner])


def started_at(context: SessionContext) -> list[Violation]:
    """Required while AVAILABLE, forbidden while REQUESTED, and never in the future."""
    status, got = context.status, context.session.get("startedAt", _ABSENT)
    if status == "REQUESTED":
        return [] if got is _ABSENT else [context.violation("startedAt", "absent while REQUESTED", got)]
    if got is _ABSENT:
        missing = status == "AVAILABLE"
        return [context.violation("startedAt", "present while AVAILABLE", got)] if missing else []
    started = moment(got)
    if started is None:
        return [context.violation("startedAt", "an RFC 3339 date-time with a zone", got)]
    if started > context.now + SKEW:
        return [context.violation("startedAt", f"not after {context.now.isoformat()}", got)]
    return []


def expires_at(context: SessionContext) -> list[Violation]:
    """Forbidden while REQUESTED, required otherwise, and as far behind startedAt as the duration says."""
    status, got = context.status, context.session.get("expiresAt", _ABSENT)
    if status == "REQUESTED":
        return [] if got is _ABSENT else [context.violation("expiresAt", "absent while REQUESTED", got)]
    if got is _ABSENT:
        missing = status == "AVAILABLE"
        return [context.violation("expiresAt", "present while AVAILABLE", got)] if missing else []
    expires, started = moment(got), moment(context.session.get("startedAt"))
    if expires is None:
        return [context.violation("expiresAt", "an RFC 3339 date-time with a zone", got)]
    if started is None:
        return []
    over_at_once = expires == started and status == "UNAVAILABLE"  # within one second, given in whole ones
    if expires <= started and not over_at_once:
        return [context.violation("expiresAt", f"later than startedAt {started.isoformat()}", got)]
    return _duration_between(context, started, expires)


def _duration_between(context: SessionContext, started: datetime, expires: datetime) -> list[Violation]:
    seconds = whole(context.session.get("duration"))
    between = (expires - started).total_seconds()
    if seconds is None or between - ROUNDING <= seconds <= between + ROUNDING:
        return []
    expected = f"startedAt plus the duration of {quoted(str(seconds))} s{_at(started, seconds)}"
    return [context.violation("expiresAt", expected, context.session["expiresAt"])]


def _at(started: datetime, seconds: int) -> str:
    """When that is, in words; nothing where no calendar reaches."""
    try:
        return f": {(started + timedelta(seconds=seconds)).isoformat()}"
    except OverflowError:
        return ""


def status_info(context: SessionContext) -> list[Violation]:
    """Only what is UNAVAILABLE has a statusInfo, or an assignment whose deletion is under way."""
    status, got = context.status, context.session.get("statusInfo", _ABSENT)
    deleting = context.resource.noun == "assignment" and got == "DELETE_REQUESTED"
    if got is _ABSENT or status == "UNAVAILABLE" or deleting:
        return []
    return [context.violation("statusInfo", f"absent while {quoted(str(status))}", got)]


def duration(context: SessionContext) -> list[Violation]:
    """Granted within the bounds of the profile, unless the session has ended and tells its effective duration."""
    got = whole(context.session.get("duration"))
    if got is None or context.status == "UNAVAILABLE":
        return []
    if context.longest is not None and got > context.longest:
        return [context.violation("duration", f"at most {context.longest} s, the maximum of the profile", got)]
    if context.shortest is not None and got < context.shortest:
        return [context.violation("duration", f"at least {context.shortest} s, the minimum of the profile", got)]
    return []


def no_access_token(context: SessionContext) -> list[Violation]:
    """The access token of a sink credential should stay with the target; the rest of the credential may come back.

    A warning, since no document forbids it: see the reading `access_token_never_returned`.
    """
    credential = context.session.get("sinkCredential")
    if not isinstance(credential, dict) or "accessToken" not in credential:
        return []
    clause, path = context.clause("sinkCredential"), "$.sinkCredential.accessToken"
    found = Violation(clause=clause, expected=f"{path} not returned", actual="returned", path=path)
    return [found.excused(readings()["access_token_never_returned"].texts)]


PROPERTIES: Mapping[str, Callable[[SessionContext], list[Violation]]] = {
    "$.device": device,
    "$.applicationServer": echoed("applicationServer"),
    "$.qosProfile": echoed("qosProfile"),
    "$.devicePorts": echoed("devicePorts"),
    "$.applicationServerPorts": echoed("applicationServerPorts"),
    "$.sink": echoed("sink"),
    "$.startedAt": started_at,
    "$.expiresAt": expires_at,
    "$.statusInfo": status_info,
}
UNCHANGING = ("$.device", "$.applicationServer", "$.qosProfile", "$.devicePorts", "$.applicationServerPorts", "$.sink")


def properties(context: SessionContext, names: Iterable[str]) -> list[Violation]:
    """Violations of the named properties, `$.startedAt` and so on."""
    return [violation for name in names for violation in PROPERTIES[name](context)]


def all_of(context: SessionContext) -> list[Violation]:
    """Everything that a session or an assignment has to satisfy beyond its schema."""
    described = [name for name in PROPERTIES if context.clause(name.removeprefix("$.")) != context.clause()]
    return [*properties(context, described), *duration(context), *no_access_token(context)]
