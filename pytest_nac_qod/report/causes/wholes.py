"""Broad causes in what is as a whole of another kind: bodies, events, codes, times."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from functools import partial
from typing import Final

from pytest_nac_qod.report.causes.evidence import Breach, Evidence
from pytest_nac_qod.report.causes.grouping import is_effect
from pytest_nac_qod.report.causes.model import slug
from pytest_nac_qod.report.causes.suspects import SEVERAL, Suspect, leaf_of, place_of

_UNLIKE: Final = "the event has no"  # reason of a case that looks at a part of it
_LACKING: Final = 3  # properties that one body lacks, which make it another one
_TIME: Final = re.compile(r"date-time")
_NO_EVENT: Final = re.compile(r"no event|0 of \d+ events came|.* not told in time")


def other_bodies(evidence: Evidence) -> Iterator[Suspect]:
    """What succeeds is told in a body of another kind: within another object, or by other names."""
    lacking: dict[tuple[int, str], set[str]] = defaultdict(set)
    wrong: Counter[str] = Counter()
    shown: Counter[str] = Counter()
    for breach in evidence.breaches:
        if _is_body(breach) and breach.answer and _is_absent(breach):
            lacking[breach.position, breach.answer.exchange["id"]].add(leaf_of(breach))
    for breach in evidence.breaches:
        key = (breach.position, breach.answer.exchange["id"]) if breach.answer else (0, "")
        if _is_body(breach) and (len(lacking.get(key, ())) >= _LACKING or place_of(breach) == "$"):
            wrong[breach.operation] += 1
            shown[_names(breach)] += 1
    if wrong:
        yield Suspect(
            id=slug("body", *sorted(wrong)),
            title=f"{_listed(sorted(wrong))} with a body of another kind: {shown.most_common(1)[0][0]}",
            explains=partial(_succeeds, frozenset(wrong)),
        )


def _is_body(breach: Breach) -> bool:
    """Whether a place in the body of an answer of success is wrong."""
    outcome = breach.is_outcome or is_effect(breach)
    return place_of(breach).startswith("$") and 200 <= breach.status < 300 and not outcome


def _is_absent(breach: Breach) -> bool:
    return breach.violation is not None and breach.violation["actual"] == "absent"


def _names(breach: Breach) -> str:
    body = breach.answer.body if breach.answer else None
    if isinstance(body, list):
        return "a list"
    if isinstance(body, dict):
        return f"an object with {', '.join(sorted(body)[:3])}" if body else "an empty object"
    return "no object" if body is not None else "null or no JSON"


def _listed(operations: list[str]) -> str:
    return f"{operations[0]} succeeds" if len(operations) == 1 else f"{len(operations)} operations succeed"


def _succeeds(operations: frozenset[str], breach: Breach) -> bool:
    """Whether it is about what a success shows, and not about a success that should be none."""
    unwanted = breach.is_outcome and not any(200 <= status < 300 for status in breach.wanted)
    return breach.operation in operations and 200 <= breach.status < 300 and not unwanted


def other_events(evidence: Evidence) -> Iterator[Suspect]:
    """Events lack most of what makes them events."""
    lacking: dict[tuple[int, str], set[str]] = defaultdict(set)
    for breach in evidence.breaches:
        if breach.violation and breach.answer is None and _is_absent(breach):
            lacking[breach.position, breach.violation["exchange"]].add(place_of(breach))
    if any(len(places) >= _LACKING for places in lacking.values()):
        names = sorted({place.rpartition(".")[2] for places in lacking.values() for place in places})
        yield Suspect(
            id="events-unlike",
            title=f"Events are no CloudEvents: they lack {', '.join(names)}",
            explains=partial(_shows_event, _events(evidence)),
        )


def no_events(evidence: Evidence) -> Iterator[Suspect]:
    """Nothing arrives at a sink in the whole run."""
    missed = {breach.requirement for breach in evidence.breaches if _misses_event(breach)}
    if len(missed) >= SEVERAL and not _events(evidence):
        yield Suspect(id="no-events", title="No event is sent to any sink", explains=_misses_event)


def _misses_event(breach: Breach) -> bool:
    told = breach.violation["actual"] if breach.violation else breach.case["reason"]
    return bool(_NO_EVENT.match(told))


def _events(evidence: Evidence) -> frozenset[tuple[int, str]]:
    return frozenset(
        (position, exchange["id"])
        for position, case in enumerate(evidence.cases)
        for exchange in case["exchanges"]
        if exchange["role"] == "event"
    )


def _shows_event(events: frozenset[tuple[int, str]], breach: Breach) -> bool:
    if breach.violation is None:
        return breach.case["reason"].startswith(_UNLIKE)
    return (breach.position, breach.violation["exchange"]) in events


def own_codes(evidence: Evidence) -> Iterator[Suspect]:
    """Errors have a code that no requirement of the run knows, with a status that is right."""
    known = {code for case in evidence.cases for outcome in case.get("accepted", []) for code in _codes(outcome)}
    wrong = Counter(
        breach.answer.code
        for breach in evidence.breaches
        if breach.is_outcome and breach.answer and breach.answer.code and breach.status in breach.wanted
    )
    for code, number in wrong.items():
        if code not in known and number >= SEVERAL:
            yield Suspect(
                id=slug("code", code),
                title=f"Errors have the code {code}, which is none of the document's",
                explains=partial(_has_code, code),
            )


def _codes(outcome: str) -> Iterable[str]:
    return outcome.split()[1:]


def _has_code(code: str, breach: Breach) -> bool:
    return breach.is_outcome and breach.answer is not None and breach.answer.code == code


def other_times(evidence: Evidence) -> Iterator[Suspect]:
    """Times are of another form, or no texts at all."""
    leaves = frozenset(leaf_of(breach) for breach in evidence.breaches if _wants_time(breach))
    yield Suspect(
        id="times",
        title="Times are no date-times of RFC 3339",
        explains=lambda breach: _wants_time(breach) or (leaf_of(breach) in leaves and _wants_text(breach)),
    )


def _wants_time(breach: Breach) -> bool:
    return breach.violation is not None and bool(_TIME.search(breach.violation["expected"])) and not breach.is_outcome


def _wants_text(breach: Breach) -> bool:
    return breach.violation is not None and "of type string" in breach.violation["expected"]
