"""What a run has exercised, and what it has not: documented answers of each operation, and cases without a verdict."""

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pytest_nac_qod import contracts
from pytest_nac_qod.contracts import Operation
from pytest_nac_qod.report.records import CaseRecord, ExchangeRecord, ResultsDocument
from pytest_nac_qod.report.results import release_of
from pytest_nac_qod.verdicts import Verdict

_UNJUDGED = ("not_tested", "not_applicable", "inconclusive", "error")


@dataclass(frozen=True, slots=True)
class Coverage:
    """The answers of one operation, as `409 CONFLICT` or `201`.

    Attributes:
        requests: that were sent and answered.
        seen: documented answers that came, with how often.
        unseen: documented answers that never came.
        others: answers that the document does not have, with how often.
    """

    operation: str
    requests: int
    seen: tuple[str, ...]
    unseen: tuple[str, ...]
    others: tuple[str, ...]

    @property
    def reached(self) -> int:
        """How many documented answers came."""
        return len(self.seen)

    @property
    def documented(self) -> int:
        """How many documented answers there are."""
        return len(self.seen) + len(self.unseen)


def of_operations(document: ResultsDocument) -> list[Coverage]:
    """The answers of each operation of each API that has a case; none for documents that this suite does not have."""
    return [
        coverage for release, api in judged_apis(document) for coverage in _of_api(release, api, document["results"])
    ]


def judged_apis(document: ResultsDocument) -> list[tuple[str, str]]:
    """Release and API of each document that cases are judged by, and that this suite has."""
    pairs = dict.fromkeys((release_of(document, case), case["api"]) for case in document["results"])
    return [
        (release, api) for release, api in pairs if release in contracts.releases() and api in contracts.apis(release)
    ]


def _of_api(release: str, api: str, cases: Iterable[CaseRecord]) -> list[Coverage]:
    operations = contracts.contract(release, api).operations
    answers: dict[str, Counter[str]] = {name: Counter() for name in operations}
    for case in cases:
        for exchange in case["exchanges"] if case["api"] == api else ():
            if exchange["response"] and exchange["operation"] in answers:
                answers[exchange["operation"]][_answer(exchange)] += 1
    return [_coverage(api, operations[name], counted) for name, counted in answers.items()]


def _answer(exchange: ExchangeRecord) -> str:
    response = exchange["response"]
    assert response is not None  # noqa: S101 - the caller has looked
    try:
        body = json.loads(response["body"])
    except (ValueError, RecursionError):
        body = None
    code = body.get("code") if isinstance(body, dict) and response["status"] >= 400 else None
    return f"{response['status']} {code}" if isinstance(code, str) else str(response["status"])


def _coverage(api: str, operation: Operation, counted: Counter[str]) -> Coverage:
    documented = [str(status) for status in operation.success]
    documented += [f"{status} {code}".strip() for status, codes in operation.errors.items() for code in codes or ("",)]
    return Coverage(
        f"{api} {operation.id}",
        counted.total(),
        tuple(f"{answer} ({counted[answer]})" for answer in documented if answer in counted),
        tuple(answer for answer in documented if answer not in counted),
        tuple(f"{answer} ({count})" for answer, count in sorted(counted.items()) if answer not in documented),
    )


@dataclass(frozen=True, slots=True)
class Unjudged:
    """Scenarios and rules without a verdict, for one reason: how many cases, and their ids."""

    reason: str
    cases: int
    scenarios: tuple[str, ...]
    rules: tuple[str, ...]


def unjudged(cases: Sequence[CaseRecord]) -> list[Unjudged]:
    """Why cases have no verdict, and which; the reason of most cases first."""
    by_reason: dict[str, list[CaseRecord]] = {}
    for case in cases:
        if case["verdict"] in _UNJUDGED:
            by_reason.setdefault(case["reason"], []).append(case)
    return [
        Unjudged(reason, len(those), _ids(those, "scenario"), _ids(those, "rule"))
        for reason, those in sorted(by_reason.items(), key=lambda item: -len(item[1]))
    ]


def _ids(cases: Iterable[CaseRecord], kind: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(case["id"] for case in cases if case["kind"] == kind))


def by_kind(cases: Sequence[CaseRecord]) -> list[tuple[str, Counter[Verdict]]]:
    """How many cases came to each verdict: those of published scenarios, and of rules of our own."""
    named = {"scenario": "published scenarios", "rule": "rules of this suite"}
    counted = [
        (name, Counter(case["verdict"] for case in cases if case["kind"] == kind)) for kind, name in named.items()
    ]
    return [(name, counts) for name, counts in counted if counts]
