"""Broad causes in what is answered: crashes, one status for another, a status never reached."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from functools import partial
from typing import Final

from pytest_nac_qod.foundation.jsontypes import Json
from pytest_nac_qod.report.causes.evidence import AnswerRecord, Breach, Evidence
from pytest_nac_qod.report.causes.model import answering, slug
from pytest_nac_qod.report.causes.suspects import SEVERAL, THROUGHOUT, Suspect

_NEVER = re.compile(r"\bstill (\S+) after .*\bnever (\w+)|\bnot seen (\w+)\b")
_FIRST: Final = "AVAILABLE"
_NOBODY: Final = 401  # status for a request without a token
_CRASHED: Final = 5  # class of the status
_MALFORMED: Final = "an id that is not a UUID"
_UUID: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


def crash_everywhere(evidence: Evidence) -> Iterator[Suspect]:
    """Nearly every request ends in a 5xx."""
    crashed = Counter(answer.status for answer in evidence.answers if answer.status >= 500)
    if sum(crashed.values()) >= max(SEVERAL, THROUGHOUT * len(evidence.answers)):
        status = crashed.most_common(1)[0][0]
        yield Suspect(
            id="crash-everywhere", title=f"Nearly every request is answered {status}", explains=lambda _: True
        )


def crash_on_property(evidence: Evidence) -> Iterator[Suspect]:
    """Requests that share a property end in a 5xx, and those without it do not; so does what breaks one requirement."""
    alike: dict[frozenset[str], list[str]] = defaultdict(list)
    for operation in evidence.by_operation:
        if broken := frozenset(item.requirement for item in evidence.breaches if _is_crash((operation,), item)):
            alike[broken].append(operation)
    for operations, only in _by_trigger(alike.values(), evidence):
        where = f" when {only} is sent" if only else ""
        yield Suspect(
            id=slug("crash", *operations[:1], only),
            title=f"{answering(operations)} {_crashed(operations, evidence)[0].status}{where}",
            explains=partial(_is_crash, tuple(operations)),
        )


def _by_trigger(groups: Iterable[list[str]], evidence: Evidence) -> Iterator[tuple[list[str], str]]:
    """Operations that crash alike, each with what their requests share; what the same thing crashes is one group."""
    by_trigger: dict[str, list[str]] = {}
    for operations in groups:
        if only := _trigger(operations, evidence):
            by_trigger.setdefault(only, []).extend(operations)
        else:
            yield operations, ""
    yield from ((operations, only) for only, operations in by_trigger.items())


def _trigger(operations: list[str], evidence: Evidence) -> str:
    """What each request that crashed has and none that succeeded: a property, or an id that is not a UUID."""
    crashed = _crashed(operations, evidence)
    fine = [answer for operation in operations for answer in evidence.by_operation[operation] if answer.status < 300]
    if fine and all(map(_has_id, fine)) and not any(map(_has_id, crashed)):
        return _MALFORMED
    return _shared(crashed, fine)


def _crashed(operations: list[str], evidence: Evidence) -> list[AnswerRecord]:
    return [answer for operation in operations for answer in evidence.by_operation[operation] if answer.status >= 500]


def _has_id(answer: AnswerRecord) -> bool:
    return _UUID.search(answer.exchange["request"]["url"]) is not None


def _shared(crashed: list[AnswerRecord], fine: list[AnswerRecord]) -> str:
    """The property that each request that crashed has and none that succeeded, by its path or else by its name."""
    for names in (_properties, _names):
        elsewhere = set().union(*(names(answer.request) for answer in fine))
        only = set.intersection(*(names(answer.request) for answer in crashed)) - elsewhere - {"$"}
        if only:
            return min(only, key=lambda name: (name.count("."), -len(name), name))
    return ""


def _names(value: Json) -> set[str]:
    return {path.rpartition(".")[2] for path in _properties(value)}


def _is_crash(operations: tuple[str, ...], breach: Breach) -> bool:
    return breach.operation in operations and breach.status >= 500


def _properties(value: Json, path: str = "$") -> set[str]:
    if isinstance(value, dict):
        return {path}.union(*(_properties(item, f"{path}.{name}") for name, item in value.items()))
    if isinstance(value, list):
        return {path}.union(*(_properties(item, path) for item in value))
    return {path}


def status_throughout(evidence: Evidence) -> Iterator[Suspect]:
    """One status stands for another throughout, such as 422 for 400, or 200 for 201."""
    swapped: dict[tuple[int, int], set[int]] = defaultdict(set)
    for breach in evidence.breaches:
        if breach.is_outcome and breach.status not in breach.wanted:
            for wanted in breach.wanted:
                if breach.status // 100 in (wanted // 100, _CRASHED):
                    swapped[wanted, breach.status].add(breach.position)
    for (wanted, got), cases in sorted(swapped.items(), key=lambda item: -len(item[1])):
        right = sum(answer.status == wanted for answer in evidence.answers if answer.exchange["role"] == "judged")
        if len(cases) >= SEVERAL and right <= len(cases) / 4:
            yield Suspect(
                id=slug("status", got, "for", wanted),
                title=f"{got} instead of {wanted} throughout",
                explains=partial(_is_swapped, wanted, got),
            )


def _is_swapped(wanted: int, got: int, breach: Breach) -> bool:
    if breach.violation is None:  # a case that looks at the right one
        return wanted == _NOBODY and breach.case["reason"].endswith(f"without a token was answered {got}")
    return breach.is_outcome and breach.status == got and wanted in breach.wanted


def state_never_reached(evidence: Evidence) -> Iterator[Suspect]:
    """Sessions or assignments do not reach a status within the budget."""
    states = Counter(
        told[2] or told[3]
        for breach in evidence.breaches
        if breach.violation is None and (told := _NEVER.search(breach.case["reason"]))
    )
    for state in sorted(states):  # AVAILABLE comes first, and without it nothing else is reached
        yield Suspect(
            id=slug("never", state),
            title=f"What was created never becomes {state} within polling.budget",
            explains=partial(_waits_for, state),
        )


def _waits_for(state: str, breach: Breach) -> bool:
    if breach.violation is not None:
        return breach.violation["actual"] == "no event" and state in breach.violation["expected"]
    told = _NEVER.search(breach.case["reason"])
    return told is not None and (state in told.groups() or state == _FIRST)
