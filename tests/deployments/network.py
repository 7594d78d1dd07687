"""The network of the independent server: what it holds, its clock, and the events that it sends."""

import asyncio
import json
import ssl
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from math import ceil
from typing import Any
from uuid import uuid4

import httpx

from tests.deployments.habits import Habits
from tests.deployments.wire import Answer, Asked
from tests.deployments.world import RELEASES

RETENTION = timedelta(seconds=360)
_TICK = 0.02  # seconds


@dataclass(slots=True, eq=False, kw_only=True)
class Record:
    """A session or an assignment; `ready` is when the network has provided it, None for never."""

    kind: str
    id: str
    client: str
    device: int
    asked: dict[str, Any]
    duration: int | None
    created: datetime
    ready: datetime | None
    status: str = "REQUESTED"
    info: str | None = None
    started: datetime | None = None
    ended: datetime | None = None
    leaves: datetime | None = None  # when a revocation that takes time is done
    doomed: bool = False
    released: bool = False  # by a deletion, and readable for a while
    deliveries: list[asyncio.Task[None]] = field(default_factory=list)

    @property
    def expires(self) -> datetime | None:
        """When it ends, or ended."""
        if self.ended or self.started is None or self.duration is None:
            return self.ended
        return self.started + timedelta(seconds=self.duration)

    @property
    def occupies(self) -> bool:
        """Whether its device is taken: what the network ended has to be deleted first."""
        return self.status != "UNAVAILABLE" or (self.info == "NETWORK_TERMINATED" and not self.released)


class Network:
    """Everything that changes while the server runs; used from its event loop only."""

    def __init__(self, habits: Habits, release: str) -> None:
        self.habits, self.release, self.facts = habits, release, RELEASES[release]
        self.records: dict[str, Record] = {}
        self.ahead = timedelta(seconds=habits.clock_ahead)
        self.tls = ssl.create_default_context()
        self.refusing = False
        self._ticking: asyncio.Task[None] | None = None

    def now(self) -> datetime:
        """By the network's clock."""
        return datetime.now(UTC) + self.ahead

    def create(self, kind: str, client: str, device: int, asked: dict[str, Any]) -> Record:
        """A new record."""
        if self._ticking is None:
            self._ticking = asyncio.create_task(self._run())
        now, delay = self.now(), self.habits.delay
        ready = None if delay is None else now + timedelta(seconds=delay)
        record = Record(
            kind=kind,
            id=self.habits.new_id(),
            client=client,
            device=device,
            asked=asked,
            duration=asked.get("duration"),
            created=now,
            ready=ready,
            doomed=self.refusing,
        )
        self.refusing = False
        self.records[record.id] = record
        self.tick()
        return record

    def of(self, kind: str) -> list[Record]:
        """Its sessions, or its assignments."""
        return [record for record in self.records.values() if record.kind == kind]

    def advance(self, seconds: float) -> None:
        """Move the clock, and let happen what is due by then."""
        self.ahead += timedelta(seconds=seconds)
        self.tick()

    def terminate(self, key: str) -> None:
        """End one as a network does that cannot keep it up."""
        self.end(self.records[key], "NETWORK_TERMINATED", self.now())

    def tick(self) -> None:
        """Let happen what is due."""
        now = self.now()
        for record in list(self.records.values()):
            if record.status == "REQUESTED" and record.ready and record.ready <= now:
                self._provide(record)
            if record.status == "AVAILABLE" and record.leaves and record.leaves <= now:
                self.end(record, "DELETE_REQUESTED", record.leaves)
            if record.status == "AVAILABLE" and record.expires and record.expires <= now:
                self.end(record, "DURATION_EXPIRED", record.expires)
            if record.ended and record.ended + RETENTION <= now:
                self.records.pop(record.id, None)

    def end(self, record: Record, info: str, at: datetime) -> None:
        """Take it away, for a reason; nothing is announced that had never been provided, unless it was refused."""
        announced = record.status == "AVAILABLE" or info == "NETWORK_TERMINATED"
        record.status, record.info, record.ended = "UNAVAILABLE", info, at
        if record.started and record.duration:
            record.duration = max(1, ceil((at - record.started).total_seconds()))
        if announced:
            self._announce(record)

    def delete(self, record: Record) -> None:
        """End it and forget it, or keep it readable where the release says so."""
        if record.kind not in self.habits.deletes:
            return
        if record.status != "UNAVAILABLE":
            self.end(record, "DELETE_REQUESTED", self.now())
        record.released = True
        if record.kind == "session" and not self.facts.deleted_stays:
            self.records.pop(record.id)

    def _provide(self, record: Record) -> None:
        if record.doomed:
            self.end(record, "NETWORK_TERMINATED", record.ready or self.now())
            return
        record.status, record.started = "AVAILABLE", record.ready
        self._announce(record)

    def _announce(self, record: Record) -> None:
        if "sink" not in record.asked:
            return
        key = "sessionId" if record.kind == "session" else self.facts.assignment_id
        names = self.facts.event_status[record.kind]
        data = {key: record.id, **dict.fromkeys(names, record.status)}
        data |= {"statusInfo": record.info} if record.info else {}
        event = {
            "id": str(uuid4()),
            "source": "https://network.example.com/qod",
            "type": self.facts.events[record.kind],
            "specversion": "1.0",
            "datacontenttype": "application/json",
            "time": self.now().isoformat().replace("+00:00", "Z"),
            "data": data,
        }
        told = self.habits.tell(event)
        if told is None:
            return
        earlier = record.deliveries[-1:]
        record.deliveries.append(asyncio.create_task(self._deliver(record.asked, told, earlier)))

    async def _deliver(self, asked: dict[str, Any], event: object, earlier: list[asyncio.Task[None]]) -> None:
        if earlier:
            await asyncio.wait(earlier)
        headers = {"Content-Type": "application/cloudevents+json"}
        if "sinkCredential" in asked:
            headers["Authorization"] = f"Bearer {asked['sinkCredential']['accessToken']}"
        with suppress(httpx.HTTPError):
            async with httpx.AsyncClient(verify=self.tls, timeout=5, trust_env=False) as http:
                await http.post(self.habits.sink(asked), content=json.dumps(event), headers=headers)

    async def _run(self) -> None:
        while True:
            await asyncio.sleep(_TICK)
            self.tick()


Handler = Callable[[Network, Asked], Answer]
Operations = Mapping[tuple[str, str], tuple[str, Handler]]  # scope and handler by method and path
