"""What requests that went well tell of identifiers: which of them are supported, and which are of one device."""

import json
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta

from pytest_nac_qod.checks.answer import answered, described, outcome_of, quoted
from pytest_nac_qod.foundation.jsontypes import Json, JsonObject
from pytest_nac_qod.traffic.seen import ApiCall
from pytest_nac_qod.traffic.tally import Tally
from pytest_nac_qod.verdicts import Violation

_SUPPORTED, _TOGETHER = "nac_seen_identifier_is_supported", "nac_seen_identifiers_of_one_device"
_RESERVED = "nac_seen_reserved_identifier_refused"
_NOT_ALLOWED = "networkAccessIdentifier"
_UNSUPPORTED = ("UNSUPPORTED_IDENTIFIER", "UNSUPPORTED_DEVICE_IDENTIFIERS")
_ADDRESSES = 1000  # whose phone number is remembered
_LEASE = timedelta(hours=1)  # in which an address is not given to another device


@dataclass(slots=True)
class Devices:
    """Kinds of identifiers that each API has known a device by, and the phone number of each address."""

    _kinds: dict[str, set[str]] = field(default_factory=dict)
    _numbers: OrderedDict[str, tuple[str, ApiCall]] = field(default_factory=OrderedDict)

    def see(self, call: ApiCall, tally: Tally) -> None:
        """Take in a request that names a device, and judge its answer."""
        device = call.sent.get("device")
        if not call.status or call.role == "extend" or not isinstance(device, dict) or not device:
            return
        if set(device) == {_NOT_ALLOWED}:
            expected = f"a refusal, since CAMARA does not allow {_NOT_ALLOWED} for now"
            wrong = Violation(clause="", expected=expected, actual=described(call.exchange), path="$.code")
            tally.look(_RESERVED, call, call.contract, [wrong] if call.success else [])
        kinds = self._kinds.setdefault(f"{call.base_url} {call.contract.api}", set())
        if call.success:
            if len(device) == 1:
                kinds |= set(device)
            self._compare(call, device, tally)
        elif kinds & set(device):
            tally.look(_SUPPORTED, call, call.contract, _unsupported(call, kinds & set(device)), sure=False)

    def _compare(self, call: ApiCall, device: JsonObject, tally: Tally) -> None:
        """One address is not of two phone numbers at a time."""
        number = device.get("phoneNumber")
        if not isinstance(number, str):
            return
        for kind, address in device.items():
            if kind not in ("ipv4Address", "ipv6Address"):
                continue
            key = f"{call.base_url} {json.dumps(address, sort_keys=True)}"
            before, told = self._numbers.get(key, (number, call))
            self._numbers[key] = number, call
            while len(self._numbers) > _ADDRESSES:
                self._numbers.popitem(last=False)
            wrong = [_two_numbers(address, call)] if before != number and _shortly(told, call) else []
            tally.look(_TOGETHER, call, call.contract, wrong)


def _unsupported(call: ApiCall, known: set[str]) -> Iterator[Violation]:
    if outcome_of(answered(call.exchange)).code in _UNSUPPORTED:
        expected = f"another answer, since {', '.join(sorted(known))} was accepted before"
        yield Violation(clause="", expected=expected, actual=described(call.exchange), path="$.code")


def _two_numbers(address: Json, call: ApiCall) -> Violation:
    expected = f"422, since {quoted(json.dumps(address))} was accepted with another phone number before"
    return Violation(clause="", expected=expected, actual=described(call.exchange), path="$.code", severity="should")


def _shortly(told: ApiCall, call: ApiCall) -> bool:
    return told.date is not None and call.date is not None and abs(call.date - told.date) <= _LEASE
