"""The causes that a run names."""

import re
from collections.abc import Sequence

from pytest_nac_qod.foundation.jsontypes import JsonObject
from pytest_nac_qod.report.causes import causes

COUNTED = ("fail", "stale", "error", "inconclusive")  # what is merely wise, or tolerated, is none


def named_causes(document: JsonObject) -> list[JsonObject]:
    """What is wrong, by results.json: each with `title`, `verdict`, `clauses` and `cases`."""
    if "causes" in document:
        entries: list[JsonObject] = list(document["causes"])
    else:
        entries = [
            {"title": cause.title, "verdict": cause.verdict, "clauses": cause.clauses, "cases": cause.cases}
            for cause in causes(document["results"])
        ]
    return [cause for cause in entries if cause["verdict"] in COUNTED]


def unnamed(document: JsonObject, expected: Sequence[JsonObject]) -> list[str]:
    """Keys of the expected causes that no entry names: all words in its title, and a clause or operation of theirs."""
    named = named_causes(document)
    return [cause["key"] for cause in expected if not any(_names(document, entry, cause) for entry in named)]


def _names(document: JsonObject, entry: JsonObject, cause: JsonObject) -> bool:
    said = all(re.search(word, entry["title"], re.IGNORECASE) for word in cause["words"])
    return said and any(re.search(cause["where"], place) for place in _places(document, entry))


def _places(document: JsonObject, entry: JsonObject) -> list[str]:
    """Clauses and operations that an entry is about; cases are told by their position or by their id.

    What kept a run from beginning is about everything, and its title says where.
    """
    if not document["results"]:
        return [entry["title"]]
    results = document["results"]
    about = [results[case] for case in entry["cases"] if isinstance(case, int)]
    about += [result for result in results if result["id"] in entry["cases"]]
    return [*entry["clauses"], *(result["operation"] for result in about)]
