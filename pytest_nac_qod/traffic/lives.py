"""What the traffic tells of the life of each session and assignment."""

import json
from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from pytest_nac_qod.foundation.jsontypes import Json, JsonObject
from pytest_nac_qod.foundation.values import moment, whole
from pytest_nac_qod.traffic.concurrency.orders import Op
from pytest_nac_qod.traffic.seen import ApiCall, Notice
from pytest_nac_qod.verdicts import Violation

FLOW = ("device", "applicationServer", "devicePorts", "applicationServerPorts")  # what a session is for
LIVES, KEPT = 10_000, 50  # lives that are remembered, and events, extensions and suspicions of each of them
_CENTURY = 3_155_760_000  # seconds
_Place = tuple[str, str, str]  # base URL, API, id


@dataclass(frozen=True, slots=True)
class Shown:
    """A session or an assignment as an answer shows it."""

    call: ApiCall
    body: JsonObject
    status: Json

    @property
    def expires(self) -> datetime | None:
        """When it says that it ends."""
        return moment(self.body.get("expiresAt"))


@dataclass(frozen=True, slots=True)
class Suspicion:
    """What is a breach if the session or assignment turns out to have been alive.

    It is one as well, though not for sure, if nothing out of sight ended it.
    """

    rule: str
    call: ApiCall
    violation: Violation


@dataclass(slots=True)
class Course:
    """One session or assignment.

    Attributes:
        created: the call that created it; None where that was before the recording.
        first: as it was shown first.
        latest: as it was shown last, whoever asked.
        ended: as it was first shown UNAVAILABLE.
        ending: the first call that deletes it, or tries to.
        deleted: the first deletion that was answered 204.
        sound: the request that created it follows its schema, so that what should come back is known.
        extensions: all of them, answered or not.
        notices: events about it.
        suspicions: what depends on whether it was alive.
        doubts: what is a breach unless an extension went on at the same time.
        ops: the requests about it, for the search of an order that explains their answers.
        last: the last of them.
        sources: whose clocks their times are by.
        capped: an extension may have come to the maximum of the profile.
        shared: somebody else may have changed it.
    """

    key: str
    created: ApiCall | None = None
    first: Shown | None = None
    latest: Shown | None = None
    ended: Shown | None = None
    ending: ApiCall | None = None
    deleted: ApiCall | None = None
    sound: bool = True
    extensions: list[ApiCall] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    suspicions: list[Suspicion] = field(default_factory=list)
    doubts: list[Suspicion] = field(default_factory=list)
    ops: list[Op] = field(default_factory=list)
    last: ApiCall | None = None
    sources: set[str] = field(default_factory=set)
    capped: bool = False
    shared: bool = False

    @property
    def sent(self) -> JsonObject:
        """What was asked for; empty where that is not known."""
        return self.created.sent if self.created else {}

    def alive(self, call: ApiCall) -> bool:
        """Whether it has to be alive when a request is carried out, unless something out of sight ended it.

        It was shown AVAILABLE or REQUESTED before, nobody has begun to delete it until the answer came, and its time
        has not come by the clock of the target.
        """
        last = self.latest
        if last is None or last.status not in ("AVAILABLE", "REQUESTED") or not last.call.before(call):
            return False
        if self.ending is not None or any(notice.status == "UNAVAILABLE" for notice in self.notices):
            return False
        if self.ended is not None and not call.before(self.ended.call):
            return False
        if call.resource is not None and call.resource.noun == "assignment":
            return True
        end = last.expires or self.lasts_until
        return end is not None and call.date is not None and call.date < end

    def over_before(self, call: ApiCall) -> bool:
        """Whether it may have ended, or been deleted, before a request was answered."""
        if self.ending is not None and not call.before(self.ending):
            return True
        seconds = whole(self.first.body.get("duration")) if self.first else None
        brief = (
            seconds is None or self.created is None or call.ended - self.created.started >= timedelta(seconds=seconds)
        )
        told = any(notice.status == "UNAVAILABLE" and not call.over.before(notice.at) for notice in self.notices)
        return brief or told

    @property
    def lasts_until(self) -> datetime | None:
        """When it ends at the earliest if it has not begun yet: it lasts as long as the answer to its creation says."""
        seconds = whole(self.first.body.get("duration")) if self.first else None
        date = self.created.date if self.created else None
        return None if seconds is None or date is None else date + timedelta(seconds=min(seconds, _CENTURY))

    def suspect(self, suspicion: Suspicion) -> None:
        """Remember what is a breach if it was alive; a few of them will do."""
        if len(self.suspicions) < KEPT:
            self.suspicions.append(suspicion)

    def doubt(self, suspicion: Suspicion) -> None:
        """Remember what is a breach unless an extension went on at the same time; a few of them will do."""
        if len(self.doubts) < KEPT:
            self.doubts.append(suspicion)

    def extend(self, call: ApiCall) -> None:
        """Note an extension, answered or not."""
        if len(self.extensions) < KEPT:
            self.extensions.append(call)
        self.doubts = [item for item in self.doubts if item.call.before(call)]

    def extension_since(self, shown: Shown, call: ApiCall) -> bool:
        """Whether it may have been extended between the time that an answer is from and that of another one."""
        return any(
            other is not shown.call and not other.before(shown.call) and not call.before(other)
            for other in self.extensions
        )


@dataclass(slots=True)
class Lives:
    """All of them, by base URL, API and id; those that nothing was heard of for longest are forgotten.

    Attributes:
        over: gets each life of which no more is going to be heard.
    """

    over: Callable[[Course], None]
    _lives: OrderedDict[_Place, Course] = field(default_factory=OrderedDict)
    _by_id: dict[str, list[_Place]] = field(default_factory=dict)
    _by_device: dict[str, dict[_Place, None]] = field(default_factory=dict)

    def of(self, base_url: str, api: str, key: str) -> Course:
        """The life of this id, which begins now if it was never heard of."""
        place = (base_url, api, key)
        if place not in self._lives:
            self._lives[place] = Course(key)
            self._by_id.setdefault(key, []).append(place)
            while len(self._lives) > LIVES:
                self._forget(next(iter(self._lives)))
        self._lives.move_to_end(place)
        return self._lives[place]

    def anew(self, base_url: str, api: str, key: str) -> Course:
        """A new life of this id; the one before is over."""
        if (base_url, api, key) in self._lives:
            self._forget((base_url, api, key))
        return self.of(base_url, api, key)

    def known(self, key: str) -> list[Course]:
        """Every life of this id, whatever it is of."""
        return [self._lives[place] for place in self._by_id.get(key, [])]

    def for_device(self, call: ApiCall) -> list[Course]:
        """The lives that were created for a device that the request of a call names, and have not been deleted."""
        places = dict.fromkeys(place for name in names_of(call) for place in self._by_device.get(name, ()))
        return [self._lives[place] for place in places]

    def place(self, life: Course) -> None:
        """Have a life found by the device that it was created for."""
        if life.created is not None:
            for name in names_of(life.created):
                call = life.created
                self._by_device.setdefault(name, {})[call.base_url, call.contract.api, life.key] = None

    def displace(self, life: Course) -> None:
        """Have a life that is over not be found by its device any more."""
        if life.created is not None:
            call = life.created
            for name in names_of(call):
                places = self._by_device.get(name, {})
                places.pop((call.base_url, call.contract.api, life.key), None)
                if not places:
                    self._by_device.pop(name, None)

    def _forget(self, place: _Place) -> None:
        life = self._lives.pop(place)
        self.displace(life)
        others = self._by_id[life.key]
        others.remove(place)
        if not others:
            del self._by_id[life.key]
        self.over(life)

    def close(self) -> None:
        """Tell the end of all that are left."""
        while self._lives:
            self._forget(next(iter(self._lives)))


def names_of(call: ApiCall, shown: Json = None) -> Iterator[str]:
    """What the device that a request is about is known by: each identifier, or the token where it names none.

    Nothing where the body of the request is not known.

    Args:
        call: the request.
        shown: the device in the answer, for a request that could name none.
    """
    if not call.seen.asked:
        return
    device = call.sent.get("device") or shown
    scope = f"{call.base_url} {call.contract.api}"
    if isinstance(device, dict) and device:
        yield from (f"{scope} {kind} {json.dumps(value, sort_keys=True)}" for kind, value in device.items())
    elif call.token:
        yield f"{scope} {call.token}"
