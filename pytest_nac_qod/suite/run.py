"""What all cases of a run share: target, contracts, connections, redaction, ledger, sink."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from threading import Event as Flag
from time import sleep
from typing import Final, Literal

import httpx

from pytest_nac_qod.contracts import Contract
from pytest_nac_qod.foundation.jsontypes import JsonObject
from pytest_nac_qod.suite.effort import Effort
from pytest_nac_qod.target import Target, hooks
from pytest_nac_qod.verdicts import Inconclusive
from pytest_nac_qod.wire.client import QodClient
from pytest_nac_qod.wire.clock import TargetClock
from pytest_nac_qod.wire.exchange import Exchange
from pytest_nac_qod.wire.ownership.ledger import Ledger
from pytest_nac_qod.wire.redaction import Redactor
from pytest_nac_qod.wire.sink import Event, Sink, Subscription

Mode = Literal["lenient", "strict"]
OF_ALL: Final = frozenset({"advance_clock", "reset", "refuse_next_session", "rate_limit"})  # hooks that all cases feel


class NotAloneError(BaseException):
    """A case wants to do what all cases would feel, and others are running; no step of it may pass this over."""


class HaltedError(BaseException):
    """The run is given up, so that the case ends where it is; no step of it may pass this over."""


@dataclass(slots=True, kw_only=True, repr=False)  # as Case
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
        created: what cases created that are over, by id: its API, and the role of the token that created it.
        gone: of these, what was deleted, or could not be.
        standing: what was there before the first creation, by API, token and device; None where nobody told.
        learned: what was waited for in vain, such as `quality-on-demand AVAILABLE`, and what to say of it.
        seen: what has come at least once, of the same kind.
        absent: how often an operation answered as if it were not there, for those that never answered otherwise.
        record: exchanges of the cases that have ended, by API.
        moments: when something was last asked for that events tell (`stirred`), and the longest that one was `awaited`.
        alone: no other case runs at the same time.
        away: entered while the case waits, so that others may send requests.
        halt: set when the run is given up.
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
    created: dict[str, tuple[str, str]] = field(default_factory=dict)
    gone: dict[str, tuple[str, str]] = field(default_factory=dict)
    standing: dict[str, list[JsonObject] | None] = field(default_factory=dict)
    learned: dict[str, str] = field(default_factory=dict)
    seen: set[str] = field(default_factory=set)
    absent: dict[str, int] = field(default_factory=dict)
    record: dict[str, list[Exchange]] = field(default_factory=dict)
    moments: dict[str, float] = field(default_factory=dict)
    alone: bool = True
    away: Callable[[], AbstractContextManager[object]] = nullcontext
    halt: Flag = field(default_factory=Flag)

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
        """Let some seconds go by.

        Raises:
            HaltedError: the run is given up.
        """
        with self.away():
            self.halt.wait(seconds)
        self.go_on()

    def rest(self, seconds: float) -> None:
        """As `pause`, for what has to be done even when the run is given up."""
        with self.away():
            sleep(seconds)

    def go_on(self) -> None:
        """Return unless the run is given up.

        Raises:
            HaltedError: it is.
        """
        if self.halt.is_set():
            raise HaltedError

    def wait(
        self, subscription: Subscription, reached: Callable[[Sequence[Event]], bool], seconds: float
    ) -> Sequence[Event]:
        """The events at a sink as soon as `reached` is true of them, at the latest after some seconds.

        Raises:
            HaltedError: the run is given up.
        """
        with self.away():
            events = subscription.wait(reached, timeout=seconds)
        self.go_on()
        return events

    def hook(self, name: str, **arguments: str | float | bool) -> None:
        """Have the provider do what only the provider can do.

        Raises:
            Inconclusive: the hook failed, so the state that the scenario needs was not reached.
            NotAloneError: it would change what other cases see that run at the same time.
        """
        if name in OF_ALL and not self.alone:
            raise NotAloneError(name)
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
            self.record.clear()
            self.clock.restart()
        else:
            self.clock.reset()
