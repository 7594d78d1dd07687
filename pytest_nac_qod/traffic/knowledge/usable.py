"""Profiles that the traffic has shown not to exist, or not to be ACTIVE, are not accepted."""

from collections import OrderedDict
from dataclasses import dataclass, field

from pytest_nac_qod.checks.answer import described, quoted
from pytest_nac_qod.traffic.seen import ApiCall
from pytest_nac_qod.traffic.tally import Tally
from pytest_nac_qod.verdicts import Violation

_PROFILES = 1000  # that are remembered
_MISSING, _ACTIVE = "not there", "ACTIVE"


@dataclass(slots=True)
class Usable:
    """The status of each profile, as it was shown last."""

    _shown: OrderedDict[str, tuple[str, ApiCall]] = field(default_factory=OrderedDict)

    def see(self, call: ApiCall, tally: Tally) -> None:
        """Take in what an answer says of profiles, and judge a creation with one."""
        if call.resource is None:
            self._learn(call)
        elif call.role == "create" and call.success:
            self._judge(call, tally)

    def _learn(self, call: ApiCall) -> None:
        items = call.body if isinstance(call.body, list) else [call.body]
        told = {str(item.get("name")): str(item.get("status")) for item in items if isinstance(item, dict)}
        if call.key and call.status == 404:
            told = {call.key: _MISSING}
        elif not call.success:
            return
        for name, status in told.items():
            self._shown[name] = (status, call)
            self._shown.move_to_end(name)
        while len(self._shown) > _PROFILES:
            self._shown.popitem(last=False)

    def _judge(self, call: ApiCall, tally: Tally) -> None:
        name = call.sent.get("qosProfile")
        status, told = self._shown.get(str(name), ("", call))
        at_once = told.seen.source == call.seen.source and not told.before(call)
        if not status or at_once:
            return
        rule = "nac_seen_profile_exists" if status == _MISSING else "nac_seen_profile_is_active"
        expected = f"a refusal, since {quoted(str(name))} was shown as {status}"
        wrong = Violation(clause="", expected=expected, actual=described(call.exchange), path="$.code")
        tally.look(rule, call, call.contract, [] if status == _ACTIVE else [wrong], sure=False)
        if status == _ACTIVE:
            tally.look("nac_seen_profile_exists", call, call.contract)
