"""What was refused was not done: no list has what a refused creation asked for, and nothing is deleted unasked."""

from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta

from pytest_nac_qod.checks.answer import quoted
from pytest_nac_qod.foundation.jsontypes import JsonObject
from pytest_nac_qod.foundation.values import moment
from pytest_nac_qod.traffic.lives import Course, Lives, names_of
from pytest_nac_qod.traffic.seen import ApiCall
from pytest_nac_qod.traffic.tally import Tally
from pytest_nac_qod.verdicts import Violation
from pytest_nac_qod.wire.ownership.ledger import traits

_DEVICES, _EACH = 1000, 20  # of which refused creations are remembered, and how many of each
_SECOND = timedelta(seconds=1)  # that a Date header leaves out
_ENDS = "DELETE_REQUESTED"


@dataclass(slots=True)
class Refused:
    """Creations for each device that made nothing, or may have made something, as far as they were answered."""

    _creations: OrderedDict[str, list[ApiCall]] = field(default_factory=OrderedDict)

    def see(self, call: ApiCall, lives: Lives, tally: Tally) -> None:
        """Take in a creation, and judge what is shown."""
        if call.role == "create" and not call.success:
            for name in names_of(call):
                kept = self._creations.setdefault(name, [])
                kept.append(call)
                del kept[:-_EACH]
            while len(self._creations) > _DEVICES:
                self._creations.popitem(last=False)
        if call.success and call.resource is not None:
            items = call.body if isinstance(call.body, list) else [call.body]
            for item in items:
                if isinstance(item, dict):
                    self._shown(call, item, lives, tally)

    def _shown(self, call: ApiCall, item: JsonObject, lives: Lives, tally: Tally) -> None:
        key = item.get(call.resource.id) if call.resource else None
        known = [life for life in lives.known(key) if life.created is not None] if isinstance(key, str) else []
        for life in known:
            _unasked(call, item, life, tally)
        if call.role in ("retrieve", "read") and isinstance(key, str) and not known:
            tally.look("nac_seen_refusal_creates_nothing", call, call.contract, self._made(call, item, key), sure=False)

    def _made(self, call: ApiCall, item: JsonObject, key: str) -> Iterator[Violation]:
        waiting = call.resource is not None and item.get(call.resource.status) == "REQUESTED"
        began = call.date if waiting else moment(item.get("startedAt"))
        names = names_of(call, item.get("device"))
        alike = [other for name in names for other in self._creations.get(name, ()) if _like(other, item)]
        refused = [
            other
            for other in alike
            if 400 <= other.status < 500 and began and other.date and other.date <= began + _SECOND
        ]
        if refused and len(alike) == len(refused):
            told = f"nothing made by the creation that was answered {refused[-1].status}"
            yield Violation(clause="", expected=told, actual=f"{quoted(key)}, which has all that it asked for")


def _like(creation: ApiCall, item: JsonObject) -> bool:
    """Whether something shown has all that a creation asked for."""
    asked, told = traits(creation.sent), traits(item)
    same = all(told.get(name) == value for name, value in asked.items())
    return same and item.get("duration") == creation.sent.get("duration") and bool(asked)


def _unasked(call: ApiCall, item: JsonObject, life: Course, tally: Tally) -> None:
    """What the traffic has from its creation on is not deleted without a deletion."""
    if item.get("statusInfo") != _ENDS or life.created is None or call.role == "delete":
        return
    wrong = Violation(
        clause="", expected="$.statusInfo not DELETE_REQUESTED without a deletion", actual=_ENDS, path="$.statusInfo"
    )
    tally.look("nac_seen_deletion_was_asked_for", call, call.contract, [] if life.ending else [wrong], sure=False)
