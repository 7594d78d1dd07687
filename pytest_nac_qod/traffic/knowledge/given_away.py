"""What answers give away: inner workings, versions of products, ids that tell others."""

from collections import OrderedDict
from dataclasses import dataclass, field

from pytest_nac_qod.checks import security as checks
from pytest_nac_qod.checks.answer import quoted
from pytest_nac_qod.traffic.seen import ApiCall
from pytest_nac_qod.traffic.tally import Tally
from pytest_nac_qod.verdicts import Violation

_APIS = 100  # whose latest id is remembered


@dataclass(slots=True)
class GivenAway:
    """The latest id of each API."""

    _latest: OrderedDict[str, str] = field(default_factory=OrderedDict)

    def see(self, call: ApiCall, tally: Tally) -> None:
        """Judge an answer by what it tells, and an id by the one before."""
        response = call.exchange.response
        if response is None:
            return
        if call.status >= 400 and call.seen.told:
            _look(
                call, tally, "nac_seen_no_inner_workings", "an error without inner workings", checks.trace_in(response)
            )
        if call.seen.headed:
            _look(call, tally, "nac_seen_no_versions", "headers without product versions", checks.version_in(response))
        self._id(call, tally)

    def _id(self, call: ApiCall, tally: Tally) -> None:
        key = call.body.get(call.resource.id) if call.resource and isinstance(call.body, dict) else None
        if call.role != "create" or not call.success or not isinstance(key, str) or not key:
            return
        place = f"{call.base_url} {call.contract.api}"
        before = self._latest.pop(place, "")
        self._latest[place] = key
        while len(self._latest) > _APIS:
            self._latest.popitem(last=False)
        if before and before != key:
            expected, actual = "ids that cannot be told from earlier ones", f"{quoted(key)} after {quoted(before)}"
            wrong = [Violation(clause="", expected=expected, actual=actual)] if checks.guessable(before, key) else []
            tally.look("nac_seen_ids_not_guessable", call, call.contract, wrong)


def _look(call: ApiCall, tally: Tally, rule: str, expected: str, shown: str) -> None:
    wrong = Violation(clause="", expected=expected, actual=quoted(shown))
    tally.look(rule, call, call.contract, [wrong] if shown else [])
