"""What the results of a run show: each answer, and each breach with the answer that shows it."""

import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from pytest_nac_qod.foundation.jsontypes import Json
from pytest_nac_qod.foundation.values import shallow
from pytest_nac_qod.report.records import CaseRecord, ExchangeRecord, ViolationRecord

_TOKEN = re.compile(r"<redacted:(?:tokens\.)?([^<>]*)>")
_OUTCOME = re.compile(r"(\d{3})\b|([A-Z][A-Z0-9_.]{2,})")
_MILDER = {"should": "warn", "may": "note"}
OUTCOME = "$.code"  # path of a violation that is about status and code of an answer


def parsed(text: str) -> Json:
    """The JSON value of a body; None if it is not JSON."""
    try:
        return shallow(json.loads(text))
    except (ValueError, RecursionError):
        return None


@dataclass(frozen=True)
class AnswerRecord:
    """One exchange that was answered, and the case that it belongs to."""

    position: int
    exchange: ExchangeRecord
    operation: str
    status: int

    @cached_property
    def body(self) -> Json:
        """The body as JSON; None if it is not JSON."""
        response = self.exchange["response"]
        return parsed(response["body"]) if response else None

    @cached_property
    def request(self) -> Json:
        """The body of the request as JSON; None if it is not JSON."""
        return parsed(self.exchange["request"]["body"])

    @cached_property
    def code(self) -> str:
        """The `code` of an error object; empty if there is none."""
        code = self.body.get("code") if isinstance(self.body, dict) and self.status >= 400 else None
        return code if isinstance(code, str) else ""

    @cached_property
    def token(self) -> str:
        """Role of the token that the request was sent with, or the variable that it came from; empty for none."""
        label = _TOKEN.search(self.sent("authorization"))
        return label[1] if label else ""

    def sent(self, name: str) -> str:
        """The value of a header of the request, empty when absent."""
        return _header(self.exchange["request"]["headers"], name)

    def header(self, name: str) -> str:
        """The value of a header of the answer, empty when absent."""
        response = self.exchange["response"]
        return _header(response["headers"], name) if response else ""


def _header(pairs: Sequence[Sequence[str]], name: str) -> str:
    return ", ".join(value for key, value in pairs if key.lower() == name)


@dataclass(frozen=True, kw_only=True)
class Breach:
    """One thing that is not as it should be: a violation, or the reason of a case that could not be judged.

    Attributes:
        position: of the case in the results.
        number: of the violation in the case; None for a reason.
        verdict: of the case, or `warn` for a recommendation, `note` for what nothing forbids.
        answer: the one that shows it, or with which the case came to a stop; None where there was none.
    """

    position: int
    case: CaseRecord
    verdict: str
    number: int | None = None
    violation: ViolationRecord | None = None
    answer: AnswerRecord | None = None

    @property
    def is_outcome(self) -> bool:
        """Whether status and code of the answer are what is wrong."""
        violation = self.violation
        return bool(
            violation and violation.get("path") == OUTCOME and _OUTCOME.match(violation["expected"]) and self.answer
        )

    @cached_property
    def wanted(self) -> frozenset[int]:
        """The statuses that were accepted, of a breach of the outcome."""
        return frozenset(int(status) for status, _ in _OUTCOME.findall(self._expected) if status)

    @cached_property
    def wanted_codes(self) -> frozenset[str]:
        """The codes that were accepted, of a breach of the outcome."""
        return frozenset(code for _, code in _OUTCOME.findall(self._expected) if code)

    @property
    def _expected(self) -> str:
        return self.violation["expected"] if self.violation and self.is_outcome else ""

    @property
    def status(self) -> int:
        """Status of the answer, 0 without one."""
        return self.answer.status if self.answer else 0

    @property
    def operation(self) -> str:
        """The operation that shows it."""
        return self.answer.operation if self.answer else str(self.case["operation"])

    @property
    def requirement(self) -> str:
        """What the case is about, in words."""
        return self.case.get("requirement") or str(self.case["id"])


@dataclass(frozen=True)
class Evidence:
    """All cases of a run, all answers, and all breaches."""

    cases: tuple[CaseRecord, ...]
    answers: tuple[AnswerRecord, ...]
    breaches: tuple[Breach, ...]

    @classmethod
    def of(cls, results: Sequence[CaseRecord], verdicts: Sequence[str]) -> "Evidence":
        """Of all results; breaches of those with one of these verdicts."""
        answers = tuple(
            answer for position, case in enumerate(results) for answer in answers_of(position, case["exchanges"])
        )
        by_id = {(answer.position, answer.exchange["id"]): answer for answer in answers}
        breaches = tuple(
            breach
            for position, case in enumerate(results)
            for breach in _breaches(position, case, by_id)
            if breach.verdict in verdicts
        )
        return cls(tuple(results), answers, breaches)

    def usual_token(self) -> str:
        """The token that most requests were sent with."""
        return Counter(answer.token for answer in self.answers if answer.token).most_common(1)[0][0]

    @cached_property
    def by_operation(self) -> dict[str, list[AnswerRecord]]:
        """The answers of each operation."""
        by_operation: dict[str, list[AnswerRecord]] = {}
        for answer in self.answers:
            by_operation.setdefault(answer.operation, []).append(answer)
        return by_operation


def answers_of(position: int, exchanges: Sequence[ExchangeRecord]) -> Iterator[AnswerRecord]:
    """The exchanges of a case that were answered; events are none."""
    for exchange in exchanges:
        if exchange["role"] != "event" and exchange["response"]:
            yield AnswerRecord(position, exchange, exchange["operation"], exchange["response"]["status"])


def _breaches(position: int, case: CaseRecord, by_id: dict[tuple[int, str], AnswerRecord]) -> Iterator[Breach]:
    excuse = case["verdict"] in ("fail", "known") and case["violations"]  # why it is known, or no more
    if case["reason"] and not excuse:
        last = [by_id[key] for item in case["exchanges"] if (key := (position, item["id"])) in by_id]
        stopped = [answer for answer in last if answer.exchange["role"] != "cleanup"]
        answer = stopped[-1] if stopped else None
        yield Breach(position=position, case=case, verdict=case["verdict"], answer=answer)
    for number, violation in enumerate(case["violations"]):
        verdict = _MILDER.get(violation.get("severity", "must"), str(case["verdict"]))
        shown = by_id.get((position, violation["exchange"]))
        yield Breach(position=position, case=case, verdict=verdict, number=number, violation=violation, answer=shown)
