"""A client that does all that the cases ask for, as small functions; a mutation replaces exactly one of them."""

import ipaddress
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from uuid import uuid4

import httpx

from pytest_nac_qod.foundation.jsontypes import Json, JsonObject
from pytest_nac_qod.sdk.wire import device_on_wire
from pytest_nac_qod.wire.connections import connection

POSITIONAL = (
    "profile",
    "duration",
    "service_ipv4",
    "service_ipv6",
    "device_ports",
    "service_ports",
    "sink",
    "sink_credential",
)
Arguments = dict[str, Json]


class ModelError(Exception):
    """An error of this client; `status` of the answer, or None when it refused by itself."""

    def __init__(self, message: str, status: int | None = None) -> None:
        super().__init__(message)
        self.status = status


def bind(args: list[Json], kwargs: Mapping[str, Json]) -> Arguments:
    """The arguments of a create by name; None stands for not given."""
    by_position = dict(zip(POSITIONAL, args, strict=False))
    return {name: value for name, value in {**by_position, **kwargs}.items() if value is not None}


def check(given: Arguments) -> None:
    """Refuse arguments that cannot be what they stand for."""
    if not isinstance(given.get("profile"), str) or _address(given["profile"]):
        raise ModelError("profile has to be the name of a profile")
    if not isinstance(given.get("duration"), int):
        raise ModelError("duration has to be a whole number of seconds")
    for name, version in (("service_ipv4", 4), ("service_ipv6", 6)):
        if name in given and _address(given[name]) != version:
            raise ModelError(f"{name} has to be an address of that family")
    if "service_ipv4" not in given and "service_ipv6" not in given:
        raise ModelError("an address of the service is needed")


def _address(value: Json) -> int | None:
    try:
        return ipaddress.ip_network(value, strict=False).version if isinstance(value, str) else None
    except ValueError:
        return None


def body(given: Arguments, device: JsonObject) -> JsonObject:
    """The body of a create."""
    server = {
        name: given[role]
        for role, name in (("service_ipv4", "ipv4Address"), ("service_ipv6", "ipv6Address"))
        if role in given
    }
    names = {
        "device_ports": "devicePorts",
        "service_ports": "applicationServerPorts",
        "sink": "sink",
        "sink_credential": "sinkCredential",
    }
    return {
        "device": device_on_wire(device),
        "qosProfile": given["profile"],
        "duration": given["duration"],
        "applicationServer": server,
        **{name: given[role] for role, name in names.items() if role in given},
    }


def headers(given: Mapping[str, str]) -> Mapping[str, str]:
    """The headers of each request."""
    return given


def correlator() -> str:
    """The correlator of a request."""
    return str(uuid4())


def listed(sessions: list[JsonObject]) -> list[JsonObject]:
    """The sessions of a list that are shown."""
    return sessions


def repeats(status: int, options: Mapping[str, int]) -> int:  # noqa: ARG001 - a mutation looks at it
    """How often a create is sent again after an answer of this status."""
    return 0


def creations() -> int:
    """How often a create is sent."""
    return 1


def lookup(device: JsonObject) -> JsonObject:
    """The body of a list."""
    return {"device": device_on_wire(device)}


def extension(seconds: int) -> JsonObject:
    """The body of an extension."""
    return {"requestedAdditionalDuration": seconds}


def shown(session: JsonObject) -> JsonObject:
    """A session as it is handed to the caller."""
    names = {"id": "sessionId", "profile": "qosProfile", "status": "qosStatus", "duration": "duration"}
    times = {"started_at": session.get("startedAt"), "expires_at": session.get("expiresAt")}
    return {**{name: session[key] for name, key in names.items()}, **times}


def failure(status: int, answer: Json) -> ModelError | None:
    """The error that an answer is; None for those that are none."""
    code = answer.get("code") if isinstance(answer, dict) else None
    return ModelError(f"{status} {code}", status) if status >= 400 else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Behaviour:
    """Each function of the client, the right one by default."""

    bind: Callable[[list[Json], Mapping[str, Json]], Arguments] = bind
    check: Callable[[Arguments], None] = check
    body: Callable[[Arguments, JsonObject], JsonObject] = body
    headers: Callable[[Mapping[str, str]], Mapping[str, str]] = headers
    correlator: Callable[[], str] = correlator
    repeats: Callable[[int, Mapping[str, int]], int] = repeats
    creations: Callable[[], int] = creations
    lookup: Callable[[JsonObject], JsonObject] = lookup
    extension: Callable[[int], JsonObject] = extension
    listed: Callable[[list[JsonObject]], list[JsonObject]] = listed
    shown: Callable[[JsonObject], JsonObject] = shown
    failure: Callable[[int, Json], ModelError | None] = failure


@dataclass(slots=True)
class ModelClient:
    """A driver in this process."""

    behaviour: Behaviour = field(default_factory=Behaviour)
    _http: httpx.Client | None = field(default=None, init=False)

    def ask(self, request: JsonObject) -> JsonObject:
        """The answer to one request of the protocol."""
        answer: JsonObject = {"id": request["id"]}
        if request["call"] == "start":
            given = self.behaviour.headers(request["headers"])
            self._http = connection()
            self._http.base_url = httpx.URL(f"{request['base_url']}/quality-on-demand/v1")
            self._http.headers = httpx.Headers({**self._http.headers, **given})
            calls = ["create", "list", "get", "extend", "delete"]
            hello = {"name": "model", "version": "1", "positional": list(POSITIONAL), "calls": calls}
            return {**answer, "result": {**hello, "errors": {"4xx": "ModelError", "5xx": "ModelError"}}}
        try:
            return {**answer, "result": self._call(request)}
        except Exception as error:  # noqa: BLE001 - what a caller would see, of a mutated client too
            return {**answer, "error": {"type": type(error).__name__, "message": str(error)}}

    def close(self) -> None:
        """Close its connections."""
        if self._http:
            self._http.close()

    def _call(self, request: JsonObject) -> Json:
        does, args = self.behaviour, request.get("args", [])
        match request["call"]:
            case "create":
                given = does.bind(args, request.get("kwargs", {}))
                does.check(given)
                sent = does.body(given, request["device"])
                return does.shown(self._sent("POST", "/sessions", sent, request.get("options", {})))
            case "list":
                sessions = self._sent("POST", "/retrieve-sessions", does.lookup(request["device"]))
                return [does.shown(session) for session in does.listed(sessions)]
            case "get":
                return does.shown(self._sent("GET", f"/sessions/{args[0]}"))
            case "extend":
                return does.shown(self._sent("POST", f"/sessions/{args[0]}/extend", does.extension(args[1])))
            case _:
                return self._sent("DELETE", f"/sessions/{args[0]}")

    def _sent(self, method: str, path: str, content: Json = None, options: Mapping[str, int] | None = None) -> Json:
        if self._http is None:
            raise ModelError("start comes first")
        named = {"x-correlator": self.behaviour.correlator()}
        for _ in range(self.behaviour.creations() if path == "/sessions" else 1):
            answer = self._http.request(method, path, json=content, headers=named)
        again = self.behaviour.repeats(answer.status_code, options or {}) if path == "/sessions" else 0
        while again and answer.status_code >= 400:
            answer, again = self._http.request(method, path, json=content, headers=named), again - 1
        payload = answer.json() if answer.content else None
        if error := self.behaviour.failure(answer.status_code, payload):
            raise error
        return payload
