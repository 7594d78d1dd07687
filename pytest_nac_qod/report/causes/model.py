"""A cause: one thing that is wrong with a target, in the words of a person."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import cast

from pytest_nac_qod.report.causes.evidence import Breach
from pytest_nac_qod.report.records import CauseRecord, CauseVerdict

WORST_FIRST = ("fail", "stale", "error", "inconclusive", "warn", "known", "note")
_VARYING = (
    (re.compile(r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b", re.IGNORECASE), "…"),
    (re.compile(r"\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d[.\d]*(?:Z|[+-]\d\d:?\d\d)?", re.IGNORECASE), "…"),
    (re.compile(r"\b[0-9a-f]{16,}\b", re.IGNORECASE), "…"),
    (re.compile(r"<redacted:[^<>]*>"), "<redacted>"),
    (re.compile(r"; after: .*"), ""),  # the steps by which a generated test got there
)


def general(text: str) -> str:
    """`text` without what differs from one exchange to the next: identifiers and times."""
    for pattern, instead in _VARYING:
        text = pattern.sub(instead, text)
    return text


def slug(*parts: object) -> str:
    """An id made of words, the same in each run."""
    words = "-".join(re.sub(r"[^a-z0-9]+", "-", general(str(part)).lower()).strip("-") for part in parts if part)
    return words[:80].strip("-")


def answering(operations: Sequence[str]) -> str:
    """Which one or two operations answer, or how many; a status is to follow."""
    if len(operations) == 1:
        return f"{operations[0]} answers"
    return f"{' and '.join(operations) if len(operations) == 2 else f'{len(operations)} operations'} answer"


@dataclass(slots=True, kw_only=True)
class Cause:
    """One thing that is wrong.

    Attributes:
        id: the same in each run against the same target; expectations name it.
        verdict: of its cases, the worst where they differ; `note` for what nothing forbids.
        title: what is wrong, in a few words.
        clauses: where the requirement stands; none for a case that could not be judged.
        expected: empty when only a reason is known.
        actual: what the target did, each way once.
        reason: why it is tolerated, or why a case could not be judged.
        cases: positions in the results.
        example: position in the results, id of an exchange there that shows it, and position of the violation there or
            None; None as a whole without an exchange.
    """

    id: str
    title: str
    verdict: str = "note"
    clauses: list[str] = field(default_factory=list)
    expected: str = ""
    actual: list[str] = field(default_factory=list)
    reason: str = ""
    cases: list[int] = field(default_factory=list)
    example: tuple[int, str, int | None] | None = None
    breaches: list[Breach] = field(default_factory=list, repr=False)

    def absorb(self, breach: Breach) -> None:
        """Count a breach in."""
        self.breaches.append(breach)
        if WORST_FIRST.index(breach.verdict) < WORST_FIRST.index(self.verdict):
            self.verdict = breach.verdict
        if breach.position not in self.cases:
            self.cases.append(breach.position)
        if breach.violation is None:
            self._note_example(breach, breach.answer.exchange["id"] if breach.answer else "")
            return
        for noted, text in (
            (self.clauses, breach.violation["clause"]),
            (self.actual, general(breach.violation["actual"])),
        ):
            if text and text not in noted:
                noted.append(text)
        self.expected = self.expected or general(breach.violation["expected"])
        self.reason = self.reason or breach.violation.get("reason", "")
        self._note_example(breach, breach.violation["exchange"])

    def _note_example(self, breach: Breach, exchange: str) -> None:
        weaker = self.example is None or (self.example[2] is None and breach.number is not None)
        if weaker and exchange:
            self.example = (breach.position, exchange, breach.number)

    def to_dict(self) -> CauseRecord:
        """The cause as it stands in results.json."""
        case, exchange, violation = self.example or (0, "", None)
        return {
            "id": self.id,
            "verdict": cast("CauseVerdict", self.verdict),
            "title": self.title,
            "clauses": self.clauses,
            "expected": self.expected,
            "actual": self.actual,
            "reason": self.reason,
            "cases": self.cases,
            "breaches": len(self.breaches),
            "example": {"case": case, "exchange": exchange, "violation": violation} if self.example else None,
        }
