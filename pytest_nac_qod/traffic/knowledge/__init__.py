"""What the traffic has told of tokens, devices, profiles and refusals, and what later requests come to, given that."""

from dataclasses import dataclass, field

from pytest_nac_qod.traffic.knowledge.devices import Devices
from pytest_nac_qod.traffic.knowledge.given_away import GivenAway
from pytest_nac_qod.traffic.knowledge.identity import Identity
from pytest_nac_qod.traffic.knowledge.refused import Refused
from pytest_nac_qod.traffic.knowledge.servers import Servers
from pytest_nac_qod.traffic.knowledge.usable import Usable
from pytest_nac_qod.traffic.lives import Lives
from pytest_nac_qod.traffic.seen import ApiCall
from pytest_nac_qod.traffic.tally import Tally


@dataclass(slots=True)
class Knowledge:
    """All of it, of one target."""

    _devices: Devices = field(default_factory=Devices)
    _given_away: GivenAway = field(default_factory=GivenAway)
    _identity: Identity = field(default_factory=Identity)
    _refused: Refused = field(default_factory=Refused)
    _servers: Servers = field(default_factory=Servers)
    _usable: Usable = field(default_factory=Usable)

    def see(self, call: ApiCall, lives: Lives, tally: Tally) -> None:
        """Take in a call, and judge it by what was known before."""
        self._given_away.see(call, tally)
        self._devices.see(call, tally)
        self._servers.see(call, tally)
        self._identity.see(call, tally)
        self._refused.see(call, lives, tally)
        self._usable.see(call, tally)
