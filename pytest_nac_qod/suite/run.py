"""What all cases of a run share: target, contracts, connections, redaction, ledger, sink."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from time import sleep
from typing import Literal

import httpx

from pytest_nac_qod.contracts import Contract
from pytest_nac_qod.foundation.jsontypes import JsonObject
from pytest_nac_qod.suite.effort import Effort
from pytest_nac_qod.target import Target, hooks
from pytest_nac_qod.verdicts import Inconclusive
from pytest_nac_qod.wire.client import QodClient
from pytest_nac_qod.wire.clock import TargetClock
from pytest_nac_qod.wire.ownership.ledger import Ledger
from pytest_nac_qod.wire.redaction import Redactor
from pytest_nac_qod.wire.sink import Event, Sink, Subscription

Mode = Literal["lenient", "strict"]


@dataclass(slots=True, kw_only=True)
class Run:
    """One run against one target.

    Attributes:
        contracts: the contract in use for each API that the target serves.
        sink: the receiver of events; None when the target could not reach it anyway.
        effort: how much is generated, and from which seed.
        clock: the target's.
        hooked: connections to the hooks' addresses.
        silent: calls in a row that got no answer.
        overloaded: calls in a row that were given up, by operation, since the target answered 429 or 503.
        left: what could not be deleted, by id: its API, the role of the token that created it, and why.
        lost: APIs where a creation without an answer may have left something.
        standing: what was there before the first creation, by API, token and device; None where nobody told.
        learned: what was waited for in vain, such as `quality-on-demand AVAILABLE`, and what to say of it.
        seen: what has come at least once, of the same kind.
    """

    target: Target
    mode: Mode
    contracts: Mapping[str, Contract]
    http: httpx.Client
    redactor: Redactor
    ledger: Ledger | None = None
    sink: Sink | None = None
    effort: Effort = field(default_factory=Effort)
    clock: TargetClock = field(default_factory=TargetClock)
    hooked: httpx.Client | None = None
    silent: int = field(default=0)
    overloaded: dict[str, int] = field(default_factory=dict)
    left: dict[str, tuple[str, str, str]] = field(default_factory=dict)
    lost: set[str] = field(default_factory=set)
    standing: dict[str, list[JsonObject] | None] = field(default_factory=dict)
    learned: dict[str, str] = field(default_factory=dict)
    seen: set[str] = field(default_factory=set)

    def token(self, role: str) -> str:
        """The access token for a role of the target file; known to the redactor before anyone can use it."""
        token = self.target.tokens[role].resolve(self.http)
        self.redactor.register(f"tokens.{role}", token)
        return token

    def client(self, api: str, role: str | None = None) -> QodClient:
        """A client of `api` with a record of its own; without `role` it sends no Authorization."""
        return QodClient(
            contract=self.contracts[api],
            base_url=self.target.apis[api],
            http=self.http,
            token=None if role is None else lambda: self.token(role),
            owner=role or "",
            headers=self.target.headers,
            redactor=self.redactor,
            ledger=self.ledger,
            clock=self.clock,
        )

    def pause(self, seconds: float) -> None:
        """Let some seconds go by."""
        sleep(seconds)

    def wait(
        self, subscription: Subscription, reached: Callable[[Sequence[Event]], bool], seconds: float
    ) -> Sequence[Event]:
        """The events at a sink as soon as `reached` is true of them, at the latest after some seconds."""
        return subscription.wait(reached, timeout=seconds)

    def hook(self, name: str, **arguments: str | float | bool) -> None:
        """Have the provider do what only the provider can do.

        Raises:
            Inconclusive: the hook failed, so the state that the scenario needs was not reached.
        """
        try:
            hooks.run(self.target.hooks[name], arguments, timeout=self.target.timeout, http=self.hooked)
        except hooks.HookError as error:
            raise Inconclusive(str(error)) from None
        if name == "advance_clock":
            self.clock.advance(float(arguments["seconds"]))
        elif name == "reset":
            self.restarted()

    def restarted(self) -> None:
        """Note that the target was put back to its beginning; the clock of the embedded server then is ours again."""
        if self.target.embedded:
            self.clock.restart()
        else:
            self.clock.reset()
