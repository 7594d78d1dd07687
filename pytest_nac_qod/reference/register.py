"""The sessions that there are, so kept that a creation takes as long among ten thousand of them as alone."""

from typing import TypeVar

from pytest_nac_qod.foundation.jsontypes import JsonObject
from pytest_nac_qod.reference.flows import ServedFlow, Spans, flow, overlap
from pytest_nac_qod.reference.refusals import Refusal
from pytest_nac_qod.reference.state import Session

_Exact = tuple[int, int] | None  # family and number of an address, or 0 and a port; None for any number of them
_Part = tuple[str, str, _Exact]  # device, and what of a flow it is
_Key = TypeVar("_Key")
_NOWHERE = ServedFlow((), (), ())
_FEW = 16  # ports by which a session is found; one that has more is found as if it had all


class Register(dict[str, Session]):
    """Sessions by id, in the order in which they came; found by their device and by each part of their flow as well."""

    __slots__ = ("_by_device", "_by_part", "_flows")

    def __init__(self) -> None:
        super().__init__()
        self._by_device: dict[str, dict[str, Session]] = {}
        self._by_part: dict[_Part, dict[str, Session]] = {}
        self._flows: dict[str, ServedFlow] = {}

    def add(self, session: Session) -> None:
        """Take in a session; another one of the same id is forgotten."""
        self.drop(session.id)
        self[session.id] = session
        self._flows[session.id] = wanted = _flow(session)
        self._by_device.setdefault(session.device, {})[session.id] = session
        for part in _filed(session.device, wanted):
            self._by_part.setdefault(part, {})[session.id] = session

    def drop(self, key: str) -> None:
        """Forget the session of this id, if there is one."""
        session = self.pop(key, None)
        if session is None:
            return
        for part in _filed(session.device, self._flows.pop(key)):
            _taken_out(self._by_part, part, key)
        _taken_out(self._by_device, session.device, key)

    def of_device(self, device: str) -> list[Session]:
        """The sessions of a device, in the order in which they came."""
        return list(self._by_device.get(device, {}).values())

    def sharing(self, device: str, sent: JsonObject) -> list[Session]:
        """The sessions of a device that share a flow with a request, whatever has become of them.

        Raises:
            Refusal: 400 when its application server has no sound address.
        """
        if device not in self._by_device:
            return []
        wanted = flow(sent)
        buckets = min(self._near(device, wanted), key=lambda each: sum(map(len, each)))
        near = {key: session for bucket in buckets for key, session in bucket.items()}
        return [session for key, session in near.items() if overlap(self._flows[key], wanted)]

    def _near(self, device: str, wanted: ServedFlow) -> list[list[dict[str, Session]]]:
        """Where to look for what shares a flow: at all of the device, or at what has one part of it."""
        parts = [(name, values) for name, values in _parts(wanted).items() if None not in values]
        places = [[(device, name, value) for value in [*values, None]] for name, values in parts]
        found = [[self._by_part[place] for place in each if place in self._by_part] for each in places]
        return [[self._by_device[device]], *found]


def _parts(wanted: ServedFlow) -> dict[str, list[_Exact]]:
    """What a flow consists of; it shares a flow only with what has an equal value, or None, in every part."""
    return {
        "address": [(family, first) if first == last else None for family, first, last in wanted.addresses],
        "device port": _exact(wanted.device_ports),
        "server port": _exact(wanted.server_ports),
    }


def _exact(ports: Spans | None) -> list[_Exact]:
    if ports is None or len(ports) > _FEW:
        return [None]
    return [(0, first) if first == last else None for first, last in ports]


def _filed(device: str, wanted: ServedFlow) -> list[_Part]:
    return [(device, name, value) for name, values in _parts(wanted).items() for value in values]


def _flow(session: Session) -> ServedFlow:
    """The flow of a session; none for one that only a defect has let in."""
    try:
        return flow(session.sent)
    except Refusal:
        return _NOWHERE


def _taken_out(buckets: dict[_Key, dict[str, Session]], place: _Key, key: str) -> None:
    bucket = buckets.get(place, {})
    bucket.pop(key, None)
    if not bucket:
        buckets.pop(place, None)
