"""Clients that do anything with sessions in any order, on a target that is compared with the model after each step."""

from collections.abc import Callable

from hypothesis import seed
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from pytest_nac_qod.generated.examples import Search, exhaust, limits, start, step
from pytest_nac_qod.generated.life import Life
from pytest_nac_qod.generated.model import THREE_LEGGED, Flow
from pytest_nac_qod.suite.case import Case

STEPS = 8
SMALLER = 100  # lives that may be tried to make a failing one shorter; each takes a tenth of a second and more
_PORTS = (None, 443, 8443)
_PICK = st.sampled_from((0, 0, 0, 1, 1, 2))  # among the sessions that there are; mostly the same, so that things add up


def check(case: Case) -> None:
    """Let clients do anything with sessions, and hold what the target makes of it against the model."""

    def search(attempt: Search) -> None:
        machine = type("Life", (_Clients,), {"case": case, "search": attempt})
        seed(start(case))(machine)
        run_state_machine_as_test(machine, settings=limits(case, stateful_step_count=STEPS))

    exhaust(case, search, smaller=SMALLER)


def _some(life: "_Clients") -> bool:
    return bool(life.life.model.sessions)


ACTS = ("extend", "delete", "expire", "repeat", "terminate", "intrude", "wait")
_SEQUENCES = st.lists(st.sampled_from(ACTS), min_size=1, max_size=1) | st.lists(
    st.sampled_from(ACTS), min_size=2, max_size=4
)
OTHERS = ("second_client", THREE_LEGGED)


class _Clients(RuleBasedStateMachine):
    """The steps; each is one request or one act of the network."""

    case: Case
    search: Search

    def __init__(self) -> None:
        super().__init__()
        self.life = Life(self.case)
        self.over = not self.search.starts()

    def step(self, act: Callable[[], None]) -> None:
        """Do something, and fail when it shows what is looked for."""
        if self.over:
            return
        seen = len(self.case.violations)
        step(self.search, act)
        self.over = len(self.case.violations) > seen  # known already; model and target differ from here on

    @rule(
        client=st.sampled_from(("two_legged", "second_client", THREE_LEGGED)),
        device=st.sampled_from(("default", "several", "second")),
        server=st.sampled_from(("default", "disjoint")),
        port=st.sampled_from(_PORTS),
        duration=st.sampled_from((600, 60, 3600)),
        told=st.sampled_from((False, True, True)),
    )
    def create(self, client: str, device: str, server: str, port: int | None, duration: int, told: bool) -> None:  # noqa: FBT001, PLR0913, PLR0917 - drawn by name
        self.step(lambda: self.life.create(client, device, Flow(server, port), duration, told=told))

    @precondition(_some)
    @rule(
        pick=_PICK,
        acts=_SEQUENCES,
        seconds=st.sampled_from((60, 600, 1)),
    )
    def use(self, pick: int, acts: list[str], seconds: int) -> None:
        """Something becomes of a session, and then something else: a client does it, or the network, or time."""
        chosen = self.life.running(pick)
        for act in acts:
            self.step(lambda act=act: self._use(chosen, act, seconds))  # type: ignore[misc] # bound at once
            self.step(self.life.agree)

    def _use(self, pick: int, act: str, seconds: int) -> None:
        life, hooks = self.life, self.case.target.hooks
        match act:
            case "extend":
                life.extend(pick, "owner", seconds)
            case "delete":
                life.delete(pick, "owner")
            case "repeat":
                life.repeat(pick)
            case "intrude":
                for client in OTHERS:
                    life.get(pick, client)
                    life.extend(pick, client, seconds)
                    life.delete(pick, client)
            case "wait" if "advance_clock" in hooks:
                life.wait(400)
            case "expire" if "advance_clock" in hooks:
                life.expire(pick)
            case "terminate" if "terminate_session" in hooks:
                life.terminate(pick)

    @invariant()
    def agree(self) -> None:
        self.step(self.life.agree)
