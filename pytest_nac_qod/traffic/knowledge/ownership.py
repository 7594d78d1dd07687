"""What a client created is for that client only."""

from pytest_nac_qod.checks.answer import described
from pytest_nac_qod.traffic.lives import Course, Suspicion
from pytest_nac_qod.traffic.seen import ApiCall
from pytest_nac_qod.traffic.tally import Tally
from pytest_nac_qod.verdicts import Violation

_RULE = "nac_seen_own_client_only"


def owner(call: ApiCall, life: Course, tally: Tally) -> None:
    """Nobody but its client reads, extends or deletes it; others are told that they may not, not that there is none."""
    if life.created is None or not life.created.other_client(call) or not life.created.before(call):
        return
    expected = f"403, since {life.created.seen.client} created it and {call.seen.client} asks"
    wrong = Violation(clause="", expected=expected, actual=described(call.exchange), path="$.code")
    tally.look(_RULE, call, call.contract, [wrong] if call.success else [])
    if call.status == 401:
        tally.look(_RULE, call, call.contract, [wrong], sure=False)
    if call.status == 404 and life.alive(call):
        hidden = Violation(
            clause="", expected=expected, actual=described(call.exchange), path="$.code", severity="should"
        )
        life.suspect(Suspicion(_RULE, call, hidden))
