"""More habits in what is answered: other statuses, codes, spellings and shapes."""

import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from tests.deployments.wire import Answer, Asked

if TYPE_CHECKING:
    from tests.deployments.network import Record

Json = dict[str, Any]


def plain_errors(_: Asked, answer: Answer) -> Answer:
    """Errors in a few words of text."""
    if answer.status < 400:
        return answer
    text = {"Content-Type": "text/plain; charset=utf-8"}
    return replace(answer, body=answer.body["message"], headers={**answer.headers, **text})


def nested_errors(_: Asked, answer: Answer) -> Answer:
    """The error object within another one."""
    return replace(answer, body={"error": answer.body}) if answer.status >= 400 else answer


def creation_is_202(_: Asked, answer: Answer) -> Answer:
    """202 for what is created."""
    return replace(answer, status=202) if answer.status == 201 else answer


def forbidden_for_unauthenticated(_: Asked, answer: Answer) -> Answer:
    """403 for a token that is missing or unknown."""
    return replace(answer, status=403, body={**answer.body, "status": 403}) if answer.status == 401 else answer


def crash_on_invalid(_: Asked, answer: Answer) -> Answer:
    """What is not valid is an exception that nobody catches."""
    if answer.status != 400:
        return answer
    body = {"status": 500, "code": "INTERNAL", "message": "Internal server error"}
    return replace(answer, status=500, body=body)


def bad_request(_: Asked, answer: Answer) -> Answer:
    """A code of another name for what is not valid."""
    wrong = answer.status == 400 and answer.body["code"] == "INVALID_ARGUMENT"
    return replace(answer, body={**answer.body, "code": "BAD_REQUEST"}) if wrong else answer


def own_correlator(_: Asked, answer: Answer) -> Answer:
    """An x-correlator of its own."""
    return replace(answer, headers={**answer.headers, "x-correlator": str(uuid4())})


def nothing_is_404(asked: Asked, answer: Answer) -> Answer:
    """404 for a list with nothing in it."""
    empty = asked.operation == "POST /retrieve-sessions" and answer.body == []
    body = {"status": 404, "code": "NOT_FOUND", "message": "There are no sessions"}
    return replace(answer, status=404, body=body) if empty else answer


def null_lists(_: Asked, answer: Answer) -> Answer:
    """null for a list with nothing in it."""
    return replace(answer, body="null") if _is_list(answer) and not answer.body else answer


def wrapped(_: Asked, answer: Answer) -> Answer:
    """What succeeds comes within an object."""
    return replace(answer, body={"data": answer.body}) if answer.status < 300 and answer.body is not None else answer


def snake_case(_: Asked, answer: Answer) -> Answer:
    """Names of properties with underscores."""
    if answer.status >= 300 or answer.body is None:
        return answer
    text = re.sub(r'"(\w+)":', lambda name: f'"{_snake(name[1])}":', json.dumps(answer.body))
    return replace(answer, body=json.loads(text))


def lower_case_status(_: "Record", shown: Json) -> Json:
    """The status in lower case."""
    return {**shown, "qosStatus": shown["qosStatus"].lower()}


def epoch_times(_: "Record", shown: Json) -> Json:
    """Times as milliseconds since 1970."""
    return {name: 1764230000000 if name in ("startedAt", "expiresAt") else value for name, value in shown.items()}


def text_durations(_: "Record", shown: Json) -> Json:
    """Durations as text."""
    return {**shown, "duration": str(shown["duration"])}


def offset_times(_: "Record", shown: Json) -> Json:
    """Times with microseconds and an offset."""
    return {name: value.replace("Z", "+00:00") if name.endswith("At") else value for name, value in shown.items()}


def no_expiry(_: "Record", shown: Json) -> Json:
    """expiresAt is not shown."""
    return {name: value for name, value in shown.items() if name != "expiresAt"}


def no_extension(asked: Asked) -> Answer | None:
    """Extending is not implemented."""
    if not asked.operation.endswith("/extend"):
        return None
    return Answer(status=501, body={"status": 501, "code": "NOT_IMPLEMENTED", "message": "Not implemented"})


def untyped_event(event: Json) -> Json:
    """Events of an older version."""
    return {**event, "type": "org.camaraproject.qod.v0.qos-status-changed"}


def bare_event(event: Json) -> Json:
    """The data alone, without the attributes of an event."""
    data: Json = event["data"]
    return data


def _is_list(answer: Answer) -> bool:
    return answer.status == 200 and isinstance(answer.body, list)


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])[A-Z]", lambda letter: f"_{letter[0].lower()}", name)
