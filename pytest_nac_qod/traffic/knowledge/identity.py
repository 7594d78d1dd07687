"""A token either stands for a device, or requests with it name one; a token for which both went well does neither."""

from collections import OrderedDict
from dataclasses import dataclass, field

from pytest_nac_qod.checks.answer import answered, described, outcome_of
from pytest_nac_qod.traffic.seen import ApiCall
from pytest_nac_qod.traffic.tally import Tally
from pytest_nac_qod.verdicts import Violation

_RULE, _CODE = "nac_seen_device_named_or_in_token", "nac_seen_device_beside_the_token_has_its_code"
_UNNECESSARY, _MISMATCH = "422 UNNECESSARY_IDENTIFIER", "403 INVALID_TOKEN_CONTEXT"
_TOKENS = 1000  # that are remembered
_OWN = {"tokens.two_legged>": True, "tokens.second_client>": True, "tokens.three_legged>": False}  # names a device


@dataclass(slots=True)
class Identity:
    """For each token, whether requests with it that went well named a device.

    And for each operation with it the request without a device that went well, or the one with a device that was
    denied, whichever came first.
    """

    _named: OrderedDict[str, bool] = field(default_factory=OrderedDict)
    _first: OrderedDict[str, ApiCall] = field(default_factory=OrderedDict)

    def see(self, call: ApiCall, tally: Tally) -> None:
        """Judge a request that could name a device."""
        if not (call.token and call.seen.asked and _may_name(call)):
            return
        named = bool(call.sent.get("device"))
        if call.resource is None and not named:  # profiles are for anybody as well
            return
        self._code(call, tally, named=named)
        if not call.success:
            return
        own = next((names for label, names in _OWN.items() if call.token.endswith(label)), named)
        before = self._named.setdefault(call.token, own)
        while len(self._named) > _TOKENS:
            self._named.popitem(last=False)
        expected = "422, since the token stands for a device" if named else "422, since the token stands for no device"
        wrong = Violation(clause="", expected=expected, actual=described(call.exchange), path="$.code")
        tally.look(_RULE, call, call.contract, [] if named == before else [wrong], sure=False)

    def _code(self, call: ApiCall, tally: Tally, *, named: bool) -> None:
        """A token that may do something without naming a device lacks no permission where one is named."""
        denied = call.status == 403 and named and outcome_of(answered(call.exchange)).code == "PERMISSION_DENIED"
        if not denied and not (call.success and not named):
            return
        key = f"{call.base_url} {call.token} {call.operation.id}"
        before = self._first.setdefault(key, call)
        while len(self._first) > _TOKENS:
            self._first.popitem(last=False)
        if denied != before.success:
            return
        self._first[key] = call if call.success else before
        wrong = call if denied else before
        expected = _UNNECESSARY if "UNNECESSARY_IDENTIFIER" in call.operation.errors.get(422, ()) else _MISMATCH
        told = f"{expected}, since the token stands for a device"
        violation = Violation(clause="", expected=told, actual=described(wrong.exchange), path="$.code")
        tally.look(_CODE, wrong, wrong.contract, [violation], sure=False)


def _may_name(call: ApiCall) -> bool:
    return call.role in ("create", "retrieve") or (call.resource is None and call.exchange.request.method == "POST")
