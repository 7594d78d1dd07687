"""Broad causes in how answers look: errors, headers, bodies, nulls, times."""

import re
from collections import Counter
from collections.abc import Iterator
from functools import partial

from pytest_nac_qod.foundation.jsontypes import Json
from pytest_nac_qod.report.causes.evidence import AnswerRecord, Breach, Evidence
from pytest_nac_qod.report.causes.model import slug
from pytest_nac_qod.report.causes.suspects import SEVERAL, THROUGHOUT, Suspect, leaf_of, place_of

_PROPERTY = re.compile(r"\$\.(\w+)\b")
_ZONELESS = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(:\d\d([.,]\d+)?)?'?\"?$")


def error_shape(evidence: Evidence) -> Iterator[Suspect]:
    """Errors are told in an object of another shape throughout."""
    errors = [answer for answer in evidence.answers if answer.status >= 400]
    other = [answer for answer in errors if not answer.code]
    if len(other) < max(SEVERAL, THROUGHOUT * len(errors)):
        return
    shape = Counter(_shape(answer) for answer in other).most_common(1)[0][0]
    yield Suspect(
        id="error-shape",
        title=f"Errors are {shape}, not ErrorInfo with status, code and message",
        explains=_is_shape,
    )


def _shape(answer: AnswerRecord) -> str:
    kind = answer.header("content-type").partition(";")[0]
    if kind == "application/problem+json":
        return "problem details (application/problem+json)"
    if kind == "text/html":
        return "HTML pages"
    if isinstance(answer.body, dict):
        names = ", ".join(sorted(answer.body)[:3])
        return f"objects with {names}" if names else "empty objects"
    response = answer.exchange["response"]
    if not response or not response["body"]:
        return "empty"
    return f"no JSON objects but {kind}" if kind else "no JSON objects"


def _is_shape(breach: Breach) -> bool:
    answer = breach.answer
    if answer is None or answer.status < 400 or answer.code or breach.violation is None:
        return False
    if breach.is_outcome:
        return answer.status in breach.wanted
    path = breach.violation.get("path", "")
    return path.startswith("$") or path == "content-type" or not path


def header_throughout(evidence: Evidence) -> Iterator[Suspect]:
    """A header is missing or changed; which one tells the cause, not where it was missed."""
    for name in ("x-correlator", "content-type"):
        broken = [breach for breach in evidence.breaches if place_of(breach) == name]
        if broken:
            absent = all(breach.answer and not breach.answer.header(name) for breach in broken)
            yield Suspect(
                id=slug("header", name),
                title=f"{name} is {'missing from' if absent else 'wrong in'} answers",
                explains=partial(_is_about, name),
            )


def _is_about(name: str, breach: Breach) -> bool:
    return place_of(breach) == name or bool(breach.violation and breach.violation["expected"].lower().startswith(name))


def nulls(_: Evidence) -> Iterator[Suspect]:
    """Absent properties are shown as null."""
    yield Suspect(id="nulls", title="Absent properties are shown as null", explains=_is_null)


def _is_null(breach: Breach) -> bool:
    leaf = leaf_of(breach) or _named(breach)
    if breach.violation is None or breach.answer is None or not leaf:
        return False
    return breach.violation["actual"] in ("null", "None") and _has_null(breach.answer.body, leaf)


def _named(breach: Breach) -> str:
    """The property that the breach of a rule is about, as its words tell."""
    told = _PROPERTY.match(breach.violation["expected"]) if breach.violation else None
    return told[1].lower() if told else ""


def _has_null(value: Json, name: str) -> bool:
    if isinstance(value, dict):
        return any((key.lower() == name and item is None) or _has_null(item, name) for key, item in value.items())
    return isinstance(value, list) and any(_has_null(item, name) for item in value)


def times_without_zone(_: Evidence) -> Iterator[Suspect]:
    """Times have no zone."""
    yield Suspect(
        id="times-without-zone",
        title="Times have no zone (RFC 3339 5.6)",
        explains=lambda breach: (
            breach.violation is not None and bool(_ZONELESS.search(breach.violation["actual"].strip()))
        ),
    )
