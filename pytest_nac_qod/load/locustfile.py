"""The locustfile: `nac-qod load` starts it, and so does `locust -f`, by itself or as master and workers.

Importing it patches the whole process (gevent), so nothing else of this package does.
"""

import sys
import time
from collections.abc import Callable, Sequence
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

import gevent
from locust import User, constant_throughput, events, runners, task
from locust.argument_parser import LocustArgumentParser
from locust.env import Environment
from locust.exception import LocustError
from locust.runners import MasterRunner, WorkerRunner

from pytest_nac_qod.foundation.problems import UnusableError
from pytest_nac_qod.load import plan as plans
from pytest_nac_qod.load.plan import VARIABLE, LoadPlan
from pytest_nac_qod.load.steps import STEPS, Load, clear
from pytest_nac_qod.load.users import Crowd
from pytest_nac_qod.wire.exchange import Exchange

# Seconds: a worker that draws its bodies on a busy machine is silent for longer than the usual three, after which the
# master gives it up, and ends the test with the last one.
runners.HEARTBEAT_LIVENESS = 30
_OF_A_PROCESS = 2000  # numbers of users that one process has before those of the next one begin
_crowds: list[Crowd] = []
_numbers = count()


@events.init_command_line_parser.add_listener
def options(parser: LocustArgumentParser) -> None:
    """Declare what plain `locust -f` needs to know."""
    parser.add_argument(
        "--qod-load", env_var=VARIABLE, default="", help="plan of nac-qod load", include_in_web_ui=False
    )
    parser.add_argument("--qod-target", default="", help="target file", include_in_web_ui=False)
    parser.add_argument("--qod-record", default="nac-qod-load", help="folder for the record", include_in_web_ui=False)
    parser.add_argument("--qod-seed", type=int, default=0, help="of what is drawn", include_in_web_ui=False)
    parser.add_argument("--qod-rate", type=float, help="requests a second of one process", include_in_web_ui=False)


@events.init.add_listener
def begin(environment: Environment, **_: Any) -> None:  # noqa: ANN401 - of Locust
    """Make the crowd, in each process that has users."""
    if isinstance(environment.runner, MasterRunner):
        return
    try:
        plan = _plan(environment.parsed_options)
        Path(plan.folder).mkdir(parents=True, exist_ok=True)
        number = int(time.time() * 1000) % 10**9
        _crowds.append(Crowd(plan=plan, number=number, tell=partial(_tell, environment)))
    except UnusableError as error:
        sys.stderr.write(f"nac-qod: {error}\n")
        sys.exit(2)


@events.quit.add_listener
def over(**_: Any) -> None:  # noqa: ANN401 - of Locust
    """Close what is open."""
    for crowd in _crowds:
        crowd.close()


def _plan(given: Any) -> LoadPlan:  # noqa: ANN401 - options of Locust
    if given.qod_load:
        return plans.read(Path(given.qod_load))
    if not given.qod_target:
        raise UnusableError("--qod-target: give the target file; nac-qod serve --write-target writes one")
    return LoadPlan(target=given.qod_target, folder=given.qod_record, seed=given.qod_seed, rate=given.qod_rate)


def _tell(environment: Environment, exchange: Exchange) -> None:
    """Tell Locust of a request, for its page and its statistics."""
    response = exchange.response
    failed = response is None or response.status >= 500
    environment.events.request.fire(
        request_type=exchange.request.method,
        name=exchange.operation,
        response_time=exchange.seconds * 1000,
        response_length=len(response.body) if response else 0,
        exception=LocustError(exchange.error or f"{response and response.status}") if failed else None,
        context={},
    )


def _at_once(calls: Sequence[Callable[[], Any]]) -> list[Any]:
    """Call functions at the same time."""
    return [job.get() for job in gevent.joinall([gevent.spawn(call) for call in calls])]


class QodUser(User):
    """An application that uses quality on demand."""

    wait_time = constant_throughput(1)  # a second from one session to the next, at least
    load: Load

    def on_start(self) -> None:
        """Take a number, which says what is its own."""
        worker = self.environment.runner.worker_index if isinstance(self.environment.runner, WorkerRunner) else 0
        number = max(worker, 0) * _OF_A_PROCESS + next(_numbers) % _OF_A_PROCESS
        self.load = _crowds[0].user(number, gevent.sleep, _at_once)

    @task
    def step(self) -> None:
        """One of the steps, as often as they are to be, drawn."""
        chosen = self.load.chance.choices(list(STEPS), list(STEPS.values()))[0]
        chosen(self.load)

    def on_stop(self) -> None:
        """Delete what is left."""
        clear(self.load)
