"""Broad causes in what a target makes of requests: it refuses none, or heeds none."""

import json
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator
from functools import partial
from typing import Final

from pytest_nac_qod.report.causes.evidence import AnswerRecord, Breach, Evidence
from pytest_nac_qod.report.causes.model import answering, general, slug
from pytest_nac_qod.report.causes.suspects import SEVERAL, THROUGHOUT, Suspect, leaf_of, place_of

_MANY: Final = 8  # requirements that make it a habit
_MOST: Final = 0.7  # share of the cases that ask for a refusal
_OWN: Final = 6  # properties of an answer that are wrong, which make it another one
_CORRELATOR: Final = "x-correlator"
_ANSWERED_FOR_RIGHTS: Final = frozenset({401, 403})


def requests_unchecked(evidence: Evidence) -> Iterator[Suspect]:
    """Most of what has to be refused succeeds."""
    accepted = [breach for breach in evidence.breaches if _is_let_through(breach)]
    refusing = [case for case in evidence.cases if _asks_for_refusal(case.get("accepted", []))]
    met = sum(case["verdict"] in ("pass", "warn") for case in refusing)
    wrong = len({breach.position for breach in accepted})
    if len({breach.requirement for breach in accepted}) >= _MANY and wrong >= _MOST * (wrong + met):
        yield Suspect(
            id="requests-unchecked",
            title="No request is refused: what is sent is not validated",
            explains=_is_let_through,
        )


def _is_let_through(breach: Breach) -> bool:
    wanted = breach.wanted - _ANSWERED_FOR_RIGHTS
    return breach.is_outcome and bool(wanted) and min(wanted) >= 400 and breach.status < 300


def _asks_for_refusal(accepted: list[str]) -> bool:
    return bool(accepted) and all(outcome[:1] == "4" and outcome[:3] not in ("401", "403") for outcome in accepted)


def requests_refused(evidence: Evidence) -> Iterator[Suspect]:
    """Whatever an operation is asked, it refuses with the same status and code."""
    refusing: dict[tuple[int, str], list[str]] = defaultdict(list)
    for operation, answers in evidence.by_operation.items():
        heard = [(answer.status, answer.code) for answer in answers if answer.status not in _ANSWERED_FOR_RIGHTS]
        outcome, number = Counter(heard).most_common(1)[0] if heard else ((0, ""), 0)
        served = any(status < 300 for status, _ in heard)
        if 400 <= outcome[0] < 500 and not served and number >= THROUGHOUT * len(heard):
            refusing[outcome].append(operation)
    for outcome, operations in refusing.items():
        wrong = [breach for breach in evidence.breaches if _is_refused(operations, outcome, breach)]
        if len({breach.requirement for breach in wrong}) >= SEVERAL and any(map(_should_succeed, wrong)):
            said = " ".join(filter(None, map(str, outcome)))
            yield Suspect(
                id=slug("refuses", *operations[:1], str(outcome[0])),
                title=f"{answering(operations)} {said} to whatever is sent",
                explains=partial(_is_refused, operations, outcome),
            )


def _is_refused(operations: Collection[str], outcome: tuple[int, str], breach: Breach) -> bool:
    told = breach.answer
    return told is not None and (
        breach.is_outcome and told.operation in operations and (told.status, told.code) == outcome
    )


def _should_succeed(breach: Breach) -> bool:
    return any(status < 300 for status in breach.wanted)


def same_answers(evidence: Evidence) -> Iterator[Suspect]:
    """An operation answers the same whatever is sent, and forgets it."""
    by_operation: dict[str, list[AnswerRecord]] = defaultdict(list)
    for answer in evidence.answers:
        if answer.status < 300 and isinstance(answer.request, dict) and isinstance(answer.body, dict):
            by_operation[answer.operation].append(answer)
    regardless = [
        operation
        for operation, answers in by_operation.items()
        if _different(answers) and len({_told(answer) for answer in answers}) == 1
    ]
    if regardless:
        yield Suspect(
            id=slug("same-answers"),
            title=f"{' and '.join(sorted(regardless))} gives the same answer regardless of what is sent",
            explains=_heeds_nothing,
        )


def own_values(evidence: Evidence) -> Iterator[Suspect]:
    """What an operation shows has little to do with what was sent: most of it is wrong."""
    wrong: dict[str, set[str]] = defaultdict(set)
    for breach in evidence.breaches:
        leaf = leaf_of(breach)
        if leaf and 200 <= breach.status < 300 and not breach.is_outcome and not _is_missing(breach):
            wrong[breach.operation].add(leaf)
    operations = sorted(operation for operation, leaves in wrong.items() if len(leaves) >= _OWN)
    if operations:
        yield Suspect(
            id=slug("own-values", *operations),
            title=f"{' and '.join(operations)} answers with values of its own, regardless of what is sent",
            explains=_heeds_nothing,
        )


def _is_missing(breach: Breach) -> bool:
    return breach.violation is not None and breach.violation["actual"] in ("absent", "null", "None")


def _different(answers: list[AnswerRecord]) -> bool:
    return len({json.dumps(answer.request, sort_keys=True) for answer in answers}) >= SEVERAL


def _told(answer: AnswerRecord) -> str:
    return general(json.dumps(answer.body, sort_keys=True))


def _heeds_nothing(breach: Breach) -> bool:
    """Whether a breach is but a consequence: what succeeds shows something else than what was sent or done."""
    return breach.violation is not None and 200 <= breach.status < 300 and place_of(breach) != _CORRELATOR
