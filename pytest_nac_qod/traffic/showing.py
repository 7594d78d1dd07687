"""Rules on a session or an assignment as an answer shows it."""

from collections.abc import Iterator
from datetime import timedelta

from pytest_nac_qod.catalogue.basis import Strength
from pytest_nac_qod.checks import rules
from pytest_nac_qod.checks import session as checks
from pytest_nac_qod.foundation.jsontypes import JsonObject
from pytest_nac_qod.foundation.values import whole
from pytest_nac_qod.traffic.answers import sent_token
from pytest_nac_qod.traffic.lives import Course, Shown, Suspicion
from pytest_nac_qod.traffic.profiles import Bounds
from pytest_nac_qod.traffic.seen import APART, ApiCall
from pytest_nac_qod.traffic.tally import Tally
from pytest_nac_qod.verdicts import Violation
from pytest_nac_qod.wire.resources import Resource

_TIMES = ("$.startedAt", "$.expiresAt", "$.statusInfo")
_CHANGED_BY_EXTENSION = ("$.duration", "$.expiresAt")
_LATE = timedelta(minutes=1)  # after which a session that goes on is worth a warning
_RANKS = {"REQUESTED": 0, "AVAILABLE": 1, "UNAVAILABLE": 2}


def look(call: ApiCall, body: JsonObject, life: Course, tally: Tally, bounds: Bounds) -> None:
    """Judge one session or assignment that an answer shows, and remember how it was shown."""
    resource = call.resource
    if resource is None:
        return
    shown = Shown(call, body, body.get(resource.status))
    context = _context(shown, life, resource)
    granted = whole(body.get("duration"))
    if granted is not None and resource.noun == "session" and shown.status in ("REQUESTED", "AVAILABLE"):
        bounds.note(call, body.get("qosProfile"), granted, "granted")
    _by_itself(context, life, shown, tally)
    _after(life, shown, tally)
    _after_its_end(life, shown, tally)
    _in_time(life, shown, tally)
    if call.role != "create":
        _deleted(life, shown, tally)
    _confirm(life, shown, tally)
    _remember(life, shown)


def _context(shown: Shown, life: Course, resource: Resource) -> checks.SessionContext:
    call = shown.call
    sent = life.sent
    return checks.SessionContext(
        contract=call.contract,
        resource=resource,
        session=shown.body,
        sent=sent,
        now=call.date + timedelta(seconds=1) if call.date else call.exchange.answered,
        doubtful=lambda off: call.date is None or off <= APART,
    )


def _by_itself(context: checks.SessionContext, life: Course, shown: Shown, tally: Tally) -> None:
    call = shown.call
    described = [name for name in checks.PROPERTIES if context.clause(name.removeprefix("$.")) != context.clause()]
    times = [name for name in described if name in _TIMES]
    tally.look("nac_seen_times_fit", call, call.contract, checks.properties(context, times))
    if life.sent and life.sound:
        echoed = [name for name in described if name not in _TIMES]
        tally.look("nac_seen_as_requested", call, call.contract, checks.properties(context, echoed))
    if sent_token(life.sent) or "sinkCredential" in shown.body:
        tally.look("nac_seen_no_access_token", call, call.contract, checks.no_access_token(context))


def _after(life: Course, shown: Shown, tally: Tally) -> None:
    """It is shown as it was before."""
    before, call = life.latest, shown.call
    if before is None or not before.call.before(call):
        return
    extended = life.extension_since(before, call)
    violations = rules.unchanged(before.body, shown.body)
    if call.role == "extend" or extended:
        violations = [violation for violation in violations if violation.path not in _CHANGED_BY_EXTENSION]
    sure = [violation for violation in violations if violation.path not in _CHANGED_BY_EXTENSION]
    tally.look("nac_seen_shown_as_before", call, call.contract, sure)
    for violation in violations:
        if violation.path in _CHANGED_BY_EXTENSION:
            life.doubt(Suspicion("nac_seen_shown_as_before", call, violation))
    was, now = _RANKS.get(str(before.status)), _RANKS.get(str(shown.status))
    back = (
        [_was(call, str(before.status), str(shown.status))] if was is not None and now is not None and now < was else []
    )
    tally.look("nac_seen_status_never_goes_back", call, call.contract, back)


def _after_its_end(life: Course, shown: Shown, tally: Tally) -> None:
    """It is shown as what an event told that had come before it was asked for."""
    call = shown.call
    told = [notice for notice in life.notices if notice.status == "UNAVAILABLE" and notice.at.before(call.begun)]
    if told:
        alive = shown.status in ("AVAILABLE", "REQUESTED")
        wrong = [_was(call, "UNAVAILABLE, as an event told,", str(shown.status))] if alive else []
        tally.look("nac_seen_status_never_goes_back", call, call.contract, wrong, sure=False)


def _was(call: ApiCall, before: str, now: str) -> Violation:
    name = call.resource.status if call.resource else "status"
    return Violation(
        clause="", expected=f"$.{name} {before} as before, or what follows it", actual=now, path=f"$.{name}"
    )


def _in_time(life: Course, shown: Shown, tally: Tally) -> None:
    """It has not expired before its time, and has when that has come; by the clock of the target."""
    call, date, resource = shown.call, shown.call.date, shown.call.resource
    if date is None or resource is None or resource.noun != "session":
        return
    before = life.latest if life.latest and life.latest.call.before(call) else None
    lasting = before.expires if before and before.status == "AVAILABLE" else life.lasts_until
    if shown.body.get("statusInfo") == "DURATION_EXPIRED" and lasting:
        told = f"AVAILABLE until {lasting.isoformat()}"
        early = lasting - date
        tally.look("nac_seen_lasts", call, call.contract, _off(resource, told, "DURATION_EXPIRED", early, call))
    if shown.status == "AVAILABLE" and shown.expires and date > shown.expires:
        told = f"not AVAILABLE after expiresAt {shown.expires.isoformat()}"
        tally.look(
            "nac_seen_expires", call, call.contract, _off(resource, told, "AVAILABLE", date - shown.expires, call)
        )
    elif shown.status == "UNAVAILABLE" and before and before.expires and date > before.expires:
        tally.look("nac_seen_expires", call, call.contract)


def _off(resource: Resource, expected: str, actual: str, off: timedelta, call: ApiCall) -> Iterator[Violation]:
    """A state that is too early or too late: by more than clocks differ, or by so much that it is worth a warning."""
    if off > _LATE:
        at = call.date.isoformat() if call.date else ""
        severity: Strength = "must" if off > APART else "should"
        yield Violation(
            clause="", expected=expected, actual=f"{actual} at {at}", path=f"$.{resource.status}", severity=severity
        )


def _deleted(life: Course, shown: Shown, tally: Tally) -> None:
    """What was deleted is over."""
    call, resource = shown.call, shown.call.resource
    if life.deleted is None or resource is None or not life.deleted.before(call):
        return
    path = f"$.{resource.status}"
    going = shown.body.get("statusInfo") == "DELETE_REQUESTED"
    wrong = Violation(clause="", expected=f"{path} not AVAILABLE after the deletion", actual="AVAILABLE", path=path)
    available = shown.status == "AVAILABLE" and not going
    tally.look("nac_seen_ended_by_deletion", call, call.contract, [wrong] if available else [])
    if resource.noun == "session":
        kept = Violation(clause="", expected="no session after its deletion", actual=f"still shown as {shown.status}")
        tally.look("nac_seen_gone_after_deletion", call, call.contract, [kept])


def _confirm(life: Course, shown: Shown, tally: Tally) -> None:
    """It is alive, so all that was a breach if it was alive then is one; or it is over, and may have been then."""
    if shown.status not in ("AVAILABLE", "REQUESTED"):
        life.suspicions.clear()
        return
    sure = [item for item in life.suspicions if item.call.before(shown.call)]
    for suspicion in sure:
        life.suspicions.remove(suspicion)
        tally.look(suspicion.rule, suspicion.call, suspicion.call.contract, [suspicion.violation])


def _remember(life: Course, shown: Shown) -> None:
    life.first = life.first or shown
    if life.latest is None or life.latest.call.ended <= shown.call.ended:
        life.latest = shown
    if shown.status == "UNAVAILABLE" and life.ended is None:
        life.ended = shown
