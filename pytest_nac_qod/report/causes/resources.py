"""Broad causes in what becomes of what is created: ids that are not its own, lists that do not have it."""

import json
import re
from collections import defaultdict
from collections.abc import Iterator
from functools import partial
from typing import Final

from pytest_nac_qod.report.causes.evidence import AnswerRecord, Breach, Evidence
from pytest_nac_qod.report.causes.suspects import IDS, SEVERAL, Suspect

_UNLISTED: Final = re.compile(r"(?:not there|\b0 times|\d+ \w+, not this one|is not in the list)$")


def ids_shared(evidence: Evidence) -> Iterator[Suspect]:
    """What is created gets the id of something else that is there."""
    positions = frozenset(position for position, answers in _by_case(evidence).items() if _shares_an_id(answers))
    if positions:
        yield Suspect(
            id="ids-shared",
            title="What is created gets an id that something else has already",
            explains=lambda breach: breach.position in positions,
        )


def _by_case(evidence: Evidence) -> dict[int, list[AnswerRecord]]:
    by_case: dict[int, list[AnswerRecord]] = defaultdict(list)
    for answer in evidence.answers:
        by_case[answer.position].append(answer)
    return by_case


def _shares_an_id(answers: list[AnswerRecord]) -> bool:
    """Whether two creations of different things were answered with one id, with no deletion of it in between."""
    there: dict[str, str] = {}
    for answer in answers:
        if answer.exchange["request"]["method"] == "DELETE" and answer.status < 300:
            there = {key: body for key, body in there.items() if key not in answer.exchange["request"]["url"]}
        elif answer.status == 201 and isinstance(answer.body, dict):
            body = json.dumps(answer.request, sort_keys=True)
            for key in (answer.body.get(name) for name in IDS):
                if isinstance(key, str) and there.setdefault(key, body) != body:
                    return True
    return False


def not_listed(evidence: Evidence) -> Iterator[Suspect]:
    """A list lacks what was created, whoever asks for it."""
    missed: dict[str, set[str]] = defaultdict(set)
    for breach in evidence.breaches:
        if _is_unlisted(breach):
            missed[breach.operation].add(breach.requirement)
    for operation, requirements in missed.items():
        if len(requirements) >= SEVERAL:
            yield Suspect(
                id=f"not-listed-{operation.lower()}",
                title=f"{operation} does not list what was created",
                explains=partial(_lacks, operation),
            )


def _lacks(operation: str, breach: Breach) -> bool:
    return breach.operation == operation and _is_unlisted(breach)


def _is_unlisted(breach: Breach) -> bool:
    told = breach.violation["actual"] if breach.violation else breach.case["reason"]
    return breach.status == 200 and _UNLISTED.search(told) is not None
