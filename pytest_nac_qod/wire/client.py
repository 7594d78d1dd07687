"""Calls to the API over httpx; each is recorded as an exchange, and what it creates stands in the ledger first."""

import gc
import json
import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Generic, TypeVar, cast
from uuid import uuid4

import httpx

from pytest_nac_qod.contracts import Contract
from pytest_nac_qod.foundation.jsontypes import Json
from pytest_nac_qod.foundation.values import pruned
from pytest_nac_qod.wire.clock import TargetClock
from pytest_nac_qod.wire.exchange import Exchange, Role, captured_request, captured_response
from pytest_nac_qod.wire.field_values import filled
from pytest_nac_qod.wire.models import ApplicationServer, Device, Ports, SessionInfo, SinkCredential
from pytest_nac_qod.wire.ownership.ledger import Ledger
from pytest_nac_qod.wire.redaction import Redactor
from pytest_nac_qod.wire.resources import Resource, may_have_created, resource_of, told_id
from pytest_nac_qod.wire.transport.inside import built
from pytest_nac_qod.wire.transport.pacing import CLOSING, TooLargeError, too_large

Body = TypeVar("Body")
TokenProvider = Callable[[], str]
SPENT = "over_quota"  # role of a client that has used up its quota
GONE = (204, 404)  # answers to the owner's deletion after which nothing is left to delete


@dataclass(frozen=True, slots=True)
class Answer(Generic[Body]):
    """What a call came back with.

    Attributes:
        response: the raw httpx response.
        exchange: the same, redacted, as it goes into a report.
    """

    response: httpx.Response
    exchange: Exchange

    @property
    def status(self) -> int:
        """HTTP status."""
        return self.response.status_code

    @property
    def body(self) -> Body:
        """The JSON body; None when it is empty or no JSON."""
        try:
            return cast("Body", pruned(self.response.json()))
        except (ValueError, RecursionError):
            return cast("Body", None)

    @property
    def code(self) -> str | None:
        """The `code` of an error object, or None."""
        body: Json = self.body
        return body.get("code") if isinstance(body, dict) and self.status >= 400 else None


@dataclass(slots=True, kw_only=True, repr=False)  # it holds all exchanges
class QodClient:
    """The operations of one API at one base URL.

    Attributes:
        contract: knows paths and methods.
        base_url: of the API, such as `https://host/quality-on-demand/v1`.
        http: the connection pool; its timeout applies.
        token: gives the access token, or None for calls without Authorization.
        owner: role of that token, for the account of what is created; empty when there is none.
        headers: sent with each request.
        redactor: keeps secrets out of the recorded exchanges.
        clock: the target's, which each answer tells more about.
        exchanges: all that was exchanged, in order.
        owned: ids of the sessions or assignments created and not yet deleted.
        owners: for each of them the role of the token that created it, as far as `call` was told.
        lost: entries of the ledger for what may have been created, though no answer told its id.
        doubtful: the connection may be about to close, as servers do after an answer of 5xx.
    """

    contract: Contract
    base_url: str
    http: httpx.Client
    token: TokenProvider | None = None
    owner: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    redactor: Redactor = field(default_factory=Redactor)
    ledger: Ledger | None = None
    clock: TargetClock = field(default_factory=TargetClock)
    exchanges: list[Exchange] = field(default_factory=list)
    owned: list[str] = field(default_factory=list)
    owners: dict[str, str] = field(default_factory=dict)
    lost: list[str] = field(default_factory=list)
    doubtful: bool = False

    def create_session(  # noqa: PLR0913 - one argument for each property of the body
        self,
        qos_profile: str,
        application_server: ApplicationServer,
        *,
        duration: int,
        device: Device | None = None,
        device_ports: Ports | None = None,
        application_server_ports: Ports | None = None,
        sink: str | None = None,
        sink_credential: SinkCredential | None = None,
    ) -> Answer[SessionInfo]:
        """Create a session of `duration` seconds; `device` stays away with a 3-legged token."""
        properties = {
            "device": device,
            "applicationServer": application_server,
            "devicePorts": device_ports,
            "applicationServerPorts": application_server_ports,
            "qosProfile": qos_profile,
            "duration": duration,
            "sink": sink,
            "sinkCredential": sink_credential,
        }
        body = {name: value for name, value in properties.items() if value is not None}
        return self.call("createSession", body=body)

    def get_session(self, session_id: str) -> Answer[SessionInfo]:
        """Read a session."""
        return self.call("getSession", path={"sessionId": session_id})

    def delete_session(self, session_id: str) -> Answer[None]:
        """Delete a session."""
        return self.call("deleteSession", path={"sessionId": session_id})

    def extend_session(self, session_id: str, additional_duration: int) -> Answer[SessionInfo]:
        """Make an AVAILABLE session `additional_duration` seconds longer."""
        body = {"requestedAdditionalDuration": additional_duration}
        return self.call("extendQosSessionDuration", path={"sessionId": session_id}, body=body)

    def retrieve_sessions(self, device: Device | None = None) -> Answer[list[SessionInfo]]:
        """List the sessions of a device; of the token's own with a 3-legged one."""
        return self.call("retrieveSessionsByDevice", body={} if device is None else {"device": device})

    def call(  # noqa: PLR0913 - all that a request can be made of
        self,
        operation: str,
        *,
        path: Mapping[str, str] | None = None,
        body: Json = None,
        content: bytes | None = None,
        headers: Mapping[str, str | None] | None = None,
        method: str | None = None,
        suffix: str = "",
        role: Role = "setup",
        owner: str = "",
        before: Collection[str] | None = None,
    ) -> Answer[Any]:
        """Send one request and record it.

        Args:
            operation: operationId of the contract, or name of the operation in the family.
            path: values of the path parameters.
            body: sent as JSON unless `content` is given.
            content: the body as bytes, for what is no JSON.
            headers: on top of the client's own; None takes a header away.
            method: instead of the operation's own.
            suffix: behind the operation's path, for one that the API does not have.
            role: why it is sent.
            owner: role of the token that it is sent with, if it is not that of the client; what it creates, only the
                same one can say to be gone.
            before: ids of what the device had before, for the ledger; None when nobody looked.

        Raises:
            httpx.RequestError: no answer came, or none that can be read; the exchange is recorded all the same.
            httpx.LocalProtocolError: a value of `path` cannot stand in one; nothing is sent.
            TokenError: no token could be had.
            LedgerError: the ledger cannot be written; nothing is sent.
        """
        owner = owner or self.owner
        operation = (endpoint := self.contract.operations[operation]).id
        url = self.base_url + filled(endpoint.path, path or {})
        if content is None and body is not None:
            content = json.dumps(body).encode()
        request = built(self.http, method or endpoint.method, url + suffix, self._headers(headers, content), content)
        resource = resource_of(self.contract)
        creates = resource is not None and operation == resource.create
        entry = ""
        if self.ledger and creates:
            entry = self.ledger.intend(operation, self.base_url, body, owner=owner, before=before)
            self.lost.append(entry)
        answer = self._send(request, operation, role)
        if resource is not None and creates:
            self._note_created(_created(answer, resource), answer.status, entry, owner)
        elif resource is not None and operation == resource.delete and answer.status in GONE:
            key = (path or {})[resource.id]
            if not (suffix or method) and self.owners.get(key, owner) == owner:
                self.gone(key)
        return answer

    def forget(self) -> None:
        """Drop what was recorded; what was created stays in the account."""
        large = any(each.light() is not each for each in self.exchanges)
        self.exchanges.clear()
        if large:  # an error and the frames that it went through hold each other, and what stands in them
            gc.collect()

    def _headers(self, changes: Mapping[str, str | None] | None, content: bytes | None) -> dict[str, str]:
        headers: dict[str, str | None] = {"Accept": "application/json", **self.headers}
        if content is not None:
            headers["Content-Type"] = "application/json"
        changes = changes or {}
        if self.token and "Authorization" not in changes:
            headers["Authorization"] = f"Bearer {self.token()}"
        headers.update(changes)
        return {name: value for name, value in headers.items() if value is not None}

    def _send(self, request: httpx.Request, operation: str, role: Role) -> Answer[Any]:
        started, clock = datetime.now(UTC), time.perf_counter()
        response: httpx.Response | None = None
        error: str | None = None
        try:
            come = self._answered(request, operation)
            held = () if role == "cleanup" else self.exchanges
            if problem := too_large(come.content, (len(each.response.body) for each in held if each.response)):
                del come  # the error keeps what stands in this frame
                raise TooLargeError(problem)
            response = come
        except httpx.RequestError as failure:
            error = f"{type(failure).__name__}: {failure}"
            raise
        finally:
            seconds = time.perf_counter() - clock
            if response is not None:
                self.clock.see(response.headers.get("date"), started, started + timedelta(seconds=seconds))
            exchange = Exchange(
                id=f"x{len(self.exchanges) + 1}",
                operation=operation,
                role=role,
                request=captured_request(request, self.redactor),
                response=None if response is None else captured_response(response, self.redactor),
                error=error and self.redactor.text(error),
                started=started.isoformat().replace("+00:00", "Z"),
                seconds=seconds,
                ahead=self.clock.most,
            )
            self.exchanges.append(exchange)
        return Answer(come, exchange)

    def _answered(self, request: httpx.Request, operation: str) -> httpx.Response:
        """The answer; if the connection was lost before one came, that on a new one where it does no harm to ask again.

        A request that changes something may have been carried out, so it is sent again only if it never went out.
        """
        resource = resource_of(self.contract)
        reads = request.method == "GET" or resource is None or operation == resource.retrieve
        if self.doubtful and not reads:
            time.sleep(CLOSING)
        try:
            response = self.http.send(request)
        except httpx.ConnectError:
            response = self.http.send(request)
        except (httpx.ReadError, httpx.WriteError, httpx.RemoteProtocolError):
            if not reads:
                raise
            response = self.http.send(request)
        self.doubtful = response.is_server_error
        return response

    def _note_created(self, created: str | None, status: int, entry: str, owner: str) -> None:
        """Note what a create came to; an answer of success without an id, 429 and 5xx leave that open.

        A client that has used up its quota is refused everything, also the list that would tell.
        """
        if created:
            self.owned.append(created)
            self.owners[created] = owner
        refused = status == 429 and owner == SPENT
        if self.ledger and (created or refused or not may_have_created(status)):
            self.ledger.created(entry, created)
            self.lost.remove(entry)

    def gone(self, key: str) -> None:
        """Take a session or an assignment out of the account: it needs no deletion any more."""
        if key in self.owned:
            self.owned.remove(key)
        if self.ledger:
            self.ledger.gone(key)


def _created(answer: Answer[Any], resource: Resource) -> str | None:
    if not answer.response.is_success:
        return None
    return told_id(resource, answer.body, answer.response.headers.get("location", ""))


def new_correlator() -> str:
    """A fresh x-correlator, legal in every release."""
    return str(uuid4())
