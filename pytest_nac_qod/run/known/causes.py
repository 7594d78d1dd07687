"""Failures that are known by their cause: applied when a run has ended, and written from one."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

import tomli_w

from pytest_nac_qod.foundation.jsontypes import JsonObject
from pytest_nac_qod.foundation.visible import one_line
from pytest_nac_qod.report.causes import Cause, causes, general
from pytest_nac_qod.report.records import CaseRecord, ResultsDocument
from pytest_nac_qod.report.results import release_of
from pytest_nac_qod.run.known.expectations import HEADER, REASON, TABLE, Expectation, applied


def settle(
    results: Sequence[CaseRecord], expectations: Iterable[Expectation], release: str, day: date
) -> tuple[list[CaseRecord], list[str]]:
    """The results with failures known where each of their causes is, and a line for each stale entry.

    Args:
        results: of a run that has ended.
        expectations: of its file; those about cases have been applied.
        release: that the run is held to.
        day: of the run.
    """
    listed = {entry.cause: entry for entry in expectations if entry.cause and entry.release == release}
    if not listed:
        return list(results), []
    wrong = [cause for cause in causes(results) if cause.verdict == "fail"]
    stale = [
        f"{entry.place} lists the cause {entry.cause}, which is none any more; take the entry away"
        for entry in listed.values()
        if entry.cause not in {cause.id for cause in wrong} and not (entry.expires and entry.expires < day)
    ]
    return [_known(result, position, wrong, listed, day) for position, result in enumerate(results)], stale


def _known(
    result: CaseRecord, position: int, wrong: Sequence[Cause], listed: dict[str, Expectation], day: date
) -> CaseRecord:
    mine = [cause.id for cause in wrong if position in cause.cases]
    if result["verdict"] != "fail" or not mine or any(cause not in listed for cause in mine):
        return result
    entry = listed[mine[0]]
    verdict, reason = applied("fail", result["reason"], entry, day)
    return {**result, "verdict": verdict, "reason": reason, "expectation": entry.to_dict()}


def written(document: ResultsDocument) -> str:
    """An expectations file with all that failed in a run: an entry for each cause, or for a case that is alone in it.

    What was known keeps its reason; what is stale loses its entry.
    """
    entries = list(_entries(document))
    return f"{HEADER}\n{tomli_w.dumps({TABLE: entries})}" if entries else HEADER


def _entries(document: ResultsDocument) -> Iterator[JsonObject]:
    results = document["results"]
    told = causes(results)
    shared = [cause for cause in told if cause.verdict in ("fail", "known") and len(_failing(cause, results)) > 1]
    for cause in sorted(shared, key=lambda cause: cause.id):
        first = results[_failing(cause, results)[0]]
        yield {"cause": cause.id, "release": release_of(document, first), **_excuse(first, cause.title)}
    covered = {position for cause in shared for position in cause.cases}
    for position, result in enumerate(results):
        if result["verdict"] in ("fail", "known") and position not in covered:
            case = {"case": result["case"]} if result["case"] else {}
            place = {result["kind"]: result["id"], **case, "release": release_of(document, result)}
            yield {**place, **_excuse(result, _reason(result))}


def _failing(cause: Cause, results: Sequence[CaseRecord]) -> list[int]:
    return [position for position in cause.cases if results[position]["verdict"] in ("fail", "known")]


def _excuse(result: CaseRecord, usual: str) -> dict[str, Any]:
    """Reason, issue and last day of an entry: those that it had, if it was known."""
    earlier = result.get("expectation") if result["verdict"] == "known" else None
    excuse: dict[str, Any] = {"reason": (earlier and earlier["reason"]) or usual}
    if earlier and "issue" in earlier:
        excuse["issue"] = earlier["issue"]
    if earlier and "expires" in earlier:
        excuse["expires"] = date.fromisoformat(earlier["expires"])
    return excuse


def _reason(result: CaseRecord) -> str:
    """What is wrong, without what differs from run to run."""
    first = next((item for item in result["violations"] if item.get("severity", "must") == "must"), None)
    said = f"expected {first['expected']}, got {first['actual']}" if first else result["reason"] or "fails"
    text = one_line(general(said))
    return text if len(text) <= REASON else f"{text[: REASON - 1]}…"
