"""The embedded server on a socket."""

import asyncio
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from starlette.types import ASGIApp

from pytest_nac_qod import contracts
from pytest_nac_qod.reference import control, guard
from pytest_nac_qod.reference import faults as defects
from pytest_nac_qod.reference import legal as liberties
from pytest_nac_qod.reference.answers import dated
from pytest_nac_qod.reference.app import Service, application
from pytest_nac_qod.reference.decisions import Decisions
from pytest_nac_qod.reference.events import Courier
from pytest_nac_qod.reference.network import Network
from pytest_nac_qod.reference.oauth import Issuer
from pytest_nac_qod.reference.targeting import target
from pytest_nac_qod.reference.world import World, world
from pytest_nac_qod.target import Target
from pytest_nac_qod.wire.serving import LOOK, Serving, Startable, address, serve
from pytest_nac_qod.wire.transport import inside

Result = TypeVar("Result")
API = "quality-on-demand"
_TICK = 0.005  # seconds between looks at what is due, while a session waits for the network
_PATIENCE = 60.0  # seconds


@dataclass(slots=True)
class MovableClock:
    """The server's clock, for tests in other threads."""

    server: "ReferenceServer"

    def advance(self, seconds: float) -> None:
        """Move it forward; returns when all that became due has happened and its events are delivered."""
        self.server.run(control.advanced(self.server.service, seconds))


@dataclass(slots=True, kw_only=True)
class ReferenceServer(Startable):
    """The reference implementation of one release; as a context manager it serves on `host` and `port`, 0 for any.

    Attributes:
        faults: names of defects that it starts with.
        legal: names of behaviours that the documents allow, and that it starts with.
        private_sinks: events go to private addresses too, as between containers.
        control_key: with which its controls are called; its target file has it.
        app: the ASGI application, for use without a socket.
    """

    release: str = contracts.CURRENT
    faults: Sequence[str] = ()
    legal: Sequence[str] = ()
    host: str = "127.0.0.1"
    port: int = 0
    private_sinks: bool = False
    control_key: str = field(default_factory=control.new_key, repr=False)
    service: Service = field(init=False)
    app: ASGIApp = field(init=False)
    _serving: Serving | None = field(default=None, init=False)
    _seeds: World = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Build the application.

        Raises:
            ContractError: there is no such release, or nothing serves one of its operations.
            UnknownFaultError: a fault does not exist.
            UnknownLegalError: a legal behaviour does not exist, or is none in this release.
        """
        contracts.contract(self.release, API)
        family = {api: contracts.contract(self.release, api) for api in contracts.apis(self.release)}
        self._seeds = world(self.release)
        self.service = Service(family, Network(self._seeds, Decisions()), Issuer(self._seeds), Courier())
        self._renew()
        self.app = application(self.service, self._renew, self.control_key)

    @property
    def url(self) -> str:
        """Address without a slash at the end."""
        return f"http://{address(self.host, self.port)}"

    @property
    def clock(self) -> MovableClock:
        """Its clock, to be moved by tests."""
        return MovableClock(self)

    @property
    def apis(self) -> tuple[str, ...]:
        """The APIs of its release, all of which it serves."""
        return tuple(self.service.contracts)

    def base_url(self, api: str = API) -> str:
        """Base URL of an API."""
        return self.url + self.service.contracts[api].base_path

    def control_url(self, name: str) -> str:
        """Where a control, such as `advance_clock`, is called."""
        return control.address(self.url, name, self.control_key)

    def start(self) -> None:
        """Listen; raises ServingError when the address is not ours, or taken."""
        self.service.courier.closed = False
        app = dated(self.app, self._now)
        self._serving = serve(app, host=self.host, port=self.port, dated=False)
        self.port = self._serving.port
        if self._serving.loop is not None:
            inside.offer(self.url, inside.Served(app, self._serving.loop))
        self.call(lambda: asyncio.get_running_loop().create_task(self._keep_time()))

    def stop(self) -> None:
        """Stop listening."""
        if self._serving:
            inside.withdraw(self.url)
            self.run(self.service.courier.close())
            self._serving.stop()
            self._serving = None

    def wait(self) -> None:
        """Serve until interrupted."""
        while self._serving and self._serving.thread.is_alive():
            self._serving.thread.join(LOOK)

    def reset(self, faults: Sequence[str] = (), legal: Sequence[str] = ()) -> None:
        """Forget sessions, hooks and the moved clock, and have these faults and behaviours; tokens stay valid.

        Raises:
            UnknownFaultError: a fault does not exist.
            UnknownLegalError: a legal behaviour does not exist, or is none in this release.
        """
        self.faults, self.legal = tuple(faults), tuple(legal)
        self.call(self._renew)

    def disguise(self, seeds: World) -> None:
        """Have other devices and profiles from now on; clients and tokens stay."""
        self._seeds = seeds
        self.call(self._renew)

    def target(self, *, embedded: bool = True) -> Target:
        """All that a tester needs to reach it; `embedded`: from the same process."""
        apis = {api: self.base_url(api) for api in self.apis}
        return target(self.url, self.release, apis, self.control_key, embedded=embedded)

    def call(self, action: Callable[[], Result]) -> Result:
        """Do something where the server runs, and wait for it."""

        async def work() -> Result:
            return action()

        return self.run(work()) if self._serving else action()

    def run(self, work: Coroutine[Any, Any, Result]) -> Result:
        """Run a coroutine where the server runs, and wait for it; raises RuntimeError when it does not run."""
        if self._serving is None or self._serving.loop is None:
            work.close()
            raise RuntimeError("the server is not running; use it as a context manager, or call start()")
        return asyncio.run_coroutine_threadsafe(work, self._serving.loop).result(_PATIENCE)

    def _now(self) -> datetime:
        return self.service.network.clock.now()

    def _renew(self) -> None:
        decisions = Decisions(outer_sink=guard.sink_of_the_network if self.private_sinks else guard.outer_sink)
        for name in self.legal:
            decisions = liberties.named(name, self.release).applied(decisions)
        for name in self.faults:
            decisions = defects.named(name).applied(decisions)
        self.service.courier.drop()
        self.service.network = Network(self._seeds, decisions, announce=self.service.announce)

    async def _keep_time(self) -> None:
        while True:
            network = self.service.network
            due = network.timeline.next_due()
            network.settle()
            seconds = (due - network.clock.now()).total_seconds() if due else 1.0
            await asyncio.sleep(min(max(seconds, _TICK), 0.02))
