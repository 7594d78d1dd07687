"""A token either stands for a device, or requests with it name one; a token for which both went well does neither."""

from collections import OrderedDict
from dataclasses import dataclass, field

from pytest_nac_qod.checks.answer import described
from pytest_nac_qod.traffic.seen import ApiCall
from pytest_nac_qod.traffic.tally import Tally
from pytest_nac_qod.verdicts import Violation

_RULE = "nac_seen_device_named_or_in_token"
_TOKENS = 1000  # that are remembered
_OWN = {"tokens.two_legged>": True, "tokens.second_client>": True, "tokens.three_legged>": False}  # names a device


@dataclass(slots=True)
class Identity:
    """For each token, whether requests with it that went well named a device."""

    _named: OrderedDict[str, bool] = field(default_factory=OrderedDict)

    def see(self, call: ApiCall, tally: Tally) -> None:
        """Judge a request that could name a device and went well."""
        if not (call.success and call.token and call.seen.asked and _may_name(call)):
            return
        named = bool(call.sent.get("device"))
        if call.resource is None and not named:  # profiles are for anybody as well
            return
        own = next((names for label, names in _OWN.items() if call.token.endswith(label)), named)
        before = self._named.setdefault(call.token, own)
        while len(self._named) > _TOKENS:
            self._named.popitem(last=False)
        expected = "422, since the token stands for a device" if named else "422, since the token stands for no device"
        wrong = Violation(clause="", expected=expected, actual=described(call.exchange), path="$.code")
        tally.look(_RULE, call, call.contract, [] if named == before else [wrong], sure=False)


def _may_name(call: ApiCall) -> bool:
    return call.role in ("create", "retrieve") or (call.resource is None and call.exchange.request.method == "POST")
