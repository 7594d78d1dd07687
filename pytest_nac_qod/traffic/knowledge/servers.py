"""An application server may be a prefix: a creation is not invalid for that."""

import json
from collections import OrderedDict
from dataclasses import dataclass, field
from ipaddress import ip_network

from pytest_nac_qod.checks.answer import answered, described, outcome_of
from pytest_nac_qod.foundation.jsontypes import Json
from pytest_nac_qod.traffic.seen import ApiCall
from pytest_nac_qod.traffic.tally import Tally
from pytest_nac_qod.verdicts import Violation

_RULE = "nac_seen_server_may_be_a_prefix"
_MADE = 1000  # creations that are remembered


@dataclass(slots=True)
class Servers:
    """Creations that were carried out, without their application servers."""

    _made: OrderedDict[str, None] = field(default_factory=OrderedDict)

    def see(self, call: ApiCall, tally: Tally) -> None:
        """Take in a creation, and judge one that differs from another one by its application server only."""
        server = call.sent.get("applicationServer")
        if call.role != "create" or not isinstance(server, dict):
            return
        rest = {name: value for name, value in call.sent.items() if name != "applicationServer"}
        key = json.dumps([call.base_url, call.token, rest], sort_keys=True)
        if call.success:
            self._made[key] = None
            while len(self._made) > _MADE:
                self._made.popitem(last=False)
        if not any("/" in str(address) for address in server.values()) or not all(map(_fits, server.values())):
            return
        if call.success:
            tally.look(_RULE, call, call.contract)
        elif call.status == 400 and key in self._made:
            expected = "201, as for another application server, since it may be a prefix"
            wrong = Violation(clause="", expected=expected, actual=described(call.exchange), path="$.code")
            invalid = outcome_of(answered(call.exchange)).code == "INVALID_ARGUMENT"
            tally.look(_RULE, call, call.contract, [wrong] if invalid else [], sure=False)


def _fits(address: Json) -> bool:
    """Whether it is an address or a prefix, none of whose bits is beyond its mask."""
    try:
        ip_network(str(address))
    except ValueError:
        return False
    return True
