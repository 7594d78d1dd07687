"""Rules on what a client asks for, given what the traffic has shown of sessions and assignments before."""

import json
from collections.abc import Iterator
from datetime import timedelta

from pytest_nac_qod.checks.answer import answered, described, outcome_of, quoted
from pytest_nac_qod.foundation.jsontypes import JsonObject
from pytest_nac_qod.foundation.values import whole
from pytest_nac_qod.traffic import showing
from pytest_nac_qod.traffic.concurrency import at_once
from pytest_nac_qod.traffic.concurrency.at_once import Races
from pytest_nac_qod.traffic.knowledge.ownership import owner
from pytest_nac_qod.traffic.lives import FLOW, Course, Lives, Suspicion
from pytest_nac_qod.traffic.profiles import Bounds
from pytest_nac_qod.traffic.seen import ApiCall
from pytest_nac_qod.traffic.tally import Tally
from pytest_nac_qod.verdicts import Violation

_RETAINED = timedelta(seconds=360)


def look(call: ApiCall, lives: Lives, races: Races, tally: Tally, bounds: Bounds) -> None:
    """Judge a call about sessions or assignments."""
    match call.role:
        case "create":
            races.see(call, lives, tally)
            _create(call, lives, tally, bounds)
        case "retrieve":
            _retrieve(call, lives, tally, bounds)
        case "read" | "extend" | "delete":
            _about_one(call, lives, races, tally, bounds)


def _create(call: ApiCall, lives: Lives, tally: Tally, bounds: Bounds) -> None:
    resource, body = call.resource, call.body
    if resource is None:
        return
    _conflict(call, lives, tally)
    if not call.success:
        return
    wanted = whole(call.sent.get("duration"))
    if wanted is not None and resource.noun == "session":
        bounds.note(call, call.sent.get("qosProfile"), wanted, "asked for")
    key = body.get(resource.id) if isinstance(body, dict) else None
    if not isinstance(key, str) or not key or not isinstance(body, dict):
        return
    life = lives.of(call.base_url, call.contract.api, key)
    if life.created is not None and _sent_again(life.created, call):
        return
    again = life.first is not None and (life.first.call.before(call) or at_once.made(life.created, call))
    wrong = Violation(
        clause="", expected=f"$.{resource.id} of its own", actual=f"{quoted(key)}, which was there before"
    )
    tally.look("nac_seen_id_is_its_own", call, call.contract, [wrong] if again else [])
    if again:
        life = lives.anew(call.base_url, call.contract.api, key)
    pointer = call.contract.request_pointer(resource.create)
    life.created = call
    life.sound = not (pointer and call.contract.validate(call.sent, pointer, direction="request"))
    lives.place(life)
    at_once.note(call, life)
    showing.look(call, body, life, tally, bounds)


def _conflict(call: ApiCall, lives: Lives, tally: Tally) -> None:
    """What is there for the same device and flow is in the way of another one."""
    for other in lives.for_device(call) if call.success or call.status == 409 else ():
        again = isinstance(call.body, dict) and other.key in call.body.values()
        if again or not _in_the_way(other, call):
            continue
        if not call.success:
            tally.look("nac_seen_one_for_a_flow", call, call.contract)
            continue
        expected = f"409 CONFLICT, since {other.key} is there for the same device and flow"
        wrong = Violation(clause="", expected=expected, actual=described(call.exchange), path="$.code")
        other.suspect(Suspicion("nac_seen_one_for_a_flow", call, wrong))


def _sent_again(first: ApiCall, call: ApiCall) -> bool:
    """Whether a request was sent once more, as proxies and clients do where no answer came, and answered as before."""
    correlators = {other.exchange.request.header("x-correlator") for other in (first, call)}
    return len(correlators) == 1 and None not in correlators and first.sent == call.sent


def _in_the_way(life: Course, call: ApiCall) -> bool:
    """Whether what is there is for the same device and, where that counts, for the same flow, of the same client."""
    if life.created is None or not life.created.same_client(call) or not life.alive(call):
        return False
    names = FLOW if call.resource and call.resource.noun == "session" else FLOW[:1]
    return all(life.sent.get(name) == call.sent.get(name) for name in names)


def _about_one(call: ApiCall, lives: Lives, races: Races, tally: Tally, bounds: Bounds) -> None:
    """A call that names what it is about."""
    life = lives.of(call.base_url, call.contract.api, call.key)
    body = call.body if isinstance(call.body, dict) else {}
    at_once.note(call, life)
    owner(call, life, tally)
    before = life.latest
    alone = call.role == "extend" and before is not None and not life.extension_since(before, call)
    if call.role == "extend" and not call.refused:
        life.extend(call)
    if call.success:
        _there(call, life, tally)
        if alone:
            _extended(call, life, body, tally, bounds)
        if body and call.resource and body.get(call.resource.id) == call.key:
            showing.look(call, body, life, tally, bounds)
        elif body and call.resource and call.role == "read":
            _another(call, body, tally)
    elif call.status == 404:
        _missing(call, life, tally)
    if call.role == "delete" and call.status == 202 and body:
        _under_way(call, body, tally)
    if call.role == "delete" and not call.refused:
        life.ending = life.ending or call
        races.release(life, call)
        life.suspicions = [item for item in life.suspicions if item.call.before(call)]
        if call.status == 204 and life.deleted is None:
            life.deleted = call
            lives.displace(life)


def _under_way(call: ApiCall, body: JsonObject, tally: Tally) -> None:
    """A revocation that takes time is answered with what is still AVAILABLE, and says so."""
    shown = (body.get("status"), body.get("statusInfo"))
    wrong = Violation(
        clause="",
        expected="$.status AVAILABLE with $.statusInfo DELETE_REQUESTED",
        actual=quoted(repr(shown)),
        path="$.statusInfo",
    )
    fits = shown == ("AVAILABLE", "DELETE_REQUESTED")
    tally.look("nac_seen_revocation_under_way", call, call.contract, [] if fits else [wrong])


def _another(call: ApiCall, body: JsonObject, tally: Tally) -> None:
    resource = call.resource
    key = body.get(resource.id) if resource else None
    if resource and isinstance(key, str):
        path = f"$.{resource.id}"
        wrong = Violation(clause="", expected=f"{path} {call.key!r}", actual=quoted(repr(key)), path=path)
        tally.look("nac_seen_shown_as_before", call, call.contract, [wrong])


def _there(call: ApiCall, life: Course, tally: Tally) -> None:
    """What had to be there was."""
    if life.created is not None and life.created.same_client(call):
        if life.alive(call):
            tally.look("nac_seen_found_while_alive", call, call.contract)
        if life.ended and life.ended.body.get("statusInfo") == "NETWORK_TERMINATED":
            tally.look("nac_seen_kept_once_terminated", call, call.contract)


def _missing(call: ApiCall, life: Course, tally: Tally) -> None:
    """A 404 about something that has to be there, or has to be gone."""
    if life.deleted is not None and life.deleted.before(call) and call.role != "delete":
        tally.look("nac_seen_ended_by_deletion", call, call.contract)
        tally.look("nac_seen_gone_after_deletion", call, call.contract)
    if life.created is None or not life.created.same_client(call):
        return
    wrong = Violation(clause="", expected="not 404", actual=described(call.exchange), path="$.code")
    if life.alive(call):
        expected = "an answer other than 404, since it was created and has neither ended nor been deleted"
        wrong = Violation(clause="", expected=expected, actual=wrong.actual, path="$.code")
        life.suspect(Suspicion("nac_seen_found_while_alive", call, wrong))
    ended = life.ended
    if (
        ended
        and life.ending is None
        and ended.body.get("statusInfo") == "NETWORK_TERMINATED"
        and ended.call.before(call)
    ):
        date, since = call.date, ended.call.date
        if date and since and date - since < _RETAINED:
            seconds = int((date - since).total_seconds())
            expected = f"200 for 360 s, since the network ended it {seconds} s ago at most"
            first = life.latest is not None and life.latest.call.date is not None and _recent(life, call)
            wrong = Violation(clause="", expected=expected, actual=wrong.actual, path="$.code")
            tally.look("nac_seen_kept_once_terminated", call, call.contract, [wrong] if first else [], sure=False)


def _recent(life: Course, call: ApiCall) -> bool:
    """Whether it ended so lately that it has to be there: it was alive less than 360 seconds ago."""
    return any(
        shown is not None
        and shown.status != "UNAVAILABLE"
        and shown.call.date
        and call.date
        and call.date - shown.call.date < _RETAINED
        for shown in (life.first, life.latest)
    ) or any(
        notice.status == "UNAVAILABLE" and notice.time and call.date and call.date - notice.time < _RETAINED
        for notice in life.notices
    )


def _extended(call: ApiCall, life: Course, body: JsonObject, tally: Tally, bounds: Bounds) -> None:
    """An extension of a session of which it is known how long it was."""
    before = life.latest
    if before is None or not before.call.before(call):
        return
    refused = Violation(
        clause="", expected="409, since it is not AVAILABLE", actual=described(call.exchange), path="$.code"
    )
    over = before.status == "UNAVAILABLE"
    tally.look("nac_seen_extension_of_available", call, call.contract, [refused] if over else [])
    if body.get("qosStatus") in ("REQUESTED", "UNAVAILABLE") and not over:
        tally.look("nac_seen_extension_of_available", call, call.contract, [refused], sure=False)
    was, now, added = (
        whole(item.get(name))
        for item, name in ((before.body, "duration"), (body, "duration"), (call.sent, "requestedAdditionalDuration"))
    )
    if was is None or now is None or added is None or added <= 0:
        return
    _, longest = bounds.of(call.contract.api, body.get("qosProfile"))
    life.capped = life.capped or (longest is not None and now >= longest)
    shorter = Violation(clause="", expected=f"$.duration more than {was}", actual=str(now), path="$.duration")
    tally.look("nac_seen_extension_counts_from_before", call, call.contract, [shorter] if now < was else [])
    if now > was + added or (now < was + added and longest is not None and now < min(longest, was + added)):
        sum_of = Violation(
            clause="", expected=f"$.duration {was} + {added} = {was + added}", actual=str(now), path="$.duration"
        )
        life.doubt(Suspicion("nac_seen_extension_adds", call, sum_of))
    elif longest is not None or now == was + added:
        tally.look("nac_seen_extension_adds", call, call.contract)


def _retrieve(call: ApiCall, lives: Lives, tally: Tally, bounds: Bounds) -> None:
    """What a device has."""
    resource = call.resource
    if resource is None or not (call.success or call.status == 404):
        return
    _empty(call, tally)
    body = call.body if call.success else []
    items = [item for item in (body if isinstance(body, list) else [body]) if isinstance(item, dict)]
    keys = {item.get(resource.id) for item in items}
    for item in items:
        key = item.get(resource.id)
        if isinstance(key, str) and key:
            life = lives.of(call.base_url, call.contract.api, key)
            owner(call, life, tally)
            showing.look(call, item, life, tally, bounds)
            tally.look("nac_seen_listed_for_its_device", call, call.contract, _of_another_device(call, life, item))
    if not (call.success and not isinstance(body, list if resource.noun == "session" else dict)):
        _unlisted(call, lives, keys, tally)


def _of_another_device(call: ApiCall, life: Course, item: JsonObject) -> Iterator[Violation]:
    """A session that is known to be of another device: by the same kind of identifier, with another value."""
    asked = call.sent.get("device")
    for device in (item.get("device"), life.sent.get("device")):
        if not isinstance(asked, dict) or not isinstance(device, dict):
            continue
        kinds = asked.keys() & device.keys()
        if kinds and all(device[kind] != asked[kind] for kind in kinds):
            expected = f"$[*].device {quoted(json.dumps(asked))}"
            yield Violation(clause="", expected=expected, actual=quoted(json.dumps(device)), path="$[*].device")
            return


def _unlisted(call: ApiCall, lives: Lives, keys: set[object], tally: Tally) -> None:
    """What was created for this device by the same identifier, by this client, is found."""
    for life in lives.for_device(call):
        if life.created is not None and life.created.other_client(call) and life.key not in keys:
            tally.look("nac_seen_own_client_only", call, call.contract)
        if life.created is None or not life.created.same_client(call) or not _named_alike(life, call):
            continue
        if life.key in keys:
            tally.look("nac_seen_listed_while_alive", call, call.contract)
        elif life.alive(call):
            expected = f"{life.key} among what the device has, since it has neither ended nor been deleted"
            actual = f"{len(keys)} others" if keys else "nothing"
            wrong = Violation(clause="", expected=expected, actual=actual)
            life.suspect(Suspicion("nac_seen_listed_while_alive", call, wrong))


def _named_alike(life: Course, call: ApiCall) -> bool:
    """Whether a request names the device as the creation did, or as the answer to it does."""
    shown = life.latest.body.get("device") if life.latest else None
    return call.sent.get("device") in (life.sent.get("device"), shown or life.sent.get("device"))


def _empty(call: ApiCall, tally: Tally) -> None:
    """That there are no sessions is said by an empty list, not by a 404 about nothing in particular."""
    if call.resource is not None and call.resource.noun == "session":
        nothing = call.status == 404 and outcome_of(answered(call.exchange)).code == "NOT_FOUND"
        wrong = Violation(clause="", expected="200 and an empty list", actual=described(call.exchange), path="$.code")
        tally.look("nac_seen_nothing_is_an_empty_list", call, call.contract, [wrong] if nothing else [])
