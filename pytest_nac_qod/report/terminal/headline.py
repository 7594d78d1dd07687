"""What a run came to, in a line and a few sentences."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from pytest_nac_qod.report import parts, standard
from pytest_nac_qod.report.causes import causes
from pytest_nac_qod.report.records import CaseRecord, ResultsDocument
from pytest_nac_qod.verdicts import EXECUTED, NOT_INSTALLED
from pytest_nac_qod.wire.clock import described


@dataclass(frozen=True, slots=True)
class Headline:
    """`state` is `conformant`, `broken` or `unjudged`; `sentences` say what stands behind the title, and what not."""

    state: str
    title: str
    sentences: tuple[str, ...]


_UNTESTED = "{} not tested: the target file lacks something that is needed."
_UNSEEN = "{} not tested: the traffic does not show what is needed."


def headline(document: ResultsDocument) -> Headline:
    """The line that a hurried reader reads."""
    state, title = _title(document)
    if not document["complete"]:
        title = f"Incomplete run: {title[0].lower()}{title[1:]} so far" if state != "conformant" else "Incomplete run"
        state = "broken" if state == "broken" else "unjudged"
    return Headline(state, title + standard.title(document), tuple(_sentences(document)))


def _title(document: ResultsDocument) -> tuple[str, str]:
    summary = document["summary"]
    part = document.get("run", {}).get("part")
    known = _requirements(document["results"], "known")
    if summary.get("fail"):
        return "broken", f"{_count(_reasons(document), 'cause')}: {broken(document['results'])}"
    if summary.get("stale"):
        return "broken", f"{_count(summary['stale'], 'expectation')} stale"
    if not any(summary.get(verdict) for verdict in EXECUTED):
        return "unjudged", "Nothing was tested"
    if summary.get("error") or summary.get("inconclusive"):
        return "unjudged", "Not decided"
    if known:
        return "broken", f"{_count(known, 'requirement')} broken, all of them known"
    return "conformant", "Conformant in what was tested" if summary.get("not_tested") or part else "Conformant"


def notes(results: Sequence[CaseRecord]) -> int:
    """How many cases have a note, whatever else they came to."""
    return sum(any(violation.get("severity") == "may" for violation in result["violations"]) for result in results)


def broken(results: Sequence[CaseRecord]) -> str:
    """What is broken, published scenarios and rules of our own counted apart."""
    counted = (
        _count(number, noun)
        for kind, noun in (("scenario", "published scenario"), ("rule", "rule"))
        if (number := _requirements(results, "fail", kind))
    )
    return f"{' and '.join(counted)} broken"


def _requirements(results: Sequence[CaseRecord], verdict: str, kind: str = "") -> int:
    of_kind = [result for result in results if kind in ("", result["kind"])]
    return len({(result["api"], result["id"]) for result in of_kind if result["verdict"] == verdict})


def _sentences(document: ResultsDocument) -> Iterator[str]:
    yield from standard.sentences(document)
    summary = document["summary"]
    executed = sum(summary.get(verdict, 0) for verdict in EXECUTED)
    if not document["complete"]:
        yield _unfinished(document)
    if part := parts.said(document.get("run", {}).get("part")):
        yield f"Only a part of the suite was selected: {part}."
    cases = _count(len(document["results"]), "case")
    yield f"{executed} of {cases} came to a verdict; {summary.get('pass', 0)} passed."
    told = (
        ("fail", f"{{}} failed, with {_count(_reasons(document), 'cause')}."),
        ("known", "{} failed as the expectations file says."),
        ("stale", "{} passed, although the expectations file says that they fail."),
        ("warn", "{} passed with a warning: a recommendation is not followed, or only a lenient reading holds."),
        ("inconclusive", "{} could not be judged: the target never reached the state that was needed."),
        ("error", "{} could not be judged: the network or the tester broke."),
        ("not_tested", _UNTESTED if document.get("kind", "run") == "run" else _UNSEEN),
        ("not_installed", f"{{}} not tested: what generates their requests is {NOT_INSTALLED}."),
        ("not_applicable", "{} not applicable: declared unsupported, or impossible to satisfy."),
    )
    if ahead := document["target"].get("clock_ahead"):
        yield f"{described(ahead).capitalize()}; its times were judged by its own clock."
    lacking = not_installed(document["results"])
    counted = {**summary, "not_tested": summary.get("not_tested", 0) - lacking, "not_installed": lacking}
    for verdict, sentence in told:
        if number := counted.get(verdict):
            yield sentence.format(_count(number, "case"))
    if noted := notes(document["results"]):
        yield f"{_count(noted, 'case')} with a note: something unusual that nothing published forbids."


def _unfinished(document: ResultsDocument) -> str:
    part = document.get("run", {}).get("part")
    if part and part["left_out"]:
        return f"{' '.join(part['left_out_by'])} left out {_count(part['left_out'], 'case')}."
    return "The run ended before its last case; these are its results until then."


def not_installed(results: Iterable[CaseRecord]) -> int:
    """Number of cases that were not tested because a package is not installed."""
    return sum(result["verdict"] == "not_tested" and result["reason"].endswith(NOT_INSTALLED) for result in results)


def _reasons(document: ResultsDocument) -> int:
    return sum(cause.verdict == "fail" for cause in causes(document["results"]))


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
