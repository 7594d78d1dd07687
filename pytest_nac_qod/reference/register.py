"""The sessions that there are, so kept that a creation takes as long among ten thousand of them as alone."""

from collections.abc import Iterable
from typing import TypeVar

from pytest_nac_qod.foundation.jsontypes import JsonObject
from pytest_nac_qod.reference.flows import ServedFlow, flow, overlap
from pytest_nac_qod.reference.refusals import Refusal
from pytest_nac_qod.reference.state import Session

_Place = tuple[str, tuple[int, int] | None]  # device, and family and number of an address; None for whole networks
_Key = TypeVar("_Key")
_NOWHERE = ServedFlow((), None, None)


class Register(dict[str, Session]):
    """Sessions by id, in the order in which they came; found by their device and by their flow as well."""

    __slots__ = ("_by_device", "_by_place", "_flows")

    def __init__(self) -> None:
        super().__init__()
        self._by_device: dict[str, dict[str, Session]] = {}
        self._by_place: dict[_Place, dict[str, Session]] = {}
        self._flows: dict[str, ServedFlow] = {}

    def add(self, session: Session) -> None:
        """Take in a session; another one of the same id is forgotten."""
        self.drop(session.id)
        self[session.id] = session
        self._flows[session.id] = _flow(session)
        self._by_device.setdefault(session.device, {})[session.id] = session
        for place in self._places(session):
            self._by_place.setdefault(place, {})[session.id] = session

    def drop(self, key: str) -> None:
        """Forget the session of this id, if there is one."""
        session = self.pop(key, None)
        if session is None:
            return
        for place in self._places(session):
            _taken_out(self._by_place, place, key)
        _taken_out(self._by_device, session.device, key)
        del self._flows[key]

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
        near: Iterable[Session] = self.of_device(device)
        if all(first == last for _, first, last in wanted.addresses):
            places: list[_Place] = [(device, (family, first)) for family, first, _ in wanted.addresses]
            buckets = [self._by_place.get(place, {}) for place in [*places, (device, None)]]
            near = {key: session for bucket in buckets for key, session in bucket.items()}.values()
        return [session for session in near if overlap(self._flows[session.id], wanted)]

    def _places(self, session: Session) -> list[_Place]:
        spans = self._flows[session.id].addresses
        return [(session.device, (family, first) if first == last else None) for family, first, last in spans]


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
