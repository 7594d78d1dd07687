"""The cases that a client is judged by, and the requests of the protocol that each needs; pure data."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Literal

from pytest_nac_qod.catalogue.basis import Strength
from pytest_nac_qod.foundation.jsontypes import Json, JsonObject
from pytest_nac_qod.sdk.interventions import Intervention
from pytest_nac_qod.wire.exchange import Exchange

Name = Literal["create", "list", "get", "extend", "delete"]
OPERATIONS: Mapping[str, str] = {
    "create": "createSession",
    "list": "retrieveSessionsByDevice",
    "get": "getSession",
    "extend": "extendQosSessionDuration",
    "delete": "deleteSession",
}
SINK_TOKEN = "sink-token-of-the-client-cases"  # noqa: S105 - made up
SESSION = "$session"  # stands for the id of the session that the case created last
ARGUMENTS: Mapping[str, Json] = {
    "profile": "QOS_L",
    "duration": 3600,
    "service_ipv4": "198.51.100.10",
    "service_ipv6": "2001:db8::5:6",
    "device_ports": {"ports": [5060], "ranges": [{"from": 8000, "to": 8010}]},
    "service_ports": {"ports": [443, 8443], "ranges": [{"from": 9000, "to": 9099}]},
    "sink": "https://events.example.com/sink",
    "sink_credential": {
        "credentialType": "ACCESSTOKEN",
        "accessToken": SINK_TOKEN,
        "accessTokenExpiresUtc": "2099-12-31T23:59:59Z",
        "accessTokenType": "bearer",
    },
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientCase:
    """One requirement on a client.

    Attributes:
        requires: in words.
        clause: where it stands.
        kind: how it is found out and judged.
        parameters: of the kind.
        severity: how strong the clause is; without a published requirement a recommendation, which makes a case warn.
    """

    id: str
    requires: str
    clause: str
    kind: str
    parameters: JsonObject
    severity: Strength = "must"


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """What a client says of itself when it is started.

    Attributes:
        positional: order of the arguments of its create; empty when it takes names only.
        calls: that it has.
        errors: documented errors by status, class of statuses, or call and status; `none` for an empty result.
        own_headers: headers that it has values of its own for, in lower case.
    """

    name: str
    version: str
    positional: tuple[str, ...] = ()
    calls: frozenset[str] = frozenset()
    errors: Mapping[str, str] = field(default_factory=dict)
    own_headers: frozenset[str] = frozenset()

    @classmethod
    def of(cls, hello: JsonObject) -> "Client":
        """The client that said `hello`."""
        return cls(
            name=hello["name"],
            version=hello["version"],
            positional=tuple(hello["positional"]),
            calls=frozenset(hello["calls"]),
            errors=hello.get("errors", {}),
            own_headers=frozenset(name.lower() for name in hello.get("own_headers", ())),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientCall:
    """One request of the protocol, and what becomes of its HTTP requests.

    Attributes:
        order: names of what a create is given by position.
        fresh: sessions are deleted before it, so that nothing stands in its way.
        available: the session has to be AVAILABLE before it.
        about: what it tries, for messages, such as `QOS_L` or `404 NOT_FOUND`.
    """

    call: Name
    device: JsonObject | None = None
    args: Sequence[Json] = ()
    kwargs: Mapping[str, Json] = field(default_factory=dict)
    order: Sequence[str] = ()
    options: Mapping[str, int] | None = None
    interventions: tuple[Intervention, ...] = ()
    fresh: bool = False
    available: bool = False
    about: str = ""

    @property
    def named(self) -> dict[str, Json]:
        """The arguments of a create by name."""
        placed = {name: value for name, value in zip(self.order, self.args, strict=False) if value is not None}
        return {**placed, **self.kwargs}


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """What came of a call.

    Attributes:
        result: what the client answered with; None when it failed.
        error: type and message of the client's error.
        source: the call as one would write it.
        exchanges: what it sent, and what was answered.
    """

    call: ClientCall
    source: str
    exchanges: tuple[Exchange, ...]
    result: Json = None
    error: Mapping[str, str] | None = None

    def sent(self, operation: str) -> list[Exchange]:
        """The requests of one operation."""
        return [exchange for exchange in self.exchanges if exchange.operation == operation]


@cache
def client_cases() -> Mapping[str, ClientCase]:
    """Every case by its id, in the order of cases.toml."""
    content = tomllib.loads(files(__package__).joinpath("cases.toml").read_text(encoding="utf-8"))
    return {name: _case(name, entry) for name, entry in content.items()}


def _case(name: str, entry: JsonObject) -> ClientCase:
    own = ("requires", "clause", "kind", "severity")
    parameters = {key: value for key, value in entry.items() if key not in own}
    return ClientCase(id=name, parameters=parameters, **{key: entry[key] for key in own if key in entry})
