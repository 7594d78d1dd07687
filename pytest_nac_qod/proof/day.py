"""An application's ordinary day against the embedded server: two clients, five devices, every request a legal one."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from pytest_nac_qod import contracts
from pytest_nac_qod.foundation.jsontypes import Json, JsonObject
from pytest_nac_qod.reference import ReferenceServer
from pytest_nac_qod.run.connecting import listening
from pytest_nac_qod.suite import bodies
from pytest_nac_qod.suite.run import Run
from pytest_nac_qod.traffic.seen import Seen
from pytest_nac_qod.wire.client import Answer, QodClient, new_correlator
from pytest_nac_qod.wire.connections import connection
from pytest_nac_qod.wire.exchange import Exchange, Request, Response
from pytest_nac_qod.wire.redaction import Redactor
from pytest_nac_qod.wire.resources import Resource, resource_of
from pytest_nac_qod.wire.sink import Sink, Subscription

SETTLED, HOUR = 1, 3600  # seconds
_CLIENTS = {"two_legged": "application", "second_client": "neighbour"}
_SERVERS: tuple[JsonObject, ...] = (  # of two clients, five sessions each, no two of which overlap
    {"ipv4Address": "198.51.100.7"},
    {"ipv4Address": "192.0.2.0/25", "ipv6Address": "2001:db8:85a3:8d3:1319:8a2e:370:7344"},
    {"ipv6Address": "2001:db8:85a3:8d3:1319:8a2e:370:7345"},
    {"ipv4Address": "198.51.100.9"},
    {"ipv4Address": "198.51.100.20"},
    {"ipv4Address": "198.51.100.107"},
    {"ipv4Address": "192.0.2.128/25"},
    {"ipv6Address": "2001:db8:85a3:8d3:1319:8a2e:370:7346"},
    {"ipv4Address": "198.51.100.109"},
    {"ipv4Address": "198.51.100.120"},
)
_PORTS: tuple[JsonObject, ...] = (
    {"ports": [5060, 443], "ranges": [{"from": 5010, "to": 5020}, {"from": 6000, "to": 6010}]},
    {"ranges": [{"from": 1, "to": 1}, {"from": 65535, "to": 65535}, {"from": 7, "to": 9}, {"from": 20, "to": 30}]},
)


@dataclass(slots=True)
class Day:
    """Two clients of one embedded server, and what they saw."""

    server: ReferenceServer
    run: Run
    sink: Sink
    seen: list[Seen] = field(default_factory=list)
    _sinks: list[Subscription] = field(default_factory=list)
    _told: dict[str, int] = field(default_factory=dict)

    def traffic(self) -> list[Seen]:
        """All of it: sessions and assignments of both clients, and profiles."""
        self._profiles()
        both = [self._sessions(role, number) for number, role in enumerate(_CLIENTS)]
        for waits in zip(*both, strict=True):
            self.later(max(waits))
        for api in self.run.contracts:
            if (resource := resource_of(self.run.contracts[api])) and resource.noun == "assignment":
                for role, device in zip(_CLIENTS, ("second", "several"), strict=True):
                    self._assignment(api, resource, role, device)
        return self.seen

    def call(self, api: str, role: str, operation: str, *, body: Json = None, key: str = "") -> Answer[Any]:
        """One request, with an x-correlator as applications send them."""
        contract = self.run.contracts[api]
        names = contract.operations[operation].path.partition("{")[2].partition("}")[0]
        client = self._client(api, role)
        path = {names: key} if names else None
        answer = client.call(operation, body=body, path=path, headers={"x-correlator": new_correlator()})
        self.seen += [Seen(exchange=exchange, client=_CLIENTS[role]) for exchange in client.exchanges]
        self._events()
        return answer

    def later(self, seconds: float) -> None:
        """Let the time of the server pass, and what is due happen."""
        self.server.clock.advance(seconds)
        self._events()

    def _client(self, api: str, role: str) -> QodClient:
        return self.run.client(api, role)

    def _profiles(self) -> None:
        api = "qos-profiles"
        for body in ({}, {"name": "QOS_L"}, {"status": "ACTIVE"}):
            self.call(api, "two_legged", "retrieveQoSProfiles", body=body)
        for name in ("QOS_L", "QOS_S"):
            self.call(api, "two_legged", "getQosProfile", key=name)

    def _sessions(self, role: str, number: int) -> Iterator[float]:
        """Sessions for five devices: made, read, listed, extended, deleted or left to expire.

        Yields:
            Seconds that pass until the client goes on.
        """
        api, keys = "quality-on-demand", {}
        devices = ("default", "several", "second", "three_legged", "idle")
        for position, device in enumerate(devices):
            keys[device] = self._session(api, role, device, position, number)
        self._look_at(api, role, keys, devices)
        yield SETTLED
        self._look_at(api, role, keys, devices)
        self._extend(api, role, keys)
        self._again(api, role, number)
        yield HOUR / 2 + 60
        self._look_at(api, role, keys, devices)
        for device in devices[:2]:
            self._delete(api, role, device, keys[device])
        self._session(api, role, devices[0], 0, number)
        yield HOUR / 2 + 60  # what was not extended has expired
        self._look_at(api, role, keys, devices[2:])
        self._delete(api, role, devices[3], keys[devices[3]])
        yield 600  # and now what was extended by ten minutes
        self._look_at(api, role, keys, (devices[4], devices[2]))
        self._delete(api, role, devices[2], keys[devices[2]])
        self._delete(api, role, devices[4], keys[devices[4]])
        yield 2 * HOUR

    def _session(self, api: str, role: str, device: str, position: int, number: int) -> str:
        resource = resource_of(self.run.contracts[api])
        assert resource is not None  # noqa: S101 - of sessions
        body = bodies.creation(self.run.target, resource, device=device)
        body |= {"duration": HOUR, "applicationServer": _SERVERS[5 * number + position]}
        if number or position % 2:
            body["devicePorts"] = _PORTS[number]
        if number or position == 2:
            body["applicationServerPorts"] = _PORTS[position % 2]
        if position != 3:
            body |= self._receiver(query="?of=day" if position == 4 else "")
        answer = self.call(api, role, resource.create, body=body)
        key = answer.body.get(resource.id) if answer.response.is_success and isinstance(answer.body, dict) else None
        return key if isinstance(key, str) and key else str(uuid4())

    def _receiver(self, query: str) -> JsonObject:
        subscription = self.sink.subscribe()
        self._sinks.append(subscription)
        secret = f"sink-{uuid4().hex}"
        self.run.redactor.register(f"sink-{secret[-8:]}", secret)
        return {"sink": subscription.url + query, "sinkCredential": bodies.credential(secret)}

    def _look_at(self, api: str, role: str, keys: dict[str, str], devices: Sequence[str]) -> None:
        for device in devices:
            self._look(api, role, device, keys[device])

    def _look(self, api: str, role: str, device: str, key: str) -> None:
        self.call(api, role, "getSession", key=key)
        self.call(api, role, "retrieveSessionsByDevice", body={"device": self._device(device)})

    def _device(self, role: str) -> JsonObject:
        return dict(self.run.target.devices[role])

    def _extend(self, api: str, role: str, keys: dict[str, str]) -> None:
        for device, seconds in (("default", 90), ("default", 600), ("second", 100_000), ("idle", 600)):
            body = {"requestedAdditionalDuration": seconds}
            self.call(api, role, "extendQosSessionDuration", key=keys[device], body=body)
            self._look(api, role, device, keys[device])

    def _again(self, api: str, role: str, number: int) -> None:
        """A session that is there already is asked for once more, as after a restart."""
        self._session(api, role, "default", 0, number)
        self._session(api, role, "three_legged", 3, number)

    def _delete(self, api: str, role: str, device: str, key: str) -> None:
        self.call(api, role, "deleteSession", key=key)
        self.later(SETTLED)
        self._look(api, role, device, key)

    def _assignment(self, api: str, resource: Resource, role: str, device: str) -> None:
        body = bodies.creation(self.run.target, resource, device=device) | self._receiver("?of=day")
        answer = self.call(api, role, resource.create, body=body)
        key = answer.body.get(resource.id) if answer.response.is_success and isinstance(answer.body, dict) else None
        key = key if isinstance(key, str) and key else str(uuid4())
        for _ in range(2):
            self.call(api, role, resource.read, key=key)
            self.call(api, role, resource.retrieve, body={"device": self._device(device)})
            self.later(SETTLED)
        self.call(api, role, resource.create, body=body)
        self.call(api, role, resource.delete, key=key)
        self.later(SETTLED)
        self.call(api, role, resource.read, key=key)

    def _events(self) -> None:
        """Take in what has come to the sinks since the last look."""
        for subscription in self._sinks:
            events = subscription.events()
            for event in events[self._told.get(subscription.url, 0) :]:
                request = Request(
                    method=event.method,
                    url=event.path,
                    headers=self.run.redactor.headers(event.headers),
                    body=self.run.redactor.text(event.body.decode("utf-8", "replace")),
                )
                started = event.received_at.isoformat().replace("+00:00", "Z")
                exchange = Exchange(
                    id="event",
                    operation="postNotification",
                    role="event",
                    request=request,
                    response=Response(status=204, headers=(), body=""),
                    error=None,
                    started=started,
                    seconds=0.0,
                )
                self.seen.append(Seen(exchange=exchange))
            self._told[subscription.url] = len(events)


@contextmanager
def days(release: str) -> Iterator["Days"]:
    """A server of a release on which days can be spent, each with other defects."""
    with ReferenceServer(release=release) as server:
        target = server.target()
        redactor = Redactor()
        redactor.register_all(target.secrets())
        with listening(target) as sink, connection(timeout=target.timeout, inside=True) as http:
            known: dict[str, Any] = {api: contracts.contract(release, api) for api in target.apis}
            run = Run(target=target, mode="lenient", contracts=known, http=http, redactor=redactor, sink=sink)
            yield Days(server, run, sink)


@dataclass(slots=True)
class Days:
    """Spends one day after another on one server."""

    server: ReferenceServer
    run: Run
    sink: Sink

    def spend(self, faults: tuple[str, ...] = (), legal: tuple[str, ...] = ()) -> list[Seen]:
        """The traffic of a day on a server with these defects and legal behaviours."""
        self.server.reset(faults, legal)
        self.run.restarted()
        return Day(self.server, self.run, self.sink).traffic()
