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
APART = timedelta(minutes=15)  # by which clocks may differ, nobody knowing whose is wrong
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
        doubtful: whether a time that is off by so much may be right by the target's clock.
    """

    contract: Contract
    resource: Resource
    session: JsonObject
    sent: JsonObject
    now: datetime
    shortest: int | None = None
    longest: int | None = None
    doubtful: Callable[[timedelta], bool] = lambda off: off <= APART

    @property
    def status(self) -> Json:
        """REQUESTED, AVAILABLE or UNAVAILABLE, as the object says."""
        return self.session.get(self.resource.status)

    def clause(self, *names: str) -> str:
        """Where the contract describes the property that `names` lead to."""
        return self.contract.api + property_pointer(self.contract, self.resource.schema, *names)

    def violation(self, name: str, expected: str, actual: Json, basis: str) -> Violation:
        """A violation at the property `name`, by a check that rests on `basis`."""
        return Violation(
            clause=self.clause(name),
            expected=f"$.{name} {expected}",
            actual="absent" if actual is _ABSENT else quoted(repr(actual)),
            path=f"$.{name}",
            value=None if actual is _ABSENT else actual,
            basis=basis,
        )


def echoed(name: str) -> Callable[[SessionContext], list[Violation]]:
    """Make the check that a property is returned as sent, and absent if it was not sent (`Resource/properties`)."""

    def check(context: SessionContext) -> list[Violation]:
        sent, got = context.sent.get(name, _ABSENT), context.session.get(name, _ABSENT)
        if got == sent or (sent is _ABSENT and got is _ABSENT):
            return []
        expected = "absent, as in the request" if sent is _ABSENT else f"{sent!r} as in the request"
        return [context.violation(name, quoted(expected), got, "echoed_property")]

    return check


def device(context: SessionContext) -> list[Violation]:
    """One of several identifiers as it was sent, one or none of one, and none where none was sent.

    Where the schema does not limit them to one, all of them as they were sent are what a step of the scenario asks for.
    """
    sent, got = context.sent.get("device"), context.session.get("device", _ABSENT)
    if not isinstance(sent, dict) or not sent:
        expected = "absent, as in the request"
        return [] if got is _ABSENT else [context.violation("device", expected, got, "device_not_sent")]
    if got is _ABSENT:
        expected = "with one of the identifiers sent"
        return [context.violation("device", expected, got, "device_missing")] if len(sent) > 1 else []
    if got == sent and len(sent) > 1 and not _one_identifier(context):
        return [context.violation("device", "with exactly one of the identifiers sent", "all of them", "device_whole")]
    if isinstance(got, dict) and len(got) == 1 and all(sent.get(name) == value for name, value in got.items()):
        return []
    expected = f"with exactly one identifier as sent: {quoted(repr(sent))}"
    return [context.violation("device", expected, got, "device_one_identifier")]


def _one_identifier(context: SessionContext) -> bool:
    """Whether the schema of a device in answers says maxProperties: 1, as it does in newer releases."""
    pointer = property_pointer(context.contract, context.resource.schema, "device")
    schema = context.contract.resolved(pointer)[1]
    parts = [
        schema,
        *(context.contract.resolved(f"{pointer}/allOf/{n}")[1] for n in range(len(schema.get("allOf", [])))),
    ]
    inner = [part for outer in parts for part in outer.get("allOf", [])]
    return any(part.get("maxProperties") == 1 for part in [*parts, *inner])


def _time(context: SessionContext, name: str) -> tuple[datetime | None, list[Violation]]:
    """A time that exists only once the session is AVAILABLE, and what is wrong with it."""
    status, got = context.status, context.session.get(name, _ABSENT)
    if got is _ABSENT:
        missing = [context.violation(name, "present while AVAILABLE", got, "times_while_available")]
        return None, missing if status == "AVAILABLE" else []
    if status == "REQUESTED":
        return None, [context.violation(name, "absent while REQUESTED", got, "times_while_requested")]
    parsed = moment(got)
    if parsed is None:
        return None, [context.violation(name, "an RFC 3339 date-time with a zone", got, "time_format")]
    return parsed, []


def started_at(context: SessionContext) -> list[Violation]:
    """Forbidden while REQUESTED, and never in the future."""
    started, wrong = _time(context, "startedAt")
    if started is None or started <= context.now + SKEW:
        return wrong
    expected = f"not after {context.now.isoformat()}"
    basis = "clocks_apart" if context.doubtful(started - context.now) else "started_in_the_past"
    return [context.violation("startedAt", expected, context.session["startedAt"], basis)]


def expires_at(context: SessionContext) -> list[Violation]:
    """Forbidden while REQUESTED, and as far behind startedAt as the duration says."""
    expires, wrong = _time(context, "expiresAt")
    started = moment(context.session.get("startedAt"))
    if expires is None or started is None:
        return wrong
    over_at_once = expires == started and context.status == "UNAVAILABLE"  # within one second, given in whole ones
    if expires <= started and not over_at_once:
        expected = f"later than startedAt {started.isoformat()}"
        return [context.violation("expiresAt", expected, context.session["expiresAt"], "expiry_after_start")]
    return _duration_between(context, started, expires)


def _duration_between(context: SessionContext, started: datetime, expires: datetime) -> list[Violation]:
    seconds = whole(context.session.get("duration"))
    between = (expires - started).total_seconds()
    if seconds is None or between - ROUNDING <= seconds <= between + ROUNDING:
        return []
    expected = f"startedAt plus the duration of {quoted(str(seconds))} s{_at(started, seconds)}"
    return [context.violation("expiresAt", expected, context.session["expiresAt"], "expiry_by_duration")]


def _at(started: datetime, seconds: int) -> str:
    """That moment in words; empty if it is beyond the calendar."""
    try:
        return f": {(started + timedelta(seconds=seconds)).isoformat()}"
    except OverflowError:
        return ""


def status_info(context: SessionContext) -> list[Violation]:
    """There is a statusInfo only while UNAVAILABLE, or while an assignment is being deleted.

    Clause: `#/components/schemas/StatusInfo`.
    """
    status, got = context.status, context.session.get("statusInfo", _ABSENT)
    deleting = context.resource.noun == "assignment" and got == "DELETE_REQUESTED"
    if got is _ABSENT or status == "UNAVAILABLE" or deleting:
        return []
    expected = f"absent while {quoted(str(status))}"
    return [context.violation("statusInfo", expected, got, "status_info_when_unavailable")]


def duration(context: SessionContext) -> list[Violation]:
    """The duration, in seconds, is within the bounds of the profile, unless the session has ended.

    A session that has ended shows how long it lasted, which may be less than the minimum. Clauses: `minDuration` and
    `maxDuration` of `qos-profiles#/components/schemas/QosProfile/properties`.
    """
    got = whole(context.session.get("duration"))
    if got is None or context.status == "UNAVAILABLE":
        return []
    if context.longest is not None and got > context.longest:
        expected = f"at most {context.longest} s, the maximum of the profile"
        return [context.violation("duration", expected, got, "duration_maximum")]
    if context.shortest is not None and got < context.shortest:
        expected = f"at least {context.shortest} s, the minimum of the profile"
        return [context.violation("duration", expected, got, "duration_minimum")]
    return []


def no_access_token(context: SessionContext) -> list[Violation]:
    """The access token of a sink credential should not be returned; the rest of the credential may be.

    A warning, since no document forbids it: see the reading `access_token_never_returned`.
    """
    credential = context.session.get("sinkCredential")
    if not isinstance(credential, dict) or "accessToken" not in credential:
        return []
    clause, path = context.clause("sinkCredential"), "$.sinkCredential.accessToken"
    expected = f"{path} not returned"
    shown = Violation(clause=clause, expected=expected, actual="returned", path=path, basis="access_token")
    return [shown.excused(readings()["access_token_never_returned"].texts)]


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
    """Every check of a session or an assignment beyond its schema."""
    described = [name for name in PROPERTIES if context.clause(name.removeprefix("$.")) != context.clause()]
    return [*properties(context, described), *duration(context), *no_access_token(context)]
