"""What went wrong, one entry for each cause: equal breaches of one requirement are told once, with all their cases."""

import re
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from pytest_nac_qod.foundation.jsontypes import Json, JsonObject

WORST_FIRST = ("fail", "stale", "error", "inconclusive", "warn", "known")
UNTESTED = ("not_tested", "not_applicable")
_PATH = re.compile(r"#/paths/[^/]+/[^/]+")
_STATUS_FIRST = re.compile(r"(\d{3})\b(?: ([A-Z][A-Z0-9_.]*))?")
_STATUS = re.compile(r"/responses/\w+")
_VARYING = (
    (re.compile(r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b", re.IGNORECASE), "…"),
    (re.compile(r"\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d[.\d]*(?:Z|[+-]\d\d:?\d\d)?"), "…"),
    (re.compile(r"\b[0-9a-f]{16,}\b", re.IGNORECASE), "…"),
    (re.compile(r"<redacted:[^<>]*>"), "<redacted>"),
    (re.compile(r"; after: .*"), ""),  # the steps by which a generated test got there
)
_VALUE = re.compile(r"\{.*|'[^']*'|\d+(?:\.\d+)?")
_ABSENT = re.compile(r"absent$|no\b")


@dataclass(slots=True, kw_only=True)
class Cause:
    """One thing that is wrong.

    Attributes:
        verdict: of the cases, the worst first where several would fit.
        title: what is wrong, in a few words.
        clauses: where the requirement stands; none for a case that could not be judged.
        expected: empty when only a reason is known.
        actual: what the target did, each way once.
        reason: why it is tolerated, or why a case could not be judged.
        cases: positions in the results.
        example: position in the results, id of an exchange there that shows it, and position of the violation there or
            None; None as a whole without an exchange.
    """

    verdict: str
    title: str
    clauses: list[str] = field(default_factory=list)
    expected: str = ""
    actual: list[str] = field(default_factory=list)
    reason: str = ""
    cases: list[int] = field(default_factory=list)
    example: tuple[int, str, int | None] | None = None

    def add(self, position: int, clause: str = "", actual: str = "") -> None:
        """Count a case in."""
        for known, found in ((self.clauses, clause), (self.actual, actual)):
            if found and found not in known:
                known.append(found)
        if position not in self.cases:
            self.cases.append(position)


def general(text: str) -> str:
    """`text` without what differs from one exchange to the next: identifiers and times."""
    for pattern, instead in _VARYING:
        text = pattern.sub(instead, text)
    return text


def causes(results: Sequence[JsonObject]) -> list[Cause]:
    """What is wrong, worst first and most frequent first."""
    return _gathered(results, WORST_FIRST)


def untested(results: Sequence[JsonObject]) -> list[Cause]:
    """Why cases were not run, one entry for each reason."""
    return _gathered(results, UNTESTED)


def _gathered(results: Sequence[JsonObject], verdicts: Sequence[str]) -> list[Cause]:
    found: dict[Hashable, Cause] = {}
    for position, result in enumerate(results):
        if result["verdict"] in verdicts:
            for key, cause, seen in _of(position, result):
                found.setdefault(key, cause).add(position, *seen)
    return sorted(found.values(), key=lambda cause: (verdicts.index(cause.verdict), -len(cause.cases)))


def _of(position: int, result: JsonObject) -> Iterator[tuple[Hashable, Cause, tuple[str, ...]]]:
    if result["reason"]:
        reason = general(result["reason"])
        example = next((item["id"] for item in reversed(result["exchanges"])), None)
        cause = Cause(verdict=result["verdict"], title=reason, example=example and (position, example, None))
        yield (result["verdict"], reason), cause, ()
    for number, violation in enumerate(result["violations"]):
        verdict = _verdict(result, violation)
        key, title = _identity(result, violation)
        cause = Cause(
            verdict=verdict,
            title=title,
            expected=general(violation["expected"]),
            reason=violation.get("reason", ""),
            example=(position, violation["exchange"], number),
        )
        yield (verdict, cause.reason, key), cause, (violation["clause"], general(violation["actual"]))


def _verdict(result: JsonObject, violation: Mapping[str, Json]) -> str:
    """A recommendation or a tolerated deviation stays a warning, whatever else the case came to."""
    return "warn" if violation.get("severity", "must") == "should" else str(result["verdict"])


def _identity(result: JsonObject, violation: Mapping[str, Json]) -> tuple[Hashable, str]:
    """What makes two violations one cause, and its title.

    A wrong outcome belongs to the requirement of its scenario, in whichever operations it is broken; but a status that
    is wrong for its code, or a crash, is the same wherever it is met. Anything else belongs to the place in the answer,
    or else to its clause, whichever scenario happened to see it. Of values, only the kind counts.
    """
    clause, expected, actual = violation["clause"], general(violation["expected"]), general(violation["actual"])
    requirement = result.get("requirement") or result["id"]
    if _STATUS_FIRST.match(expected) and _STATUS_FIRST.match(actual):
        if _same_mistake(expected, actual):
            return (expected, actual), f"{actual} instead of {expected}"
        return (requirement, expected, _outcome(actual)), requirement
    if "#" not in clause:
        return (requirement, expected), requirement
    path = violation.get("path", "")
    what = "body" if path == "$" else path or clause.rpartition("/")[2]
    title = f"{'Missing' if _ABSENT.match(actual) else 'Wrong'} {what}"
    place = path or _STATUS.sub("/responses/*", _PATH.sub("#", clause))
    return (place, _VALUE.sub("*", expected), _VALUE.sub("*", actual)), title


def _same_mistake(expected: str, actual: str) -> bool:
    """Whether it takes no scenario to see what is wrong: right code and wrong status, another success, or a crash."""
    (want, want_code), (got, got_code) = _STATUS_FIRST.findall(expected)[0], _STATUS_FIRST.findall(actual)[0]
    return bool(got[0] == "5" or (want_code == got_code and want[0] == got[0]))


def _outcome(actual: str) -> str:
    """Class of the status and the error code: a refusal with another code differs from no refusal at all."""
    status, code = _STATUS_FIRST.findall(actual)[0]
    return f"{status[:1]} {code}"
