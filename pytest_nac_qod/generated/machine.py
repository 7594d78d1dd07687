"""Clients that do anything with sessions in any order, on a target that is compared with the model after each step."""

from collections.abc import Callable

from hypothesis import seed
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from pytest_nac_qod.generated.examples import Search, begin, exhaust, limits, one, start
from pytest_nac_qod.generated.life import Life
from pytest_nac_qod.generated.model import THREE_LEGGED, Flow
from pytest_nac_qod.suite.case import Case

SHARE = 2  # of the examples of other rules, one life is tried
STEPS = 15
_PORTS = (None, 443, 8443)
_PICK = st.integers(0, 9)  # among the sessions that there are


def check(case: Case) -> None:
    """Let clients do anything with sessions, and hold what the target makes of it against the model."""

    def search(found: Search) -> None:
        machine = type("Life", (_Clients,), {"case": case, "search": found})
        seed(start(case))(machine)
        run_state_machine_as_test(machine, settings=limits(case, share=SHARE, stateful_step_count=STEPS))

    exhaust(case, search)


def _some(life: "_Clients") -> bool:
    return bool(life.life.model.sessions)


def _hook(name: str) -> Callable[["_Clients"], bool]:
    return lambda clients: name in clients.case.target.hooks and _some(clients)


class _Clients(RuleBasedStateMachine):
    """The steps; each is one request or one act of the network."""

    case: Case
    search: Search

    def __init__(self) -> None:
        super().__init__()
        self.over = self.search.late("")
        self.life = Life(self.case)
        if not self.over:
            begin(self.case)

    def step(self, act: Callable[[], None]) -> None:
        """Do something, and fail when it shows what is looked for."""
        if self.over:
            return
        seen = len(self.case.violations)
        one(self.search, "", act, fresh=False)
        self.over = len(self.case.violations) > seen  # known already; model and target differ from here on

    @rule(
        client=st.sampled_from(("two_legged", "second_client", THREE_LEGGED)),
        device=st.sampled_from(("default", "several", "second")),
        server=st.sampled_from(("default", "disjoint")),
        port=st.sampled_from(_PORTS),
        duration=st.sampled_from((600, 60, 3600, 86400)),
        told=st.booleans(),
    )
    def create(self, client: str, device: str, server: str, port: int | None, duration: int, told: bool) -> None:  # noqa: FBT001, PLR0913, PLR0917 - drawn by name
        self.step(lambda: self.life.create(client, device, Flow(server, port), duration, told=told))

    @precondition(_some)
    @rule(pick=_PICK)
    def repeat(self, pick: int) -> None:
        """Ask again for a session that was asked for before."""
        self.step(lambda: self.life.repeat(pick))

    @precondition(_some)
    @rule(pick=_PICK, client=st.sampled_from(("two_legged", "second_client", THREE_LEGGED)))
    def get(self, pick: int, client: str) -> None:
        self.step(lambda: self.life.get(pick, client))

    @precondition(_some)
    @rule(pick=_PICK, client=st.sampled_from(("owner", "owner", "second_client", THREE_LEGGED)))
    def delete(self, pick: int, client: str) -> None:
        self.step(lambda: self.life.delete(pick, client))

    @precondition(_some)
    @rule(
        pick=_PICK,
        client=st.sampled_from(("owner", "owner", "second_client")),
        seconds=st.sampled_from((60, 1, 600, 86400)),
    )
    def extend(self, pick: int, client: str, seconds: int) -> None:
        self.step(lambda: self.life.extend(pick, client, seconds))

    @precondition(_hook("advance_clock"))
    @rule(seconds=st.sampled_from((30, 100, 400, 4000)))
    def wait(self, seconds: int) -> None:
        self.step(lambda: self.life.wait(seconds))

    @precondition(_hook("advance_clock"))
    @rule(pick=_PICK)
    def expire(self, pick: int) -> None:
        self.step(lambda: self.life.expire(pick))

    @precondition(_hook("terminate_session"))
    @rule(pick=_PICK)
    def terminate(self, pick: int) -> None:
        self.step(lambda: self.life.terminate(pick))

    @invariant()
    def agree(self) -> None:
        self.step(self.life.agree)
