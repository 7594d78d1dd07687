"""What no broad cause explains, grouped by its place in the answer, its outcome, or its rule."""

import re
from collections.abc import Hashable, Iterable

from pytest_nac_qod.report.causes.evidence import Breach
from pytest_nac_qod.report.causes.model import Cause, general, slug

_ABSENT = re.compile(r"absent$|None$|no\b")
_INDEX = re.compile(r"\[[\d*]*\]")
_STATUS = re.compile(r"/responses/\w+")
_PATH = re.compile(r"#/paths/[^/]+/[^/]+")
_NAMED = re.compile(r"\$\.\w+ (.*)")  # what an expectation says of a property
_EFFECT = re.compile(
    r"(?:as before|nothing created by|no event at the sink of) (\w.*)"
)  # what should have left something alone
_UNTOLD = re.compile(r"an event with \$\.data\.\w+ (.+) at the sink")
_ANSWERED = re.compile(r"request that was answered (\d+)")
_NOUN = re.compile(r"\b(?:an? )?(?:session|assignment)\b")
_REFUSED_FOR_INPUT = frozenset({400, 422})  # statuses that say little of what was wrong with a request


def grouped(breaches: Iterable[Breach]) -> list[Cause]:
    """One cause for each thing that is wrong."""
    causes: dict[Hashable, Cause] = {}
    for breach in breaches:
        kind, key, title = _identity(breach)
        tolerated = breach.violation.get("reason", "") if breach.violation else ""
        name = (breach.verdict if breach.verdict in ("warn", "note") else "", tolerated, kind, key)
        if name not in causes:
            causes[name] = Cause(id=slug(kind, *key), title=title)
        causes[name].absorb(breach)
    return list(causes.values())


def _identity(breach: Breach) -> tuple[str, tuple[object, ...], str]:
    """What makes two breaches one cause: the kind of it, its key, and a title."""
    if breach.violation is None:
        reason = general(breach.case["reason"])
        return breach.verdict, (reason,), reason
    if breach.is_outcome:
        return _outcome(breach)
    if effect := _EFFECT.search(breach.violation["expected"]):
        return _effect(breach, effect[1])
    if untold := _UNTOLD.match(breach.violation["expected"]):
        return "untold", (untold[1],), f"No event tells that something is {untold[1]}"
    path = breach.violation.get("path", "")
    if path and breach.verdict != "note":  # what nothing forbids is one remark, whatever shows it
        return _place(breach, path)
    said = _NAMED.fullmatch(general(breach.violation["expected"]))
    title = "What was deleted is still AVAILABLE" if is_undone(breach) else breach.requirement
    return "rule", (_NOUN.sub("…", said[1]) if said else breach.requirement,), title


def is_undone(breach: Breach) -> bool:
    """Whether something is shown as if it had not been deleted."""
    return breach.violation is not None and breach.violation["expected"].endswith(" not AVAILABLE after the deletion")


def is_effect(breach: Breach) -> bool:
    """Whether something was changed that should have been left alone; what it shows now is not what is wrong."""
    return breach.violation is not None and _EFFECT.search(breach.violation["expected"]) is not None


def leaf(path: str) -> str:
    """The last property of a JSONPath; empty for the whole body."""
    return _INDEX.sub("", path).rpartition(".")[2].strip("$")


def _effect(breach: Breach, what: str) -> tuple[str, tuple[object, ...], str]:
    """Something changed by what should have left it alone: a request that was refused, or one about something else."""
    if refused := _ANSWERED.search(what):
        return "refused", (refused[1],), f"A request that is answered {refused[1]} acts all the same"
    return "effect", (_NOUN.sub("…", what),), breach.requirement


def _outcome(breach: Breach) -> tuple[str, tuple[object, ...], str]:
    """A wrong status or code.

    The same wrong code is one cause in whatever cases; so is the same refusal of what one operation has to do. Anything
    else belongs to the requirement of its case, in whichever operations it is broken.
    """
    assert breach.answer is not None  # noqa: S101 - is_outcome says so
    got = f"{breach.status} {breach.answer.code}".strip()
    wanted = general(breach.violation["expected"]) if breach.violation else ""
    if breach.status >= 500:
        return "crash", (breach.operation, breach.status), f"{breach.operation} answers {breach.status}"
    if breach.status in breach.wanted or breach.answer.code in breach.wanted_codes:
        return "code", (*sorted(breach.wanted_codes), got), f"{got} instead of {wanted}"
    if all(status < 300 for status in breach.wanted):
        if breach.status < 300:
            return "status", (*sorted(breach.wanted), got), f"{got} instead of {wanted}"
        if breach.status not in _REFUSED_FOR_INPUT:
            return "refusal", (breach.operation, got), f"{breach.operation} answers {got} instead of {wanted}"
    if breach.wanted == {409}:
        return "conflict", (breach.operation, breach.status // 100), breach.requirement
    return "outcome", (breach.requirement, breach.status // 100, breach.answer.code), breach.requirement


def _place(breach: Breach, path: str) -> tuple[str, tuple[object, ...], str]:
    """A wrong or missing value: the same wherever it is shown, in an answer, a list or an event."""
    assert breach.violation is not None  # noqa: S101 - a place is a violation's
    missing = bool(_ABSENT.match(breach.violation["actual"]))
    what = "missing" if missing else "wrong"
    if name := leaf(path):
        return "place", (name, what), f"{what.capitalize()} {_INDEX.sub('[*]', path)}"
    clause = _STATUS.sub("/responses/*", _PATH.sub("#", breach.violation["clause"]))
    return "body", (breach.operation, clause), f"{what.capitalize()} body of {breach.operation}"
