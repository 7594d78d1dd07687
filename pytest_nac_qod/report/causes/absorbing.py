"""Cases that did not reach their start join the cause that says why."""

import re
from collections.abc import Sequence

from pytest_nac_qod.report.causes.evidence import Breach
from pytest_nac_qod.report.causes.grouping import is_effect, is_undone
from pytest_nac_qod.report.causes.model import Cause
from pytest_nac_qod.report.causes.suspects import IDS, STATES

_LEFT = "what a creation without an answer left"  # reason of a case that a lost creation may be in the way of
_STAYS = "was answered as done, but"  # reason of a case that what was deleted is in the way of
_LASTS = "never UNAVAILABLE"  # end of the reason of a case that waits for an end
_KEPT = "what was created before is still in the way"  # reason of a case that begins anew
_UNSEEN = re.compile(r"\bnot seen \w+\b|\bnever [A-Z]+$")  # reasons of cases that wait for a status
_UNTOLD = re.compile(r"no event came|\d+ of \d+ events came|.* not told in time")  # reasons: waits for events
# what is expected where an event is missed, or is astray
_ASTRAY = re.compile(r"an event\b|\$\.data\.\w+Id .* in all events\b|no event at\b")
_LACKING = re.compile(r"the event has no (\w+)")  # reason of a case that looks at a part of an event
_OVER = re.compile(r"\$\.(?:qosStatus|status) 'UNAVAILABLE'")  # what is expected of what has ended
_GONE = 404
# without one of these nothing can go on from an answer of success
_NEEDED = (*IDS, *STATES, "$")


def absorbed(causes: Sequence[Cause]) -> list[Cause]:
    """The same causes, with each unjudged case in the one that explains it, if there is one."""
    telling = [cause for cause in causes if any(breach.violation for breach in cause.breaches)]
    kept: list[Cause] = []
    for cause in causes:
        if cause in telling or cause.verdict != "inconclusive":
            kept.append(cause)
            continue
        rest = Cause(id=cause.id, title=cause.title)
        for breach in cause.breaches:
            (next((other for other in telling if _explains(other, breach)), rest)).absorb(breach)
        if rest.cases:
            kept.append(rest)
    return kept


def _explains(cause: Cause, stopped: Breach) -> bool:
    """Whether the answer that stopped a case is one that the cause is about already."""
    if stopped.case["reason"].startswith(_LEFT):
        return any(_loses(shown, stopped) for shown in cause.breaches)
    if _STAYS in stopped.case["reason"]:
        return any(_undoes(shown, stopped) for shown in cause.breaches)
    if stopped.case["reason"].endswith(_LASTS) and any(_lasts(shown, stopped) for shown in cause.breaches):
        return True
    if stopped.case["reason"] == _KEPT:
        return any(_keeps(shown, stopped) for shown in cause.breaches)
    if _UNTOLD.match(stopped.case["reason"]):
        return any(_untells(shown, stopped) for shown in cause.breaches)
    return any(_is_why(shown, stopped) for shown in cause.breaches)


def _is_why(shown: Breach, stopped: Breach) -> bool:
    """Whether what is shown keeps the other case from seeing what it needs."""
    taken = stopped.status == _GONE and _takes_away(shown, stopped)
    hidden = _UNSEEN.search(stopped.case["reason"]) is not None and _hides(shown, stopped)
    stops = shown.violation is not None and _stops(shown, stopped)
    return taken or hidden or stops or _lacks(shown, stopped)


def _lacks(shown: Breach, stopped: Breach) -> bool:
    """Whether an event lacks what the other case looks at."""
    lacking = _LACKING.match(stopped.case["reason"])
    return lacking is not None and _leaf(shown) == lacking[1]


def _keeps(shown: Breach, stopped: Breach) -> bool:
    """Whether a creation is refused for what was there before."""
    kept = shown.is_outcome and shown.status == 409 and bool(shown.wanted) and max(shown.wanted) < 300
    return kept and shown.case["api"] == stopped.case["api"]


def _lasts(shown: Breach, stopped: Breach) -> bool:
    """Whether something is shown as if it had not ended."""
    over = shown.violation is not None and _OVER.match(shown.violation["expected"]) is not None
    return over and shown.case["api"] == stopped.case["api"]


def _undoes(shown: Breach, stopped: Breach) -> bool:
    """Whether what was deleted is shown as if nobody had."""
    return is_undone(shown) and shown.case["api"] == stopped.case["api"]


def _takes_away(shown: Breach, stopped: Breach) -> bool:
    """Whether a request ended what it should have left alone, which another case then does not find."""
    ended = shown.violation is not None and re.match("it is gone|UNAVAILABLE", shown.violation["actual"]) is not None
    return ended and is_effect(shown) and shown.case["api"] == stopped.case["api"]


def _hides(shown: Breach, stopped: Breach) -> bool:
    """Whether the id or the status of what succeeds is wrong, so that nobody can see it become anything."""
    if shown.violation is None or shown.is_outcome or not 200 <= shown.status < 300:
        return False
    return _leaf(shown) in (*IDS, *STATES) and shown.case["api"] == stopped.case["api"]


def _untells(shown: Breach, stopped: Breach) -> bool:
    """Whether an event is missed, or is at a sink of something else, of which the other case waits for one."""
    astray = shown.violation is not None and _ASTRAY.match(shown.violation["expected"]) is not None
    return astray and shown.case["api"] == stopped.case["api"]


def _loses(shown: Breach, stopped: Breach) -> bool:
    """Whether an answer leaves open if something was created, as a crash or one without an id does."""
    if shown.answer is None or shown.case["api"] != stopped.case["api"]:
        return False
    return shown.status >= 500 or (shown.status < 300 and shown.violation is not None)


def _stops(shown: Breach, stopped: Breach) -> bool:
    """Whether the breach is why the other case came to a stop.

    A refusal is the same in the same operation with the same outcome; in what succeeds, a case needs its id and status.
    """
    mine, theirs = shown.answer, stopped.answer
    if mine is None or theirs is None:
        return False
    if shown.is_outcome:
        return (mine.operation, mine.status, mine.code) == (theirs.operation, theirs.status, theirs.code)
    if theirs.status >= 300:
        return False
    leaf = _leaf(shown)
    needed = leaf in _NEEDED or (leaf.isalpha() and leaf in stopped.case["reason"])
    same = mine.operation == theirs.operation or shown.case["api"] == stopped.case["api"]
    return needed and mine.status < 300 and same


def _leaf(shown: Breach) -> str:
    """The last property of the path of a breach, `$` for the whole body."""
    return shown.violation.get("path", "$").rpartition(".")[2] if shown.violation else ""
