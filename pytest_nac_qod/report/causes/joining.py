"""Causes that are one: told apart by operation, code or words, and of the same defect."""

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from typing import Final

from pytest_nac_qod.foundation.jsontypes import Json, JsonObject
from pytest_nac_qod.foundation.values import moment
from pytest_nac_qod.report.causes.evidence import Breach
from pytest_nac_qod.report.causes.grouping import is_effect, leaf
from pytest_nac_qod.report.causes.model import Cause, answering
from pytest_nac_qod.report.causes.suspects import STATES

_NAMED: Final = re.compile(r"\$\.(?:data\.)?(\w+) |event header (\w+):")  # what an expectation is about
_AWAITED: Final = ("an event that tells", "an event with $.data.")  # what is expected where an event is waited for
_CONFLICT: Final = 409
_CLOSE: Final = timedelta(seconds=2)
_Alike = Callable[[Cause, Cause], bool]


def joined(causes: Sequence[Cause]) -> list[Cause]:
    """The same breaches in fewer causes; the one with most cases gives its name."""
    kept: list[Cause] = []
    for cause in sorted(causes, key=lambda cause: -len(cause.cases)):
        same = next((other for other in kept if _alike(other, cause)), None)
        if same is None:
            kept.append(cause)
            continue
        for breach in cause.breaches:
            same.absorb(breach)
        _rename(same)
    return kept


def _alike(one: Cause, other: Cause) -> bool:
    if (one.verdict, one.reason) != (other.verdict, other.reason):
        return False
    return any(test(one, other) or test(other, one) for test in _TESTS)


def _same_property(one: Cause, other: Cause) -> bool:
    """A property is wrong by its schema, and by what a rule says of it.

    A status may be wrong at one moment, and for one reason, and at another for another.
    """
    names = _properties(other)
    return len(names) == 1 and names.isdisjoint({*STATES, ""}) and names <= _properties(one)


def _properties(cause: Cause) -> set[str]:
    return {_property(breach) for breach in cause.breaches}


def _property(breach: Breach) -> str:
    """The property or header that a breach is about, by its path or words; empty if it is about something else."""
    if breach.violation is None or breach.is_outcome or is_effect(breach):
        return ""
    named = _NAMED.match(breach.violation["expected"])
    return leaf(breach.violation.get("path", "")) or (named[1] or named[2].lower() if named else "")


def _part_of_property(one: Cause, other: Cause) -> bool:
    """The value of a property is wrong, and so is a part of it in the same answer."""
    whole = {(*_shown(breach), breach.violation.get("path", "")) for breach in one.breaches if breach.violation}
    return all(
        breach.violation is not None
        and not breach.is_outcome
        and (*_shown(breach), breach.violation.get("path", "").rpartition(".")[0]) in whole
        for breach in other.breaches
    )


def _shown(breach: Breach) -> tuple[int, str]:
    return breach.position, breach.violation["exchange"] if breach.violation else ""


def _same_times(one: Cause, other: Cause) -> bool:
    """A duration is wrong, and expiresAt goes with it."""
    if (_properties(one), _properties(other)) != ({"duration"}, {"expiresAt"}):
        return False
    return all(_expire_in_time(breach.answer.body) for breach in other.breaches if breach.answer)


def _expire_in_time(body: Json) -> bool:
    """Whether each session that is shown expires its duration after its start."""
    return all(map(_expires_in_time, _objects(body)))


def _expires_in_time(session: JsonObject) -> bool:
    began, ends, seconds = moment(session.get("startedAt")), moment(session.get("expiresAt")), session.get("duration")
    if began is None or ends is None or not isinstance(seconds, int | float):
        return True
    return abs(ends - began - timedelta(seconds=seconds)) <= _CLOSE


def _objects(body: Json) -> Iterator[JsonObject]:
    yield from (item for item in (body if isinstance(body, list) else [body]) if isinstance(item, dict))


def _let_through(one: Cause, other: Cause) -> bool:
    """What has to be refused for a reason succeeds, or is refused for another one further on."""
    return (
        _requirements(one) == _requirements(other)
        and len(_requirements(one)) == 1
        and any(_succeeds(breach) for breach in one.breaches)
        and all(breach.is_outcome and 400 <= breach.status < 500 for breach in other.breaches)
    )


def _effect_of_refusal(one: Cause, other: Cause) -> bool:
    """A refused request changed something, and the cases that saw it show nothing else but what comes of it."""
    alone = not any(breach.is_outcome or breach.violation is None for breach in other.breaches)
    return alone and all(map(is_effect, one.breaches)) and set(other.cases) <= set(one.cases)


def _acted_on(one: Cause, other: Cause) -> bool:
    """What a requirement forbids is shown, and acted on as well."""
    shown = not any(breach.is_outcome for breach in one.breaches)
    return one.title == other.title and shown and all(map(_succeeds, other.breaches))


def _same_code(one: Cause, other: Cause) -> bool:
    """What has to be refused with a code that an API has for nothing else succeeds."""
    return bool(_own_codes(one) & _own_codes(other)) and all(map(_succeeds, [*one.breaches, *other.breaches]))


def _own_codes(cause: Cause) -> set[str]:
    return {code for breach in cause.breaches for code in breach.wanted_codes if "." in code}


def _same_refusal(one: Cause, other: Cause) -> bool:
    """What has to succeed is refused with one code in several operations, for the same requirement."""
    both = [*_outcomes(one), *_outcomes(other)]
    answers = {(breach.status, breach.answer.code) for breach in both if breach.answer}
    asked = [{breach.requirement for breach in _outcomes(cause)} for cause in (one, other)]
    return len(answers) == 1 and all(max(breach.wanted) < 300 for breach in both) and bool(asked[0] & asked[1])


def _in_the_way(one: Cause, other: Cause) -> bool:
    """Creations are refused for something that is not there, and whatever else is asked of them meets the same."""
    refused = {breach.operation for breach in _outcomes(one) if breach.status == _CONFLICT and max(breach.wanted) < 300}
    return bool(refused) and all(
        breach.status == _CONFLICT and breach.operation in refused and not is_effect(breach)
        for breach in other.breaches
    )


def _illegible(one: Cause, other: Cause) -> bool:
    """Nobody can read what events tell, so that one that is waited for seems to be missing."""
    return any(map(_tells_nothing, one.breaches)) and all(
        breach.violation is not None and breach.violation["expected"].startswith(_AWAITED) for breach in other.breaches
    )


def _tells_nothing(breach: Breach) -> bool:
    if breach.violation is None:
        return False
    path, absent = breach.violation.get("path", ""), breach.violation["actual"] == "absent"
    return path == "$.data" or (absent and path in {f"$.data.{name}" for name in STATES})


def _same_filter(one: Cause, other: Cause) -> bool:
    """What is asked for is not what comes: the lists of one operation, by one property."""
    same = {breach.operation for breach in one.breaches} == {breach.operation for breach in other.breaches}
    return same and bool(_properties(one) & _asked(one) & _asked(other))


def _asked(cause: Cause) -> set[str]:
    """The properties that all requests of a cause have; none where something else is wrong than what came."""
    bodies = [
        breach.answer.request if breach.answer and breach.status < 300 and not breach.is_outcome else None
        for breach in cause.breaches
        if breach.violation is not None
    ]
    names = [set(body) if isinstance(body, dict) else set() for body in bodies]
    return set.intersection(*names) if names else set()


def _outcomes(cause: Cause) -> list[Breach]:
    return [breach for breach in cause.breaches if breach.is_outcome and breach.wanted]


def _requirements(cause: Cause) -> set[str]:
    return {breach.requirement for breach in cause.breaches}


def _succeeds(breach: Breach) -> bool:
    return breach.is_outcome and bool(breach.wanted) and min(breach.wanted) >= 400 and breach.status < 300


def _rename(cause: Cause) -> None:
    """Say of a refusal which two operations it is of, or how many."""
    operations = dict.fromkeys(breach.operation for breach in _outcomes(cause))
    first = next(iter(operations), "")
    if len(operations) > 1 and cause.title.startswith(f"{first} answers"):
        cause.title = f"{answering(list(operations))}{cause.title.removeprefix(f'{first} answers')}"


_TESTS: Final[tuple[_Alike, ...]] = (
    _same_property,
    _part_of_property,
    _same_times,
    _let_through,
    _effect_of_refusal,
    _acted_on,
    _same_code,
    _same_refusal,
    _in_the_way,
    _illegible,
    _same_filter,
)
