"""What every conformance test gets: its case."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace

import pytest

from pytest_nac_qod.foundation.visible import one_line
from pytest_nac_qod.jobs.dealt import dealt, one_receiver
from pytest_nac_qod.jobs.loop import loop_of
from pytest_nac_qod.reference import ReferenceServer
from pytest_nac_qod.run.concluding import SECONDS
from pytest_nac_qod.run.connecting import connected, listening, reachable
from pytest_nac_qod.run.plan import plan_for
from pytest_nac_qod.run.probing import (
    AbsentApiError,
    UnusableTargetError,
    free_pool,
    probe,
    require_consent,
    require_free,
)
from pytest_nac_qod.suite import Case
from pytest_nac_qod.suite.run import Run
from pytest_nac_qod.suite.waits import leftovers
from pytest_nac_qod.suite.waits.stopping import refuse, stop


@pytest.fixture(scope="session")
def run(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    """The run: target, connections, sink."""
    plan = plan_for(request.config)
    with ExitStack() as stack:
        target = plan.target
        if target is None:
            server: ReferenceServer = request.getfixturevalue("qod_reference")
            server.reset(faults=plan.faults)
            target = server.target()
        elif reachable(target):
            target = one_receiver(target, tmp_path_factory.getbasetemp().parent)
        sink = stack.enter_context(listening(target)) if reachable(target) else None
        current_run = stack.enter_context(connected(plan, target, sink, inside=target.embedded))
        try:
            apis = dict.fromkeys(case.row.api for case in plan.cases)
            probe(current_run, apis)
            require_free(current_run, apis)
            require_consent(request.config, current_run)
            pool = free_pool(current_run, apis)
        except UnusableTargetError as error:
            stop(one_line(current_run.redactor.text(str(error))))
        except AbsentApiError as error:
            refuse(one_line(current_run.redactor.text(str(error))))
        if loop := loop_of(request.config):
            stack.callback(loop.stop)
        yield replace(current_run, target=replace(current_run.target, pool=pool))


@pytest.fixture
def case(request: pytest.FixtureRequest, run: Run, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Case]:
    """One case of the catalogue, on a target in the state in which a run finds it; over, where it ran ahead."""
    loop = loop_of(request.config)
    if loop and (ended := loop.ended(request.node, run)):
        request.node.stash[SECONDS] = ended.seconds
        yield ended.case
        ended.case.client.forget()
        return
    if run.target.embedded:
        request.getfixturevalue("qod_server")
        run.restarted()
    elif run.left:
        leftovers.retry(run)
    with dealt(run, request.param, tmp_path_factory.getbasetemp().parent) as own:
        current_case = Case(own, request.param, own.client(request.param.row.api))
        yield current_case
        if not run.target.embedded:
            current_case.clean()
            current_case.keep()
        current_case.client.forget()  # its record is made, and bodies can be large
