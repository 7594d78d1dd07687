"""What a case can come to, and the ways in which it stops early."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Literal, get_args

from pytest_nac_qod.catalogue.basis import Strength, weaker
from pytest_nac_qod.foundation.exits import EXIT_BROKEN, EXIT_OK, EXIT_UNJUDGED
from pytest_nac_qod.foundation.jsontypes import Json, JsonObject

Verdict = Literal[
    "pass", "fail", "warn", "inconclusive", "not_applicable", "not_tested", "error", "known", "stale"
]  # fmt: skip
Part = Literal["subject", "other"]  # what a case is about, and what else its answers show
VERDICTS: tuple[Verdict, ...] = get_args(Verdict)
EXECUTED = frozenset({"pass", "fail", "warn", "known", "stale"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Violation:
    """One broken requirement.

    Attributes:
        clause: where the requirement stands: `api#/JSON/pointer` into the contract, or a scenario id.
        expected: what the clause demands, in a few words.
        actual: what the target did.
        rule: id of the scenario or rule that the case stands for.
        exchange: id of the exchange that shows it.
        severity: `must` makes the case fail, `should` makes it warn, `may` is a note that changes no verdict.
        part: `subject` for what the row is about, `other` for what an answer shows beside it.
        basis: key of what a check within cases rests on; empty where that is what the row does.
        path: JSONPath of the offending value in the answer, such as `$.startedAt`; empty when it has none.
        value: the offending value itself, for lenient readings to recognise.
        reason: why a lenient reading lets it pass as a warning.
    """

    clause: str
    expected: str
    actual: str
    rule: str = ""
    exchange: str = ""
    severity: Strength = "must"
    part: Part = "subject"
    basis: str = ""
    path: str = ""
    value: Json = None
    reason: str = ""

    def bound(self, rule: str, exchange: str) -> "Violation":
        """The same violation with the ids of the rule that found it and of the exchange that shows it."""
        return replace(self, rule=rule, exchange=self.exchange or exchange)

    def excused(self, reason: str) -> "Violation":
        """The same violation as a warning at most, since a lenient reading of the published texts allows it."""
        return replace(self, severity=weaker(self.severity, "should"), reason=reason)

    def weakened(self, strength: Strength) -> "Violation":
        """The same violation, which weighs no more than what it rests on."""
        return replace(self, severity=weaker(self.severity, strength))

    def beside(self) -> "Violation":
        """The same violation as one of something else than what the row is about."""
        return replace(self, part="other")

    def to_dict(self) -> JsonObject:
        """The violation as it stands in results.json."""
        return {
            "rule": self.rule,
            "clause": self.clause,
            "expected": self.expected,
            "actual": self.actual,
            "exchange": self.exchange,
            "severity": self.severity,
            "part": self.part,
            "path": self.path,
            "reason": self.reason,
        }


NOT_INSTALLED = "not installed; pip install 'pytest-nac-qod[all]'"  # ends the reason of a case that lacks a package


class CaseEnd(Exception):  # noqa: N818 - three of four are no errors
    """A case that ends before its last step, with the verdict it ends with."""

    verdict: Verdict = "error"


class Broken(CaseEnd):
    """A requirement is broken so that the remaining steps make no sense; what it rests on says how bad that is."""

    verdict: Verdict = "fail"


class Inconclusive(CaseEnd):
    """The target never reached the state that the scenario needs."""

    verdict: Verdict = "inconclusive"


class EndedEarly(Inconclusive):
    """The network ended what the case is about before the case was done with it, which it may; another one may last."""


class NotApplicable(CaseEnd):
    """The target file declares the capability absent, or the published text cannot be satisfied."""

    verdict: Verdict = "not_applicable"


class NotTested(CaseEnd):
    """The target file lacks what the scenario needs."""

    verdict: Verdict = "not_tested"


class NotServed(NotTested):
    """The next step needs an operation that the target file declares not served; what was found before stands."""


class NoAnswer(CaseEnd):
    """The network or the harness broke; never blamed on the target."""

    verdict: Verdict = "error"


def judged(violations: Iterable[Violation]) -> Verdict:
    """Verdict of a case that ran to its end with these violations."""
    severities = {violation.severity for violation in violations}
    if "must" in severities:
        return "fail"
    return "warn" if "should" in severities else "pass"


def broken_off(violations: Iterable[Violation]) -> Verdict:
    """Verdict of a case that was Broken with these violations: what they weigh, and a failure without any."""
    collected = tuple(violations)
    return judged(collected) if collected else "fail"


def exit_status(summary: Mapping[str, int]) -> int:
    """Exit status of a run with this number of cases for each verdict.

    0 nothing required is broken, 1 a requirement is broken (or an expectation is stale), 3 the run could not judge:
    an error, an inconclusive case, or no case executed at all.
    """
    if summary.get("fail") or summary.get("stale"):
        return EXIT_BROKEN
    if summary.get("error") or summary.get("inconclusive") or not any(summary.get(v) for v in EXECUTED):
        return EXIT_UNJUDGED
    return EXIT_OK
