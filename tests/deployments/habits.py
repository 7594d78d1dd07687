"""Habits of implementations as they are met in practice: each a small override of the independent server."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import reduce
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from tests.deployments import dialects
from tests.deployments.wire import Answer, Asked, error
from tests.deployments.world import GRANTS, Grant

if TYPE_CHECKING:
    from tests.deployments.network import Record

Json = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Habits:
    """What differs from one implementation to the next; the defaults are those of a correct one.

    Attributes:
        delay: seconds until the network provides a session or an assignment; None for never.
        clock_ahead: seconds.
        revocation: seconds that the revocation of an assignment takes; answered with 202 if any.
        deletes: kinds of records that a deletion ends.
        uuids: whether an id has to be one.
        grant: what a token stands for.
        before: may answer instead of the server.
        view: changes how a record is shown.
        after: changes answers.
        tell: changes an event; None for none.
        sink: where events of what was asked for this way go.
        prefix: of all paths.
        slash: at the end of all paths; the web framework redirects to it.
        unknown: body of the answer to a path or method that no API has.
    """

    delay: float | None = 0.05
    clock_ahead: float = 0.0
    revocation: float = 0.0
    deletes: tuple[str, ...] = ("session", "assignment")
    uuids: bool = True
    new_id: Callable[[], str] = lambda: str(uuid4())
    grant: Callable[[str | None], Grant | None] = lambda token: GRANTS.get(token or "")
    before: tuple[Callable[[Asked], Answer | None], ...] = ()
    view: tuple[Callable[["Record", Json], Json], ...] = ()
    after: tuple[Callable[[Asked, Answer], Answer], ...] = ()
    tell: Callable[[Json], Json | None] = lambda event: event
    sink: Callable[[Json], str] = lambda asked: str(asked["sink"])
    prefix: str = ""
    slash: str = ""
    unknown: Callable[[int, str], Json] = lambda status, code: error(status, code, "There is no such operation").body


# what is asked and answered


def _detail(_: Asked, answer: Answer) -> Answer:
    """FastAPI's defaults: errors in `detail`, 422 for what is not valid."""
    if answer.status < 400:
        return answer
    message = answer.body["message"]
    if answer.status == 400:
        return replace(answer, status=422, body={"detail": [{"loc": ["body"], "msg": message, "type": "value_error"}]})
    return replace(answer, body={"detail": message})


def _problem(_: Asked, answer: Answer) -> Answer:
    """Errors as RFC 9457 has them."""
    if answer.status < 400:
        return answer
    body = {"type": "about:blank", "title": answer.body["code"], "status": answer.status}
    body["detail"] = answer.body["message"]
    return replace(answer, body=body, headers={**answer.headers, "Content-Type": "application/problem+json"})


def _html_errors(_: Asked, answer: Answer) -> Answer:
    """Error pages of a web server."""
    if answer.status < 400:
        return answer
    page = f"<html><head><title>{answer.status}</title></head><body><h1>Error</h1></body></html>"
    return replace(answer, body=page, headers={**answer.headers, "Content-Type": "text/html"})


def _plain_text(_: Asked, answer: Answer) -> Answer:
    """JSON that calls itself text."""
    return replace(answer, headers={**answer.headers, "Content-Type": "text/plain; charset=utf-8"})


def _no_correlator(_: Asked, answer: Answer) -> Answer:
    """x-correlator is never sent back."""
    return replace(answer, headers={name: text for name, text in answer.headers.items() if name != "x-correlator"})


def _without_retrieve(asked: Asked) -> Answer | None:
    """The route is missing, so the web framework answers."""
    if "retrieve-" not in asked.operation:
        return None
    page = f"<!DOCTYPE html><html><body><pre>Cannot {asked.operation}</pre></body></html>"
    return Answer(status=404, body=page, headers={"Content-Type": "text/html; charset=utf-8"})


def _crash_on_ranges(asked: Asked) -> Answer | None:
    """Port ranges meet code that was never run."""
    body = asked.json
    if asked.operation != "POST /sessions" or not isinstance(body, dict):
        return None
    ports = [body.get("devicePorts"), body.get("applicationServerPorts")]
    if not any(isinstance(spec, dict) and "ranges" in spec for spec in ports):
        return None
    return Answer(status=500, body="Internal Server Error", headers={"Content-Type": "text/plain; charset=utf-8"})


def _created_is_200(_: Asked, answer: Answer) -> Answer:
    """200 for what was created."""
    return replace(answer, status=200) if answer.status == 201 else answer


def _deletion_is_202(asked: Asked, answer: Answer) -> Answer:
    """202 for a session that is deleted already."""
    done = asked.operation == "DELETE /sessions/{id}" and answer.status == 204
    return replace(answer, status=202) if done else answer


def _other_clients_404(_: Asked, answer: Answer) -> Answer:
    """What belongs to another client is not found, rather than forbidden."""
    if answer.status == 403 and "another client" in answer.body["message"]:
        return replace(error(404, "NOT_FOUND", "There is no such session"), headers=answer.headers)
    return answer


def _no_route(_: int, __: str) -> Json:
    """As API gateways say it."""
    return {"message": "no Route matched with those values"}


def _no_three_legged(token: str | None) -> Grant | None:
    """3-legged tokens are not known to this gateway."""
    grant = GRANTS.get(token or "")
    return None if grant and grant.device is not None else grant


def _no_code(_: Asked, answer: Answer) -> Answer:
    """Error objects without their code."""
    if answer.status < 400:
        return answer
    return replace(answer, body={name: value for name, value in answer.body.items() if name != "code"})


def _last_sink(habits: Habits) -> Habits:
    """One sink for all: that of the last creation."""
    last: list[str] = []

    def remember(asked: Asked, answer: Answer) -> Answer:
        if answer.status == 201 and "sink" in asked.json:
            last[:] = [asked.json["sink"]]
        return answer

    return replace(habits, after=(*habits.after, remember), sink=lambda _: last[0])


# how records are shown

_OPTIONAL = ("device", "devicePorts", "applicationServerPorts", "sink", "startedAt", "expiresAt", "statusInfo")
_TIMES = ("startedAt", "expiresAt")


def _nulls(_: "Record", shown: Json) -> Json:
    """null for what is absent."""
    return {**dict.fromkeys(_OPTIONAL), **shown}


def _naive(_: "Record", shown: Json) -> Json:
    """Times without a zone."""
    return {name: value[:-1] if name in _TIMES else value for name, value in shown.items()}


def _whole_seconds(_: "Record", shown: Json) -> Json:
    """Times without fractions."""
    return {name: f"{value[:19]}Z" if name in _TIMES else value for name, value in shown.items()}


def _whole_device(record: "Record", shown: Json) -> Json:
    """All identifiers of the device are sent back."""
    return {**shown, "device": record.asked["device"]} if "device" in record.asked else shown


def _vendor(record: "Record", shown: Json) -> Json:
    """Properties of the vendor's own."""
    return {**shown, "x-vendor": {"cell": 4711}, "createdAt": record.created.isoformat(), "links": []}


HABITS: Mapping[str, Callable[[Habits], Habits]] = {
    "available after 3 s": lambda habits: replace(habits, delay=3.0),
    "never available": lambda habits: replace(habits, delay=None),
    "available at once": lambda habits: replace(habits, delay=0.0),
    "sessions stay": lambda habits: replace(habits, deletes=("assignment",)),
    "another base path": lambda habits: replace(habits, prefix="/gateway/api", unknown=_no_route),
    "tokens never checked": lambda habits: replace(habits, grant=lambda _: Grant("anybody")),
    "3-legged tokens refused": lambda habits: replace(habits, grant=_no_three_legged),
    "clock five hours ahead": lambda habits: replace(habits, clock_ahead=5 * 3600.0),
    "asynchronous revocation": lambda habits: replace(habits, revocation=1.0),
    "ids that are no UUID": lambda habits: replace(habits, uuids=False, new_id=lambda: f"s-{uuid4().int % 10**12}"),
    "errors in detail": lambda habits: replace(habits, after=(*habits.after, _detail)),
    "problem details": lambda habits: replace(habits, after=(*habits.after, _problem)),
    "error pages": lambda habits: replace(habits, after=(*habits.after, _html_errors)),
    "no code": lambda habits: replace(habits, after=(*habits.after, _no_code)),
    "text/plain": lambda habits: replace(habits, after=(*habits.after, _plain_text)),
    "no x-correlator": lambda habits: replace(habits, after=(*habits.after, _no_correlator)),
    "200 for creations": lambda habits: replace(habits, after=(*habits.after, _created_is_200)),
    "202 for deletions": lambda habits: replace(habits, after=(*habits.after, _deletion_is_202)),
    "404 for another client": lambda habits: replace(habits, after=(*habits.after, _other_clients_404)),
    "one sink for all": _last_sink,
    "no retrieve": lambda habits: replace(habits, before=(*habits.before, _without_retrieve)),
    "extension not implemented": lambda habits: replace(habits, before=(*habits.before, dialects.no_extension)),
    "crash on port ranges": lambda habits: replace(habits, before=(*habits.before, _crash_on_ranges)),
    "slashes at the end": lambda habits: replace(habits, slash="/"),
    "nulls": lambda habits: replace(habits, view=(*habits.view, _nulls)),
    "times without zone": lambda habits: replace(habits, view=(*habits.view, _naive)),
    "whole seconds": lambda habits: replace(habits, view=(*habits.view, _whole_seconds)),
    "all identifiers": lambda habits: replace(habits, view=(*habits.view, _whole_device)),
    "vendor's properties": lambda habits: replace(habits, view=(*habits.view, _vendor)),
}

_AFTER = {
    "errors as plain text": dialects.plain_errors,
    "errors in error": dialects.nested_errors,
    "202 for creations": dialects.creation_is_202,
    "403 for unauthenticated": dialects.forbidden_for_unauthenticated,
    "crash on what is not valid": dialects.crash_on_invalid,
    "BAD_REQUEST": dialects.bad_request,
    "x-correlator of its own": dialects.own_correlator,
    "404 for an empty list": dialects.nothing_is_404,
    "null for an empty list": dialects.null_lists,
    "wrapped in data": dialects.wrapped,
    "snake_case": dialects.snake_case,
}
_VIEW = {
    "status in lower case": dialects.lower_case_status,
    "times since 1970": dialects.epoch_times,
    "durations as text": dialects.text_durations,
    "times with an offset": dialects.offset_times,
    "no expiresAt": dialects.no_expiry,
}
_TELL = {
    "no events": lambda _: None,
    "events of another type": dialects.untyped_event,
    "events without attributes": dialects.bare_event,
}


def habit(name: str, base: Habits) -> Habits:
    """The same with one habit more."""
    if name in _AFTER:
        return replace(base, after=(*base.after, _AFTER[name]))
    if name in _VIEW:
        return replace(base, view=(*base.view, _VIEW[name]))
    if name in _TELL:
        return replace(base, tell=_TELL[name])
    return HABITS[name](base)


def habits(names: list[str]) -> Habits:
    """All of these habits together."""
    return reduce(lambda combined, name: habit(name, combined), names, Habits())
