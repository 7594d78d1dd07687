"""Users of a load test as QodClients: what they send is recorded, redacted, and stands in the ledger first."""

import ssl
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

import httpx

from pytest_nac_qod import contracts
from pytest_nac_qod.foundation.jsontypes import Json, JsonObject
from pytest_nac_qod.load import plan as plans
from pytest_nac_qod.load.plan import CLIENTS, LoadPlan
from pytest_nac_qod.load.recording import LoadRecorder, of_process
from pytest_nac_qod.load.steps import Load
from pytest_nac_qod.run.connecting import tls
from pytest_nac_qod.target import Target
from pytest_nac_qod.wire.client import Answer, QodClient, new_correlator
from pytest_nac_qod.wire.connections import connection
from pytest_nac_qod.wire.exchange import Exchange
from pytest_nac_qod.wire.ownership.ledger import Ledger
from pytest_nac_qod.wire.ownership.removal import listed
from pytest_nac_qod.wire.redaction import Redactor
from pytest_nac_qod.wire.resources import Resource, resource_of
from pytest_nac_qod.wire.transport.pacing import Pace

API = "quality-on-demand"
LEDGERS = "ledger-*.jsonl"
Tell = Callable[[Exchange], None]


@dataclass(slots=True, kw_only=True)
class Crowd:
    """The users of one process.

    Attributes:
        tell: gets each exchange once it is over.
        alive: ids of the sessions of all of them, with their client.
    """

    plan: LoadPlan
    number: int
    tell: Tell
    target: Target = field(init=False)
    alive: dict[str, str] = field(default_factory=dict)
    _bodies: Sequence[JsonObject] = field(init=False)
    _redactor: Redactor = field(default_factory=Redactor)
    _recorder: LoadRecorder = field(init=False)
    _ledger: Ledger = field(init=False)
    _trust: ssl.SSLContext = field(init=False)
    _pace: Pace | None = field(init=False)
    _open: list[httpx.Client] = field(default_factory=list)
    _standing: dict[str, list[str] | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Read the target file, and draw what is sent.

        Raises:
            UnusableError: the target file cannot be used.
        """
        self.target = plans.usable(self.plan)
        folder = Path(self.plan.folder)
        self._redactor.register_all(self.target.secrets())
        if self.plan.secret:
            self._redactor.register("sink.load", self.plan.secret)
        self._bodies = plans.drawn(self.target, self.plan.seed)
        self._recorder = of_process(folder, self.number)
        self._ledger = Ledger(folder / LEDGERS.replace("*", str(self.number)))
        verify = tls(self.target)
        self._trust = verify if isinstance(verify, ssl.SSLContext) else httpx.create_ssl_context()
        self._pace = Pace(self.plan.rate) if self.plan.rate else None

    def user(
        self, number: int, pause: Callable[[float], None], at_once: Callable[[Sequence[Callable[[], Any]]], list[Any]]
    ) -> Load:
        """A user by its number among those of all processes."""
        share = plans.dealt(self.target, number)
        resource = resource_of(contracts.contract(self.target.release, API))
        assert resource is not None  # noqa: S101 - of sessions
        http = connection(timeout=self.target.timeout, verify=self._trust, on_request=self._pace)
        self._open.append(http)
        others = [role for role in CLIENTS if role in self.target.tokens and role != share.client]
        return Load(
            plan=self.plan,
            share=share,
            resource=resource,
            bodies=self._bodies,
            send=partial(self._send, http, share.client, resource),
            as_other=partial(self._send, http, others[0], resource) if others else None,
            pause=pause,
            at_once=at_once,
            short=plans.short(self.target),
            chance=Random(f"{self.plan.seed} {number}"),  # noqa: S311 - the same again for the same seed
            alive=self.alive,
        )

    def close(self) -> None:
        """Close what is open."""
        for http in self._open:
            http.close()
        self._recorder.close()

    def _send(  # noqa: PLR0913 - all that a request is made of
        self, http: httpx.Client, role: str, resource: Resource, operation: str, *, key: str = "", body: Json = None
    ) -> Answer[Any] | None:
        """Send a request; None where no answer came."""
        path = {resource.id: key} if key else None
        before = self._before(http, role, resource, body) if operation == resource.create else None
        with suppress(httpx.RequestError):
            return self._call(http, role, operation, path=path, body=body, before=before)
        return None

    def _call(self, http: httpx.Client, role: str, operation: str, **what: Any) -> Answer[Any]:  # noqa: ANN401 - of QodClient.call
        client = QodClient(
            contract=contracts.contract(self.target.release, API),
            base_url=self.target.apis[API],
            http=http,
            token=partial(self._token, http, role),
            owner=role,
            headers=self.target.headers,
            redactor=self._redactor,
            ledger=self._ledger,
        )
        try:
            return client.call(operation, headers={"x-correlator": new_correlator()}, **what)
        finally:
            for exchange in client.exchanges:
                self._recorder.note(exchange, role)
                self.tell(exchange)

    def _before(self, http: httpx.Client, role: str, resource: Resource, body: Json) -> list[str] | None:
        """Ids of what the device had before this process created anything for it; None where the target does not tell.

        A creation that is cut off leaves no id: what it left is told from what was there before.
        """
        device = body.get("device") if isinstance(body, dict) else None
        key = f"{role} {device!r}"
        if key not in self._standing:
            there = listed(partial(self._call, http, role), resource, device)
            self._standing.setdefault(key, None if there is None else [item[resource.id] for item in there])
        return self._standing[key]

    def _token(self, http: httpx.Client, role: str) -> str:
        token = self.target.tokens[role].resolve(http)
        self._redactor.register(f"tokens.{role}", token)
        return token
