"""The NaC SDK for Python as a client program.

Runs in the SDK's own environment, so it imports the standard library and the SDK only; Python 3.9 and later. One JSON
object a line comes in on stdin, one goes out on stdout: see protocol.schema.json.
"""

from __future__ import annotations

import asyncio
import inspect
import json
import sys
from collections.abc import Callable
from importlib import import_module
from importlib.metadata import version
from typing import Any

KEY, HOST = "x-rapidapi-key", "x-rapidapi-host"
GENERATED = (10,)  # the version from which the SDK is generated
# the SDK's own names of arguments, where they differ from the protocol's
ROLES = {"notification_url": "sink", "notification_auth_token": "sink_credential"}
CLASSIC_ERRORS = {  # sessions() answers with an empty list where there is no such device
    "401": "AuthenticationException",
    "403": "AuthenticationException",
    "404": "NotFound",
    "list 404": "none",
    "4xx": "APIError",
    "5xx": "ServiceError",
}
_NAMES = {
    "400": "BadRequest",
    "401": "Unauthorized",
    "403": "Forbidden",
    "404": "NotFound",
    "409": "Conflict",
    "422": "UnprocessableEntity",
    "429": "TooManyRequests",
    "500": "InternalServer",
    "503": "ServiceUnavailable",
}
GENERATED_ERRORS = {  # ApiError itself where a method does not list the status
    **{status: f"{name}Error|ApiError" for status, name in _NAMES.items()},
    "4xx": "ApiError",
    "5xx": "ApiError",
}


def installed() -> tuple[int, ...]:
    """The SDK's version as numbers."""
    return tuple(int(part) for part in version("network-as-code").split(".")[:3])


def path_of(sdk: tuple[int, ...]) -> str:
    """Path of the API that this version of the SDK speaks."""
    if sdk < (3,):
        return "/qod/v0.9/epoch"
    if sdk < (4, 0, 1):
        return "/qod/v0.9"
    return "/qod/v0" if sdk < (8,) else "/quality-on-demand/v1"


def shown(session: Any, name: str, profile: str, status: str, duration: Any) -> dict[str, Any]:  # noqa: ANN401 - the SDK's
    """A session as the protocol has it; a time without an offset stays so."""
    times = (session.started_at, session.expires_at)
    started, expires = (time.isoformat() if hasattr(time, "isoformat") else time for time in times)
    told = {"id": name, "profile": profile, "status": status, "duration": duration}
    return {**told, "started_at": started, "expires_at": expires}


def written(name: str, args: list[Any], kwargs: dict[str, Any]) -> str:
    """A call as one would write it."""
    words = [repr(value) for value in args] + [f"{key}={value!r}" for key, value in kwargs.items()]
    return f"{name}({', '.join(words)})"


def device_object(client: Any, given: dict[str, Any]) -> Any:  # noqa: ANN401 - the SDK's
    """A device as versions up to 8.0.0 have it."""
    address = given.get("ipv4_address")
    if address is not None:
        models = import_module("network_as_code.models.device")
        given = {**given, "ipv4_address": models.DeviceIpv4Addr(**address)}
    return client.devices.get(**given)


def device_argument(given: dict[str, Any]) -> dict[str, Any]:
    """A device as the typed dictionaries of 10.0.0 have it; what they leave untyped is as on the wire."""
    names = {"ipv4_address": "ipv4address", "ipv6_address": "ipv6address"}
    renamed = {names.get(name, name): value for name, value in given.items()}
    if "ipv4address" in renamed:
        wire = {"public_address": "publicAddress", "private_address": "privateAddress", "public_port": "publicPort"}
        renamed["ipv4address"] = {wire[name]: value for name, value in renamed["ipv4address"].items()}
    return renamed


class Classic:
    """Versions 1.0.0 to 8.0.0: client, device, session."""

    def __init__(self, base_url: str, headers: dict[str, str]) -> None:
        """A client of the API below `base_url`; of `headers` it can send the key only."""
        sdk = import_module("network_as_code")
        self.client = sdk.NetworkAsCodeClient(token=headers.get(KEY, ""), qos_base_url=base_url + path_of(installed()))
        self.models = import_module("network_as_code.models.device")
        self.known: dict[str, Any] = {}
        create = inspect.signature(self.models.Device.create_qod_session)
        self.parameters = [name for name in create.parameters if name != "self"]
        extends = hasattr(import_module("network_as_code.models.session").QoDSession, "extend")
        calls = ["create", "list", "get", "delete", *(["extend"] if extends else [])]
        order = [ROLES.get(name, name) for name in self.parameters]
        self.hello = {"positional": order, "calls": calls, "errors": CLASSIC_ERRORS, "retries": 0}
        self.hello["own_headers"] = [HOST]  # by the address of the API

    def value(self, given: Any) -> Any:  # noqa: ANN401 - any argument
        """An argument as the SDK wants it; one that stands in the wrong place is made by its shape all the same."""
        if isinstance(given, dict) and "accessToken" in given:
            if not hasattr(self.models, "AccessTokenCredential"):
                return given["accessToken"]
            return self.models.AccessTokenCredential(
                access_token=given["accessToken"],
                access_token_expires_utc=given["accessTokenExpiresUtc"],
                access_token_type=given["accessTokenType"],
            )
        if isinstance(given, dict):
            session = import_module("network_as_code.models.session")
            ranges = [session.PortRange(start=item["from"], end=item["to"]) for item in given.get("ranges", [])]
            spec = {"ports": given.get("ports"), "ranges": ranges or None}
            return session.PortsSpec(**{name: item for name, item in spec.items() if item is not None})
        return given

    def create(self, request: dict[str, Any]) -> tuple[str, Callable[[], Any]]:
        """create_qod_session, as written and ready to be called."""
        names = {ROLES.get(name, name): name for name in self.parameters}
        args = [self.value(argument) for argument in request.get("args", [])]
        kwargs = {names.get(role, role): self.value(argument) for role, argument in request.get("kwargs", {}).items()}

        def call() -> Any:  # noqa: ANN401 - JSON
            return self.shown(device_object(self.client, request["device"]).create_qod_session(*args, **kwargs))

        return written("device.create_qod_session", args, kwargs), call

    def list(self, request: dict[str, Any]) -> tuple[str, Callable[[], Any]]:
        """The sessions of a device."""
        return "device.sessions()", lambda: [
            self.shown(session) for session in device_object(self.client, request["device"]).sessions()
        ]

    def get(self, request: dict[str, Any]) -> tuple[str, Callable[[], Any]]:
        """A session by its id."""
        args = request["args"]
        return written("client.sessions.get", args, {}), lambda: self.shown(self.client.sessions.get(*args))

    def extend(self, request: dict[str, Any]) -> tuple[str, Callable[[], Any]]:
        """A session made longer."""
        session_id, seconds = request["args"]

        def call() -> Any:  # noqa: ANN401 - JSON
            session = self.session(session_id)
            session.extend(seconds)
            return self.shown(session)

        return written("session.extend", [seconds], {}), call

    def delete(self, request: dict[str, Any]) -> tuple[str, Callable[[], Any]]:
        """A session deleted."""
        return "session.delete()", lambda: self.session(request["args"][0]).delete()

    def session(self, session_id: str) -> Any:  # noqa: ANN401 - the SDK's
        """The object of a session that was created here, else one that is read."""
        return self.known.get(session_id) or self.client.sessions.get(session_id)

    def shown(self, session: Any) -> dict[str, Any]:  # noqa: ANN401 - the SDK's
        """A session as the protocol has it."""
        self.known[session.id] = session
        duration = session.duration() if callable(session.duration) else session.duration
        seconds = duration.total_seconds() if hasattr(duration, "total_seconds") else duration
        return shown(session, session.id, session.profile, session.status, seconds)


class Generated:
    """Version 10.0.0: one method for each operation, keywords only; those of v1, or with the word v0 those of v0.

    With the word async it is the asynchronous client.
    """

    def __init__(self, base_url: str, headers: dict[str, str]) -> None:
        """A client of the API below `base_url`."""
        self.old, self.loop = "v0" in sys.argv[1:], None
        base_url += "/epoch" if self.old else ""
        sdk = import_module("network_as_code")
        named = {name: value for name, value in headers.items() if name not in (KEY, HOST)}
        kind = sdk.NetworkAsCodeApi
        if "async" in sys.argv[1:]:
            self.loop, kind = asyncio.new_event_loop(), sdk.AsyncNetworkAsCodeApi
        self.qod = kind(
            base_url=base_url, api_key=headers.get(KEY, ""), rapidapi_host=headers.get(HOST), headers=named
        ).qod
        calls = ["create", "list", "get", "extend", "delete"]
        self.hello = {"positional": [], "calls": calls, "errors": GENERATED_ERRORS, "retries": 2}

    def ports(self, given: dict[str, Any]) -> dict[str, Any]:
        """Ports as the typed dictionaries have them."""
        ranges = [{"from_": port_range["from"], "to": port_range["to"]} for port_range in given.get("ranges", [])]
        return {**({"ports": given["ports"]} if "ports" in given else {}), **({"ranges": ranges} if ranges else {})}

    def keywords(self, given: dict[str, Any]) -> dict[str, Any]:
        """The arguments by the names that the SDK has for them."""
        addresses = (("service_ipv4", "ipv4address"), ("service_ipv6", "ipv6address"))
        server = {name: given[role] for role, name in addresses if role in given}
        arguments: dict[str, Any] = {"application_server": server}
        plain = (("profile", "qos_profile"), ("duration", "duration"), ("sink", "sink"))
        arguments.update({name: given[role] for role, name in plain if role in given})
        ports = (("device_ports", "device_ports"), ("service_ports", "application_server_ports"))
        arguments.update({name: self.ports(given[role]) for role, name in ports if role in given})
        if self.old and "sink" in arguments:
            arguments["webhook"] = {"notification_url": arguments.pop("sink")}
            if "sink_credential" in given:
                arguments["webhook"]["notification_auth_token"] = "Bearer " + given["sink_credential"]["accessToken"]
        elif "sink_credential" in given:  # only its type has a name of its own
            credential = dict(given["sink_credential"])
            arguments["sink_credential"] = {"credential_type": credential.pop("credentialType"), **credential}
        return arguments

    def called(
        self, method: str, request: dict[str, Any], args: list[Any], kwargs: dict[str, Any], shown: Callable[..., Any]
    ) -> tuple[str, Callable[[], Any]]:
        """A method as written and ready to be called."""
        method += "" if self.old else "_v1"
        if "options" in request:
            kwargs = {**kwargs, "request_options": request["options"]}

        def call() -> Any:  # noqa: ANN401 - JSON
            result = getattr(self.qod, method)(*args, **kwargs)
            return shown(self.loop.run_until_complete(result) if self.loop else result)

        return written(f"{'await ' if self.loop else ''}client.qod.{method}", args, kwargs), call

    def create(self, request: dict[str, Any]) -> tuple[str, Callable[[], Any]]:
        """create_session, or create_session_v1."""
        kwargs = {"device": device_argument(request["device"]), **self.keywords(request.get("kwargs", {}))}
        return self.called("create_session", request, request.get("args", []), kwargs, self.shown)

    def list(self, request: dict[str, Any]) -> tuple[str, Callable[[], Any]]:
        """retrieve_sessions, or retrieve_sessions_v1."""
        device = {"device": device_argument(request["device"])}
        return self.called(
            "retrieve_sessions", request, [], device, lambda sessions: [self.shown(session) for session in sessions]
        )

    def get(self, request: dict[str, Any]) -> tuple[str, Callable[[], Any]]:
        """get_session, or get_session_v1."""
        return self.called("get_session", request, request["args"], {}, self.shown)

    def extend(self, request: dict[str, Any]) -> tuple[str, Callable[[], Any]]:
        """extend_session, or extend_session_v1."""
        session_id, seconds = request["args"]
        kwargs = {"requested_additional_duration": seconds}
        return self.called("extend_session", request, [session_id], kwargs, self.shown)

    def delete(self, request: dict[str, Any]) -> tuple[str, Callable[[], Any]]:
        """delete_session, or delete_session_v1."""
        return self.called("delete_session", request, request["args"], {}, lambda answer: None)  # noqa: ARG005

    def shown(self, session: Any) -> dict[str, Any]:  # noqa: ANN401 - the SDK's
        """A session as the protocol has it."""
        status = getattr(session.qos_status, "value", session.qos_status)
        return shown(session, session.session_id, session.qos_profile, status, session.duration)


class Adapter:
    """Answers requests; what the SDK raises becomes an error."""

    def __init__(self) -> None:
        self.sdk: Any = None

    def ask(self, request: dict[str, Any]) -> dict[str, Any]:
        """The answer to one request."""
        answer: dict[str, Any] = {"id": request["id"]}
        if request["call"] == "start":
            headers = {name.lower(): value for name, value in request.get("headers", {}).items()}
            self.sdk = (Generated if installed() >= GENERATED else Classic)(request["base_url"], headers)
            name = {"name": "network-as-code", "version": version("network-as-code")}
            return {**answer, "result": {**name, **self.sdk.hello}}
        try:
            answer["source"], call = getattr(self.sdk, request["call"])(request)
            answer["result"] = call()
        except Exception as error:  # noqa: BLE001 - whatever the SDK raises is what the caller would see
            answer["error"] = {"type": type(error).__name__, "message": str(error)}
        return answer


def main() -> None:
    """Answer each line until stdin ends."""
    adapter = Adapter()
    for line in sys.stdin:
        sys.stdout.write(json.dumps(adapter.ask(json.loads(line)), default=str) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
