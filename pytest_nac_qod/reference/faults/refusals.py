"""Defects of refusals: requests that are refused and do something all the same."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from pytest_nac_qod.foundation.jsontypes import JsonObject
from pytest_nac_qod.reference.state import Info, Session

Override = Callable[[Any], Callable[..., Any]]
Conflicts = Callable[[Session, str, JsonObject], bool]


def _in_conflict(act: Callable[[Session, JsonObject], None]) -> Override:
    """Do something to the session that stands in the way."""

    def override(right: Conflicts) -> Conflicts:
        def wrong(session: Session, device: str, sent: JsonObject) -> bool:
            stands = right(session, device, sent)
            if stands and session.status != "UNAVAILABLE":
                act(session, sent)
            return stands

        return wrong

    return override


def _end(reason: Info) -> Callable[[Session, JsonObject], None]:
    return lambda session, _: session.end(datetime.now(UTC), reason)


def _lengthen(session: Session, _: JsonObject) -> None:
    if session.status == "AVAILABLE" and "sink" in session.sent:
        session.duration += 60


def _redirect(session: Session, sent: JsonObject) -> None:
    if "sink" in session.sent and "sink" in sent:
        session.sent = {**session.sent, "sink": sent["sink"]}


def _take_credential(session: Session, sent: JsonObject) -> None:
    session.credential = sent.get("sinkCredential", session.credential)


def _carried_out(begins: tuple[str, ...], refused: int) -> Override:
    """Carry out operations whose names begin so, although they are refused with this status."""
    return lambda _: lambda operation, status: operation.startswith(begins) and status == refused


_DELETIONS = ("delete", "revoke")
_CREATIONS = ("create", "trigger")

OVERRIDES: Mapping[str, tuple[str, Override]] = {
    "conflict_ends_the_session": ("conflicts", _in_conflict(_end("DELETE_REQUESTED"))),
    "conflict_terminates_the_session": ("conflicts", _in_conflict(_end("NETWORK_TERMINATED"))),
    "conflict_lengthens_the_session": ("conflicts", _in_conflict(_lengthen)),
    "conflict_redirects_the_session": ("conflicts", _in_conflict(_redirect)),
    "conflict_takes_the_credential": ("conflicts", _in_conflict(_take_credential)),
    "conflict_creates": ("carried_out", _carried_out(_CREATIONS, 409)),
    "refused_deletion_deletes": ("carried_out", _carried_out(_DELETIONS, 403)),
    "unauthenticated_deletion_deletes": ("carried_out", _carried_out(_DELETIONS, 401)),
    "unauthenticated_extension_extends": ("carried_out", _carried_out(("extend",), 401)),
    "refused_extension_extends": ("carried_out", _carried_out(("extend",), 403)),
    "limited_extension_extends": ("carried_out", _carried_out(("extend",), 429)),
    "unprocessable_creation_creates": ("carried_out", _carried_out(_CREATIONS, 422)),
    "unauthenticated_creation_creates": ("carried_out", _carried_out(_CREATIONS, 401)),
}
